"""Carrying every row of one database into another, of either kind."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, select, tuple_

from aralify_kernel.store import upserts
from aralify_kernel.store.failures import explained
from aralify_kernel.store.models import AttemptRow, Base, CourseVersionRow, LearnerEventRow, LessonVersionRow, UserRow
from aralify_kernel.store.values import table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Column, Table

    from aralify_kernel.store.database import Transaction

_TABLES: Final = tuple(Base.metadata.sorted_tables)
_NEVER_CHANGED: Final = frozenset(
    table_of(kind) for kind in (AttemptRow, LearnerEventRow, CourseVersionRow, LessonVersionRow)
)
"""Where a row is there already, it is the same."""

_AT_A_TIME: Final = 2000


def counts(tx: Transaction) -> dict[str, int]:
    """Return how many rows each table has."""
    return {table.name: tx.scalar(select(func.count()).select_from(table)) or 0 for table in _TABLES}


def empty(tx: Transaction) -> None:
    """Delete every row."""
    for table in reversed(_TABLES):
        tx.connection().execute(delete(table))


def carry(
    source: Transaction,
    target: Transaction,
    on_progress: Callable[[int, int], None],
    after_each: Callable[[], None] = lambda: None,
) -> None:
    """Make the rows of `target` those of `source`: what is there already from an earlier carrying is not sent again.

    Args:
        source: What is read; it should see one state of its database.
        target: Empty, or filled from the same database before.
        on_progress: Called with the number of rows looked at, of all.
        after_each: Called after every few thousand rows, to commit them.
    """
    for table in reversed(_TABLES):
        _delete_others(source, target, table)
    total, done = sum(counts(source).values()), 0
    for table in _TABLES:
        for keys in _in_parts(_keys(source, table)):
            on_progress(done, total)
            _carry(source, target, table, keys)
            after_each()
            done += len(keys)
        upserts.go_on_counting(target, table)
    on_progress(total, total)
    after_each()


def snapshot(file: Path, into: Path) -> None:
    """Write one state of a SQLite database into an empty file, while others go on writing to it."""
    with explained(str(file)), closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM INTO ?", (str(into),))


def _identity(table: Table) -> list[Column[Any]]:
    """Return the columns that tell a row of a table from all others, ever.

    A number alone does not for people: SQLite gives that of somebody who was erased to the next who comes.
    """
    own = list(table.primary_key)
    return [*own, table.c.created_at] if table is table_of(UserRow) else own


def _keys(tx: Transaction, table: Table) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in tx.connection().execute(select(*table.primary_key).order_by(*table.primary_key))]


def _delete_others(source: Transaction, target: Transaction, table: Table) -> None:
    query = select(*_identity(table))
    there = {tuple(row) for row in target.connection().execute(query)}
    if not there:
        return
    others = there - {tuple(row) for row in source.connection().execute(query)}
    width = len(table.primary_key)
    for keys in _in_parts(sorted({key[:width] for key in others})):
        target.connection().execute(delete(table).where(_among(table, keys)))


def _carry(source: Transaction, target: Transaction, table: Table, keys: list[tuple[Any, ...]]) -> None:
    if table in _NEVER_CHANGED:
        there = select(*table.primary_key).where(_among(table, keys))
        keys = sorted(set(keys) - {tuple(row) for row in target.connection().execute(there)})
    if keys:
        rows = source.connection().execute(select(table).where(_among(table, keys))).mappings()
        upserts.replace_all(target, table, [dict(row) for row in rows])


def _among(table: Table, keys: list[tuple[Any, ...]]) -> Any:
    own = list(table.primary_key)
    if len(own) == 1:
        return own[0].in_([key[0] for key in keys])
    return tuple_(*own).in_(keys)


def _in_parts(keys: list[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    for begun in range(0, len(keys), _AT_A_TIME):
        yield keys[begun : begun + _AT_A_TIME]
