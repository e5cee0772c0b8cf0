"""Invitations: codes by which people make an account of their own, and are in a class at once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.permissions import Permission, Role
from aralify_kernel.errors import N_, InvalidValue, InvitationInvalid, NotFound
from aralify_kernel.services import accounts, classrooms
from aralify_kernel.store import classrooms as stored_classrooms
from aralify_kernel.store import invitations

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.invitations import Invitation
    from aralify_kernel.store.users import User

_LETTERS: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""No I, L, O, U, 0 and 1: what is copied from a blackboard is not to be mistaken."""

_GROUPS, _GROUP = 3, 4
"""A code has twelve letters, which is more than anybody can guess through a throttle."""


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """What an invitation is to be: how many may use it, until when, and as what they come."""

    uses: int = 1
    days: int = 14
    role: Role = Role.USER
    classroom: str | None = None
    """The slug of a class they are learners of from the beginning."""


def make(db: Database, actor: Who | None, wanted: NewInvitation, *, now: datetime) -> tuple[str, datetime]:
    """Make an invitation; return its code, which is kept nowhere else, and when it ends.

    Raises:
        InvalidValue: It would be for nobody, or for no day.
        NotAllowed: `actor` may not invite.
        NotFound: There is no such class for them.
    """
    for field, number, most in (("uses", wanted.uses, 10_000), ("days", wanted.days, 366)):
        if not 1 <= number <= most:
            raise InvalidValue(
                field=field, value=str(number), most=most, reason=N_("Choose a number from 1 to {most}.")
            )
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    expires_at = now + timedelta(days=wanted.days)
    with db.write(alone=True) as tx:
        accounts.require(tx, actor, Permission.INVITE)
        to = classrooms.find(tx, actor, wanted.classroom, Permission.RUN_CLASS) if wanted.classroom else None
        invitations.add(
            tx,
            _hash(code),
            made_by=None if actor is accounts.OPERATOR else actor(tx).id,
            role=wanted.role,
            classroom_id=to.id if to else None,
            uses=wanted.uses,
            now=now,
            expires_at=expires_at,
        )
    return code, expires_at


def withdraw(db: Database, actor: Who | None, code: str) -> None:
    """Let nobody use an invitation any more; who used it keeps the account.

    Raises:
        NotAllowed: `actor` may not invite.
        NotFound: There is no invitation with this code (any more).
    """
    with db.write() as tx:
        accounts.require(tx, actor, Permission.INVITE)
        if not invitations.remove(tx, _hash(code)):
            raise NotFound(kind=N_("invitation"), name=code[:64])


def valid(tx: Transaction, code: str | None, *, now: datetime) -> Invitation:
    """Return the invitation of this code, however it was typed.

    Raises:
        InvitationInvalid: There is none, or it is used up or out of date.
    """
    found = invitations.find(tx, _hash(code)) if code else None
    if found is None or found.uses_left < 1 or found.expires_at <= now:
        raise InvitationInvalid
    return found


def accept(tx: Transaction, invitation: Invitation, user: User, *, now: datetime) -> None:
    """Use an invitation that `valid` returned in this transaction, which must be alone: its class has a learner more."""
    invitations.take_one(tx, invitation)
    if invitation.classroom_id is not None:
        stored_classrooms.join(tx, invitation.classroom_id, user.id, ClassRole.LEARNER, now=now)


def _hash(code: str) -> str:
    letters = "".join(char for char in code.upper() if char.isalnum())
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()
