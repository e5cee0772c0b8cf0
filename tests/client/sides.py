"""`LearnerSession` from both sides: in-process, and over HTTP to a class server that runs."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from aralify_kernel.app import Application
from aralify_kernel.client.connection import Connection
from aralify_kernel.client.http_session import Here, HttpSession
from aralify_kernel.domain.sign_ins import Admission
from aralify_kernel.services.local_time_zone import local_timezone
from aralify_kernel.services.sign_in_file import HeldSignIn
from aralify_kernel.settings import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aralify_kernel.domain.permissions import Role
    from aralify_kernel.domain.session import LearnerSession
    from tests.servers import Server

PASSWORD = "mangga at bayabas"


@dataclass
class Side:
    """One kind of session, the installation behind it, and names that nobody has there yet."""

    name: str
    application: Application
    connect: Callable[[], LearnerSession]
    names: int = field(default=0)

    def new_name(self, kind: str = "ana") -> str:
        self.names += 1
        return f"{kind}{self.names}"

    def learner(self, role: Role | None = None, username: str | None = None) -> LearnerSession:
        """Somebody with a new account, signed in."""
        username = username or self.new_name()
        self.application.add_user(username, password=PASSWORD, role=role, timezone="Asia/Manila")
        session = self.connect()
        session.sign_in(username, PASSWORD)
        return session

    @cached_property
    def liza(self) -> LearnerSession:
        """Somebody whom several tests share."""
        return self.learner()

    def sign_up(self, session: LearnerSession, username: str) -> None:
        """Make an account as a person does, having read what there is to read."""
        way_in = session.entrance()
        admission = Admission(way_in.notice_version) if way_in else None
        session.sign_up(username, password=PASSWORD, email=None, display_name=None, language="fil", admission=admission)


@contextmanager
def local_side(folder: Path):
    environment = {"ARALIFY_HOME": str(folder / "home"), "ARALIFY_WORKSPACE": str(folder / "ws")}
    application = Application(load(environment | {"ARALIFY_JUDGE_IDLE_MINUTES": "0"}))
    yield Side("local", application, lambda: application.session_of(HeldSignIn()))
    application.close()


@contextmanager
def http_side(server: Server, folder: Path):
    made: list[HttpSession] = []

    def connect() -> HttpSession:
        here = Here(folder / f"computer-{len(made)}", server.application.now, local_timezone(), lambda *_: None)
        made.append(HttpSession(Connection(server.url), HeldSignIn(), here))
        return made[-1]

    yield Side("http", server.application, connect)
    for session in made:
        session.close()
