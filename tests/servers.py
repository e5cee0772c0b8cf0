"""A running `aralify serve`, for the tests that ask one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

import httpx

from aralify_kernel.app import Application
from aralify_kernel.settings import load
from tests.labs import free_port

if TYPE_CHECKING:
    from pathlib import Path


class Server:
    """A running `aralify serve`: its address, its process and its home folder."""

    def __init__(self, process: subprocess.Popen, port: int, folder: Path, environment: dict[str, str]):
        self.process, self.port, self.folder, self.environment = process, port, folder, environment
        self.url = f"http://127.0.0.1:{port}"
        self._browsers: list[httpx.Client] = []

    @cached_property
    def application(self) -> Application:
        """The same database in this process, as the operator's commands see it."""
        return Application(load(self.environment))

    def browser(self) -> httpx.Client:
        """Return somebody who is not signed in, with a cookie jar as browsers have."""
        browser = httpx.Client(base_url=self.url, timeout=60, follow_redirects=False, trust_env=False)
        self._browsers.append(browser)
        return browser

    def close(self) -> None:
        """Let go of what was opened towards the server."""
        for browser in self._browsers:
            browser.close()
        if "application" in self.__dict__:
            self.application.close()

    def signed_in(self, username: str, password: str) -> httpx.Client:
        """Return a browser in which somebody has signed in."""
        browser = self.browser()
        token = xsrf(browser.get("/sign-in").text)
        answer = browser.post("/sign-in", data={"username": username, "password": password, "_xsrf": token})
        assert answer.status_code == 302, answer.text
        return browser

    def wait_until_it_answers(self) -> None:
        watcher = self.browser()
        while self.process.poll() is None:
            try:
                watcher.get("/aralify/health")
            except httpx.HTTPError:
                continue
            return
        raise AssertionError(self.log)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()


def xsrf(page: str) -> str:
    """Return the token against forged requests that a page's form holds."""
    found = re.search(r'name="_xsrf" value="([^"]+)"', page)
    assert found, page
    return found[1]


@contextmanager
def running_server(folder: Path, *arguments: str, **settings: str):
    """Start `aralify serve` on a free port with a home of its own, and end it."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "ARALIFY"))}
    environment |= {"HOME": str(folder / "person"), "ARALIFY_HOME": str(folder / "home")}
    environment |= {f"ARALIFY_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "aralify_kernel", "serve", f"--port={port}", *arguments]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    server = Server(process, port, folder, environment)
    try:
        server.wait_until_it_answers()
        yield server
    finally:
        server.close()
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
