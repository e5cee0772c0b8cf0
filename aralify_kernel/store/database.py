"""One database: its connections, and where transactions begin and end."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from aralify_kernel.errors import N_, CommitUnclear, DatabaseUnusable
from aralify_kernel.store.failures import explained
from aralify_kernel.store.retrying import NONE, Patience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Engine
    from sqlalchemy.engine.interfaces import CoreExecuteOptionsParameter

BUSY_TIMEOUT_SEC: Final = 20
"""How long a writer waits for another one; the transactions themselves take milliseconds."""

POSTGRESQL_PARAMETERS: Final = "numeric_dollar"
"""How values stand in statements for PostgreSQL: as the server has them, so that no driver rewrites the text."""

_WRITERS: Final = 0x4152414C
"""Which advisory lock of PostgreSQL is ours: every writer shares it, and who must be alone has it to himself."""

ALONE: Final = select(func.pg_advisory_xact_lock(_WRITERS))
_WITH_OTHERS: Final = select(func.pg_advisory_xact_lock_shared(_WRITERS))


class Transaction(Session):
    """What the query functions of the store take first."""

    _held: Connection | None = None

    def connection(
        self,
        bind_arguments: dict[str, Any] | None = None,
        execution_options: CoreExecuteOptionsParameter | None = None,
    ) -> Connection:
        """Return the one connection of this transaction: SQLAlchemy would look for it anew for each statement."""
        if self._held is None or self._held.closed:
            self._held = super().connection(bind_arguments, execution_options)
        return self._held


class Database:
    """A database by its URL: a SQLite file or a PostgreSQL server. Nothing is opened before the first transaction.

    Raises:
        DatabaseUnusable: The URL is none, or of another kind of database.
    """

    def __init__(self, url: str, busy_timeout_sec: float = BUSY_TIMEOUT_SEC, patience: Patience | None = None) -> None:
        self.url = parsed(url)
        self.location = where(self.url)
        # A SQLite file is waited for by its driver; to begin again is for what a server may refuse.
        self.patience = NONE if self.is_local else patience or Patience()
        self._engine = _engine(self.url, busy_timeout_sec)
        self._reading = self._engine
        if not self.is_local:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            self._reading = self._engine.execution_options(**options)

    @property
    def is_local(self) -> bool:
        """Whether it is a file of this computer, which is made and brought up to date without being asked."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Begin a transaction that sees one state of the database and changes nothing."""
        with explained(self.location), Transaction(self._reading, autoflush=False, expire_on_commit=False) as session:
            yield session
            if not self.is_local:
                # Nothing can have been changed, and psycopg would forget its prepared statements with a rollback.
                session.commit()

    @contextmanager
    def write(self, *, alone: bool = False) -> Iterator[Transaction]:
        """Begin a transaction that may write; it is committed at the end, and undone when anything is raised.

        On SQLite it begins with BEGIN IMMEDIATE: what is read inside is still true when it is written. On PostgreSQL
        writers run side by side: lock the person's row first (`users.lock`), or be `alone`.

        Args:
            alone: Let no other writer run meanwhile: for what many people's transactions read (courses), and for what
                must be unique before there is a row to lock (names).

        Raises:
            CommitUnclear: The server went away while it saved, so that nobody knows whether it did.
        """
        session = Transaction(self._engine, expire_on_commit=False)
        with explained(self.location), session:
            # Said of this connection, not of an engine: every statement would pass through the events of two.
            connection = session.connection(execution_options={"aralify_write": True})
            if not self.is_local:
                connection.execute(ALONE if alone else _WITH_OTHERS)
            yield session
            session.flush()
            try:
                session.commit()
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise CommitUnclear from error
                raise

    def dispose(self) -> None:
        """Close every connection. The next transaction opens new ones."""
        self._engine.dispose()


def parsed(url: str) -> URL:
    """Return a database URL with its driver named.

    Raises:
        DatabaseUnusable: It is none, or of a kind of database that is not offered.
    """
    try:
        found = make_url(url)
        if found.get_backend_name() in {"postgresql", "postgres"}:
            return found.set(drivername="postgresql+psycopg")
        if found.get_backend_name() == "sqlite":
            return found
    except ArgumentError:
        pass
    reason = N_("This is no address of a database. Write it as sqlite:///FILE or postgresql+psycopg://….")
    raise DatabaseUnusable(location=url.partition("@")[2] or url, reason=reason)


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
        # A stalled server is told from a slow one: by the time to connect, and by the time to get a lock.
        # What pages ask for is in memory or on a disk without a head to move. Where the server reckons with one, it
        # reads what all learners did in a lesson, again for each lesson, rather than look up those of one class.
        options = f"-c lock_timeout={round(busy_timeout_sec * 1000)} -c random_page_cost=1.1"
        return _postgresql(url, {"connect_timeout": 10, "options": options})
    engine = create_engine(url, connect_args={"timeout": busy_timeout_sec})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: URL, settings: dict[str, Any]) -> Engine:
    """Return an engine whose driver sends statements as they are: it would read long ones through every time."""
    import psycopg  # not where there is only SQLite: it takes longer to load than all of the store

    return create_engine(
        url,
        pool_pre_ping=True,
        paramstyle=POSTGRESQL_PARAMETERS,
        use_native_hstore=False,  # asked for in the driver's own way of writing values
        connect_args=settings | {"cursor_factory": psycopg.RawCursor},
    )


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
