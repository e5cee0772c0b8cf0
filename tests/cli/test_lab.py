"""`aralify lab`: what it sets up, what it serves, how it ends."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from aralify_kernel.app import Application
from aralify_kernel.cli import run
from aralify_kernel.cli.lab import PROGRESS_PAGE, install_notebook, set_up
from aralify_kernel.client.interface import PREFIX
from aralify_kernel.settings import load
from tests.labs import lab


def children_of(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


@pytest.mark.slow
def test_it_serves_aralify_offline_without_news_and_ends_at_ctrl_c_twice_in_a_row(tmp_path):
    with lab(tmp_path) as running:
        the_welcome_notebook_is_there_and_no_news(running)
        voila_shows_my_progress_offline(running)
        it_ends_with_its_kernels(running)
    with lab(tmp_path, base_url="/user/ana/") as running:
        the_welcome_notebook_is_there_and_no_news(running)
        my_progress_is_below_the_server_s_own_address(running)
        it_ends_with_its_kernels(running)
    assert not (tmp_path / "person" / ".jupyter" / "lab" / "user-settings").exists()


def the_welcome_notebook_is_there_and_no_news(running):
    assert "jupyter-config-data" in running.get("/lab/tree/welcome.ipynb")
    assert json.loads(running.get("/api/contents/welcome.ipynb"))["type"] == "notebook"
    config = running.get("/lab")
    assert '"exposeAppInBrowser": true' in config
    news = json.loads(running.get("/lab/api/settings/@jupyterlab/apputils-extension:notification"))
    assert news["schema"]["properties"]["fetchNews"]["default"] == "false"
    assert news["schema"]["properties"]["checkForUpdates"]["default"] is False


def voila_shows_my_progress_offline(running):
    page = running.get(f"/voila/render/{PROGRESS_PAGE}")
    assert 'data-voila="voila"' in page
    for cdn in ("cdn.jsdelivr.net", "cdnjs.cloudflare.com", "unpkg.com"):
        assert cdn not in page
    assert "jupyterlab-plotly" not in page


def my_progress_is_below_the_server_s_own_address(running):
    address = json.loads(running.get(f"{PREFIX}/here"))["progress"]
    assert address == f"/user/ana/voila/render/{PROGRESS_PAGE}"


def it_ends_with_its_kernels(running):
    running.start_kernel()
    kernels = children_of(running.process.pid)
    assert kernels
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=60) == 0
    _gone, left = psutil.wait_procs(kernels, timeout=30)
    assert [process.cmdline() for process in left] == []


def test_what_jupyter_loads_makes_no_grammar_of_addresses():
    code = "import sys; from aralify_kernel.cli import main; sys.argv = ['aralify', '--version']\ntry:\n    main()\n"
    code += "finally:\n    import jsonschema; print('lark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1:] == ["False"]


def test_a_port_in_use_is_one_sentence(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["lab", "--no-browser", f"--port={port}"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("port", ["0", "65536", "-1", "web"])
def test_an_impossible_port_is_wrong_usage(port, capsys):
    assert run(["lab", "--no-browser", f"--port={port}"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_what_is_no_address_of_a_class_server_is_one_sentence(capsys):
    assert run(["lab", "--no-browser", "--server=school"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_workspace_that_is_a_file_is_one_sentence_and_nothing_is_started(tmp_path, capsys):
    (tmp_path / "workspace").write_text("I was here first")
    assert run(["lab", "--no-browser"]) == 1
    assert str(tmp_path / "workspace") in capsys.readouterr().err
    assert (tmp_path / "workspace").read_text() == "I was here first"


def test_setting_up_makes_database_welcome_notebook_and_dashboards(tmp_path):
    app = Application(load())
    set_up(app)
    assert (app.settings.home / "aralify.sqlite3").exists()
    assert (app.settings.workspace / "welcome.ipynb").exists()
    assert (app.settings.workspace / PROGRESS_PAGE).exists()


def notebook_that_says(path: Path, source: str) -> Path:
    cell = {"cell_type": "code", "id": "one", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path


def source_in(path: Path) -> str:
    return "".join(json.loads(path.read_text())["cells"][0]["source"])


def test_a_newer_notebook_of_ours_replaces_the_one_nobody_changed(tmp_path):
    copy = tmp_path / "copy.ipynb"
    install_notebook(notebook_that_says(tmp_path / "shipped.ipynb", "old"), copy)
    install_notebook(notebook_that_says(tmp_path / "shipped.ipynb", "new"), copy)
    assert source_in(copy) == "new"


def test_running_it_is_no_change(tmp_path):
    copy = tmp_path / "copy.ipynb"
    install_notebook(notebook_that_says(tmp_path / "shipped.ipynb", "old"), copy)
    ran = json.loads(copy.read_text())
    ran["cells"][0] |= {"execution_count": 1, "outputs": [{"output_type": "stream", "name": "stdout", "text": "hi"}]}
    copy.write_text(json.dumps(ran))
    install_notebook(notebook_that_says(tmp_path / "shipped.ipynb", "new"), copy)
    assert source_in(copy) == "new"


def test_what_a_learner_changed_stays(tmp_path):
    copy = tmp_path / "copy.ipynb"
    install_notebook(notebook_that_says(tmp_path / "shipped.ipynb", "old"), copy)
    changed = json.loads(copy.read_text())
    changed["cells"][0]["source"] = "mine"
    copy.write_text(json.dumps(changed))
    install_notebook(notebook_that_says(tmp_path / "shipped.ipynb", "new"), copy)
    assert source_in(copy) == "mine"


@pytest.mark.parametrize("there", ["", "{", "[]", '{"metadata": {"aralify": 3}}'])
def test_a_file_of_the_same_name_that_is_not_ours_stays(tmp_path, there):
    copy = tmp_path / "copy.ipynb"
    copy.write_text(there)
    install_notebook(notebook_that_says(tmp_path / "shipped.ipynb", "new"), copy)
    assert copy.read_text() == there


def test_our_part_of_jupyter_s_configuration_is_the_whole_of_it(tmp_path):
    """Every file in the folder is one that Jupyter reads, so that a misspelt name cannot go unnoticed."""
    from aralify_kernel.cli.lab import JUPYTER_CONFIG

    names = {str(path.relative_to(JUPYTER_CONFIG)) for path in JUPYTER_CONFIG.rglob("*") if path.is_file()}
    assert names == {
        "jupyter_lab_config.json",
        "jupyter_server_config.json",
        "voila.json",
        str(Path("labconfig", "default_setting_overrides.json")),
    }
