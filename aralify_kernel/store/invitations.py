"""Queries about invitations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from aralify_kernel.store import upserts
from aralify_kernel.store.models import InvitationRow
from aralify_kernel.store.values import table_of, value

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.permissions import Role
    from aralify_kernel.store.database import Transaction

_INVITATIONS = table_of(InvitationRow)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code by which people may make an account."""

    id: int
    role: Role
    classroom_id: int | None
    uses_left: int
    expires_at: datetime


def find(tx: Transaction, code_hash: str) -> Invitation | None:
    """Return the invitation whose code has this hash, also one that is used up or out of date."""
    row = tx.connection().execute(select(_INVITATIONS).where(_INVITATIONS.c.code_hash == code_hash)).one_or_none()
    return None if row is None else value(Invitation, row)


def add(
    tx: Transaction,
    code_hash: str,
    *,
    made_by: int | None,
    role: Role,
    classroom_id: int | None,
    uses: int,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Insert an invitation, and forget those that are used up or out of date."""
    over = (_INVITATIONS.c.expires_at < now) | (_INVITATIONS.c.uses_left == 0)
    tx.connection().execute(delete(_INVITATIONS).where(over))
    row = {"made_by_id": made_by, "role": role, "classroom_id": classroom_id, "uses_left": uses}
    upserts.insert(tx, _INVITATIONS, {"code_hash": code_hash, "created_at": now, "expires_at": expires_at} | row)


def take_one(tx: Transaction, invitation: Invitation) -> None:
    """Count one use of an invitation that has some left; the transaction must be alone."""
    upserts.change(tx, _INVITATIONS, {"id": invitation.id}, {"uses_left": invitation.uses_left - 1})


def remove(tx: Transaction, code_hash: str) -> bool:
    """Delete an invitation; return whether there was one."""
    found = tx.connection().execute(delete(_INVITATIONS).where(_INVITATIONS.c.code_hash == code_hash))
    return found.rowcount > 0
