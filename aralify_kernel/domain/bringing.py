"""Work done on one's own computer, brought to a class server: what counts is only what passes there when judged again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from aralify_kernel.domain.session import Submission

if TYPE_CHECKING:
    from aralify_kernel.domain.facts import ActivityKind
    from aralify_kernel.domain.references import LessonRef

_BROUGHT: Final = UUID("5c1f6a52-6f0e-4f0b-9d57-0d5b1f7f3a11")
"""Keeps the keys of brought answers apart from all others."""


@dataclass(frozen=True, slots=True)
class PassedAnswer:
    """An answer that passed on this computer, and the key that its attempt had there."""

    lesson: LessonRef
    activity: str
    kind: ActivityKind
    content: str
    attempt_key: str

    @property
    def submission(self) -> Submission:
        """The same answer as a new attempt. Brought again it has the same key, and so counts once."""
        key = str(uuid5(_BROUGHT, self.attempt_key))
        return Submission(self.lesson, self.activity, self.content, key, self.kind)


@dataclass(frozen=True, slots=True)
class WorkDoneHere:
    """What passed on this computer, in the order in which it first did, and whose it is: nobody's when there is none."""

    username: str | None = None
    answers: tuple[PassedAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of some answers: how many passed again, wait for the server, or were not taken.

    `next` is where to go on among all of them; None after the last.
    """

    counted: int
    kept: int
    refused: int
    next: int | None
