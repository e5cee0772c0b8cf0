"""Queries about what learners have reached: courses, unlocked levels, lessons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select

from aralify_kernel.store import upserts
from aralify_kernel.store.models import CourseProgressRow, LessonProgressRow, LevelUnlockRow
from aralify_kernel.store.values import columns, table_of, value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Table

    from aralify_kernel.domain.session import LessonStatus
    from aralify_kernel.store.database import Transaction

_COURSES, _LEVELS, _LESSONS = table_of(CourseProgressRow), table_of(LevelUnlockRow), table_of(LessonProgressRow)
_COURSE = select(_COURSES).where(_COURSES.c.user_id == bindparam("user"), _COURSES.c.course_id == bindparam("course"))
_UNLOCKS = select(_LEVELS).where(_LEVELS.c.user_id == bindparam("user"))
_ALL_LESSONS = select(_LESSONS).where(_LESSONS.c.user_id == bindparam("user"))


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
    rows = tx.connection().execute(select(_COURSES).where(_COURSES.c.user_id == user_id))
    return {row.course_id: value(CourseProgress, row) for row in rows}


def of_course(tx: Transaction, user_id: int, course_id: int) -> CourseProgress | None:
    """Return a learner's progress in one course; None when they have not started it."""
    row = tx.connection().execute(_COURSE, {"user": user_id, "course": course_id}).one_or_none()
    return None if row is None else value(CourseProgress, row)


def learners_of(tx: Transaction, course_id: int) -> list[int]:
    """Return the ids of everybody who has started a course."""
    query = select(_COURSES.c.user_id).where(_COURSES.c.course_id == course_id)
    return list(tx.connection().scalars(query.order_by(_COURSES.c.user_id)))


def save_course(tx: Transaction, progress: CourseProgress) -> None:
    """Insert or update a learner's progress in a course."""
    row = columns(progress)
    key = {"user_id": row.pop("user_id"), "course_id": row.pop("course_id")}
    upserts.save(tx, _COURSES, key, row)


def change_course(tx: Transaction, progress: CourseProgress) -> None:
    """Update a learner's progress in a course they have started."""
    row = columns(progress)
    upserts.change(tx, _COURSES, {"user_id": row.pop("user_id"), "course_id": row.pop("course_id")}, row)


def unlocks(tx: Transaction, user_id: int) -> dict[int, LevelUnlock]:
    """Return a learner's unlocked levels by level id."""
    rows = tx.connection().execute(_UNLOCKS, {"user": user_id})
    return {row.level_id: value(LevelUnlock, row) for row in rows}


def unlock(tx: Transaction, user_id: int, level_id: int, *, now: datetime) -> None:
    """Open a level for a learner for whom it was locked."""
    upserts.put(tx, _LEVELS, {"user_id": user_id, "level_id": level_id, "unlocked_at": now})


def of_lessons(tx: Transaction, user_id: int) -> dict[int, LessonProgress]:
    """Return a learner's progress by lesson id."""
    rows = tx.connection().execute(_ALL_LESSONS, {"user": user_id})
    return {row.lesson_id: value(LessonProgress, row) for row in rows}


def of_lesson(tx: Transaction, user_id: int, lesson_id: int) -> LessonProgress | None:
    """Return a learner's progress in one lesson; None when they have not opened it."""
    query = select(_LESSONS).where(_LESSONS.c.user_id == user_id, _LESSONS.c.lesson_id == lesson_id)
    row = tx.connection().execute(query).one_or_none()
    return None if row is None else value(LessonProgress, row)


def save_lesson(tx: Transaction, user_id: int, progress: LessonProgress) -> None:
    """Insert or update a learner's progress in a lesson."""
    row = columns(progress)
    key = {"user_id": user_id, "lesson_id": row.pop("lesson_id")}
    upserts.save(tx, _LESSONS, key, row)


def change_lesson(tx: Transaction, user_id: int, progress: LessonProgress) -> None:
    """Update a learner's progress in a lesson they have opened."""
    row = columns(progress)
    upserts.change(tx, _LESSONS, {"user_id": user_id, "lesson_id": row.pop("lesson_id")}, row)


def replace_courses(tx: Transaction, user_id: int, reached: Iterable[CourseProgress]) -> None:
    """Make this all that a learner has reached in courses."""
    _replace(tx, _COURSES, user_id, reached)


def replace_unlocks(tx: Transaction, user_id: int, unlocked: Iterable[LevelUnlock]) -> None:
    """Make these all the levels that are open for a learner."""
    _replace(tx, _LEVELS, user_id, unlocked)


def replace_lessons(tx: Transaction, user_id: int, reached: Iterable[LessonProgress]) -> None:
    """Make this all that a learner has reached in lessons."""
    _replace(tx, _LESSONS, user_id, reached)


def _replace(tx: Transaction, table: Table, user_id: int, values: Iterable[Any]) -> None:
    tx.connection().execute(delete(table).where(table.c.user_id == user_id))
    rows = [{"user_id": user_id} | columns(one) for one in values]
    if rows:
        tx.connection().execute(insert(table), rows)
