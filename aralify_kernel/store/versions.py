"""Queries about what was published when: the versions of lessons and of the courses around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from aralify_kernel.domain.content import LessonContent
from aralify_kernel.store.models import CourseVersionRow, LessonVersionRow
from aralify_kernel.store.values import table_of, value

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.store.database import Transaction
    from aralify_kernel.store.models.base import JsonObject

_COURSES = table_of(CourseVersionRow)
_LATEST_NUMBER = select(func.max(_COURSES.c.version)).where(_COURSES.c.course_ref == bindparam("course"))


@dataclass(frozen=True, slots=True)
class LessonVersion:
    """A published content of a lesson, without the content."""

    version: int
    content_hash: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class CourseVersion:
    """What a course consisted of from `published_at` on."""

    course_ref: str
    version: int
    outline: JsonObject
    builtin_hash: str | None
    published_at: datetime


def latest_of_lesson(tx: Transaction, lesson_ref: str) -> LessonVersion | None:
    """Return the newest version of a lesson."""
    columns = (LessonVersionRow.version, LessonVersionRow.content_hash, LessonVersionRow.published_at)
    query = select(*columns).where(LessonVersionRow.lesson_ref == lesson_ref)
    row = tx.execute(query.order_by(LessonVersionRow.version.desc()).limit(1)).one_or_none()
    return None if row is None else LessonVersion(*row)


def content(tx: Transaction, lesson_ref: str, version: int) -> LessonContent:
    """Return the content of one version of a lesson."""
    query = select(LessonVersionRow.content)
    query = query.where(LessonVersionRow.lesson_ref == lesson_ref, LessonVersionRow.version == version)
    return LessonContent.from_json(tx.scalars(query).one())


def contents(tx: Transaction, lesson_ref: str) -> list[LessonContent]:
    """Return the content of every version of a lesson, oldest first."""
    query = select(LessonVersionRow.content).where(LessonVersionRow.lesson_ref == lesson_ref)
    return [LessonContent.from_json(data) for data in tx.scalars(query.order_by(LessonVersionRow.version))]


def add_lesson_version(
    tx: Transaction, lesson_id: int, lesson_ref: str, content: JsonObject, content_hash: str, *, now: datetime
) -> int:
    """Insert a new version of a lesson; return its number (from 1)."""
    newest = tx.scalar(select(func.max(LessonVersionRow.version)).where(LessonVersionRow.lesson_ref == lesson_ref))
    row = LessonVersionRow(
        lesson_id=lesson_id,
        lesson_ref=lesson_ref,
        version=(newest or 0) + 1,
        content=content,
        content_hash=content_hash,
        published_at=now,
    )
    tx.add(row)
    tx.flush()
    return row.version


def latest_of_course(tx: Transaction, course_ref: str) -> CourseVersion | None:
    """Return the newest version of a course."""
    query = select(CourseVersionRow).where(CourseVersionRow.course_ref == course_ref)
    row = tx.scalar(query.order_by(CourseVersionRow.version.desc()).limit(1))
    return None if row is None else value(CourseVersion, row)


def latest_number_of_course(tx: Transaction, course_ref: str) -> int:
    """Return the number of the newest version of a course; 0 when it was never published."""
    return tx.connection().scalar(_LATEST_NUMBER, {"course": course_ref}) or 0


def of_course(tx: Transaction, course_ref: str) -> list[CourseVersion]:
    """Return every version of a course, oldest first."""
    query = select(CourseVersionRow).where(CourseVersionRow.course_ref == course_ref)
    return [value(CourseVersion, row) for row in tx.scalars(query.order_by(CourseVersionRow.version))]


def add_course_version(
    tx: Transaction, course_id: int, course_ref: str, outline: JsonObject, builtin_hash: str | None, *, now: datetime
) -> CourseVersion:
    """Insert a new version of a course."""
    version = latest_number_of_course(tx, course_ref) + 1
    row = CourseVersionRow(
        course_id=course_id,
        course_ref=course_ref,
        version=version,
        outline=outline,
        builtin_hash=builtin_hash,
        published_at=now,
    )
    tx.add(row)
    tx.flush()
    return value(CourseVersion, row)
