"""The person's own level, which follows from their XP; a course's levels are called topics on screens."""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt


@dataclass(frozen=True, slots=True)
class LevelProgress:
    """Where a total stands: its level, and the XP at which this level and the next begin."""

    level: int
    starts_at: int
    next_at: int


def threshold(level: int) -> int:
    """Return the XP at which `level` begins: isqrt(10000 · (level − 1)³), from DESIGN §4.

    >>> [threshold(level) for level in (1, 2, 3, 4, 5)]
    [0, 100, 282, 519, 800]

    Raises:
        ValueError: `level` is below 1.
    """
    if level < 1:
        raise ValueError(level)
    return isqrt(10_000 * (level - 1) ** 3)


def level(xp: int) -> int:
    """Return the highest level whose threshold `xp` reaches, exactly, however large `xp` is.

    isqrt(n) <= xp means n < (xp + 1)², hence (level − 1)³ is at most ((xp + 1)² − 1) // 10000: an integer cube root.

    >>> level(0), level(99), level(100), level(281), level(282)
    (1, 1, 2, 2, 3)

    Raises:
        ValueError: `xp` is negative.
    """
    if xp < 0:
        raise ValueError(xp)
    return 1 + _cube_root(((xp + 1) ** 2 - 1) // 10_000)


def level_progress(xp: int) -> LevelProgress:
    """Return the level of `xp` with the way to the next one.

    >>> level_progress(150)
    LevelProgress(level=2, starts_at=100, next_at=282)
    """
    reached = level(xp)
    return LevelProgress(reached, threshold(reached), threshold(reached + 1))


def _cube_root(n: int) -> int:
    """Return the largest integer whose cube is at most `n`, by Newton's method from above."""
    if n == 0:
        return 0
    root = 1 << -(-n.bit_length() // 3)
    while True:
        closer = (2 * root + n // root**2) // 3
        if closer >= root:
            return root
        root = closer
