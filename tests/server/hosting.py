"""A class server that also hosts pages which tell what their kernel knows, and stock Voilà with the same pages."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import httpx
import websocket

from tests.labs import free_port

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "a-secret-of-the-server"
PROGRAM = """
import sys
from pathlib import Path
from aralify_kernel.app import Application
from aralify_kernel.cli import main
from aralify_kernel.server import dashboards

folder, builtin_folder = Path(sys.argv.pop(1)), Application.builtin_folder
Application.builtin_folder = lambda self, name: folder if name == "dashboards" else builtin_folder(self, name)
for page in folder.glob("*.ipynb"):
    dashboards.DASHBOARDS.setdefault(page.stem, dashboards.Board())
main()
"""
"""`aralify serve` with dashboards from a folder of the test's."""

PAGES = {
    "seen": """
import json, os, ipywidgets
name = "nobody in particular"
if "ARALIFY_KERNEL_KEY" in os.environ:
    from aralify_kernel.dashboards.viewer import viewer
    name = viewer().user
display(ipywidgets.Label("a label"))
print("something printed")
key = os.environ.get("ARALIFY_KERNEL_KEY", "none")
f"viewer={name} key={key} environment={json.dumps(dict(os.environ))}"
""",
    "label": "import ipywidgets\nipywidgets.Label('one label')",
    "broken": "detail = 'internal detail'\nraise ValueError(detail)",
}


def write_pages(folder: Path, dashboards: Path) -> Path:
    """Write the pages into a folder, beside a picture and a copy of the real dashboards."""
    folder.mkdir()
    (folder / "picture.png").write_bytes(b"a picture")
    for real in dashboards.glob("*.ipynb"):
        (folder / real.name).write_bytes(real.read_bytes())
    for name, code in PAGES.items():
        cell = {"cell_type": "code", "execution_count": None, "id": "page", "metadata": {}, "outputs": [],
                "source": code.strip()}  # fmt: skip
        kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook = {"cells": [cell], "metadata": {"kernelspec": kernelspec}, "nbformat": 4, "nbformat_minor": 5}
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook))
    return folder


class Host:
    """A server that shows pages: how one gets at them, and at their kernels, there."""

    def __init__(self, url: str, page_path: str) -> None:
        self.url, self._page_path = url, page_path

    def path(self, page: str) -> str:
        return self._page_path.format(page=page)

    def open(self, browser: httpx.Client, page: str = "seen", **query: str) -> Opened:
        answer = browser.get(self.path(page), params=query or None, headers={"Accept": "text/html"})
        return Opened(self, browser, answer)


class Opened:
    """A page as a browser got it, and its kernel."""

    def __init__(self, host: Host, browser: httpx.Client, answer: httpx.Response) -> None:
        self.host, self.browser, self.status, self.text = host, browser, answer.status_code, answer.text
        found = re.search(r'"kernelId": "([^"]+)"', self.text)
        self.kernel = found[1] if found else ""

    @property
    def viewer(self) -> str:
        return re.search(r"viewer=(.*?) key=", self.text)[1]

    @property
    def key(self) -> str:
        return re.search(r" key=([\w-]+) environment", self.text)[1]

    def connect(self, browser: httpx.Client | None = None, *, origin: str = "", protocols: list[str] | None = None,
                path: str = "/api/kernels/{kernel}/channels?session_id=test"):  # fmt: skip
        """Return a websocket to its kernel, with the cookies of its own browser or of another; None if refused."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in (browser or self.browser).cookies.jar)
        address = self.host.url.replace("http", "ws", 1) + path.format(kernel=self.kernel)
        with suppress(websocket.WebSocketException, OSError):
            return websocket.create_connection(
                address, cookie=cookies, origin=origin or self.host.url, timeout=60, subprotocols=protocols
            )
        return None

    def use(self) -> None:
        """Do something on it, as somebody who looks at it."""
        socket, said = self.connect(), message("comm_msg", {"comm_id": "none", "data": {}})
        socket.send(json.dumps(said))
        while json.loads(socket.recv())["parent_header"].get("msg_id") != said["header"]["msg_id"]:
            pass
        socket.close()

    def end(self, browser: httpx.Client | None = None) -> int:
        """Ask for the end of its kernel, as a page that is left does; return the status."""
        browser = browser or self.browser
        if "_xsrf" not in browser.cookies:
            browser.cookies.set("_xsrf", "ab" * 16)  # whoever attacks chooses the cookies of their own browser
        token = browser.cookies["_xsrf"]
        return browser.post(f"/voila/api/shutdown/{self.kernel}", data={"_xsrf": token}).status_code


def message(kind: str, content: dict, channel: str = "shell") -> dict:
    header = {"msg_id": os.urandom(8).hex(), "username": "x", "session": "test", "msg_type": kind, "version": "5.3",
              "date": "2026-01-01T00:00:00Z"}  # fmt: skip
    return {
        "header": header,
        "parent_header": {},
        "metadata": {},
        "content": content,
        "channel": channel,
        "buffers": [],
    }


def ask(socket, kind: str, content: dict) -> dict:
    """Send a message and return the content of its reply."""
    question = message(kind, content)
    socket.send(json.dumps(question))
    while True:
        answer = json.loads(socket.recv())
        if answer["parent_header"].get("msg_id") == question["header"]["msg_id"] and answer["msg_type"] == kind.replace(
            "_request", "_reply"
        ):
            return answer["content"]


@contextmanager
def stock_voila(folder: Path, pages: Path):
    """Start Voilà as its documentation says, with preheated kernels, from an environment that holds a secret."""
    port = free_port()
    environment = os.environ | {"HOME": str(folder), "SCHOOL_PASSWORD": SECRET}
    command = [sys.executable, "-m", "voila", str(pages), "--no-browser", f"--port={port}", "--preheat_kernel=True",
               "--Voila.ip=127.0.0.1"]  # fmt: skip
    with (folder / "stock.log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    host = Host(f"http://127.0.0.1:{port}", "/voila/render/{page}.ipynb")
    try:
        while process.poll() is None:
            with suppress(httpx.TransportError):
                httpx.get(f"{host.url}/voila/static/none", trust_env=False)
                break
            time.sleep(0.1)  # or asking takes the time of what is to answer
        yield host
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
