"""Accounts: signing up, guests, passwords, profiles, roles."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain import accounts
from aralify_kernel.domain.permissions import Permission, Role, least_role, may
from aralify_kernel.domain.time_zones import time_zone
from aralify_kernel.errors import N_, EmailTaken, NameTaken, NotAllowed, NotFound
from aralify_kernel.services import passwords, sign_ins, throttle
from aralify_kernel.store import sign_ins as stored_sign_ins
from aralify_kernel.store import users

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.session import ProfileChange
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.services.throttle import Place
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.users import User

OPERATOR = None
"""The actor of whoever has the operator's shell: allowed everything, as they could write to the database itself."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a person gives to get an account, as typed."""

    username: str
    password: str | None = None
    email: str | None = None
    display_name: str | None = None
    language: str = "en"
    timezone: str = "UTC"
    role: Role = Role.USER


def add(db: Database, wanted: NewAccount, *, guest: str | None = None, now: datetime) -> User:
    """Make an account, or fill in the row of a guest, who keeps everything earned.

    Args:
        db: The database.
        wanted: The account.
        guest: The user name of the guest who signs up, if it is one.
        now: The moment.

    Raises:
        InvalidValue: A field has a value it cannot have.
        NameTaken: Somebody has this user name; suggests a free one.
        EmailTaken: Somebody has this e-mail address.
    """
    columns = prepared(wanted)
    with db.write(alone=True) as tx:
        return add_prepared(tx, columns, guest=guest, now=now)


def prepared(wanted: NewAccount) -> dict[str, Any]:
    """Return what is stored of a new account. It hashes the password, so do it before a transaction begins.

    Raises:
        InvalidValue: A field has a value it cannot have.
    """
    name = accounts.username(wanted.username)
    return {
        "username": name,
        "email": accounts.email(wanted.email or ""),
        "display_name": accounts.display_name(wanted.display_name or name),
        "locale": accounts.language(wanted.language),
        "timezone": time_zone(wanted.timezone),
        "role": wanted.role,
        "password_hash": passwords.hashed(accounts.password(wanted.password)) if wanted.password else None,
    }


def add_prepared(tx: Transaction, columns: dict[str, Any], *, guest: str | None = None, now: datetime) -> User:
    """Make an account of what `prepared` returned, as `add` does. The transaction must be alone.

    Raises:
        NameTaken: Somebody has this user name; suggests a free one.
        EmailTaken: Somebody has this e-mail address.
    """
    name, email = columns["username"], columns["email"]
    if users.find(tx, name) is not None:
        raise NameTaken(name=name, suggestion=accounts.suggest_username(name, _TakenNames(tx)))
    if email and users.find_by_email(tx, email):
        raise EmailTaken(email=email)
    row = users.find(tx, guest) if guest else None
    if row is None:
        return users.add(tx, now=now, avatar_url=None, last_login_at=None, **columns)
    users.change(tx, row.id, now=now, **(columns | {"timezone": row.timezone}))
    return _existing(users.get(tx, row.id), name)


def add_guest(db: Database, *, language: str, timezone: str, place: Place | None = None, now: datetime) -> User:
    """Make an account for somebody who wants none yet.

    Args:
        db: The database.
        language: What they read.
        timezone: Where they are.
        place: From where this reaches a class server; None, as on this computer, is not counted.
        now: The moment.

    Raises:
        TooManyTries: Too much came from this address.
    """
    with db.write(alone=True) as tx:
        if place is not None:
            throttle.spend(tx, place, now=now)
        return users.add(
            tx,
            now=now,
            username=f"{accounts.GUEST_PREFIX}{secrets.token_hex(5)}",
            email=None,
            password_hash=None,
            display_name="Bisita" if language == "fil" else "Guest",
            locale=accounts.language(language),
            timezone=time_zone(timezone),
            role=Role.USER,
            avatar_url=None,
            last_login_at=None,
        )


