"""What a failing database means to a person: the one place where driver errors become `StoreError`s."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from aralify_kernel.errors import (
    N_,
    DatabaseBusy,
    DatabaseOutdated,
    DatabaseReadOnly,
    DatabaseUnreachable,
    DatabaseUnusable,
    DiskFull,
    StoreError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def explained(location: str) -> Iterator[None]:
    """Turn what the driver raises within into the `StoreError` that says what to do; the rest passes as it is.

    Args:
        location: Where the database is, as people are told.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        meaning = meaning_of(cause, location)
        if meaning is None:
            raise
        raise meaning from error


def meaning_of(cause: BaseException | None, location: str) -> StoreError | None:
    """Return what `cause` means to a person; None when it is a mistake of ours."""
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause, location)
    if cause is not None and hasattr(cause, "sqlstate"):
        return _of_postgresql(cause, cause.sqlstate, location)
    return None


def _of_sqlite(cause: sqlite3.Error, location: str) -> StoreError | None:
    name = getattr(cause, "sqlite_errorname", "") or ""
    match name.split("_")[1] if "_" in name else name:
        case "BUSY" | "LOCKED":
            return DatabaseBusy()
        case "READONLY" | "PERM":
            return DatabaseReadOnly(location=location)
        case "FULL":
            return DiskFull()
        case "CANTOPEN":
            reason = N_("The file is not there, or you may not open it.")
        case "NOTADB" | "CORRUPT":
            reason = N_("The file is no Aralify database, or it is damaged.")
        case "IOERR":
            reason = N_("Reading or writing the file failed.")
        case "ERROR" if "no such table" in str(cause) or "no such column" in str(cause):
            return DatabaseOutdated()
        case _:
            return None
    return DatabaseUnusable(location=location, reason=reason)


def _of_postgresql(cause: BaseException, state: str | None, location: str) -> StoreError | None:
    """Return what a state of PostgreSQL's documentation, appendix A, means; without one, no server spoke."""
    if state in {"40001", "40P01", "55P03", "53300"}:
        return DatabaseBusy()
    if state in {"25006", "42501"}:
        return DatabaseReadOnly(location=location)
    if state == "53100":
        return DiskFull()
    if state in {"42P01", "42703"}:
        return DatabaseOutdated()
    if state is not None and state[:2] not in {"08", "57"}:
        return None
    if state is None and type(cause).__name__ != "OperationalError":
        return None
    said = [line.strip() for line in str(cause).splitlines() if line.strip()]
    return DatabaseUnreachable(location=location, detail=said[-1].rstrip(".") if said else "-")
