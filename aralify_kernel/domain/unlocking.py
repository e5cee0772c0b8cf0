"""Which topics of a course are open to a learner, and which unlocks must be written down.

Reading never writes: `open_levels` looks. Submitting, publishing and starting a course write what `new_unlocks`
returns, so that a topic once open stays open when another is later published in front of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aralify_kernel.domain.difficulty import Difficulty


@dataclass(frozen=True, slots=True)
class LevelState:
    """One level of a course as one learner has it.

    `published` are the tiers that are published, `completed` the tiers this learner completed, also those unpublished
    since. `unlocked` says that an unlock row exists, won earlier or given by a teacher.
    """

    slug: str
    order_index: int
    is_published: bool
    published: frozenset[Difficulty]
    completed: frozenset[Difficulty] = frozenset()
    unlocked: bool = False

    @property
    def counts(self) -> bool:
        """Whether the level counts: it and at least one of its lessons are published."""
        return self.is_published and bool(self.published)

    @property
    def is_complete(self) -> bool:
        """Whether any tier was completed, also one that was unpublished later."""
        return bool(self.completed)


def counting(levels: Iterable[LevelState]) -> tuple[LevelState, ...]:
    """Return the levels that count, in the order of the course."""
    return tuple(sorted((level for level in levels if level.counts), key=lambda level: (level.order_index, level.slug)))


def open_levels(levels: Iterable[LevelState]) -> frozenset[str]:
    """Return the slugs of the open levels: the first that counts, those after a complete one, those unlocked before.

    A level that does not count is never open, not even with an unlock: the unlock keeps until it counts again.

    >>> from aralify_kernel.domain.difficulty import Difficulty
    >>> easy = frozenset({Difficulty.EASY})
    >>> done = LevelState("variables", 0, True, easy, completed=easy)
    >>> draft = LevelState("control-flow", 1, False, easy)
    >>> sorted(open_levels([done, draft, LevelState("loops", 2, True, easy), LevelState("functions", 3, True, easy)]))
    ['loops', 'variables']
    """
    in_order = counting(levels)
    before = (None, *in_order)
    return frozenset(
        level.slug
        for level, previous in zip(in_order, before, strict=False)
        if previous is None or previous.is_complete or level.unlocked
    )


def new_unlocks(levels: Iterable[LevelState], *, started: bool) -> tuple[str, ...]:
    """Return the slugs whose unlock has to be written now, in the order of the course.

    To be called when a course is started, after a submission, and after publishing for each learner who has started
    the course. A learner who has not started (`started` False) gets none.
    """
    if not started:
        return ()
    in_order = counting(levels)
    are_open = open_levels(in_order)
    return tuple(level.slug for level in in_order if level.slug in are_open and not level.unlocked)


def opened_by(slug: str, levels: Iterable[LevelState]) -> LevelState | None:
    """Return the level to complete so that the locked level `slug` opens: the counting one before it.

    None when `slug` is open already, or does not count: then nothing a learner does can open it.
    """
    in_order = counting(levels)
    if slug in open_levels(in_order):
        return None
    return next((previous for previous, level in pairwise(in_order) if level.slug == slug), None)