def change_password(
    db: Database,
    who: Who,
    old: str | None,
    new: str,
    *,
    but: str | None = None,
    place: Place | None = None,
    now: datetime,
) -> None:
    """Set a new password; every sign-in of the account ends, but for the one with the token `but`.

    Raises:
        InvalidValue: The new password is too short or too long.
        WrongPassword: `old` is not the present one. An account that has none gets its first one on this computer only,
            not from a `place`: there, whoever holds a token would make themselves a way in that outlasts it.
        TooManyTries: There were too many tries with wrong ones.
    """
    new_hash = passwords.hashed(accounts.password(new))
    with db.read() as tx:
        user = who(tx)
    sign_ins.prove(db, user.username, old, place=place, now=now)
    _set_password(db, user.id, new_hash, but=but, now=now)


def set_password(db: Database, username: str, new: str, *, now: datetime) -> None:
    """Set somebody's password from the operator's shell; every sign-in of the account ends."""
    new_hash = passwords.hashed(accounts.password(new))
    with db.read() as tx:
        user = find(tx, username)
    _set_password(db, user.id, new_hash, but=None, now=now)


def update_profile(db: Database, who: Who, change: ProfileChange, *, now: datetime) -> None:
    """Change what is given of the acting person's profile.

    Raises:
        InvalidValue: A field has a value it cannot have; nothing is changed.
        EmailTaken: Somebody has this e-mail address.
    """
    columns: dict[str, Any] = {}
    for field, column, validated in (
        ("display_name", "display_name", accounts.display_name),
        ("bio", "bio", accounts.bio),
        ("avatar_url", "avatar_url", accounts.avatar_url),
        ("language", "locale", accounts.language),
        ("timezone", "timezone", time_zone),
        ("email", "email", accounts.email),
    ):
        given = getattr(change, field)
        if given is not None:
            columns[column] = validated(given)
    factor = None if change.time_factor is None else accounts.time_factor(change.time_factor)
    with db.write(alone=True) as tx:
        user = who(tx)
        owner = users.find_by_email(tx, columns["email"]) if columns.get("email") else None
        if owner is not None and owner.id != user.id:
            raise EmailTaken(email=columns["email"])
        if columns:
            users.change(tx, user.id, now=now, **columns)
        if change.time_factor is not None:
            users.set_time_factor(tx, user.id, factor)


def set_role(
    db: Database, actor: Who | None, username: str, role: Role | None, *, is_verified: bool | None, now: datetime
) -> User:
    """Give an account another role, or mark it as verified or not; None leaves as it is.

    Raises:
        NotAllowed: `actor` is no ADMIN.
        NotFound: Nobody has this user name.
    """
    with db.write() as tx:
        if role is not None:
            require(tx, actor, Permission.SET_ROLE)
        if is_verified is not None:
            require(tx, actor, Permission.SET_VERIFIED)
        user = find(tx, username)
        changes = {"role": role, "is_verified": is_verified}
        given = {column: new for column, new in changes.items() if new is not None}
        if given:
            users.change(tx, user.id, now=now, **given)
        return find(tx, username)


def all_users(db: Database) -> list[User]:
    """Return everybody, by user name."""
    with db.read() as tx:
        return users.all_users(tx)


def find(tx: Transaction, username: str) -> User:
    """Return the person with this user name.

    Raises:
        NotFound: Nobody has it.
    """
    return _existing(users.find(tx, sign_ins.folded(username)), username)


def by_id(tx: Transaction, user_id: int) -> User:
    """Return the person with this id.

    Raises:
        NotFound: They are gone.
    """
    return _existing(users.get(tx, user_id), str(user_id))


def require(tx: Transaction, actor: Who | None, permission: Permission) -> None:
    """Return when `actor` has `permission`; the operator has them all.

    Raises:
        NotAllowed: They have not; names the least role that has.
    """
    if actor is not OPERATOR and not may(actor(tx).role, permission):
        raise NotAllowed(role=least_role(permission).name)


class _TakenNames:
    """The user names that somebody has, looked up one by one."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def __contains__(self, name: object) -> bool:
        return users.find(self._tx, str(name)) is not None


def _set_password(db: Database, user_id: int, new_hash: str, *, but: str | None, now: datetime) -> None:
    with db.write() as tx:
        kept = sign_ins.valid(tx, but, now=now)
        users.change(tx, user_id, now=now, password_hash=new_hash)
        stored_sign_ins.revoke(tx, user_id, now=now, but=kept.id if kept else None)


def _existing(user: User | None, username: str) -> User:
    if user is None:
        raise NotFound(kind=N_("user"), name=username[:64])
    return user
