"""The tables that the pages of a class read. They follow from the facts like those of `progress`.

An attempt is named by its bare number: a reference would make the database look through these tables for every
attempt of a learner who is erased, although their own rows go with the learner anyway.
"""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from aralify_kernel.store.models.base import Base, UtcDateTime


class LearnerActivityRow(Base):
    """One learner at one activity."""

    __tablename__ = "learner_activities"
    __table_args__ = (Index(None, "lesson_id", "activity"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)
    activity: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempts: Mapped[int]
    passed_at: Mapped[int | None]
    failing_answers: Mapped[int]
    failing_hashes: Mapped[list[str]] = mapped_column(JSON)
    same_failure: Mapped[int]
    signature: Mapped[str] = mapped_column(String(64))
    hints: Mapped[int]
    last_attempt_id: Mapped[int | None]
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LearnerCourseRow(Base):
    """One learner in one course."""

    __tablename__ = "learner_courses"
    __table_args__ = (Index(None, "course_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True)
    attempts: Mapped[int]
    passed: Mapped[int]
    stuck: Mapped[int]
    lessons_completed: Mapped[int]
    hinted_lessons: Mapped[int]
    hinted_lesson: Mapped[str | None] = mapped_column(String(160))
    last_on: Mapped[dt.date | None]
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LearnerFailureRow(Base):
    """How often one learner failed at an activity in one way."""

    __tablename__ = "learner_failures"
    __table_args__ = (Index("ix_learner_failures_group", "lesson_id", "activity", "signature", "user_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)
    activity: Mapped[str] = mapped_column(String(64), primary_key=True)
    signature: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempts: Mapped[int]
    last_attempt_id: Mapped[int]


class ClassDayRow(Base):
    """What a class did in a course on one date."""

    __tablename__ = "class_days"
    __table_args__ = (Index(None, "course_id"),)

    classroom_id: Mapped[int] = mapped_column(ForeignKey("classrooms.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True)
    date: Mapped[dt.date] = mapped_column(primary_key=True)
    attempts: Mapped[int]
    passed: Mapped[int]
    learners: Mapped[int]
    new_in_week: Mapped[int]
    lessons_completed: Mapped[int]


class ClassActivityRow(Base):
    """What a class did at one activity."""

    __tablename__ = "class_activities"
    __table_args__ = (Index(None, "lesson_id"),)

    classroom_id: Mapped[int] = mapped_column(ForeignKey("classrooms.id", ondelete="CASCADE"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)
    activity: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempts: Mapped[int]
    learners: Mapped[int]
    passed: Mapped[int]
    passed_first_try: Mapped[int]
    attempts_to_pass: Mapped[int]
    hinted: Mapped[int]


class ClassFailureRow(Base):
    """How often a class failed at an activity in one way."""

    __tablename__ = "class_failures"
    __table_args__ = (Index(None, "classroom_id", "learners"), Index(None, "lesson_id"))

    classroom_id: Mapped[int] = mapped_column(ForeignKey("classrooms.id", ondelete="CASCADE"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)
    activity: Mapped[str] = mapped_column(String(64), primary_key=True)
    signature: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempts: Mapped[int]
    learners: Mapped[int]
