"""Whom to sit beside: the rules that put a learner on the list, each with the figure that the list shows.

They are reasons, not a verdict: no score is made of them, and each leaves by itself when it no longer holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.summaries import HINTED_LESSONS, STUCK_AFTER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

BEHIND: Final = 2
"""So many lessons fewer than the median of the class are a reason to help."""

IDLE_DAYS: Final = 7
"""After so many days without an answer, unless a class says otherwise."""


class Rule(Enum):
    """Why somebody is on the list, most urgent first."""

    ASKED = "asked"
    """They asked for help, and nobody has answered."""
    SAME_ERROR = "same_error"
    """`n` answers in a row failed in the same way."""
    WRONG_ANSWERS = "wrong_answers"
    """`n` different answers in a row failed."""
    LAST_HINTS = "last_hints"
    """The last hint was taken in `n` lessons in a row."""
    BEHIND = "behind"
    """They completed `n` lessons fewer than the median of the class."""
    IDLE = "idle"
    """They have given no answer for `n` days."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that holds, with its figure."""

    rule: Rule
    n: int


@dataclass(frozen=True, slots=True)
class Signs:
    """What the rules look at of one learner in one course."""

    questions: int
    """How many questions of theirs wait for a reply."""
    same_failure: Sequence[int]
    """At each activity: how many answers in a row failed in the same way."""
    failing_answers: Sequence[int]
    """At each activity: how many different answers in a row failed."""
    hinted_lessons: int
    completed: int
    median_completed: int
    seen_at: datetime
    """When their last answer came; when they joined, if none has."""


def reasons(signs: Signs, *, now: datetime, idle_days: int = IDLE_DAYS) -> tuple[Reason, ...]:
    """Return the rules that hold for a learner, most urgent first; none when they get along.

    >>> from datetime import UTC, datetime, timedelta
    >>> now = datetime(2024, 6, 20, tzinfo=UTC)
    >>> signs = Signs(0, [1], [4], 0, 3, 5, now - timedelta(days=9))
    >>> [(reason.rule.value, reason.n) for reason in reasons(signs, now=now)]
    [('wrong_answers', 4), ('behind', 2), ('idle', 9)]
    """
    figures = (
        (Rule.ASKED, signs.questions, 1),
        (Rule.SAME_ERROR, max(signs.same_failure, default=0), STUCK_AFTER),
        (Rule.WRONG_ANSWERS, max(signs.failing_answers, default=0), STUCK_AFTER),
        (Rule.LAST_HINTS, signs.hinted_lessons, HINTED_LESSONS),
        (Rule.BEHIND, signs.median_completed - signs.completed, BEHIND),
        (Rule.IDLE, (now - signs.seen_at).days, idle_days),
    )
    return tuple(Reason(rule, n) for rule, n, least in figures if n >= least)
