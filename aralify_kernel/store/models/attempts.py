"""The facts about learners, append-only: what they did, and each judged answer."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from aralify_kernel.domain.facts import ActivityKind, EventType
from aralify_kernel.domain.judging import Isolation, Verdict
from aralify_kernel.store.models.base import Base, JsonObject, UtcDateTime, json_column, named

WITH_SOURCE = text("kind = 'EXERCISE' AND content <> ''")
"""Which answers still have their code; in these very words, or SQLite does not see that its index will do."""


class LearnerEventRow(Base):
    """Something a learner did or was given. The ids of one learner's events are in commit order."""

    __tablename__ = "learner_events"
    __table_args__ = (Index(None, "user_id", "created_at"), Index(None, "course_id"), Index(None, "lesson_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    type: Mapped[EventType] = mapped_column(named(EventType, "type"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id", ondelete="SET NULL"))
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id", ondelete="SET NULL"))
    course_ref: Mapped[str | None] = mapped_column(String(64))
    lesson_ref: Mapped[str | None] = mapped_column(String(160))
    course_version: Mapped[int | None]
    details: Mapped[JsonObject] = mapped_column(json_column())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    local_date: Mapped[dt.date]


class AttemptRow(Base):
    """One judged answer, with what came of it."""

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("user_id", "attempt_key"),
        Index(None, "user_id", "lesson_id", "activity"),
        Index(None, "lesson_id"),
        Index(None, "run_id"),
        Index("ix_attempts_sources", "created_at", sqlite_where=WITH_SOURCE, postgresql_where=WITH_SOURCE),
        CheckConstraint("points BETWEEN 0 AND max_points", name="points"),
        CheckConstraint("verdict <> 'UNGRADED'", name="judged"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id", ondelete="SET NULL"))
    lesson_ref: Mapped[str] = mapped_column(String(160))
    activity: Mapped[str] = mapped_column(String(64))
    kind: Mapped[ActivityKind] = mapped_column(named(ActivityKind, "kind"))
    content: Mapped[str] = mapped_column(Text)
    """Source or answer. Source and what it printed are emptied when they have been kept for long enough."""
    content_hash: Mapped[str] = mapped_column(String(32), server_default="")
    """Tells equal answers from different ones, also after the source is gone."""
    verdict: Mapped[Verdict] = mapped_column(named(Verdict, "verdict"))
    points: Mapped[int]
    """What the attempt earned: 0 when it was late, or when the answer had been shown."""
    max_points: Mapped[int]
    checks: Mapped[list[JsonObject]] = mapped_column(json_column())
    error: Mapped[JsonObject | None] = mapped_column(json_column())
    error_class: Mapped[str | None] = mapped_column(String(200))
    stdout: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(64))
    isolation: Mapped[Isolation] = mapped_column(named(Isolation, "isolation"))
    duration_ms: Mapped[float]
    activity_hash: Mapped[str] = mapped_column(String(64))
    content_version: Mapped[int]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("learner_events.id", ondelete="SET NULL"))
    late: Mapped[bool]
    attempt_key: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[JsonObject] = mapped_column(json_column())
    """What followed, as it was told to the learner: shown again when the same key comes again."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    local_date: Mapped[dt.date]
    utc_offset_min: Mapped[int]
    """How far the learner's clock was ahead of UTC: tells a flight over the date line from a missed day."""
