"""Queries about the local dates on which learners were active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from aralify_kernel.domain.streaks import LocalDay
from aralify_kernel.store.models import ActivityDayRow

if TYPE_CHECKING:
    import datetime as dt

    from aralify_kernel.store.database import Transaction


def count(tx: Transaction, user_id: int, day: LocalDay) -> None:
    """Count one more judged answer on a local date."""
    rows = select(ActivityDayRow).where(ActivityDayRow.user_id == user_id)
    row = tx.scalar(rows.where(ActivityDayRow.date == day.date))
    if row is None:
        tx.add(ActivityDayRow(user_id=user_id, date=day.date, attempts=1, utc_offset_min=day.utc_offset_min))
    else:
        row.attempts += 1
    tx.flush()
    # The newest answer tells where the learner's clock is, also when it fell on an earlier date (a flight east).
    last_row = tx.scalars(rows.order_by(ActivityDayRow.date.desc()).limit(1)).one()
    last_row.utc_offset_min = day.utc_offset_min
    tx.flush()


def last(tx: Transaction, user_id: int) -> LocalDay | None:
    """Return the last date on which a learner was active."""
    query = select(ActivityDayRow).where(ActivityDayRow.user_id == user_id)
    row = tx.scalar(query.order_by(ActivityDayRow.date.desc()).limit(1))
    return None if row is None else LocalDay(row.date, row.utc_offset_min)


def of_user(tx: Transaction, user_id: int) -> dict[dt.date, int]:
    """Return a learner's active dates, oldest first, with the number of answers judged on each."""
    query = select(ActivityDayRow).where(ActivityDayRow.user_id == user_id).order_by(ActivityDayRow.date)
    return {row.date: row.attempts for row in tx.scalars(query)}
