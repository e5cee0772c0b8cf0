"""What a failing database means to a person: the one place where driver errors become `StoreError`s."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, OperationalError

from aralify_kernel.errors import (
    N_,
    DatabaseBusy,
    DatabaseOutdated,
    DatabaseReadOnly,
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
        if meaning is None and isinstance(error, OperationalError) and not isinstance(cause, sqlite3.Error):
            meaning = DatabaseUnusable(location=location, reason=N_("The database server does not answer."))
        if meaning is None:
            raise
        raise meaning from error


def meaning_of(cause: BaseException | None, location: str) -> StoreError | None:
    """Return what `cause` means to a person; None when it is a mistake of ours."""
    if not isinstance(cause, sqlite3.Error):
        return None
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
