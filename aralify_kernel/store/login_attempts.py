"""Queries about sign-ins that failed, counted under a name and a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from aralify_kernel.store import upserts
from aralify_kernel.store.models import LoginAttemptRow
from aralify_kernel.store.values import table_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from aralify_kernel.store.database import Transaction

_ATTEMPTS = table_of(LoginAttemptRow)


@dataclass(frozen=True, slots=True)
class FailedSignIns:
    """How many failures are counted under one name and place, and when the last of them was."""

    failures: int
    last_failed_at: datetime


def find(tx: Transaction, username: str, client: str) -> FailedSignIns | None:
    """Return the failures under a name and place, where there are any."""
    query = select(_ATTEMPTS.c.failures, _ATTEMPTS.c.last_failed_at).where(*_under(username, client))
    row = tx.connection().execute(query).one_or_none()
    return None if row is None else FailedSignIns(*row)


def put(tx: Transaction, username: str, client: str, failed: FailedSignIns) -> None:
    """Keep this count under a name and place."""
    row = {"failures": failed.failures, "last_failed_at": failed.last_failed_at}
    upserts.save(tx, _ATTEMPTS, {"username": username, "client": client}, row)


def forget(tx: Transaction, username: str, client: str) -> None:
    """Begin again at none under a name and place."""
    tx.connection().execute(delete(_ATTEMPTS).where(*_under(username, client)))


def forget_before(tx: Transaction, before: datetime) -> None:
    """Begin again at none wherever nothing has failed since."""
    tx.connection().execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.last_failed_at < before))


def _under(username: str, client: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _ATTEMPTS.c.username == username, _ATTEMPTS.c.client == client
