"""Somebody who asks the REST interface of a running server, for the tests of it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import httpx

from aralify_kernel.client import wire
from aralify_kernel.client.messages import PREFIX
from tests.server.conftest import PASSWORD

if TYPE_CHECKING:
    from tests.servers import Server

LESSON = "/lessons/python-basics/variables/easy"
EXERCISE, QUIZ = "first-load", "baon-line"
EVERYTHING = ("read", "submit", "profile", "teach", "admin")
_KEYS = itertools.count()


class Caller:
    """A program with a token, or without one."""

    def __init__(self, server: Server, token: str | None = None):
        self.token = token
        self._http = server.browser()
        self._http.base_url = httpx.URL(server.url + PREFIX)
        if token is not None:
            self._http.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        if body is not None:
            more["content"] = body if isinstance(body, bytes) else wire.encode(body)
            more["headers"] = {"Content-Type": "application/json"} | more.get("headers", {})
        return self._http.request(method, path, **more)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return self.ask("POST", path, body, **more)

    def submit(self, content: str, key: str | None = None, activity: str = EXERCISE, **more: Any) -> httpx.Response:
        answer = {"activity": activity, "content": content, "attempt_key": key or f"key-{next(_KEYS)}"}
        return self.post(f"{LESSON}/submit", answer | more)


def signed_in(server: Server, username: str, *scopes: str) -> Caller:
    """Return a program that signed in as somebody, for some scopes or for those of learners."""
    credentials: dict[str, Any] = {"username": username, "password": PASSWORD, "label": "a test"}
    answer = Caller(server).post("/session", credentials | ({"scopes": list(scopes)} if scopes else {}))
    assert answer.status_code == 201, answer.text
    return Caller(server, answer.json()["token"])


def code(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and the code of a refusal."""
    return answer.status_code, answer.json()["error"]["code"]
