"""Writing a row in one statement, in the words of either database.

Building a statement takes SQLAlchemy several times as long as running it, and every answer of every learner runs a
dozen; so each is built once, with its values left open.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from aralify_kernel.store.values import table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Insert, Table, Update
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

    from aralify_kernel.store.database import Transaction
    from aralify_kernel.store.models import Base


def insert(tx: Transaction, table: Table, row: dict[str, Any]) -> int:
    """Insert a row; return its id."""
    key: Any = tx.connection().execute(_inserting(table), row).inserted_primary_key
    return int(key[0])


def change(tx: Transaction, table: Table, key: dict[str, Any], row: dict[str, Any]) -> bool:
    """Give the row with this key these values; return whether there is one."""
    values = row | {f"this_{name}": value for name, value in key.items()}
    return tx.connection().execute(_changing(table, tuple(key), tuple(row)), values).rowcount > 0


def insert_all(tx: Transaction, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that bring their ids; the database goes on counting after them."""
    if not rows:
        return
    tx.connection().execute(table.insert(), rows)
    go_on_counting(tx, table)


def go_on_counting(tx: Transaction, table: Table) -> None:
    """Let the database number new rows after those that brought their numbers along."""
    if tx.get_bind().dialect.name == "postgresql" and "id" in table.c:
        highest = select(func.max(table.c.id)).scalar_subquery()
        tx.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest)))


def replace(tx: Transaction, kind: type[Base], row: dict[str, Any]) -> None:
    """Insert a row, or give the one with the same primary key these values."""
    tx.connection().execute(_replacing(tx.get_bind().dialect.name, table_of(kind), tuple(row)), row)


def replace_all(tx: Transaction, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert whole rows, or give those with the same primary keys these values."""
    tx.connection().execute(_replacing(tx.get_bind().dialect.name, table, tuple(rows[0])), rows)


def add(tx: Transaction, kind: type[Base], rows: Sequence[dict[str, int | Any]]) -> None:
    """Insert rows of counts, or add to those with the same primary key."""
    tx.connection().execute(_adding(tx.get_bind().dialect.name, table_of(kind), tuple(rows[0])), rows)


@cache
def _inserting(table: Table) -> Insert:
    return table.insert()


@cache
def _changing(table: Table, key: tuple[str, ...], names: tuple[str, ...]) -> Update:
    these = (table.c[name] == bindparam(f"this_{name}") for name in key)
    return table.update().where(*these).values({name: bindparam(name) for name in names})


@cache
def _replacing(dialect: str, table: Table, names: tuple[str, ...]) -> SqliteInsert | PostgresInsert:
    statement, keys = _insert(dialect, table), _keys(table)
    change = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=change)


@cache
def _adding(dialect: str, table: Table, names: tuple[str, ...]) -> SqliteInsert | PostgresInsert:
    statement, keys = _insert(dialect, table), _keys(table)
    change = {name: table.c[name] + statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=change)


def _insert(dialect: str, table: Table) -> SqliteInsert | PostgresInsert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]
