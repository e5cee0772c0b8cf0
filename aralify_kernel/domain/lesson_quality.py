"""How good a lesson is, told by how learners fare in it: the figures that teachers and authors look at, always with n.

Nothing is said where fewer than five learners are behind a figure, so that none of them stands there alone; below twenty
it is said with care (`is_thin`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import fsum
from statistics import quantiles
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aralify_kernel.domain.references import LessonRef

HIDDEN_UNDER: Final = 5
THIN_UNDER: Final = 20

HARD_FIRST_TRY: Final = 0.5
"""A lesson in which fewer pass an activity with their first answer …"""

MANY_GIVE_UP: Final = 0.1
"""… or in which more give up, is one to mend."""

LEAST_DISCRIMINATION: Final = 0.2
"""Where those who do well elsewhere do hardly better than others, the checks may be off."""


@dataclass(frozen=True, slots=True)
class TriedLesson:
    """What one learner did in one lesson they answered something in."""

    learner: int
    score: int
    first_try: int
    """How many activities they passed with their first answer …"""
    tried: int
    """… of how many they tried."""
    is_hinted: bool
    has_gone: bool
    """Not completed, and no answer in it for as many days as make somebody idle in the class."""
    time_spent_secs: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Quartiles."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class LessonQuality:
    """The figures of one lesson; shares from 0 to 1. None where too few learners are behind them."""

    lesson: LessonRef
    n: int
    first_try: float | None = None
    """Of the activities tried, how many were passed with the first answer."""
    discrimination: float | None = None
    """How the score here goes along with the mean score in the other lessons (correlation), of who has both."""
    attempts_to_pass: Spread | None = None
    time_spent_secs: Spread | None = None
    hinted: float | None = None
    gave_up: float | None = None

    @property
    def is_thin(self) -> bool:
        """Whether so few learners are behind the figures that they are to be read with care."""
        return self.n < THIN_UNDER

    @property
    def is_to_mend(self) -> bool:
        """Whether it belongs on the list of lessons to mend: not by thin figures."""
        if self.is_thin or self.first_try is None or self.gave_up is None:
            return False
        return self.first_try < HARD_FIRST_TRY or self.gave_up > MANY_GIVE_UP

    @property
    def checks_may_be_off(self) -> bool:
        """Whether those who do well elsewhere do hardly better here than others."""
        return not self.is_thin and self.discrimination is not None and self.discrimination < LEAST_DISCRIMINATION


def quality(
    lesson: LessonRef, tried: Sequence[TriedLesson], rest: dict[int, float], attempts_to_pass: Sequence[int]
) -> LessonQuality:
    """Return the figures of a lesson.

    Args:
        lesson: The lesson.
        tried: What each learner did who answered something in it.
        rest: By learner: the mean of their scores in the other lessons they answered something in.
        attempts_to_pass: With which answer, from 1, each learner passed each activity they passed.
    """
    n = len(tried)
    if n < HIDDEN_UNDER:
        return LessonQuality(lesson, n)
    pairs = [(float(one.score), rest[one.learner]) for one in tried if one.learner in rest]
    return LessonQuality(
        lesson,
        n,
        first_try=sum(one.first_try for one in tried) / sum(one.tried for one in tried),
        discrimination=correlation(pairs) if len(pairs) >= HIDDEN_UNDER else None,
        attempts_to_pass=_spread(attempts_to_pass),
        time_spent_secs=_spread([one.time_spent_secs for one in tried]),
        hinted=sum(one.is_hinted for one in tried) / n,
        gave_up=sum(one.has_gone for one in tried) / n,
    )


def rests(tried: Mapping[LessonRef, Sequence[TriedLesson]]) -> dict[LessonRef, dict[int, float]]:
    """Return for each lesson, by learner, the mean of their scores in the others."""
    totals: dict[int, int] = defaultdict(int)
    lessons: dict[int, int] = defaultdict(int)
    for learners in tried.values():
        for one in learners:
            totals[one.learner] += one.score
            lessons[one.learner] += 1
    return {
        lesson: {
            one.learner: (totals[one.learner] - one.score) / (lessons[one.learner] - 1)
            for one in learners
            if lessons[one.learner] > 1
        }
        for lesson, learners in tried.items()
    }


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Pearson's correlation; None where one of the two is the same for all.

    >>> correlation([(1, 2), (2, 4), (3, 6)]), correlation([(1, 1), (1, 2)])
    (1.0, None)
    """
    first, second = fsum(one for one, _ in pairs) / len(pairs), fsum(other for _, other in pairs) / len(pairs)
    together = sum((one - first) * (other - second) for one, other in pairs)
    spread = sum((one - first) ** 2 for one, _ in pairs) * sum((other - second) ** 2 for _, other in pairs)
    return together / spread**0.5 if spread else None


def _spread(values: Sequence[int]) -> Spread | None:
    """Return the quartiles, as spreadsheets and pandas reckon them."""
    if len(values) < HIDDEN_UNDER:
        return None
    return Spread(*quantiles(values, n=4, method="inclusive"))
