"""Inserting a row, or changing it where it exists, in one statement, in the words of either database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

    from aralify_kernel.store.database import Transaction
    from aralify_kernel.store.models import Base


def insert(tx: Transaction, table: Table, row: dict[str, Any]) -> int:
    """Insert a row; return its id."""
    key: Any = tx.connection().execute(table.insert(), row).inserted_primary_key
    return int(key[0])


def insert_all(tx: Transaction, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that bring their ids; the database goes on counting after them."""
    if not rows:
        return
    tx.connection().execute(table.insert(), rows)
    if tx.get_bind().dialect.name == "postgresql":
        highest = select(func.max(table.c.id)).scalar_subquery()
        tx.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest)))


def replace(tx: Transaction, kind: type[Base], row: dict[str, Any]) -> None:
    """Insert a row, or give the one with the same primary key these values."""
    statement = _insert(tx, kind)
    keys = _keys(kind)
    change = {name: statement.excluded[name] for name in row if name not in keys}
    tx.connection().execute(statement.on_conflict_do_update(index_elements=keys, set_=change), row)


def add(tx: Transaction, kind: type[Base], rows: Sequence[dict[str, int | Any]]) -> None:
    """Insert rows of counts, or add to those with the same primary key."""
    statement = _insert(tx, kind)
    keys = _keys(kind)
    table = kind.__table__.c
    change = {name: table[name] + statement.excluded[name] for name in rows[0] if name not in keys}
    tx.connection().execute(statement.on_conflict_do_update(index_elements=keys, set_=change), rows)


def _insert(tx: Transaction, kind: type[Base]) -> SqliteInsert | PostgresInsert:
    if tx.get_bind().dialect.name == "sqlite":
        return sqlite.insert(kind)
    return postgresql.insert(kind)


def _keys(kind: type[Base]) -> list[str]:
    return [column.name for column in inspect(kind).primary_key]
