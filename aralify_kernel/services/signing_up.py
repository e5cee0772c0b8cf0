"""Making an account of one's own on a class server: who may, and after having read what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aralify_kernel.domain import accounts as rules
from aralify_kernel.domain.permissions import Role
from aralify_kernel.errors import NoticeUnread, SignUpClosed
from aralify_kernel.services import accounts, invitations, notices, throttle
from aralify_kernel.store import consents

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.services.accounts import NewAccount
    from aralify_kernel.services.throttle import Place
    from aralify_kernel.store.database import Database
    from aralify_kernel.store.users import User


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody who wants an account gives: the account, the version of the notice they agreed to, a code."""

    account: NewAccount
    notice_version: str | None
    invitation: str | None = None


def sign_up(
    db: Database, asked: Asked, policy: str, *, place: Place | None, guest: str | None = None, now: datetime
) -> User:
    """Make an account by the server's policy, and keep the consent with it; nothing is kept when anything is refused.

    Args:
        db: The database.
        asked: What was given.
        policy: `open`, `invitation` or `closed`. A code that is given where none is needed is looked at all the same.
        place: From where it came; None is not counted.
        guest: The user name of the guest who signs up, if it is one.
        now: The moment.

    Raises:
        SignUpClosed: The policy is `closed`.
        TooManyTries: Too much came from this address.
        InvitationInvalid: The code is missing, wrong, used up or out of date.
        NoticeUnread: It is not the present notice that was agreed to.
        InvalidValue: A field has a value it cannot have; here a password is needed.
        NameTaken: Somebody has this user name.
        EmailTaken: Somebody has this e-mail address.
    """
    if policy == "closed":
        raise SignUpClosed
    needs_code = policy != "open" or bool(asked.invitation)
    if place is not None:
        with db.write(alone=True) as tx:  # by itself: what is refused below was tried all the same
            throttle.spend(tx, place, now=now)
    with db.read() as tx:
        role = invitations.valid(tx, asked.invitation, now=now).role if needs_code else Role.USER
    if asked.notice_version != notices.VERSION:
        raise NoticeUnread
    wanted = replace(asked.account, password=rules.password(asked.account.password or ""), role=role)
    columns = accounts.prepared(wanted)
    with db.write(alone=True) as tx:
        invitation = invitations.valid(tx, asked.invitation, now=now) if needs_code else None
        user = accounts.add_prepared(tx, columns, guest=guest, now=now)
        if invitation:
            invitations.accept(tx, invitation, user, now=now)
        consents.add(tx, user.id, notices.VERSION, user.locale, now=now)
    return user
