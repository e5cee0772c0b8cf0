"""Queries about sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from aralify_kernel.store.models import AuthSessionRow
from aralify_kernel.store.values import value

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.store.database import Transaction


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in of a person."""

    id: int
    user_id: int
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    scopes: str | None
    """What its token may do, separated by spaces; None is everything."""
    label: str | None


def find(tx: Transaction, token_hash: str) -> SignIn | None:
    """Return the sign-in whose token has this hash, also one that has ended."""
    row = tx.scalar(select(AuthSessionRow).where(AuthSessionRow.token_hash == token_hash))
    return None if row is None else value(SignIn, row)


def of_user(tx: Transaction, user_id: int, *, now: datetime) -> list[SignIn]:
    """Return the sign-ins of a person that have not ended, the last used first."""
    query = select(AuthSessionRow).where(
        AuthSessionRow.user_id == user_id, AuthSessionRow.revoked_at.is_(None), AuthSessionRow.expires_at > now
    )
    last_used_first = query.order_by(AuthSessionRow.last_seen_at.desc(), AuthSessionRow.id.desc())
    return [value(SignIn, row) for row in tx.scalars(last_used_first)]


def add(
    tx: Transaction,
    user_id: int,
    token_hash: str,
    *,
    now: datetime,
    expires_at: datetime,
    scopes: str | None = None,
    label: str | None = None,
) -> SignIn:
    """Insert a sign-in, and forget those of the same person that expired."""
    tx.execute(delete(AuthSessionRow).where(AuthSessionRow.user_id == user_id, AuthSessionRow.expires_at < now))
    row = AuthSessionRow(
        user_id=user_id,
        token_hash=token_hash,
        created_at=now,
        last_seen_at=now,
        expires_at=expires_at,
        scopes=scopes,
        label=label,
    )
    tx.add(row)
    tx.flush()
    return value(SignIn, row)


def forget(tx: Transaction, token_hash: str) -> None:
    """Delete the sign-in whose token has this hash, if there is one."""
    tx.execute(delete(AuthSessionRow).where(AuthSessionRow.token_hash == token_hash))


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
