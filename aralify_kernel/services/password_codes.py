"""Codes with which a learner sets a new password, once and within a day: for whoever forgot theirs."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain import accounts as fields
from aralify_kernel.domain import class_codes
from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.permissions import Permission, Role, may
from aralify_kernel.domain.teaching import Act, PasswordCode
from aralify_kernel.errors import N_, NoPasswordCode, NotFound, NoticeUnread, WrongPassword
from aralify_kernel.services import accounts, classrooms, notices, passwords, sign_ins, throttle
from aralify_kernel.store import class_acts, consents, password_codes, users
from aralify_kernel.store import classrooms as stored
from aralify_kernel.store import sign_ins as stored_sign_ins

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.services.throttle import Place
    from aralify_kernel.store.classrooms import Classroom
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.users import User

LASTS: Final = timedelta(hours=24)


def give(db: Database, actor: Who | None, slug: str, username: str, *, now: datetime) -> PasswordCode:
    """Make a code for a learner of a class, in the place of an earlier one; they can look up who did.

    Raises:
        NotFound: There is no such class for this person, or nobody of this name learns in it.
        ClassArchived: It has been put away.
        NoPasswordCode: They teach or look after Aralify; or a teacher only wrote their name down, so that this account
            is not theirs to give away.
    """
    with db.write() as tx:
        found = classrooms.find_to_change(tx, actor, slug)
        user = classrooms.member(tx, found, username)
        _require_learner(tx, actor, found, user)
        class_acts.note(tx, found.id, user.id, classrooms.id_of(tx, actor), Act.PASSWORD_CODE, "", now=now)
        return make(tx, {user.id: (user.username, user.display_name)}, now=now)[0]


def make(tx: Transaction, people: Mapping[int, tuple[str, str]], *, now: datetime) -> list[PasswordCode]:
    """Make codes for people, in a transaction of the caller's, who has seen to it that it may be.

    Args:
        tx: The transaction.
        people: User name and name by id.
        now: The moment.
    """
    codes = {user_id: class_codes.make(class_codes.PASSWORD_LENGTH, secrets.choice) for user_id in people}
    password_codes.save_all(tx, {user_id: _hash(code) for user_id, code in codes.items()}, expires_at=now + LASTS)
    return [PasswordCode(*people[user_id], code, now + LASTS) for user_id, code in codes.items()]


def use(
    db: Database, username: str, code: str, new: str, *, agreed: str | None, place: Place | None, now: datetime
) -> User:
    """Set a new password by a code; every sign-in of the account ends, and the code with them. Return the account.

    Args:
        db: The database.
        username: As it was typed.
        code: The same.
        new: The new password.
        agreed: The version of the notice they agreed to: who was let in by a roster was not asked before.
        place: From where this reaches a class server; None is this computer.
        now: The moment.

    Raises:
        NoticeUnread: It is not the present notice that was agreed to; the code can still be used.
        InvalidValue: The new password is too short or too long; the code can still be used.
        WrongPassword: Nobody of this name has this code, or it is over.
        TooManyTries: The delay after wrong codes and passwords under this name from this place has not passed.
    """
    if agreed != notices.VERSION:
        raise NoticeUnread
    password, name = fields.password(new), sign_ins.folded(username)[:64]
    with db.write(alone=True) as tx:
        throttle.begin(tx, name, place, now=now)
    new_hash = passwords.hashed(password)
    with db.write(alone=True) as tx:
        user = users.find(tx, name)
        expires_at = password_codes.take(tx, user.id, _hash(class_codes.typed(code))) if user else None
        if user is None or expires_at is None or now >= expires_at:
            raise WrongPassword
        users.change(tx, user.id, now=now, password_hash=new_hash)
        stored_sign_ins.revoke(tx, user.id, now=now)
        consents.add(tx, user.id, agreed, user.locale, now=now)
        throttle.succeeded(tx, name, place, now=now)
    return user


def _require_learner(tx: Transaction, actor: Who | None, classroom: Classroom, user: User) -> None:
    if stored.role_in(tx, classroom.id, user.id) is not ClassRole.LEARNER:
        raise NotFound(kind=N_("member of the class"), name=user.username)
    if user.role is not Role.USER or stored.taught_by(tx, user.id):
        raise NoPasswordCode(username=user.username, reason=N_("This account is no learner's only."))
    may_set_any = actor is accounts.OPERATOR or may(actor(tx).role, Permission.SET_ROLE)
    if not may_set_any and not stored.is_entrusted(tx, classroom.id, user.id):
        reason = N_(
            "They came in because you wrote their name down. Ask an administrator, or let them join by the code."
        )
        raise NoPasswordCode(username=user.username, reason=reason)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
