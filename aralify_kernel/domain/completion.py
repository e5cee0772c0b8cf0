"""How far a learner is in a course, and how well they have mastered it."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from aralify_kernel.domain.unlocking import counting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aralify_kernel.domain.unlocking import LevelState


def completion_pct(levels: Iterable[LevelState]) -> float:
    """Return complete ÷ counting levels in percent, two decimals rounded half up; 0.0 when none counts.

    >>> from aralify_kernel.domain.difficulty import Difficulty
    >>> from aralify_kernel.domain.unlocking import LevelState
    >>> easy = frozenset({Difficulty.EASY})
    >>> done, new = LevelState("a", 0, True, easy, easy), LevelState("b", 1, True, easy)
    >>> completion_pct([done, new]), completion_pct([])
    (50.0, 0.0)
    """
    return _mean_pct([Fraction(level.is_complete) for level in counting(levels)])


def mastery_pct(levels: Iterable[LevelState]) -> float:
    """Return the mean over counting levels of completed ÷ published tiers in percent, two decimals, half up.

    Only tiers that are published now are looked at on both sides: a tier unpublished since adds nothing and costs
    nothing, so that no level can come to more than 1, while the level as such stays complete.

    >>> from aralify_kernel.domain.difficulty import Difficulty
    >>> from aralify_kernel.domain.unlocking import LevelState
    >>> tiers, easy = frozenset(Difficulty), frozenset({Difficulty.EASY})
    >>> mastery_pct([LevelState("a", 0, True, tiers, easy), *(LevelState(s, 1, True, tiers) for s in "bcd")])
    8.33
    """
    return _mean_pct([_mastery(level) for level in counting(levels)])


def is_complete(levels: Iterable[LevelState]) -> bool:
    """Whether every counting level is complete; a course in which none counts is not."""
    counted = counting(levels)
    return bool(counted) and all(level.is_complete for level in counted)


def _mastery(level: LevelState) -> Fraction:
    return Fraction(len(level.completed & level.published), len(level.published))


def _mean_pct(parts: Sequence[Fraction]) -> float:
    """Return the mean of `parts` in percent. Fractions, because halves are rounded up and must be exact to be seen."""
    if not parts:
        return 0.0
    mean = Fraction(sum(parts), len(parts))
    return floor(mean * 10_000 + Fraction(1, 2)) / 100
