"""Which schema a database has, and how it gets the newest: Alembic, configured in code."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, create_engine, event, inspect, select, text
from sqlalchemy.pool import NullPool

from aralify_kernel.errors import N_, DatabaseNewer, DatabaseOutdated, DatabaseUnusable
from aralify_kernel.store.database import ALONE, BUSY_TIMEOUT_SEC, Database, Transaction, sqlite_file
from aralify_kernel.store.failures import explained
from aralify_kernel.store.models import Base

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from alembic.config import Config

HEAD: Final = "0005"
"""The newest revision. A literal, so that a start need not load Alembic; a test compares it with the revisions."""

_COPYING: Final = f"copying {HEAD}"
"""What stands in place of a revision while a copy is not whole."""


def revision(database: Database) -> str | None:
    """Return the revision of the database's schema; None when it is new and empty.

    Raises:
        DatabaseUnusable: It holds tables, but not ours; or a copy that is not whole.
    """
    found = _version(database)
    if found is not None and found.startswith("copying"):
        reason = N_("Copying into it was interrupted. Repeat the same “aralify db copy”.")
        raise DatabaseUnusable(location=database.location, reason=reason)
    return found


def _version(database: Database) -> str | None:
    file = sqlite_file(database.url)
    if file is not None and not file.exists():
        return None
    with database.read() as transaction:
        tables = set(inspect(transaction.connection()).get_table_names())
        if "alembic_version" in tables:
            found: str | None = transaction.scalar(text("SELECT version_num FROM alembic_version"))
            if found is not None:
                return found
        if tables - {"alembic_version"}:
            reason = N_("It holds something else than Aralify's tables.")
            raise DatabaseUnusable(location=database.location, reason=reason)
    return None


def require_head(database: Database) -> None:
    """Return when the schema is the one this Aralify works with.

    Raises:
        DatabaseOutdated: It is older, or missing.
        DatabaseNewer: It was made by a newer Aralify.
    """
    found = revision(database)
    if found == HEAD:
        return
    if found is None or found in _known_revisions():
        raise DatabaseOutdated
    raise DatabaseNewer(revision=found)


def upgrade(database: Database, follow: Callable[[Transaction], object] = lambda _: None) -> bool:
    """Bring the schema to the newest revision, creating file and folder when needed; return whether anything was done.

    Everything happens in one transaction: after a failure the database is as it was.

    Args:
        database: The database.
        follow: Fills what is new in an older database; called in that transaction, when the schema is at its newest.

    Raises:
        DatabaseNewer: It was made by a newer Aralify.
        StoreError: It cannot be opened or written.
    """
    with explained(database.location):
        found = revision(database)
        if found == HEAD:
            return False
        if found is not None and found not in _known_revisions():
            raise DatabaseNewer(revision=found)
        file = sqlite_file(database.url)
        if file is not None:
            _make_folder(file, database.location)
            _make_file(file)
            _use_wal(file)
        _migrate(database, follow if found is not None else None)
    return True


def begin_copy(database: Database) -> bool:
    """Bring a database that is to be copied into to head; return whether it is new to that.

    Raises:
        DatabaseNewer: It was made by a newer Aralify.
        DatabaseUnusable: It is something else.
    """
    if _version(database) == _COPYING:
        return False
    upgrade(database)
    return True


def mark_copy(database: Database, *, is_whole: bool) -> None:
    """Keep that a copy in a database at head is whole, or not: then nothing but copying opens it."""
    with database.write(alone=True) as transaction:
        version = HEAD if is_whole else _COPYING
        transaction.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def config() -> Config:
    """Return Alembic's configuration; `attributes["connection"]` is for the caller to set."""
    from alembic.config import Config

    configuration = Config()
    folder = Path(__file__).parent / "migrations"
    configuration.set_main_option("script_location", str(folder).replace("%", "%%"))
    configuration.set_main_option("path_separator", "os")
    return configuration


def broken_references(tx: Transaction) -> list[str]:
    """Return a line for every row that refers to one that does not exist; the database itself keeps that from coming."""
    found = []
    for table in Base.metadata.sorted_tables:
        identity = list(table.primary_key)
        for key in table.foreign_keys:
            other = key.column.table.alias()
            there = other.c[key.column.name] == key.parent
            query = select(*identity).where(key.parent.is_not(None), ~select(other).where(there).exists())
            for row in tx.execute(query.order_by(*identity)):
                which = " ".join(str(part) for part in row)
                found.append(f"{table.name} row {which}: refers to a missing row of {key.column.table.name}")
    return found


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}


def _make_folder(file: Path, location: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        reason = N_("Its folder {folder} cannot be made.")
        raise DatabaseUnusable(location=location, folder=str(file.parent), reason=reason) from error


def _make_file(file: Path) -> None:
    """Make an empty file that only its owner may read, as it will hold password hashes.

    SQLite gives the files that it keeps beside the database the same permissions.
    """
    with suppress(OSError):  # SQLite then cannot open it either, and says why
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


def _use_wal(file: Path) -> None:
    """Switch to write-ahead logging, which the file remembers; the switch itself does not wait for others, so we do."""
    deadline = time.monotonic() + BUSY_TIMEOUT_SEC
    with closing(sqlite3.connect(file, timeout=BUSY_TIMEOUT_SEC)) as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


def _migrate(database: Database, follow: Callable[[Transaction], object] | None = None) -> None:
    from alembic import command

    sqlite = database.url.get_backend_name() == "sqlite"
    options: dict[str, Any] = {"connect_args": {"timeout": BUSY_TIMEOUT_SEC}} if sqlite else {}
    engine = create_engine(database.url, poolclass=NullPool, **options)
    if sqlite:
        event.listen(engine, "connect", _foreign_keys_off)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        if not sqlite:
            connection.execute(ALONE)
        configuration = config()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")
        if follow is not None:
            with Transaction(connection) as transaction:
                follow(transaction)
                transaction.flush()
        if sqlite:
            _check_foreign_keys(connection, database.location)


def _foreign_keys_off(connection: Any, _record: Any) -> None:
    # Inside a transaction the pragma does nothing, and with them on a batch alter of `users` (copy, drop, rename)
    # deletes every learner's progress.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = OFF")


def _check_foreign_keys(connection: Connection, location: str) -> None:
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        reason = N_("Some rows refer to others that are missing; nothing was changed.")
        raise DatabaseUnusable(location=location, reason=reason)
