"""Who is acting: sign-ins by a random token, kept hashed here and in a file on the learner's side."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.accounts import GUEST_PREFIX
from aralify_kernel.errors import N_, InvalidValue, NotFound, NotSignedIn, WrongPassword
from aralify_kernel.services import passwords, throttle
from aralify_kernel.store import sign_ins, users
from aralify_kernel.store.database import Transaction

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from aralify_kernel.services.throttle import Place
    from aralify_kernel.store.database import Database
    from aralify_kernel.store.sign_ins import SignIn
    from aralify_kernel.store.users import User

Who = Callable[[Transaction], "User"]
"""Finds the person who is acting, within a transaction; raises NotSignedIn."""

LASTS: Final = timedelta(days=90)
"""How long a sign-in lasts after it was last used."""

BROWSER_LASTS: Final = timedelta(days=1)
"""The same in a browser, where others may sit down next."""

_SEEN_EVERY: Final = timedelta(hours=12)

SCOPES: Final = ("read", "submit", "profile", "teach", "admin")
"""What the token of a program can be allowed, each by itself; what its owner may not do, none of them allows."""


@dataclass(frozen=True, slots=True)
class Terms:
    """For what a sign-in is good, for how long after its last use, and by what its owner knows it again."""

    scopes: str | None = None
    """Some of `SCOPES`, separated by spaces; None is everything, as for a browser and for this computer itself."""
    label: str | None = None
    lasts: timedelta = LASTS


OWN: Final = Terms()
"""A sign-in on this computer."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is signed in, and the sign-in they are asking by."""

    user: User
    sign_in: SignIn


def scopes(wanted: Iterable[str]) -> str:
    """Return scopes as a token's terms have them, each once and in their order.

    Raises:
        InvalidValue: One of them is none, or there is none.
    """
    named = set(wanted)
    if not named or not named <= set(SCOPES):
        value = " ".join(sorted(named))[:60]
        raise InvalidValue(
            field="scopes", value=value, known=" ".join(SCOPES), reason=N_("Name at least one of: {known}.")
        )
    return " ".join(scope for scope in SCOPES if scope in named)


def folded(username: str) -> str:
    """Return a user name as it was stored, however it was typed; also one that nobody can have."""
    name = unicodedata.normalize("NFKC", username).casefold().strip()
    return name.replace("\0", "\ufffd").encode("utf-8", "replace").decode()  # PostgreSQL takes no NUL


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


def signed_in(db: Database, token: str, *, now: datetime) -> SignedIn | None:
    """Return whoever signed in with `token`, and keep it alive; None when that sign-in has ended or never was."""
    with db.read() as tx:
        found = valid(tx, token, now=now)
        user = users.get(tx, found.user_id) if found else None
    if found is None or user is None:
        return None
    _keep_alive(db, found, now)
    return SignedIn(user, found)


def begin(tx: Transaction, user: User, *, terms: Terms = OWN, token: str | None = None, now: datetime) -> str:
    """Sign somebody in whose identity is proven; return the token, a new one when left out, which is kept nowhere else."""
    token = token or secrets.token_urlsafe(32)
    label = terms.label[:80] if terms.label else None
    expires_at = now + terms.lasts
    sign_ins.add(tx, user.id, _hash(token), now=now, expires_at=expires_at, scopes=terms.scopes, label=label)
    users.change(tx, user.id, now=now, last_login_at=now)
    return token


def begin_for(db: Database, user: User, *, terms: Terms, now: datetime) -> str:
    """Sign somebody in whose identity is proven, in a transaction of its own; return the token."""
    with db.write() as tx:
        return begin(tx, user, terms=terms, now=now)


def go_on_with(db: Database, user: User, token: str, *, terms: Terms, now: datetime) -> None:
    """Let `token` sign in whoever others vouch for: by the sign-in of theirs that it stands for, else by a new one."""
    with db.read() as tx:
        found = valid(tx, token, now=now)
    if found is None or found.user_id != user.id:
        with db.write(alone=True) as tx:
            sign_ins.forget(tx, _hash(token))
            begin(tx, user, terms=terms, token=token, now=now)


def sign_in(
    db: Database,
    username: str,
    password: str | None,
    *,
    place: Place | None = None,
    terms: Terms = OWN,
    now: datetime,
) -> str:
    """Prove who somebody is; return the token of a new sign-in.

    Args:
        db: The database.
        username: As it was typed.
        password: None or empty where the account has none, which is enough on this computer only.
        place: From where this reaches a class server; None is this computer.
        terms: What the new sign-in is good for.
        now: The moment.

    Raises:
        WrongPassword: Name and password do not go together; after the same time, whichever of the two is wrong.
        TooManyTries: The delay after failed sign-ins under this name from this place has not passed. It doubles, and
            always ends.
    """
    user = prove(db, username, password, place=place, now=now)
    with db.write() as tx:
        return begin(tx, user, terms=terms, now=now)


def prove(db: Database, username: str, password: str | None, *, place: Place | None = None, now: datetime) -> User:
    """Return the person of this name, whose password this is, without signing them in. Raises as `sign_in` does."""
    name = folded(username)[:64]
    if not name:
        raise WrongPassword
    with db.write(alone=True) as tx:
        throttle.begin(tx, name, place, now=now)
        user = None if name.startswith(GUEST_PREFIX) else users.find(tx, name)
    if user is not None and place is not None and user.password_hash is None:
        user = None
    if not passwords.matches(user.password_hash if user else None, password, exists=user is not None):
        raise WrongPassword
    assert user is not None  # noqa: S101 - nothing matches when nobody has the name
    is_outdated = password and user.password_hash and passwords.is_outdated(user.password_hash)
    renewed = {"password_hash": passwords.hashed(password)} if password and is_outdated else None
    with db.write(alone=True) as tx:
        throttle.succeeded(tx, name, place, now=now)
        if renewed:
            users.change(tx, user.id, now=now, **renewed)
    return user


def sign_out(db: Database, token: str | None, *, now: datetime) -> None:
    """End the sign-in that `token` stands for, if it has not ended."""
    if token is None:
        return
    with db.write() as tx:
        found = valid(tx, token, now=now)
        if found is not None:
            sign_ins.revoke(tx, found.user_id, now=now, only=found.id)


def keep_alive(db: Database, token: str | None, *, now: datetime) -> None:
    """Note that a sign-in is in use, at most twice a day or eight times while it lasts, so that it does not expire."""
    with db.read() as tx:
        found = valid(tx, token, now=now)
    if found is not None:
        _keep_alive(db, found, now)


def own(db: Database, who: Who, *, now: datetime) -> list[SignIn]:
    """Return where the acting person is signed in, the last used first."""
    with db.read() as tx:
        return sign_ins.of_user(tx, who(tx).id, now=now)


def end(db: Database, who: Who, sign_in_id: int, *, now: datetime) -> None:
    """End one of the acting person's sign-ins; somebody else's, or one that has ended, stays as it is."""
    with db.write() as tx:
        sign_ins.revoke(tx, who(tx).id, now=now, only=sign_in_id)


def _keep_alive(db: Database, found: SignIn, now: datetime) -> None:
    lasts = found.expires_at - found.last_seen_at
    if now - found.last_seen_at >= min(_SEEN_EVERY, lasts / 8):
        with db.write() as tx:
            sign_ins.seen(tx, found.id, now=now, expires_at=now + lasts)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
