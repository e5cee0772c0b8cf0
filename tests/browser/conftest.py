"""A real Chromium and a real `aralify lab` on loopback, ended by the test that started them."""

from __future__ import annotations

import os
import queue
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECS = 90
LOCAL = ("http://127.0.0.1:", "http://localhost:", "ws://127.0.0.1:", "ws://localhost:", "data:", "blob:")


@pytest.fixture(scope="session")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """A page at 1280 pixels that remembers every address outside this machine it was made to ask."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(45_000)
    outside: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(LOCAL) else outside.append(request.url))
    page.outside = outside
    yield page
    page.close()


@dataclass
class Lab:
    """A running `aralify lab`."""

    url: str
    home: Path
    workspace: Path

    @property
    def database(self) -> Path:
        return self.home / "aralify.sqlite3"


@pytest.fixture
def lab(tmp_path) -> Iterator[Lab]:
    """A fresh installation's JupyterLab: new home, new workspace, no Node on PATH."""
    home, workspace = tmp_path / "home", tmp_path / "lessons"
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("ARALIFY", "JUPYTER"))}
    environ |= {"ARALIFY_HOME": str(home), "ARALIFY_WORKSPACE": str(workspace), "HOME": str(tmp_path / "user")}
    environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"])
    command = [sys.executable, "-m", "aralify_kernel", "lab", "--no-browser"]
    with subprocess.Popen(
        command, env=environ, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=_read, args=(process, lines), daemon=True).start()
        try:
            yield Lab(_address(lines), home, workspace)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def _read(process: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put(None)


def _address(lines: queue.Queue[str | None]) -> str:
    seen = []
    while (line := lines.get(timeout=START_SECS)) is not None:
        seen.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+/\S*token=\w+", line):
            return found.group(0)
    raise AssertionError("aralify lab ended before it served:\n" + "".join(seen))
