"""Whether a database is whole, as far as it can be told without replaying what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, text

from aralify_kernel.store import schema
from aralify_kernel.store.models import AttemptRow

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.store.database import Transaction


def problems(tx: Transaction) -> list[str]:
    """Return a line for everything that is broken: pages of a SQLite file, and rows that refer to none."""
    if tx.connection().dialect.name != "sqlite":
        return schema.broken_references(tx)
    said = [str(line) for line in tx.scalars(text("PRAGMA quick_check(3)"))]
    return [line for line in said if line != "ok"] or schema.broken_references(tx)


def newest_attempt_at(tx: Transaction) -> datetime | None:
    """Return when the attempt was judged that was recorded last; None when there is none."""
    return tx.scalar(select(AttemptRow.created_at).order_by(AttemptRow.id.desc()).limit(1))
