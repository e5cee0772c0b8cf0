"""The tables of what is taught: the present state, and every version that was published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.store.models.base import Base, JsonObject, UtcDateTime, json_column, named


class CourseRow(Base):
    """A course as last published."""

    __tablename__ = "courses"
    __table_args__ = (CheckConstraint("estimated_hours >= 0", name="estimated_hours"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(32))
    title_en: Mapped[str] = mapped_column(Text)
    title_fil: Mapped[str] = mapped_column(Text)
    description_en: Mapped[str] = mapped_column(Text)
    description_fil: Mapped[str] = mapped_column(Text)
    icon_url: Mapped[str | None] = mapped_column(Text)
    color: Mapped[str] = mapped_column(String(32))
    order_index: Mapped[int]
    estimated_hours: Mapped[float]
    is_published: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LevelRow(Base):
    """A level of a course, a "topic" on screens."""

    __tablename__ = "levels"
    __table_args__ = (UniqueConstraint("course_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(64))
    title_en: Mapped[str] = mapped_column(Text)
    title_fil: Mapped[str] = mapped_column(Text)
    order_index: Mapped[int]
    is_published: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LessonRow(Base):
    """One tier of a level, with its present content."""

    __tablename__ = "lessons"
    __table_args__ = (
        UniqueConstraint("level_id", "difficulty"),
        CheckConstraint("xp_reward >= 0", name="xp_reward"),
        CheckConstraint("time_limit_sec > 0", name="time_limit_sec"),
        CheckConstraint("est_time_mins >= 0", name="est_time_mins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("levels.id", ondelete="CASCADE"))
    difficulty: Mapped[Difficulty] = mapped_column(named(Difficulty, "difficulty"))
    title_en: Mapped[str] = mapped_column(Text)
    title_fil: Mapped[str] = mapped_column(Text)
    content: Mapped[JsonObject] = mapped_column(json_column())
    xp_reward: Mapped[int]
    time_limit_sec: Mapped[int | None]
    est_time_mins: Mapped[int]
    order_index: Mapped[int]
    is_published: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CourseVersionRow(Base):
    """What a course consisted of from a moment on: which levels and lessons, published or not, at what reward.

    Completion and unlocks depend on it, so that rebuilding needs to know what stood when an answer came.
    """

    __tablename__ = "course_versions"
    __table_args__ = (UniqueConstraint("course_ref", "version"), Index(None, "course_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id", ondelete="SET NULL"))
    course_ref: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    outline: Mapped[JsonObject] = mapped_column(json_column())
    builtin_hash: Mapped[str | None] = mapped_column(String(64))
    """Which state of the built-in course folder was published last, so that a start publishes only a newer one."""
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LessonVersionRow(Base):
    """One published content of a lesson; immutable."""

    __tablename__ = "lesson_versions"
    __table_args__ = (UniqueConstraint("lesson_ref", "version"), Index(None, "lesson_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id", ondelete="SET NULL"))
    lesson_ref: Mapped[str] = mapped_column(String(160))
    version: Mapped[int]
    content: Mapped[JsonObject] = mapped_column(json_column())
    content_hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
