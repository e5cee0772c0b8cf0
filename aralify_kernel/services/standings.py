"""Where one learner stands in one course, and what follows when that changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aralify_kernel.domain.completion import completion_pct, is_complete, mastery_pct
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.domain.unlocking import LevelState, new_unlocks
from aralify_kernel.store import progress, versions

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from aralify_kernel.store.courses import StoredCourse, StoredLevel
    from aralify_kernel.store.database import Transaction
    from aralify_kernel.store.progress import CourseProgress, LessonProgress


@dataclass(frozen=True, slots=True)
class Standing:
    """A course, and what a learner has reached in it. `progress` is None before they start it.

    The version tells which state of the course this is: whatever decides about progress is the same in the same one.
    """

    course: StoredCourse
    version: int
    progress: CourseProgress | None
    unlocked: frozenset[int]
    lessons: Mapping[int, LessonProgress]

    @property
    def levels(self) -> tuple[LevelState, ...]:
        """The levels as the rules of unlocking and completion look at them."""
        return tuple(self._state(level) for level in self.course.levels)

    def _state(self, level: StoredLevel) -> LevelState:
        return LevelState(
            slug=level.slug,
            order_index=level.order_index,
            is_published=level.is_published,
            published=frozenset(lesson.difficulty for lesson in level.lessons if lesson.is_published),
            completed=frozenset(
                lesson.difficulty
                for lesson in level.lessons
                if lesson.id in self.lessons and self.lessons[lesson.id].status is LessonStatus.COMPLETED
            ),
            unlocked=level.id in self.unlocked,
        )


def standing(tx: Transaction, user_id: int, course: StoredCourse) -> Standing:
    """Return where a learner stands in a course."""
    return Standing(
        course,
        versions.latest_number_of_course(tx, course.slug),
        progress.of_course(tx, user_id, course.id),
        frozenset(progress.unlocks(tx, user_id)),
        progress.of_lessons(tx, user_id),
    )


def settle(tx: Transaction, user_id: int, where: Standing, *, now: datetime) -> None:
    """Write what follows for a learner from where they stand: unlocks, percentages, completion.

    To be called after a start and after publishing; nothing follows before the course is started.
    """
    if where.progress is None:
        return
    after, opened = settled(where, where.progress, now=now)
    unlock(tx, user_id, where.course, opened, now=now)
    if after != where.progress:
        progress.save_course(tx, after)


def settled(where: Standing, before: CourseProgress, *, now: datetime) -> tuple[CourseProgress, tuple[str, ...]]:
    """Return what becomes of the progress in a course from where a learner stands, and the levels that open."""
    levels = where.levels
    after = replace(
        before,
        completion_pct=completion_pct(levels),
        mastery_pct=mastery_pct(levels),
        completed_at=before.completed_at or (now if is_complete(levels) else None),
    )
    return after, tuple(new_unlocks(levels, started=True))


def unlock(tx: Transaction, user_id: int, course: StoredCourse, opened: Collection[str], *, now: datetime) -> None:
    """Open levels of a course by their slugs."""
    for level in course.levels:
        if level.slug in opened:
            progress.unlock(tx, user_id, level.id, now=now)
