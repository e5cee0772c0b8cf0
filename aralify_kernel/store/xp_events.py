"""Queries about the ledger of XP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from aralify_kernel.store import upserts
from aralify_kernel.store.models import XpEventRow
from aralify_kernel.store.values import columns, table_of, value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from aralify_kernel.store.database import Transaction

_XP_EVENTS = table_of(XpEventRow)


@dataclass(frozen=True, slots=True)
class XpEvent:
    """One award."""

    lesson_id: int | None
    lesson_ref: str
    attempt_id: int | None
    amount: int
    created_at: datetime


def add(tx: Transaction, user_id: int, event: XpEvent) -> None:
    """Insert an award."""
    upserts.put(tx, _XP_EVENTS, {"user_id": user_id} | columns(event))


def replace(tx: Transaction, user_id: int, events: Iterable[XpEvent]) -> None:
    """Make these all the awards of a learner."""
    tx.execute(delete(XpEventRow).where(XpEventRow.user_id == user_id))
    rows = [{"user_id": user_id} | columns(event) for event in events]
    if rows:
        tx.connection().execute(insert(XpEventRow), rows)


def paid(tx: Transaction, user_id: int, lesson_ref: str) -> bool:
    """Whether a lesson has paid this learner."""
    query = select(XpEventRow.id).where(XpEventRow.user_id == user_id, XpEventRow.lesson_ref == lesson_ref)
    return tx.scalar(query) is not None


def of_user(tx: Transaction, user_id: int) -> list[XpEvent]:
    """Return a learner's awards, oldest first."""
    query = select(XpEventRow).where(XpEventRow.user_id == user_id).order_by(XpEventRow.id)
    return [value(XpEvent, row) for row in tx.scalars(query)]


def total(tx: Transaction, user_id: int) -> int:
    """Return the sum of a learner's awards."""
    return tx.scalar(select(func.coalesce(func.sum(XpEventRow.amount), 0)).where(XpEventRow.user_id == user_id)) or 0
