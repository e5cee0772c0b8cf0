"""The operations by which somebody brings what they did on this computer to its class server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aralify_kernel.app.bringing import bring
from aralify_kernel.domain.bringing import Brought
from aralify_kernel.errors import ServerUnreachable
from aralify_kernel.server.rest.operations import Operation

if TYPE_CHECKING:
    from aralify_kernel.server.rest.operations import Asked


@dataclass(frozen=True, slots=True)
class Bringable:
    """Who was signed in on this computer before it had a class server, and how many of their answers had passed."""

    username: str | None
    answers: int


@dataclass(frozen=True, slots=True)
class Bringing:
    """From which answer on to bring; 0 is the first."""

    start: int


def _bringable(asked: Asked) -> Bringable:
    done = asked.application.work_done_here()
    return Bringable(done.username, len(done.answers))


def _bring(asked: Asked) -> Brought:
    return bring(asked.session, asked.application.work_done_here().answers, max(0, asked.body.start))


OPERATIONS: Final = (
    Operation("GET", "/bringing", "What passed on this computer before it had a class server", _bringable,
              scope="read", returns=Bringable),
    Operation("POST", "/bringing", "Hand the next of those answers in at the class server, which judges them anew", _bring,
              scope="submit", body=Bringing, returns=Brought, judges=True, refusals=(ServerUnreachable,)),
)  # fmt: skip
