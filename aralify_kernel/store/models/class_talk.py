"""The tables of what teachers and learners tell each other, and of what teachers did that concerns one learner."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from aralify_kernel.domain.teaching import Act
from aralify_kernel.store.models.base import Base, UtcDateTime, named


class ClassNoteRow(Base):
    """What a teacher wrote to everybody in a class whose answers to an activity fail in one way."""

    __tablename__ = "class_notes"
    __table_args__ = (
        Index("ix_class_notes_group", "lesson_id", "activity", "signature", "classroom_id"),
        Index(None, "classroom_id"),
        Index(None, "author_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    classroom_id: Mapped[int] = mapped_column(ForeignKey("classrooms.id", ondelete="CASCADE"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"))
    activity: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    """NULL is the operator."""
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HelpRequestRow(Base):
    """A learner's question to their teachers about one of their answers, which is named by its bare number."""

    __tablename__ = "help_requests"
    __table_args__ = (Index("ix_help_requests_asked", "user_id", "lesson_id", "activity"), Index(None, "lesson_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"))
    activity: Mapped[str] = mapped_column(String(64))
    attempt_id: Mapped[int]
    question: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HelpReplyRow(Base):
    """A teacher's answer to such a question. It goes with whoever wrote it, the question stays."""

    __tablename__ = "help_replies"
    __table_args__ = (Index(None, "author_id"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("help_requests.id", ondelete="CASCADE"), primary_key=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    """NULL is the operator."""
    text: Mapped[str] = mapped_column(Text)
    replied_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClassActRow(Base):
    """Something a teacher did that concerns one learner, who may look it up."""

    __tablename__ = "class_acts"
    __table_args__ = (
        Index("ix_class_acts_concerned", "user_id", "id"),
        Index(None, "classroom_id"),
        Index(None, "actor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    classroom_id: Mapped[int] = mapped_column(ForeignKey("classrooms.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    """NULL is the operator."""
    act: Mapped[Act] = mapped_column(named(Act, "act"))
    about: Mapped[str] = mapped_column(String(240))
    """The lesson, activity or topic it was about; empty where it was about none."""
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PasswordCodeRow(Base):
    """A code with which a learner sets a new password, once. The code itself is nowhere in the database."""

    __tablename__ = "password_codes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
