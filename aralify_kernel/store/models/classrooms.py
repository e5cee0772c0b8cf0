"""The tables of classes: who is in them, what they take, when it is due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from aralify_kernel.domain.classrooms import ClassRole, Counts
from aralify_kernel.store.models.base import Base, UtcDateTime, named

_STILL_THERE = text("left_at IS NULL")


class ClassroomRow(Base):
    """A class."""

    __tablename__ = "classrooms"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClassroomSettingsRow(Base):
    """What its teachers set for a class. No row: the defaults."""

    __tablename__ = "classroom_settings"
    __table_args__ = (CheckConstraint("idle_days BETWEEN 1 AND 365", name="idle_days"),)

    classroom_id: Mapped[int] = mapped_column(ForeignKey("classrooms.id", ondelete="CASCADE"), primary_key=True)
    join_code: Mapped[str | None] = mapped_column(String(16), unique=True)
    """What learners type to come in; NULL lets nobody in this way."""
    counts: Mapped[Counts] = mapped_column(named(Counts, "counts"))
    idle_days: Mapped[int]
    """After so many days without an answer a learner needs help."""
    holds_solutions: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether model solutions wait until a topic is due."""
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ClassroomCourseRow(Base):
    """A course that a class takes."""

    __tablename__ = "classroom_courses"
    __table_args__ = (Index(None, "course_id"),)

    classroom_id: Mapped[int] = mapped_column(ForeignKey("classrooms.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClassroomMemberRow(Base):
    """A stay of a person in a class. Who comes back has a second row."""

    __tablename__ = "classroom_members"
    __table_args__ = (
        Index(
            "uq_classroom_members_present",
            "user_id",
            "classroom_id",
            unique=True,
            sqlite_where=_STILL_THERE,
            postgresql_where=_STILL_THERE,
        ),
        Index("ix_classroom_members_present", "classroom_id", "role", "left_at", "user_id"),
        CheckConstraint("left_at >= joined_at", name="left_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    classroom_id: Mapped[int] = mapped_column(ForeignKey("classrooms.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[ClassRole] = mapped_column(named(ClassRole, "class_role"))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_entrusted: Mapped[bool] = mapped_column(server_default=false())
    """They typed the join code, or their account was made from the list of the class: their teachers may let them set
    a new password. Whom a teacher only wrote down has not agreed to that."""


class DueDateRow(Base):
    """When a class should have finished a level."""

    __tablename__ = "due_dates"
    __table_args__ = (Index(None, "level_id"),)

    classroom_id: Mapped[int] = mapped_column(ForeignKey("classrooms.id", ondelete="CASCADE"), primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("levels.id", ondelete="CASCADE"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DueDateExtensionRow(Base):
    """A later date for one learner."""

    __tablename__ = "due_date_extensions"
    __table_args__ = (UniqueConstraint("user_id", "classroom_id", "level_id"), Index(None, "level_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    classroom_id: Mapped[int] = mapped_column(ForeignKey("classrooms.id", ondelete="CASCADE"))
    level_id: Mapped[int] = mapped_column(ForeignKey("levels.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
