"""Who is acting: sign-ins by a random token, kept hashed here and in a file on the learner's side."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.accounts import GUEST_PREFIX, sign_in_delay
from aralify_kernel.errors import N_, NotFound, NotSignedIn, TooManyTries, WrongPassword
from aralify_kernel.services import passwords
from aralify_kernel.store import sign_ins, users
from aralify_kernel.store.database import Transaction

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.store.database import Database
    from aralify_kernel.store.sign_ins import SignIn
    from aralify_kernel.store.users import User

Who = Callable[[Transaction], "User"]
"""Finds the person who is acting, within a transaction; raises NotSignedIn."""

LASTS: Final = timedelta(days=90)
"""How long a sign-in lasts after it was last used."""

_SEEN_EVERY: Final = timedelta(hours=12)


def folded(username: str) -> str:
    """Return a user name as it was stored, however it was typed; also one that nobody can have."""
    return unicodedata.normalize("NFKC", username).casefold().strip().encode("utf-8", "replace").decode()


def acting_as(username: str) -> Who:
    """Return how to find the person with this user name: for the operator's shell, which needs no sign-in.

    Raises:
        NotFound: (when used) Nobody has this name.
    """

    def who(tx: Transaction) -> User:
        user = users.find(tx, folded(username))
        if user is None:
            raise NotFound(kind=N_("user"), name=username)
        return user

    return who


def holder_of(token: str | None, *, now: datetime) -> Who:
    """Return how to find the person who signed in with `token`.

    Raises:
        NotSignedIn: (when used) There is no such sign-in, or it has ended.
    """

    def who(tx: Transaction) -> User:
        found = valid(tx, token, now=now)
        user = users.get(tx, found.user_id) if found else None
        if user is None:
            raise NotSignedIn
        return user

    return who


def locked(tx: Transaction, who: Who) -> User:
    """Return the person who is acting, whose row nobody else changes before this transaction ends.

    Whatever is recorded about one person begins with this, so that it happens one after the other.

    Raises:
        NotSignedIn: They are gone.
    """
    user = users.lock(tx, who(tx).id)
    if user is None:
        raise NotSignedIn
    return user


def valid(tx: Transaction, token: str | None, *, now: datetime) -> SignIn | None:
    """Return the sign-in that `token` stands for; None when it has ended or never was."""
    found = sign_ins.find(tx, _hash(token)) if token else None
    return found if found and found.revoked_at is None and now < found.expires_at else None


def user_of(db: Database, token: str, *, now: datetime) -> User | None:
    """Return whoever signed in with `token`; None when that sign-in has ended or never was."""
    with db.read() as tx:
        found = valid(tx, token, now=now)
        return users.get(tx, found.user_id) if found else None


def begin(tx: Transaction, user: User, *, now: datetime) -> str:
    """Sign somebody in whose identity is proven; return the token, which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    sign_ins.add(tx, user.id, _hash(token), now=now, expires_at=now + LASTS)
    users.change(tx, user.id, now=now, last_login_at=now)
    return token


def sign_in(db: Database, username: str, password: str | None, *, now: datetime) -> str:
    """Prove who somebody is; return the token of a new sign-in.

    Raises:
        WrongPassword: Name and password do not go together; after the same time, whichever of the two is wrong.
        TooManyTries: The delay after failed sign-ins under this name has not passed. It doubles, and always ends.
    """
    name = folded(username)[:64]
    with db.write(alone=True) as tx:
        _require_patience(tx, name, now)
        # Counted before it is known, so that many tries at once do not get past the delay.
        sign_ins.note_failure(tx, name, now=now)
        user = None if name.startswith(GUEST_PREFIX) else users.find(tx, name)
    if not passwords.matches(user.password_hash if user else None, password, exists=user is not None):
        raise WrongPassword
    assert user is not None  # noqa: S101 - nothing matches when nobody has the name
    with db.write() as tx:
        sign_ins.forget_failures(tx, name)
        if password and user.password_hash and passwords.is_outdated(user.password_hash):
            users.change(tx, user.id, now=now, password_hash=passwords.hashed(password))
        return begin(tx, user, now=now)


def sign_out(db: Database, token: str | None, *, now: datetime) -> None:
    """End the sign-in that `token` stands for, if it has not ended."""
    if token is None:
        return
    with db.write() as tx:
        found = valid(tx, token, now=now)
        if found is not None:
            sign_ins.revoke(tx, found.user_id, now=now, only=found.id)


def keep_alive(db: Database, token: str | None, *, now: datetime) -> None:
    """Note that a sign-in is in use, at most twice a day, so that it does not expire."""
    with db.read() as tx:
        found = valid(tx, token, now=now)
    if found is not None and now - found.last_seen_at >= _SEEN_EVERY:
        with db.write() as tx:
            sign_ins.seen(tx, found.id, now=now, expires_at=now + LASTS)


def _require_patience(tx: Transaction, name: str, now: datetime) -> None:
    failed = sign_ins.failed(tx, name)
    if failed is None:
        return
    remaining = (failed.last_failed_at - now).total_seconds() + sign_in_delay(failed.failures)
    if remaining > 0:
        raise TooManyTries(seconds=max(1, round(remaining)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
