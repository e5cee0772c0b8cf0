"""Everything that is held about one person: read as it stands, deleted, and kept deleted."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select

from aralify_kernel.store import upserts
from aralify_kernel.store.models import Base, ErasureRow, LoginAttemptRow, UserRow
from aralify_kernel.store.values import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Column, Table

    from aralify_kernel.store.database import Transaction
    from aralify_kernel.store.users import User

_USERS, _FAILED, _ERASURES = table_of(UserRow), table_of(LoginAttemptRow), table_of(ErasureRow)
_SECRETS: Final = {"password_hash", "token_hash", "code_hash"}
"""What proves who somebody is, or lets others in. It tells them nothing, and whoever finds an export could try it."""


def rows_of(tx: Transaction, user: User) -> dict[str, list[dict[str, Any]]]:
    """Return every row about a person by its table, oldest first, without what only serves to sign in."""
    found = {}
    for table, condition in _where(user):
        columns = [column for column in table.c if column.name not in _SECRETS]
        query = select(*columns).where(condition).order_by(*table.primary_key)
        found[table.name] = [dict(row) for row in tx.connection().execute(query).mappings()]
    return found


def erase(tx: Transaction, user: User, *, now: datetime) -> None:
    """Delete every row about a person, and note that somebody was erased."""
    if tx.get_bind().dialect.name == "sqlite":
        # Freed pages would keep what stood there until they are written again.
        tx.connection().exec_driver_sql("PRAGMA secure_delete = ON")
    for table, condition in _where(user):
        tx.connection().execute(delete(table).where(condition))
    upserts.insert(tx, _ERASURES, {"person_hash": person_hash(user), "erased_at": now})


def erasures(tx: Transaction) -> dict[str, datetime]:
    """Return when people were erased, by their `person_hash`."""
    return {row.person_hash: row.erased_at for row in tx.connection().execute(select(_ERASURES))}


def keep_erasures(tx: Transaction, erased: Mapping[str, datetime]) -> None:
    """Note these erasures, where they are not noted yet."""
    known = erasures(tx)
    for hashed, when in erased.items():
        if hashed not in known:
            upserts.insert(tx, _ERASURES, {"person_hash": hashed, "erased_at": when})


def person_hash(user: User) -> str:
    """Return what tells a person from all others, and by itself nothing about them.

    A backup still has the row it is made of. The user name is no part of it: somebody new may have taken it since.
    """
    return hashlib.sha256(f"{user.id} {user.created_at.isoformat(timespec='microseconds')}".encode()).hexdigest()


def _where(user: User) -> Iterator[tuple[Table, Any]]:
    """Yield each table that holds something about a person, and which of its rows; the person's own row last."""
    for table in reversed(Base.metadata.sorted_tables):
        to_users: list[Column[Any]] = [key.parent for key in table.foreign_keys if key.column is _USERS.c.id]
        for column in to_users:
            yield table, column == user.id
    yield _FAILED, _FAILED.c.username == user.username
    yield _USERS, _USERS.c.id == user.id
