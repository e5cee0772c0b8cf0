"""Queries about courses, their levels and lessons, as they are at present."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.orm import object_session

from aralify_kernel.domain.references import LessonRef
from aralify_kernel.store.models import CourseRow, LessonRow, LevelRow
from aralify_kernel.store.values import value

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from aralify_kernel.domain.content import Text
    from aralify_kernel.domain.difficulty import Difficulty
    from aralify_kernel.store.database import Transaction


@dataclass(frozen=True, slots=True)
class StoredLesson:
    """A lesson without its content."""

    id: int
    difficulty: Difficulty
    title: Text
    xp_reward: int
    time_limit_sec: int | None
    est_time_mins: int
    pass_score: int
    is_published: bool


@dataclass(frozen=True, slots=True)
class StoredLevel:
    """A level with its lessons, easiest first."""

    id: int
    slug: str
    title: Text
    order_index: int
    is_published: bool
    lessons: tuple[StoredLesson, ...]


@dataclass(frozen=True, slots=True)
class StoredCourse:
    """A course with its levels in order."""

    id: int
    slug: str
    language: str
    title: Text
    description: Text
    icon_url: str | None
    color: str
    order_index: int
    estimated_hours: float
    is_published: bool
    levels: tuple[StoredLevel, ...]

    def level(self, slug: str) -> StoredLevel | None:
        """Return the level called `slug`."""
        return next((level for level in self.levels if level.slug == slug), None)


def all_courses(tx: Transaction) -> list[StoredCourse]:
    """Return every course, published or not, in order."""
    return _load(tx)


def find(tx: Transaction, slug: str) -> StoredCourse | None:
    """Return the course called `slug`."""
    return next(iter(_load(tx, CourseRow.slug == slug)), None)


def lesson_refs(tx: Transaction, lesson_ids: Collection[int]) -> dict[int, LessonRef]:
    """Return what the lessons with these ids are called."""
    query = select(LessonRow.id, CourseRow.slug, LevelRow.slug, LessonRow.difficulty)
    query = query.join(LevelRow, LevelRow.id == LessonRow.level_id).join(CourseRow, CourseRow.id == LevelRow.course_id)
    found = tx.execute(query.where(LessonRow.id.in_(lesson_ids)))
    return {id_: LessonRef(course, level, difficulty.slug) for id_, course, level, difficulty in found}


def save_course(tx: Transaction, slug: str, *, now: datetime, **columns: Any) -> int:
    """Insert or update the course called `slug`; return its id."""
    row = tx.scalar(select(CourseRow).where(CourseRow.slug == slug))
    if row is None:
        row = CourseRow(slug=slug, created_at=now)
    return _save(tx, row, now, columns)


def save_level(tx: Transaction, course_id: int, slug: str, *, now: datetime, **columns: Any) -> int:
    """Insert or update a level of a course; return its id."""
    row = tx.scalar(select(LevelRow).where(LevelRow.course_id == course_id, LevelRow.slug == slug))
    if row is None:
        row = LevelRow(course_id=course_id, slug=slug, created_at=now)
    return _save(tx, row, now, columns)


def save_lesson(tx: Transaction, level_id: int, difficulty: Difficulty, *, now: datetime, **columns: Any) -> int:
    """Insert or update a lesson of a level; return its id."""
    row = tx.scalar(select(LessonRow).where(LessonRow.level_id == level_id, LessonRow.difficulty == difficulty))
    if row is None:
        row = LessonRow(level_id=level_id, difficulty=difficulty, created_at=now)
    return _save(tx, row, now, columns)


def unpublish_others(
    tx: Transaction, course_id: int, level_ids: Sequence[int], lesson_ids: Sequence[int], *, now: datetime
) -> None:
    """Unpublish the levels and lessons of a course that are not among the given ones."""
    hidden = {"is_published": False, "updated_at": now}
    levels = select(LevelRow.id).where(LevelRow.course_id == course_id)
    tx.execute(
        update(LevelRow)
        .where(LevelRow.course_id == course_id, LevelRow.id.not_in(level_ids), LevelRow.is_published)
        .values(hidden)
    )
    tx.execute(
        update(LessonRow)
        .where(LessonRow.level_id.in_(levels), LessonRow.id.not_in(lesson_ids), LessonRow.is_published)
        .values(hidden)
    )


def _save(tx: Transaction, row: CourseRow | LevelRow | LessonRow, now: datetime, columns: dict[str, Any]) -> int:
    is_new = not object_session(row)
    for name, new in columns.items():
        if is_new or getattr(row, name) != new:
            setattr(row, name, new)
    if is_new:
        tx.add(row)
    if is_new or tx.is_modified(row):
        row.updated_at = now
        tx.flush()
    return row.id


def _load(tx: Transaction, *conditions: Any) -> list[StoredCourse]:
    lessons: dict[int, list[StoredLesson]] = defaultdict(list)
    lesson_columns = (
        LessonRow.id,
        LessonRow.level_id,
        LessonRow.difficulty,
        LessonRow.title_en,
        LessonRow.title_fil,
        LessonRow.xp_reward,
        LessonRow.time_limit_sec,
        LessonRow.est_time_mins,
        LessonRow.is_published,
        LessonRow.content["pass_score"].as_integer().label("pass_score"),
    )
    query = select(*lesson_columns).join(LevelRow).join(CourseRow).where(*conditions)
    for row in tx.execute(query.order_by(LessonRow.order_index)):
        lessons[row.level_id].append(
            StoredLesson(
                id=row.id,
                difficulty=row.difficulty,
                title={"en": row.title_en, "fil": row.title_fil},
                xp_reward=row.xp_reward,
                time_limit_sec=row.time_limit_sec,
                est_time_mins=row.est_time_mins,
                pass_score=row.pass_score,
                is_published=row.is_published,
            )
        )
    levels: dict[int, list[StoredLevel]] = defaultdict(list)
    for level in tx.scalars(
        select(LevelRow).join(CourseRow).where(*conditions).order_by(LevelRow.order_index, LevelRow.id)
    ):
        levels[level.course_id].append(
            value(StoredLevel, level, title=_text(level, "title"), lessons=tuple(lessons[level.id]))
        )
    courses = tx.scalars(select(CourseRow).where(*conditions).order_by(CourseRow.order_index, CourseRow.slug))
    return [
        value(
            StoredCourse,
            course,
            title=_text(course, "title"),
            description=_text(course, "description"),
            levels=tuple(levels[course.id]),
        )
        for course in courses
    ]


def _text(row: CourseRow | LevelRow, name: str) -> dict[str, str]:
    return {language: getattr(row, f"{name}_{language}") for language in ("en", "fil")}
