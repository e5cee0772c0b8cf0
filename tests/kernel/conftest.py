"""A learner's working copy, open in a real kernel."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from jupyter_client.manager import KernelManager

from aralify_kernel.app import Application
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.settings import load

if TYPE_CHECKING:
    from collections.abc import Iterator

LESSON = LessonRef("python-basics", "variables", "easy")
EXERCISE = "first-load"
FIRST_LINE = f"# exercise: {LESSON}#{EXERCISE}"
TIME_LIMIT_SEC = 1.0

BEGIN_ANEW = """\
import os, sys
shell = get_ipython()
shell.run_line_magic("unload_ext", "aralify_kernel")
if "aralify_kernel.app" in sys.modules:
    from aralify_kernel.app import application
    application().close()
    application.cache_clear()
for name in [name for name in os.environ if name.startswith(("ARALIFY_", "JPY_SESSION_NAME"))]:
    del os.environ[name]
os.environ.update({environment})
shell.run_line_magic("load_ext", "aralify_kernel")
shell.reset()
"""
"""Makes a kernel that has run what it was just started as, but for the modules it has imported."""


@dataclass
class Cell:
    """What came of running one cell: plain texts by kind of message."""

    status: str
    outputs: list[tuple[str, str]] = field(default_factory=list)
    bundles: list[dict[str, Any]] = field(default_factory=list)
    payload: list[dict[str, Any]] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """All that was displayed, without what the learner's code printed or raised."""
        return "\n".join(text for kind, text in self.outputs if kind == "display_data")

    def text(self, kind: str) -> str:
        return "".join(text for found, text in self.outputs if found == kind)


@dataclass
class Kernel:
    """A kernel that runs cells as a front end does."""

    manager: KernelManager
    client: Any

    def run(self, source: str, cell_id: str | None = None) -> Cell:
        content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        metadata = {"cellId": cell_id} if cell_id else {}
        message = self.client.session.msg("execute_request", content, metadata=metadata)
        self.client.shell_channel.send(message)
        wanted, cell = message["header"]["msg_id"], Cell("")
        while not self._is_last(heard := self.client.get_iopub_msg(timeout=60), wanted):
            if heard["parent_header"].get("msg_id") == wanted:
                self._keep(cell, heard)
        reply = self.client.get_shell_msg(timeout=60)
        while reply["parent_header"]["msg_id"] != wanted:
            reply = self.client.get_shell_msg(timeout=60)
        cell.status, cell.payload = reply["content"]["status"], reply["content"].get("payload", [])
        return cell

    @staticmethod
    def _is_last(message: dict[str, Any], wanted: str) -> bool:
        is_idle = message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
        return is_idle and message["parent_header"].get("msg_id") == wanted

    @staticmethod
    def _keep(cell: Cell, message: dict[str, Any]) -> None:
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            cell.outputs.append((kind, content["text"]))
        elif kind == "error":
            traceback = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(content["traceback"]))
            cell.outputs.append((kind, f"{content['ename']}: {content['evalue']}\n{traceback}"))
        elif kind in {"display_data", "execute_result"}:
            cell.outputs.append((kind, content["data"].get("text/plain", "")))
            cell.bundles.append(content["data"])


@pytest.fixture
def app(tmp_path, monkeypatch) -> Application:
    """The application behind the shared sign-in of this test."""
    monkeypatch.setenv("ARALIFY_CELL_TIME_LIMIT_SEC", str(TIME_LIMIT_SEC))
    monkeypatch.setenv("ARALIFY_JUDGE_TIME_LIMIT_SEC", "1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    return Application(load())


@pytest.fixture(scope="session")
def home_of_ana(tmp_path_factory, installed) -> Path:
    """A data folder with the built-in courses, in which Ana is signed in."""
    home = tmp_path_factory.mktemp("home-of-ana")
    shutil.copy(installed, home)
    app = Application(load({"ARALIFY_HOME": str(home)}))
    app.session().sign_up("ana", password=None, email=None, display_name="Ana", language="en")
    return home


@pytest.fixture
def ana(app, home_of_ana) -> Application:
    """Ana is signed in."""
    shutil.copytree(home_of_ana, app.settings.home)
    return app


@pytest.fixture(scope="session")
def sockets() -> Iterator[Path]:
    """A folder whose path is short enough for the addresses of sockets."""
    with tempfile.TemporaryDirectory(prefix="kernel-") as folder:
        yield Path(folder)


def named(notebook: Path | None) -> dict[str, str]:
    """Return how Jupyter tells a kernel which notebook it runs."""
    return {} if notebook is None else {"JPY_SESSION_NAME": str(notebook)}


@contextmanager
def kernels(sockets: Path):
    """Give what starts a kernel by name, in the notebook whose path is given; all are ended with the block."""
    started: list[Kernel] = []

    def start(name: str = "aralify", notebook: Path | None = None) -> Kernel:
        manager = KernelManager(kernel_name=name, transport="ipc")  # ports are taken by whoever comes first
        manager.ip = str(sockets / uuid4().hex[:8])
        manager.start_kernel(env={**os.environ, **named(notebook)})
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=180)
        started.append(Kernel(manager, client))
        return started[-1]

    yield start
    for kernel in started:
        kernel.client.stop_channels()
        kernel.manager.shutdown_kernel(now=True)
        kernel.manager.cleanup_resources()


@pytest.fixture
def start_kernel(sockets):
    with kernels(sockets) as start:
        yield start


@pytest.fixture(scope="session")
def used_kernel(sockets, tmp_path_factory) -> Iterator[Kernel]:
    with kernels(sockets) as start, pytest.MonkeyPatch.context() as environment:
        environment.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        yield start()


@pytest.fixture
def kernel_in(used_kernel):
    """Give a kernel as good as new, in the notebook whose path is given: most tests need no new process."""

    def begin_anew(notebook: Path | None = None) -> Kernel:
        ours = {name: value for name, value in os.environ.items() if name.startswith("ARALIFY_")}
        cell = used_kernel.run(BEGIN_ANEW.format(environment=ours | named(notebook)))
        assert (cell.status, cell.outputs) == ("ok", [])
        return used_kernel

    return begin_anew


@dataclass
class Lesson:
    """Ana's working copy of the first lesson in a kernel."""

    app: Application
    path: Path
    kernel: Kernel

    @property
    def exercise_cell(self) -> dict[str, Any]:
        cells = json.loads(self.path.read_text(encoding="utf-8"))["cells"]
        return next(cell for cell in cells if cell["metadata"].get("aralify", {}).get("exercise") == EXERCISE)

    def answer(self, source: str) -> Cell:
        """Run the exercise cell with this in it."""
        return self.kernel.run(f"{FIRST_LINE}\n{source}", self.exercise_cell["id"])


@pytest.fixture
def lesson(ana, kernel_in) -> Lesson:
    path = ana.open_working_copy(LESSON)
    return Lesson(ana, path, kernel_in(path))


def attempts(app: Application) -> list[tuple[str, str]]:
    """Return source and verdict of every attempt, read past Aralify."""
    with sqlite3.connect(app.settings.home / "aralify.sqlite3") as database:
        rows = database.execute("SELECT content, verdict FROM attempts ORDER BY id").fetchall()
    database.close()
    return rows
