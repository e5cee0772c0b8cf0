"""Queries about who agreed to which privacy notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from aralify_kernel.store import upserts
from aralify_kernel.store.models import ConsentRow
from aralify_kernel.store.values import table_of

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.store.database import Transaction


def add(tx: Transaction, user_id: int, notice_version: str, language: str, *, now: datetime) -> None:
    """Keep that a person was shown a version of the notice in this language, and agreed; once is enough."""
    this = (ConsentRow.user_id == user_id, ConsentRow.notice_version == notice_version)
    if tx.scalar(select(ConsentRow.id).where(*this)) is not None:
        return
    row = {"user_id": user_id, "notice_version": notice_version, "language": language, "agreed_at": now}
    upserts.insert(tx, table_of(ConsentRow), row)
