"""Answers given while the class server is away: kept on this computer, and sent when it is there again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import SubmitResult
    from aralify_kernel.errors import AralifyError


class WhyKept(Enum):
    """What an answer waits for."""

    UNREACHABLE = "unreachable"
    """The server cannot be reached."""
    BEHIND = "behind"
    """Earlier answers are on their way."""
    BUSY = "busy"
    """It is there, and takes no answers just now."""
    SIGNED_OUT = "signed_out"
    """The sign-in has ended: its owner has to sign in again."""
    OUTDATED = "outdated"
    """This Aralify has to be updated."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer that nobody has judged yet. It is no attempt, and has no verdict."""

    lesson: LessonRef
    activity: str
    attempt_key: str
    kept_at: datetime
    username: str
    """Whose it is."""
    waiting: int
    """How many answers of this person wait, this one too."""
    why: WhyKept


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many answers of a person wait for the class server, and whether it did not answer when it was last asked."""

    answers: int = 0
    is_server_away: bool = False


@dataclass(frozen=True, slots=True)
class RefusedAnswer:
    """A kept answer that the server did not take, or that cannot be read any more; it will not be sent again."""

    error: AralifyError
    lesson: LessonRef | None = None
    activity: str = ""
    attempt_key: str = ""
    kept_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What has come of kept answers since this was last asked.

    `waiting` are the attempt keys of those that still wait, `why` is what for; `refused` is told only once.
    """

    judged: tuple[SubmitResult, ...] = ()
    refused: tuple[RefusedAnswer, ...] = ()
    waiting: tuple[str, ...] = ()
    why: WhyKept | None = None
