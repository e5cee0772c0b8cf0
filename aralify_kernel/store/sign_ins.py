"""Queries about sign-ins, and about those that failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from aralify_kernel.store.models import AuthSessionRow, LoginAttemptRow
from aralify_kernel.store.values import value

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.store.database import Transaction


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in of a person."""

    id: int
    user_id: int
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class FailedSignIns:
    """How often in a row a sign-in under one name failed, and when last."""

    failures: int
    last_failed_at: datetime


def find(tx: Transaction, token_hash: str) -> SignIn | None:
    """Return the sign-in whose token has this hash, also one that has ended."""
    row = tx.scalar(select(AuthSessionRow).where(AuthSessionRow.token_hash == token_hash))
    return None if row is None else value(SignIn, row)


def add(tx: Transaction, user_id: int, token_hash: str, *, now: datetime, expires_at: datetime) -> SignIn:
    """Insert a sign-in, and forget those of the same person that expired."""
    tx.execute(delete(AuthSessionRow).where(AuthSessionRow.user_id == user_id, AuthSessionRow.expires_at < now))
    row = AuthSessionRow(
        user_id=user_id, token_hash=token_hash, created_at=now, last_seen_at=now, expires_at=expires_at
    )
    tx.add(row)
    tx.flush()
    return value(SignIn, row)


def seen(tx: Transaction, sign_in_id: int, *, now: datetime, expires_at: datetime) -> None:
    """Note that a sign-in is in use."""
    tx.execute(
        update(AuthSessionRow).where(AuthSessionRow.id == sign_in_id).values(last_seen_at=now, expires_at=expires_at)
    )


def revoke(tx: Transaction, user_id: int, *, now: datetime, only: int | None = None, but: int | None = None) -> None:
    """End sign-ins of a person: all of them, `only` one, or all `but` one."""
    query = update(AuthSessionRow).where(AuthSessionRow.user_id == user_id, AuthSessionRow.revoked_at.is_(None))
    if only is not None:
        query = query.where(AuthSessionRow.id == only)
    if but is not None:
        query = query.where(AuthSessionRow.id != but)
    tx.execute(query.values(revoked_at=now))


def failed(tx: Transaction, username: str) -> FailedSignIns | None:
    """Return the failures in a row under a name, if the last try failed."""
    row = tx.scalar(select(LoginAttemptRow).where(LoginAttemptRow.username == username))
    return None if row is None else value(FailedSignIns, row)


def note_failure(tx: Transaction, username: str, *, now: datetime) -> None:
    """Count one more failure under a name."""
    row = tx.scalar(select(LoginAttemptRow).where(LoginAttemptRow.username == username))
    if row is None:
        tx.add(LoginAttemptRow(username=username, failures=1, last_failed_at=now))
    else:
        row.failures, row.last_failed_at = row.failures + 1, now
    tx.flush()


def forget_failures(tx: Transaction, username: str) -> None:
    """Begin again at none, after a sign-in that succeeded."""
    tx.execute(delete(LoginAttemptRow).where(LoginAttemptRow.username == username))
