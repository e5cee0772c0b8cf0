"""Queries about what learners have reached: courses, unlocked levels, lessons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from aralify_kernel.store.models import CourseProgressRow, LessonProgressRow, LevelUnlockRow
from aralify_kernel.store.values import value

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.session import LessonStatus
    from aralify_kernel.store.database import Transaction


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """How far a learner is in a course they started."""

    user_id: int
    course_id: int
    completion_pct: float
    mastery_pct: float
    total_xp_earned: int
    time_spent_secs: int
    started_at: datetime
    completed_at: datetime | None
    last_activity_at: datetime


@dataclass(frozen=True, slots=True)
class LevelUnlock:
    """A level that is open for a learner."""

    level_id: int
    unlocked_at: datetime


@dataclass(frozen=True, slots=True)
class LessonProgress:
    """How far a learner is in a lesson."""

    lesson_id: int
    status: LessonStatus
    score: int
    xp_earned: int
    time_spent_secs: int
    started_at: datetime | None
    completed_at: datetime | None


def of_courses(tx: Transaction, user_id: int) -> dict[int, CourseProgress]:
    """Return a learner's progress by course id."""
    rows = tx.scalars(select(CourseProgressRow).where(CourseProgressRow.user_id == user_id))
    return {row.course_id: value(CourseProgress, row) for row in rows}


def of_course(tx: Transaction, user_id: int, course_id: int) -> CourseProgress | None:
    """Return a learner's progress in one course; None when they have not started it."""
    row = _course_row(tx, user_id, course_id)
    return None if row is None else value(CourseProgress, row)


def learners_of(tx: Transaction, course_id: int) -> list[int]:
    """Return the ids of everybody who has started a course."""
    query = select(CourseProgressRow.user_id).where(CourseProgressRow.course_id == course_id)
    return list(tx.scalars(query.order_by(CourseProgressRow.user_id)))


def save_course(tx: Transaction, progress: CourseProgress) -> None:
    """Insert or update a learner's progress in a course."""
    row = _course_row(tx, progress.user_id, progress.course_id)
    if row is None:
        tx.add(CourseProgressRow(**_columns(progress)))
    else:
        _copy(progress, row)
    tx.flush()


def unlocks(tx: Transaction, user_id: int) -> dict[int, LevelUnlock]:
    """Return a learner's unlocked levels by level id."""
    rows = tx.scalars(select(LevelUnlockRow).where(LevelUnlockRow.user_id == user_id))
    return {row.level_id: value(LevelUnlock, row) for row in rows}


def unlock(tx: Transaction, user_id: int, level_id: int, *, now: datetime) -> None:
    """Open a level for a learner for whom it was locked."""
    tx.add(LevelUnlockRow(user_id=user_id, level_id=level_id, unlocked_at=now))
    tx.flush()


def of_lessons(tx: Transaction, user_id: int) -> dict[int, LessonProgress]:
    """Return a learner's progress by lesson id."""
    rows = tx.scalars(select(LessonProgressRow).where(LessonProgressRow.user_id == user_id))
    return {row.lesson_id: value(LessonProgress, row) for row in rows}


def of_lesson(tx: Transaction, user_id: int, lesson_id: int) -> LessonProgress | None:
    """Return a learner's progress in one lesson; None when they have not opened it."""
    row = _lesson_row(tx, user_id, lesson_id)
    return None if row is None else value(LessonProgress, row)


def save_lesson(tx: Transaction, user_id: int, progress: LessonProgress) -> None:
    """Insert or update a learner's progress in a lesson."""
    row = _lesson_row(tx, user_id, progress.lesson_id)
    if row is None:
        tx.add(LessonProgressRow(user_id=user_id, **_columns(progress)))
    else:
        _copy(progress, row)
    tx.flush()


def _course_row(tx: Transaction, user_id: int, course_id: int) -> CourseProgressRow | None:
    return tx.scalar(
        select(CourseProgressRow).where(CourseProgressRow.user_id == user_id, CourseProgressRow.course_id == course_id)
    )


def _lesson_row(tx: Transaction, user_id: int, lesson_id: int) -> LessonProgressRow | None:
    return tx.scalar(
        select(LessonProgressRow).where(LessonProgressRow.user_id == user_id, LessonProgressRow.lesson_id == lesson_id)
    )


def _columns(progress: CourseProgress | LessonProgress) -> dict[str, Any]:
    return {name: getattr(progress, name) for name in type(progress).__slots__}


def _copy(progress: CourseProgress | LessonProgress, row: CourseProgressRow | LessonProgressRow) -> None:
    for name, new in _columns(progress).items():
        setattr(row, name, new)
