"""Queries about the local dates on which learners were active."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select

from aralify_kernel.domain.streaks import LocalDay
from aralify_kernel.store import upserts
from aralify_kernel.store.models import ActivityDayRow
from aralify_kernel.store.values import columns, table_of, value

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from aralify_kernel.store.database import Transaction

_DAYS = table_of(ActivityDayRow)
_OF_USER = _DAYS.c.user_id == bindparam("user")
_LAST = select(_DAYS.c.date, _DAYS.c.utc_offset_min).where(_OF_USER).order_by(_DAYS.c.date.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class ActivityDay:
    """How many answers were judged on a date. The offset of the last date is that of the newest answer."""

    date: dt.date
    attempts: int
    utc_offset_min: int


def count(tx: Transaction, user_id: int, day: LocalDay, before: int, *, keep_offset: bool) -> None:
    """Count one more judged answer on a local date on which there were so many `before`."""
    key, offset = {"user_id": user_id, "date": day.date}, {"utc_offset_min": day.utc_offset_min}
    if before:
        upserts.change(tx, _DAYS, key, {"attempts": before + 1} | ({} if keep_offset else offset))
    else:
        upserts.put(tx, _DAYS, key | {"attempts": 1} | offset)


def set_offset(tx: Transaction, user_id: int, day: LocalDay) -> None:
    """Let the last date tell where the learner's clock is, also when the newest answer fell on an earlier one."""
    upserts.change(tx, _DAYS, {"user_id": user_id, "date": day.date}, {"utc_offset_min": day.utc_offset_min})


def last(tx: Transaction, user_id: int) -> LocalDay | None:
    """Return the last date on which a learner was active."""
    row = tx.connection().execute(_LAST, {"user": user_id}).one_or_none()
    return None if row is None else LocalDay(*row)


def of_user(tx: Transaction, user_id: int) -> list[ActivityDay]:
    """Return a learner's active dates, oldest first."""
    query = select(_DAYS).where(_DAYS.c.user_id == user_id).order_by(_DAYS.c.date)
    return [value(ActivityDay, row) for row in tx.connection().execute(query)]


def replace(tx: Transaction, user_id: int, days: Iterable[ActivityDay]) -> None:
    """Make these all the active dates of a learner."""
    tx.connection().execute(delete(_DAYS).where(_DAYS.c.user_id == user_id))
    rows = [{"user_id": user_id} | columns(day) for day in days]
    if rows:
        tx.connection().execute(insert(_DAYS), rows)
