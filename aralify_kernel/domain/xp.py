"""What completing a lesson earns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aralify_kernel.domain.difficulty import Difficulty


def lesson_xp(xp_reward: int, difficulty: Difficulty) -> int:
    """Return the XP that completing a lesson pays, once per learner and lesson: `xp_reward` × 1, 2 or 3.

    >>> from aralify_kernel.domain.difficulty import Difficulty
    >>> [lesson_xp(50, difficulty) for difficulty in Difficulty]
    [50, 100, 150]
    """
    return xp_reward * difficulty.multiplier
