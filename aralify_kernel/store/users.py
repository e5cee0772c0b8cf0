"""Queries about people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select

from aralify_kernel.store import upserts
from aralify_kernel.store.models import UserRow, UserSettingsRow
from aralify_kernel.store.values import table_of, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Column, Row, Select

    from aralify_kernel.domain.permissions import Role
    from aralify_kernel.store.database import Transaction

_USERS, _SETTINGS = table_of(UserRow), table_of(UserSettingsRow)
_WITH_SETTINGS = select(_USERS, _SETTINGS.c.user_id.label("settings_of"), _SETTINGS.c.time_factor).outerjoin(_SETTINGS)
_BY_ID, _BY_NAME, _BY_EMAIL = (
    _WITH_SETTINGS.where(column == bindparam("this")) for column in (_USERS.c.id, _USERS.c.username, _USERS.c.email)
)
_AT_A_TIME: Final = 500
_LOCKED = _BY_ID.with_for_update(of=_USERS)


@dataclass(frozen=True, slots=True)
class Figures:
    """What of a person follows from what they did."""

    xp_total: int
    level: int
    streak_current: int
    streak_longest: int


@dataclass(frozen=True, slots=True)
class User:
    """A person as stored. `time_factor` is None for "no limit"."""

    id: int
    email: str | None
    username: str
    password_hash: str | None
    display_name: str
    avatar_url: str | None
    bio: str
    locale: str
    timezone: str
    xp_total: int
    level: int
    streak_current: int
    streak_longest: int
    role: Role
    is_verified: bool
    last_login_at: datetime | None
    created_at: datetime
    time_factor: float | None

    @property
    def figures(self) -> Figures:
        """What follows from what they did."""
        return Figures(self.xp_total, self.level, self.streak_current, self.streak_longest)


def find(tx: Transaction, username: str) -> User | None:
    """Return the person with this (case-folded) user name."""
    return _one(tx, _BY_NAME, username)


def find_by_email(tx: Transaction, email: str) -> User | None:
    """Return the person with this (case-folded) e-mail address."""
    return _one(tx, _BY_EMAIL, email)


def get(tx: Transaction, user_id: int) -> User | None:
    """Return the person with this id."""
    return _one(tx, _BY_ID, user_id)


def lock(tx: Transaction, user_id: int) -> User | None:
    """Return the person, whose row nobody else changes before this transaction ends."""
    return _one(tx, _LOCKED, user_id)


def all_users(tx: Transaction) -> list[User]:
    """Return everybody, by user name."""
    return [_user(row) for row in tx.connection().execute(_WITH_SETTINGS.order_by(_USERS.c.username))]


def add(tx: Transaction, *, now: datetime, **columns: Any) -> User:
    """Insert a person who has earned nothing yet."""
    user_id = upserts.insert(tx, _USERS, _new(now) | columns)
    return _user(tx.connection().execute(_BY_ID, {"this": user_id}).one())


def add_all(tx: Transaction, people: Iterable[dict[str, Any]], *, now: datetime) -> None:
    """Insert people who have earned nothing yet."""
    rows = [_new(now) | one for one in people]
    if rows:
        tx.connection().execute(_USERS.insert(), rows)


def by_names(tx: Transaction, usernames: Sequence[str]) -> dict[str, int]:
    """Return the ids of those of these (case-folded) user names that somebody has."""
    return {row.username: row.id for row in _among(tx, _USERS.c.username, usernames)}


def emails_among(tx: Transaction, emails: Sequence[str]) -> set[str]:
    """Return those of these (case-folded) e-mail addresses that somebody has."""
    return {row.email for row in _among(tx, _USERS.c.email, emails)}


def change(tx: Transaction, user_id: int, *, now: datetime, **columns: Any) -> None:
    """Change the given columns of a person."""
    upserts.change(tx, _USERS, {"id": user_id}, columns | {"updated_at": now})


def set_time_factor(tx: Transaction, user_id: int, factor: float | None) -> None:
    """Keep how much longer a person's timed runs last; None for no limit."""
    row = tx.get(UserSettingsRow, user_id)
    if row is None:
        tx.add(UserSettingsRow(user_id=user_id, time_factor=factor))
    else:
        row.time_factor = factor
    tx.flush()


def _new(now: datetime) -> dict[str, Any]:
    figures = {"xp_total": 0, "level": 1, "streak_current": 0, "streak_longest": 0}
    return figures | {"bio": "", "is_verified": False, "created_at": now, "updated_at": now}


def _among(tx: Transaction, column: Column[Any], values: Sequence[str]) -> Iterator[Any]:
    """Yield the people who have one of these values; asked for a few hundred at a time, as a statement has limits."""
    columns = (_USERS.c.id, _USERS.c.username, _USERS.c.email)
    for start in range(0, len(values), _AT_A_TIME):
        yield from tx.connection().execute(select(*columns).where(column.in_(values[start : start + _AT_A_TIME])))


def _one(tx: Transaction, query: Select[Any], this: int | str) -> User | None:
    row = tx.connection().execute(query, {"this": this}).one_or_none()
    return None if row is None else _user(row)


def _user(row: Row[Any]) -> User:
    return value(User, row, time_factor=1.0 if row.settings_of is None else row.time_factor)
