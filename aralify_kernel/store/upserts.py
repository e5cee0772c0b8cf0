"""Writing a row in one statement, in the words of either database, or many rows of many tables in one.

Building a statement takes SQLAlchemy several times as long as running it, and every answer of every learner writes a
dozen rows; so each statement is built once, with its values left open.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql, registry, sqlite

from aralify_kernel.store.database import POSTGRESQL_PARAMETERS
from aralify_kernel.store.values import table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Dialect, Insert, Table, Update
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

    from aralify_kernel.store.database import Transaction
    from aralify_kernel.store.models import Base

_WAITING: Final = "writes that wait"
_DIALECTS: Final[dict[str, Dialect]] = {
    "sqlite": registry.load("sqlite.pysqlite")(),
    "postgresql": registry.load("postgresql.psycopg")(paramstyle=POSTGRESQL_PARAMETERS),
}


@dataclass(frozen=True, slots=True)
class _Write:
    """What is done to a row; its values come when it is done."""

    how: Literal["put", "change", "replace", "add"]
    table: Table
    names: tuple[str, ...]
    key: tuple[str, ...] = ()


@contextmanager
def together(tx: Transaction) -> Iterator[None]:
    """Let `put`, `change`, `replace` and `add` within wait for the end, and go to a server as one statement.

    Each must be about another row, and nothing within may look for what another one wrote. SQLite takes them one by
    one, but it is not far away: there, what costs is what SQLAlchemy does for each, so its driver is given them.
    """
    waiting: list[tuple[_Write, dict[str, Any]]] = []
    tx.info[_WAITING] = waiting
    try:
        yield
    finally:
        del tx.info[_WAITING]
    if _dialect(tx) == "sqlite":
        _by_driver(tx, waiting)
    elif waiting:
        writes, rows = zip(*waiting, strict=True)
        text, values = _for_driver("postgresql", writes)
        tx.connection().exec_driver_sql(text, tuple(as_taken(rows[place][name]) for place, name, as_taken in values))


def insert(tx: Transaction, table: Table, row: dict[str, Any]) -> int:
    """Insert a row; return its id."""
    key: Any = tx.connection().execute(_inserting(table), row).inserted_primary_key
    return int(key[0])


def put(tx: Transaction, table: Table, row: dict[str, Any]) -> None:
    """Insert a row whose id nobody asks for."""
    _write(tx, _Write("put", table, tuple(row)), row)


def change(tx: Transaction, table: Table, key: dict[str, Any], row: dict[str, Any]) -> None:
    """Give the row with this key these values."""
    _write(tx, _Write("change", table, tuple(row), tuple(key)), key | row)


def save(tx: Transaction, table: Table, key: dict[str, Any], row: dict[str, Any]) -> None:
    """Give the row with this key these values, or insert it."""
    write = _Write("change", table, tuple(row), tuple(key))
    if tx.connection().execute(_one(_dialect(tx), write), _numbered(key | row)).rowcount == 0:
        insert(tx, table, key | row)


def replace(tx: Transaction, kind: type[Base], row: dict[str, Any]) -> None:
    """Insert a row, or give the one with the same primary key these values."""
    _write(tx, _Write("replace", table_of(kind), tuple(row)), row)


def replace_all(tx: Transaction, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert whole rows, or give those with the same primary keys these values."""
    write = _Write("replace", table, tuple(rows[0]))
    tx.connection().execute(_one(_dialect(tx), write), [_numbered(row) for row in rows])


def add(tx: Transaction, kind: type[Base], rows: Sequence[dict[str, int | Any]]) -> None:
    """Insert rows of counts, or add to those with the same primary key."""
    _write(tx, _Write("add", table_of(kind), tuple(rows[0])), *rows)


def insert_all(tx: Transaction, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that bring their ids; the database goes on counting after them."""
    if not rows:
        return
    tx.connection().execute(table.insert(), rows)
    go_on_counting(tx, table)


def go_on_counting(tx: Transaction, table: Table) -> None:
    """Let the database number new rows after those that brought their numbers along."""
    if _dialect(tx) == "postgresql" and "id" in table.c:
        highest = select(func.max(table.c.id)).scalar_subquery()
        tx.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest)))


def next_id(dialect: str, table: Table) -> ColumnElement[int]:
    """Return the id that a row can be given to be the next one; in a transaction that writes."""
    if dialect == "postgresql":
        return func.nextval(func.pg_get_serial_sequence(table.name, "id"))
    return func.coalesce(select(func.max(table.c.id)).scalar_subquery(), 0) + 1


def _write(tx: Transaction, write: _Write, *rows: dict[str, Any]) -> None:
    waiting = tx.info.get(_WAITING)
    if waiting is not None:
        waiting += [(write, row) for row in rows]
        return
    values = [_numbered(row) for row in rows]
    tx.connection().execute(_one(_dialect(tx), write), values if len(values) > 1 else values[0])


def _by_driver(tx: Transaction, writes: Iterable[tuple[_Write, dict[str, Any]]]) -> None:
    cursor = tx.connection().connection.cursor()
    for write, row in writes:
        text, values = _for_driver("sqlite", (write,))
        cursor.execute(text, [as_taken(row[name]) for _, name, as_taken in values])
    cursor.close()


def _numbered(row: dict[str, Any]) -> dict[str, Any]:
    return {f"{name}_0": value for name, value in row.items()}


def _dialect(tx: Transaction) -> str:
    return tx.connection().dialect.name


@cache
def _inserting(table: Table) -> Insert:
    return table.insert()


@cache
def _one(dialect: str, write: _Write) -> Insert | Update:
    return _statement(dialect, write, 0)


@lru_cache(maxsize=512)
def _for_driver(
    dialect: str, writes: tuple[_Write, ...]
) -> tuple[str, tuple[tuple[int, str, Callable[[Any], Any]], ...]]:
    """Return the text of one statement that does all of this, and in its order the values.

    Each value is told by the place of its write, its name, and what makes of it what the driver takes.
    """
    own = _DIALECTS[dialect]
    parts = [_statement(dialect, write, place) for place, write in enumerate(writes)]
    compiled = (
        parts[-1].add_cte(*(part.cte(f"part_{place}") for place, part in enumerate(parts[:-1]))).compile(dialect=own)
    )
    values = []
    for bind in (compiled.binds[name] for name in compiled.positiontup or ()):
        name, _, place = bind.key.rpartition("_")
        values.append((int(place), name, bind.type.dialect_impl(own).bind_processor(own) or _as_it_is))
    return str(compiled), tuple(values)


def _as_it_is(value: Any) -> Any:
    return value


def _statement(dialect: str, write: _Write, place: int) -> Insert | Update:
    """Return one write; its values are called by their columns and its place."""
    table = write.table
    values = {name: bindparam(f"{name}_{place}", type_=table.c[name].type) for name in (*write.key, *write.names)}
    if write.how == "change":
        these = (table.c[name] == values.pop(name) for name in write.key)
        return table.update().where(*these).values(values)
    statement = _insert(dialect, table).values(values).inline()
    if write.how == "put":
        return statement
    new, keys = statement.excluded, [column.name for column in table.primary_key]
    others = [name for name in write.names if name not in keys]
    change = {name: new[name] if write.how == "replace" else table.c[name] + new[name] for name in others}
    return statement.on_conflict_do_update(index_elements=keys, set_=change)


def _insert(dialect: str, table: Table) -> SqliteInsert | PostgresInsert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
