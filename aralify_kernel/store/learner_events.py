"""Queries about what learners did and were given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from aralify_kernel.domain.facts import EventType
from aralify_kernel.store import upserts
from aralify_kernel.store.models import LearnerEventRow
from aralify_kernel.store.values import columns, table_of, value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from aralify_kernel.store.database import Transaction

_EVENTS = table_of(LearnerEventRow)
_OWN = _EVENTS.c.type != EventType.LEVEL_GIVEN  # what a teacher gives is no doing of the learner's
LAST_MOMENT = (
    select(_EVENTS.c.created_at)
    .where(_EVENTS.c.user_id == bindparam("user"), _OWN)
    .order_by(_EVENTS.c.id.desc())
    .limit(1)
)
"""The query of when a learner (`user`) last did something."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event on its way into the store."""

    user_id: int
    type: EventType
    created_at: datetime
    local_date: dt.date
    course_id: int | None = None
    lesson_id: int | None = None
    course_ref: str | None = None
    lesson_ref: str | None = None
    course_version: int | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LearnerEvent(NewEvent):
    """An event as stored."""

    id: int = 0


def add(tx: Transaction, event: NewEvent) -> LearnerEvent:
    """Insert an event."""
    row = columns(event)
    return LearnerEvent(**row, id=upserts.insert(tx, _EVENTS, row))


def put(tx: Transaction, event: NewEvent) -> None:
    """Insert an event whose id nobody asks for."""
    upserts.put(tx, _EVENTS, columns(event))


def highest_id(tx: Transaction) -> int:
    """Return the highest id in use; 0 when there is none."""
    return tx.scalar(select(func.max(_EVENTS.c.id))) or 0


def add_all(tx: Transaction, events: Iterable[LearnerEvent]) -> None:
    """Insert events under the ids they have; for a writer who is alone."""
    upserts.insert_all(tx, _EVENTS, [columns(one) for one in events])


def last_moment(tx: Transaction, user_id: int) -> datetime | None:
    """Return when a learner last did something."""
    return tx.connection().scalar(LAST_MOMENT, {"user": user_id})


def of_lesson(tx: Transaction, user_id: int, lesson_id: int, *types: EventType) -> list[LearnerEvent]:
    """Return a learner's events of these types in one lesson, oldest first."""
    query = select(LearnerEventRow).where(
        LearnerEventRow.user_id == user_id, LearnerEventRow.lesson_id == lesson_id, LearnerEventRow.type.in_(types)
    )
    return [value(LearnerEvent, row) for row in tx.scalars(query.order_by(LearnerEventRow.id))]


def of_user(tx: Transaction, user_id: int) -> list[LearnerEvent]:
    """Return every event of a learner in commit order."""
    query = select(LearnerEventRow).where(LearnerEventRow.user_id == user_id).order_by(LearnerEventRow.id)
    return [value(LearnerEvent, row) for row in tx.scalars(query)]


def claims(tx: Transaction, user_id: int, since: datetime) -> dict[int, datetime]:
    """Return when, by a learner's own computer, their answers were given that had to wait for the server, by answer."""
    claimed = _EVENTS.c.details["client_time"].as_string()
    query = select(_EVENTS.c.details["attempt_id"].as_integer(), claimed).where(
        _EVENTS.c.user_id == user_id,
        _EVENTS.c.created_at >= since,
        _EVENTS.c.type == EventType.ATTEMPT_JUDGED,
        claimed.is_not(None),
    )
    found = {attempt: dt.datetime.fromisoformat(at) for attempt, at in tx.connection().execute(query)}
    # Whatever a client said was kept: of no time zone, or where no time zone reaches.
    return {attempt: at for attempt, at in found.items() if at.tzinfo and dt.MINYEAR < at.year < dt.MAXYEAR}


def moments_since(tx: Transaction, user_id: int, since: datetime) -> list[datetime]:
    """Return when a learner's events since a moment happened, oldest first."""
    query = select(LearnerEventRow.created_at).where(
        LearnerEventRow.user_id == user_id, LearnerEventRow.created_at >= since
    )
    return list(tx.scalars(query.order_by(LearnerEventRow.created_at)))
