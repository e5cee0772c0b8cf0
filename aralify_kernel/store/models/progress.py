"""The tables that follow from the facts and can be rebuilt from them."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.store.models.base import Base, UtcDateTime, named


class CourseProgressRow(Base):
    """How far a learner is in a course they started."""

    __tablename__ = "user_course_progress"
    __table_args__ = (
        UniqueConstraint("user_id", "course_id"),
        Index(None, "course_id"),
        CheckConstraint("completion_pct BETWEEN 0 AND 100", name="completion_pct"),
        CheckConstraint("mastery_pct BETWEEN 0 AND 100", name="mastery_pct"),
        CheckConstraint("total_xp_earned >= 0", name="total_xp_earned"),
        CheckConstraint("time_spent_secs >= 0", name="time_spent_secs"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    completion_pct: Mapped[float]
    mastery_pct: Mapped[float]
    total_xp_earned: Mapped[int]
    time_spent_secs: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_activity_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LevelUnlockRow(Base):
    """A level that is open for a learner."""

    __tablename__ = "user_level_unlocks"
    __table_args__ = (UniqueConstraint("user_id", "level_id"), Index(None, "level_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    level_id: Mapped[int] = mapped_column(ForeignKey("levels.id", ondelete="CASCADE"))
    unlocked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LessonProgressRow(Base):
    """How far a learner is in a lesson they opened; it never goes back."""

    __tablename__ = "user_lesson_progress"
    __table_args__ = (
        UniqueConstraint("user_id", "lesson_id"),
        Index(None, "lesson_id"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        CheckConstraint("xp_earned >= 0", name="xp_earned"),
        CheckConstraint("time_spent_secs >= 0", name="time_spent_secs"),
        CheckConstraint("status <> 'COMPLETED' OR completed_at IS NOT NULL", name="completed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"))
    status: Mapped[LessonStatus] = mapped_column(named(LessonStatus, "status"))
    score: Mapped[int]
    xp_earned: Mapped[int]
    time_spent_secs: Mapped[int]
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class XpEventRow(Base):
    """One award of the ledger. A lesson pays a learner once, also after it was deleted and came back."""

    __tablename__ = "xp_events"
    __table_args__ = (
        UniqueConstraint("user_id", "lesson_ref"),
        Index(None, "lesson_id"),
        Index(None, "attempt_id"),
        CheckConstraint("amount >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id", ondelete="SET NULL"))
    lesson_ref: Mapped[str] = mapped_column(String(160))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id", ondelete="SET NULL"))
    amount: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ActivityDayRow(Base):
    """A local date on which a learner's answers were judged, and how many."""

    __tablename__ = "activity_days"
    __table_args__ = (UniqueConstraint("user_id", "date"), CheckConstraint("attempts >= 1", name="attempts"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    date: Mapped[dt.date]
    attempts: Mapped[int]
    utc_offset_min: Mapped[int]
    """How far the learner's clock was ahead of UTC, as of the newest answer when this is the last date."""
