"""Queries about what was published when: the versions of lessons and of the courses around them."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, func, select

from aralify_kernel.domain.content import LessonContent
from aralify_kernel.store.models import CourseVersionRow, LessonVersionRow
from aralify_kernel.store.values import table_of, value

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.store.database import Transaction
    from aralify_kernel.store.models.base import JsonObject

_COURSES = table_of(CourseVersionRow)
_LESSONS = table_of(LessonVersionRow)
_OF_LESSON = select(_LESSONS.c.lesson_ref, _LESSONS.c.version, _LESSONS.c.content_hash, _LESSONS.c.published_at)
_OF_LESSON = _OF_LESSON.where(_LESSONS.c.lesson_ref == bindparam("lesson")).order_by(_LESSONS.c.version)
_CONTENT = select(_LESSONS.c.content).where(
    _LESSONS.c.lesson_ref == bindparam("lesson"), _LESSONS.c.version == bindparam("version")
)
_LATEST_NUMBER = select(func.max(_COURSES.c.version)).where(_COURSES.c.course_ref == bindparam("course"))

_KEPT: Final = 200
"""How many contents are kept decoded, some 50 kB each."""

_decoded: dict[str, LessonContent] = {}
_keeping = Lock()


@dataclass(frozen=True, slots=True)
class LessonVersion:
    """A published content of a lesson, without the content."""

    lesson_ref: str
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


def of_lesson(tx: Transaction, lesson_ref: str) -> list[LessonVersion]:
    """Return every version of a lesson, oldest first."""
    return [LessonVersion(*row) for row in tx.connection().execute(_OF_LESSON, {"lesson": lesson_ref})]


def latest_of_lesson(tx: Transaction, lesson_ref: str) -> LessonVersion | None:
    """Return the newest version of a lesson."""
    found = of_lesson(tx, lesson_ref)
    return found[-1] if found else None


def content(tx: Transaction, version: LessonVersion) -> LessonContent:
    """Return the content of one version of a lesson.

    It never changes, is large, and every answer asks for it: decoded once, it is kept by its hash.
    """
    found = _decoded.get(version.content_hash)
    if found is None:
        this = {"lesson": version.lesson_ref, "version": version.version}
        found = LessonContent.from_json(tx.connection().execute(_CONTENT, this).scalar_one())
        with _keeping:
            if len(_decoded) >= _KEPT:
                del _decoded[next(iter(_decoded))]
            _decoded[version.content_hash] = found
    return found


def content_of(tx: Transaction, lesson_ref: str, version: int) -> LessonContent:
    """Return the content that a lesson had in one of its versions."""
    return content(tx, {one.version: one for one in of_lesson(tx, lesson_ref)}[version])


def present_content(tx: Transaction, lesson_ref: str) -> LessonContent:
    """Return the content of a lesson as it is now."""
    return content(tx, of_lesson(tx, lesson_ref)[-1])


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
