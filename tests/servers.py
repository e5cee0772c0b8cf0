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
from tornado.web import create_signed_value

from aralify_kernel.app import Application
from aralify_kernel.server import cookies
from aralify_kernel.services import accounts, sign_ins
from aralify_kernel.settings import load
from tests.labs import free_port

if TYPE_CHECKING:
    from pathlib import Path


class Server:
    """A running `aralify serve`: its address, its process and its home folder."""

    def __init__(self, command: list[str], port: int, folder: Path, environment: dict[str, str]):
        self.port, self.folder, self.environment = port, folder, environment
        self.url = f"http://127.0.0.1:{port}"
        self._command = command
        self._browsers: list[httpx.Client] = []
        self.start()

    def start(self) -> None:
        """Start the process, anew after it was killed; it does not answer yet."""
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(self._command, env=self.environment, stdout=log, stderr=subprocess.STDOUT)

    def kill(self) -> None:
        """End the process without letting it finish anything."""
        self.process.kill()
        self.process.wait()

    @cached_property
    def application(self) -> Application:
        """The same database in this process, as the operator's commands see it."""
        return Application(load(self.environment))

    def browser(self, address: str | None = None) -> httpx.Client:
        """Return somebody who is not signed in, with a cookie jar as browsers have.

        Args:
            address: From where a proxy on this computer says that they ask; the server must trust it.
        """
        headers = {"X-Forwarded-For": address} if address else {}
        browser = httpx.Client(
            base_url=self.url,
            timeout=300,
            follow_redirects=False,
            trust_env=False,
            headers={"Accept": "text/html"} | headers,
        )
        self._browsers.append(browser)
        return browser

    def browser_of(self, username: str) -> httpx.Client:
        """Return a browser in which somebody is signed in, without the time that a password takes."""
        application = self.application
        with application.database.read() as tx:
            user = accounts.find(tx, username)
        terms = sign_ins.Terms(label="Test", lasts=sign_ins.BROWSER_LASTS)
        token = sign_ins.begin_for(application.database, user, terms=terms, now=application.now())
        browser = self.browser()
        browser.cookies.set(cookies.SIGN_IN, self.signed(cookies.SIGN_IN, token))
        browser.get("/notice")  # for the token against forged requests
        return browser

    def signed(self, name: str, value: str, secret: bytes | None = None) -> str:
        """Return a cookie's value as the server signs it, or as somebody does who has another `secret`."""
        key = secret or (self.folder / "home" / "cookie_secret").read_bytes()
        return create_signed_value(key, name, value).decode()

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
        assert answer.status_code == 303, answer.text
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


def post(browser: httpx.Client, path: str, **fields: str) -> httpx.Response:
    """Send a form as the page in front would: with the token against forged requests."""
    return browser.post(path, data={"_xsrf": browser.cookies["_xsrf"]} | fields)


def xsrf(page: str) -> str:
    """Return the token against forged requests that a page's form holds."""
    found = re.search(r'name="_xsrf" value="([^"]+)"', page)
    assert found, page
    return found[1]


@contextmanager
def running_server(folder: Path, *arguments: str, program: tuple[str, ...] = ("-m", "aralify_kernel"), **settings: str):
    """Start `aralify serve` on a free port with a home of its own, and end it. `program` is what Python is to run."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "ARALIFY"))}
    environment |= {"HOME": str(folder / "person"), "ARALIFY_HOME": str(folder / "home")}
    environment |= {f"ARALIFY_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, *program, "serve", f"--port={port}", *arguments]
    server = Server(command, port, folder, environment)
    try:
        server.wait_until_it_answers()
        yield server
    finally:
        server.close()
        server.process.terminate()
        try:
            server.process.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
