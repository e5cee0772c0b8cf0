"""Somebody who asks the REST interface of a running server, for the tests of it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import httpx

from aralify_kernel.client import wire
from aralify_kernel.client.interface import PREFIX
from aralify_kernel.services import accounts, sign_ins
from aralify_kernel.services.sign_ins import Terms

if TYPE_CHECKING:
    from tests.servers import Server

LESSON = "/lessons/python-basics/variables/easy"
EXERCISE, QUIZ = "first-load", "baon-line"
NAMES = {"course": "python-basics", "level": "variables", "tier": "easy", "activity": "nothing", "username": "ben",
         "class": "rizal", "attempt": "999999", "note": "999999", "question": "999999"}  # fmt: skip
"""What may stand in an operation's address."""
LEARNERS = ("read", "submit", "profile")
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


def token_of(server: Server, username: str, *scopes: str) -> str:
    """Return a new token of somebody, without the time that a password takes."""
    application = server.application
    with application.database.read() as tx:
        user = accounts.find(tx, username)
    terms = Terms(" ".join(scopes or LEARNERS), "a test")
    return sign_ins.begin_for(application.database, user, terms=terms, now=application.now())


def signed_in(server: Server, username: str, *scopes: str) -> Caller:
    """Return a program with a token of somebody, good for some scopes or for those of learners."""
    return Caller(server, token_of(server, username, *scopes))


def code(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and the code of a refusal."""
    return answer.status_code, answer.json()["error"]["code"]
