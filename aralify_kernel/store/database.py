"""One database: its connections, and where transactions begin and end."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from aralify_kernel.errors import N_, DatabaseUnusable
from aralify_kernel.store.failures import explained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Engine

Transaction = Session
"""What the query functions of the store take first."""

BUSY_TIMEOUT_SEC: Final = 20
"""How long a writer waits for another one; the transactions themselves take milliseconds."""


class Database:
    """A database by its URL. Nothing is opened before the first transaction.

    Raises:
        DatabaseUnusable: The URL is none, or of a database that Aralify has no driver for.
    """

    def __init__(self, url: str, busy_timeout_sec: float = BUSY_TIMEOUT_SEC) -> None:
        try:
            self.url = make_url(url)
            self.location = where(self.url)
            self._engine = _engine(self.url, busy_timeout_sec)
        except (ArgumentError, ImportError) as error:
            reason = N_("This is no address of a database. Write it as sqlite:///FILE or postgresql+psycopg://….")
            raise DatabaseUnusable(location=url.partition("@")[2] or url, reason=reason) from error
        self._writing = self._engine.execution_options(aralify_write=True)

    @property
    def is_local(self) -> bool:
        """Whether it is a file of this computer, which is made and brought up to date without being asked."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Begin a transaction that sees one state of the database and changes nothing."""
        with explained(self.location), Session(self._engine, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Begin a transaction that may write; it is committed at the end, and undone when anything is raised.

        On SQLite it begins with BEGIN IMMEDIATE: what is read inside is still true when it is written.
        """
        session = Session(self._writing, expire_on_commit=False)
        with explained(self.location), session, session.begin():
            session.connection()
            yield session

    def dispose(self) -> None:
        """Close every connection. The next transaction opens new ones."""
        self._engine.dispose()


def where(url: URL) -> str:
    """Return where a database is, as people are told: the file, or the URL without its password."""
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    return url.render_as_string(hide_password=True)


def sqlite_file(url: URL) -> Path | None:
    """Return the file of a SQLite database; None for anything else (another server, in memory, a file: URI)."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":", "file:")):
        return None
    return Path(url.database)


def _engine(url: URL, busy_timeout_sec: float) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": busy_timeout_sec})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes late and is deferred: take it over, see `_begin_sqlite`.
    connection.isolation_level = None
    cursor = connection.cursor()
    # FULL: an attempt that was told to the learner survives a power cut.
    for pragma in ("foreign_keys = ON", "synchronous = FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("aralify_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
