"""The tables of people and their sign-ins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aralify_kernel.domain.permissions import Role
from aralify_kernel.store.models.base import Base, UtcDateTime, named


class UserRow(Base):
    """A person, or a guest who may become one in the same row."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("xp_total >= 0", name="xp_total"),
        CheckConstraint("level >= 1", name="level"),
        CheckConstraint("streak_current >= 0 AND streak_longest >= streak_current", name="streak"),
        CheckConstraint("username = lower(username)", name="username_folded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    display_name: Mapped[str] = mapped_column(String(100))
    avatar_url: Mapped[str | None] = mapped_column(String(2048))
    bio: Mapped[str] = mapped_column(String(500))
    locale: Mapped[str] = mapped_column(String(16))
    timezone: Mapped[str] = mapped_column(String(64))
    xp_total: Mapped[int]
    level: Mapped[int]
    streak_current: Mapped[int]
    streak_longest: Mapped[int]
    role: Mapped[Role] = mapped_column(named(Role, "role"))
    is_verified: Mapped[bool]
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UserSettingsRow(Base):
    """What a person set beside the profile. No row: the defaults."""

    __tablename__ = "user_settings"
    __table_args__ = (CheckConstraint("time_factor IN (1, 1.5, 2)", name="time_factor"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    time_factor: Mapped[float | None]
    """How much longer timed runs last; NULL means no limit."""


class AuthSessionRow(Base):
    """One sign-in. The token itself is nowhere in the database."""

    __tablename__ = "auth_sessions"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    scopes: Mapped[str | None] = mapped_column(String(64))
    """What its token may do, separated by spaces; NULL is a browser's or this computer's own: everything."""
    label: Mapped[str | None] = mapped_column(String(80))
    """By what its owner knows it again: the browser, or the name of the computer."""


class LoginAttemptRow(Base):
    """Failed sign-ins in a row under one name from one place, whether anybody has that name or not.

    Without a name they are all those from that place. Rows are kept for a day.
    """

    __tablename__ = "login_attempts"
    __table_args__ = (
        CheckConstraint("failures >= 0", name="failures"),
        UniqueConstraint("username", "client"),
        Index(None, "last_failed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64))
    client: Mapped[str] = mapped_column(String(64), server_default="")
    """A browser that its owner signed in with before, else an address; empty is this computer."""
    failures: Mapped[int]
    last_failed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InvitationRow(Base):
    """A code by which people may make an account. The code itself is nowhere in the database."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("uses_left >= 0", name="uses_left"),
        Index(None, "made_by_id"),
        Index(None, "classroom_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    """NULL is the operator."""
    role: Mapped[Role] = mapped_column(named(Role, "invited_role"))
    classroom_id: Mapped[int | None] = mapped_column(ForeignKey("classrooms.id", ondelete="CASCADE"))
    uses_left: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsentRow(Base):
    """That a person was shown a version of the privacy notice, in which language, and agreed."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("user_id", "notice_version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    notice_version: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(16))
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ErasureRow(Base):
    """That somebody was erased, without saying who: a restored backup finds them by it and erases them again."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_hash: Mapped[str] = mapped_column(String(64), unique=True)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
