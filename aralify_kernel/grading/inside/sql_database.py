"""One database in memory, in which statements of people one does not know may run."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass

TYPE_CHECKING = False  # `typing` costs 14 ms to import
if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_ROWS = 5_000
MOST_CHARACTERS = 1_000_000
LONGEST_VALUE = 1_000_000
PAGE_BYTES = 4096
STEPS_BETWEEN_LOOKS = 2_000
MOST_PLACES = 50
_NEAR = re.compile(r'near "(.*?)": syntax error', re.DOTALL)

_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 300_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 50,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_HARMLESS_PRAGMAS = frozenset(
    (
        *("table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo"),
        *("foreign_key_list", "foreign_key_check", "foreign_keys", "recursive_triggers"),
    )
)
"""Those that tell of tables, and those that decide how the statements of this one database are meant."""
_REFUSED_FUNCTIONS = frozenset(("load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"))
_REFUSED = frozenset(
    (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH, sqlite3.SQLITE_CREATE_VTABLE, sqlite3.SQLITE_DROP_VTABLE)
)
_INNER_TABLES = frozenset(("dbstat", "sqlite_dbpage"))
"""The file behind the tables, page by page, in some builds of SQLite."""
_TEMPORARY = frozenset(
    (sqlite3.SQLITE_CREATE_TEMP_TABLE, sqlite3.SQLITE_CREATE_TEMP_VIEW, sqlite3.SQLITE_CREATE_TEMP_TRIGGER)
)


class OverLimit(Exception):
    """More of something than may be used: `memory`, `output` or `time`."""


@dataclass(frozen=True)
class Outcome:
    """What came of statements: the last result, how many of them ran, and the error with its place in the next one."""

    result: dict[str, object] | None
    ran: int
    error: Exception | None = None
    position: int | None = None


def limit_process(memory_bytes: int) -> None:
    """Let all that SQLite does in this process, from here on, use no more than `memory_bytes` together."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA hard_heap_limit = {memory_bytes}")


class Database:
    """Runs statements within limits.

    Args:
        memory_bytes: What its tables may use, half of it those that are temporary. See `limit_process`.
        cpu_seconds: Computing time from here on.
    """

    def __init__(self, memory_bytes: int, cpu_seconds: float) -> None:
        self._until = time.process_time() + cpu_seconds
        self._is_late = False
        self._own_names: frozenset[str] = frozenset()
        self._connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=0)
        self._connection.text_factory = lambda data: data.decode("utf-8", "replace")
        for limit, value in _LIMITS.items():
            self._connection.setlimit(limit, value)
        self._connection.execute("PRAGMA temp_store = MEMORY")  # before its limit, which it would undo
        for half in ("main", "temp"):
            self._connection.execute(f"PRAGMA {half}.max_page_count = {memory_bytes // 2 // PAGE_BYTES}")
        self._connection.set_authorizer(self._authorize)
        self._connection.set_progress_handler(self._look_at_clock, STEPS_BETWEEN_LOOKS)

    def protect_names(self) -> None:
        """From here on, nothing temporary may take the name of a table or view that is there."""
        rows = self._connection.execute("SELECT lower(name) FROM sqlite_schema").fetchall()
        self._own_names = frozenset(name for (name,) in rows)

    def run(self, statements: Sequence[str]) -> Outcome:
        """Run statements in order, up to the first error.

        Raises:
            OverLimit: Something was used up.
        """
        result: dict[str, object] | None = None
        for number, statement in enumerate(statements):
            try:
                cursor = self._connection.execute(statement)
                if cursor.description is not None:
                    result = _table(cursor)
            except MemoryError:
                raise OverLimit("memory") from None
            except (sqlite3.Error, sqlite3.Warning) as error:
                self._raise_limit(error)
                return Outcome(result, number, error, self._position(statement, error))
        return Outcome(result, len(statements))

    def look(self, statements: Sequence[str]) -> Outcome:
        """Run statements and take back all that they changed. See `run`."""
        self._quietly("SAVEPOINT aralify")
        try:
            return self.run(statements)
        finally:
            self._quietly("ROLLBACK TO aralify")
            self._quietly("RELEASE aralify")

    def _position(self, statement: str, error: Exception) -> int | None:
        """Return where SQLite could not go on: at the first such word that it also meets in what stands before it."""
        near = _NEAR.search(str(error))
        if near is None:
            return len(statement) if "incomplete input" in str(error) else None
        for place in list(re.finditer(re.escape(near[1]), statement))[:MOST_PLACES]:
            try:
                self._connection.execute(f"EXPLAIN {statement[: place.end()]}")
            except sqlite3.Error as same:
                if f'near "{near[1]}"' in str(same):
                    return place.start()
        return None

    def schema(self, table: str) -> dict[str, object] | None:
        """Return what there is to know about the columns of a table, None when there is no such table."""
        columns = self._rows('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)', table)
        if not columns:
            return None
        rows = [[name, kind.upper(), _notes(required, default, key)] for name, kind, required, default, key in columns]
        keys = 'SELECT "from", "table", coalesce("to", \'\') FROM pragma_foreign_key_list(?) ORDER BY 1, 2, 3'
        rows += [[column, "REFERENCES", f"{other}({to})"] for column, other, to in self._rows(keys, table)]
        for (index,) in self._rows("SELECT name FROM pragma_index_list(?) WHERE origin = 'u' ORDER BY name", table):
            names = [name for (name,) in self._rows("SELECT name FROM pragma_index_info(?)", index)]
            rows.append([", ".join(names), "UNIQUE", ""])
        return {"columns": ["column", "type", "more"], "rows": rows}

    def _rows(self, query: str, argument: str) -> list[tuple]:  # type: ignore[type-arg]
        return self._connection.execute(query, (argument,)).fetchall()

    def _quietly(self, statement: str) -> None:
        with suppress(sqlite3.Error):
            self._connection.execute(statement)

    def _raise_limit(self, error: Exception) -> None:
        if self._is_late:
            raise OverLimit("time") from None
        if any(text in str(error) for text in ("disk is full", "too big", "out of memory")):
            raise OverLimit("memory") from None

    def _look_at_clock(self) -> int:
        self._is_late = self._is_late or time.process_time() > self._until
        return int(self._is_late)

    def _authorize(self, action: int, first: str | None, second: str | None, _database: object, _by: object) -> int:
        name = (first or "").lower()
        if action == sqlite3.SQLITE_PRAGMA:
            refused = name not in _HARMLESS_PRAGMAS
        elif action == sqlite3.SQLITE_FUNCTION:
            refused = (second or "").lower() in _REFUSED_FUNCTIONS
        elif name in _INNER_TABLES:
            refused = True
        else:
            refused = action in _REFUSED or (action in _TEMPORARY and name in self._own_names)
        return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK


def _notes(required: int, default: str | None, key: int) -> str:
    notes = [f"PRIMARY KEY {key}"] if key else []
    notes += ["NOT NULL"] if required else []
    return ", ".join(notes + ([f"DEFAULT {default}"] if default is not None else []))


def _table(cursor: sqlite3.Cursor) -> dict[str, object]:
    rows: list[list[object]] = []
    size = 0
    for row in cursor:
        rows.append([_cell(value) for value in row])
        size += sum(len(value) if isinstance(value, str | bytes) else 8 for value in row)
        if len(rows) > MOST_ROWS or size > MOST_CHARACTERS:
            raise OverLimit("output")
    return {"columns": [column[0] for column in cursor.description], "rows": rows}


def _cell(value: object) -> object:
    return {"blob": value.hex()} if isinstance(value, bytes) else value
