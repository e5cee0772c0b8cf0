"""Queries about codes for a new password, of which there are only hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from aralify_kernel.store import upserts
from aralify_kernel.store.models import PasswordCodeRow
from aralify_kernel.store.values import table_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aralify_kernel.store.database import Transaction


def save_all(tx: Transaction, hashes: Mapping[int, str], *, expires_at: datetime) -> None:
    """Keep the codes of people by their ids, in the place of earlier ones."""
    rows = [{"user_id": of, "code_hash": code_hash, "expires_at": expires_at} for of, code_hash in hashes.items()]
    if rows:
        upserts.replace_all(tx, table_of(PasswordCodeRow), rows)


def take(tx: Transaction, user_id: int, code_hash: str) -> datetime | None:
    """Delete the code with this hash of a person; return until when it was good, None when they have no such code."""
    this = (PasswordCodeRow.user_id == user_id, PasswordCodeRow.code_hash == code_hash)
    expires_at = tx.scalar(select(PasswordCodeRow.expires_at).where(*this))
    tx.execute(delete(PasswordCodeRow).where(*this))
    return expires_at
