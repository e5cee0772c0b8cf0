"""`aralify lab`: set up what is missing and start JupyterLab.

`jupyter/` beside this file is what JupyterLab and Voilà are told beyond their own configuration: open the welcome
notebook, no news banner, our Voilà template. It is read through `JUPYTER_CONFIG_PATH`, so that nothing is written into
anybody's Jupyter settings. Voilà serves only files under the server's root, which is the workspace; therefore the
dashboards are copied there, as the welcome notebook is.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from aralify_kernel.app import Application
from aralify_kernel.errors import N_, AralifyError, UsageError, WorkspaceUnusable
from aralify_kernel.settings import add_jupyter_config, choose_server, export, load

if TYPE_CHECKING:
    from aralify_kernel.settings import Settings

JUPYTER_CONFIG: Final = Path(__file__).with_name("jupyter")
PROGRESS_PAGE: Final = "dashboards/my-progress.ipynb"


class PortTaken(AralifyError):
    """Something else listens on the port that was asked for."""

    code = "port_taken"
    message = N_("Port {port} is already in use. Choose another with --port, or leave --port out.")


class NoSuchPort(UsageError):
    """No port has this number."""

    code = "no_such_port"
    message = N_("{port} is no port. Choose a number from 1 to 65535.")


@click.command()
@click.option("--workspace", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Where lessons go.")
@click.option("--port", type=int, metavar="N", help="Port to listen on; a free one from 8888 when left out.")
@click.option("--server", metavar="ADDRESS", help="The class server from now on; “none”: all stays on this computer.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def lab(workspace: Path | None, port: int | None, server: str | None, *, no_browser: bool) -> int:
    """Set up if needed and start JupyterLab with the welcome notebook."""
    return start_lab(load(), workspace=workspace, port=port, server=server, open_browser=not no_browser)


def start_lab(
    settings: Settings, *, workspace: Path | None, port: int | None, server: str | None, open_browser: bool
) -> int:
    """Set up what is missing and serve JupyterLab until it is stopped.

    Args:
        settings: The settings in force.
        workspace: The folder of the lessons; the setting's when None.
        port: The port; the first free one from 8888 when None.
        server: The class server from now on; as before when None.
        open_browser: Whether to open a browser.

    Returns:
        The exit status: 0.

    Raises:
        InvalidValue: `server` is no address.
        NoSuchPort: `port` is out of range.
        PortTaken: Something listens on `port` already.
        WorkspaceUnusable: The workspace cannot be written to.
        StoreError: The database cannot be used.
    """
    if port is not None:
        _check_free(port)
    if server is not None:
        settings = choose_server(settings, server)
    folder = (workspace or settings.workspace).expanduser().absolute()
    settings = dataclasses.replace(settings, workspace=folder)
    set_up(Application(settings))
    export(settings)
    add_jupyter_config(JUPYTER_CONFIG)

    from jupyter_server.utils import url_path_join
    from jupyterlab.labapp import LabApp

    # Ctrl-C ends it at once; and who runs it as root, as in a container, has chosen to (it listens on loopback only).
    arguments = [f"--ServerApp.root_dir={folder}", "--ServerApp.answer_yes=True", "--ServerApp.allow_root=True"]
    arguments += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"] if port is not None else []
    jupyter: Any = LabApp.initialize_server([*arguments, *([] if open_browser else ["--no-browser"])])
    progress_url = url_path_join(jupyter.base_url, "voila/render", PROGRESS_PAGE)
    export(dataclasses.replace(settings, progress_url=progress_url))  # before any kernel asks where the page is
    jupyter.start()
    return 0


def set_up(app: Application) -> None:
    """Make the database, the workspace and the notebooks in it, as far as they are missing or outdated.

    Raises:
        IsolationTooWeak: Learners' code could not be judged here, by the settings.
        WorkspaceUnusable: The workspace cannot be written to.
        StoreError: The database cannot be used.
    """
    if not app.settings.server:  # which judges, and has the database
        app.require_isolation()
    app.session()
    builtin, workspace = app.builtin_folder("dashboards"), app.settings.workspace
    try:
        install_notebook(builtin.parent / "welcome.ipynb", workspace / "welcome.ipynb")
        for notebook in builtin.glob("*.ipynb"):
            install_notebook(notebook, workspace / "dashboards" / notebook.name)
    except OSError as error:
        raise WorkspaceUnusable(path=str(workspace), detail=error.strerror or str(error)) from error


def install_notebook(shipped: Path, target: Path) -> None:
    """Copy a notebook of ours into the workspace, unless somebody changed the one that is there.

    The copy keeps a digest of the sources it was made with: as long as they are unchanged, a newer one replaces it.
    """
    notebook = json.loads(shipped.read_text(encoding="utf-8"))
    digest = _digest(notebook)
    if target.exists() and not _replaceable(target, digest):
        return
    notebook["metadata"]["aralify"] = {"shipped": digest}
    target.parent.mkdir(parents=True, exist_ok=True)
    half_written = target.with_name(f".{target.name}.new")
    half_written.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    shutil.move(half_written, target)


def _replaceable(target: Path, digest: str) -> bool:
    try:
        there = json.loads(target.read_text(encoding="utf-8"))
        shipped = there["metadata"]["aralify"]["shipped"]
        return bool(shipped != digest and shipped == _digest(there))
    except (ValueError, KeyError, TypeError):
        return False


def _digest(notebook: dict[str, Any]) -> str:
    sources = [[cell["cell_type"], "".join(cell["source"])] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()[:16]


def _check_free(port: int) -> None:
    if not 1 <= port <= 65535:
        raise NoSuchPort(port=port)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(port=port) from error
