"""Letting in whom a JupyterHub sends: they get an account when they first come, and what their groups give each time."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain import arrivals
from aralify_kernel.errors import NameTaken
from aralify_kernel.services import accounts, sign_ins
from aralify_kernel.store import classrooms, users

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.arrivals import Arrival, GroupRule
    from aralify_kernel.domain.classrooms import ClassRole
    from aralify_kernel.services.sign_ins import Terms
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.users import User

LOG: Final = logging.getLogger(__name__)


def arrive(
    db: Database,
    arrival: Arrival,
    rules: tuple[GroupRule, ...],
    *,
    terms: Terms,
    token: str | None = None,
    language: str,
    timezone: str,
    now: datetime,
) -> tuple[str, str]:
    """Sign in whom the Hub sends; return the token of their sign-in and their user name.

    Args:
        db: The database.
        arrival: Who comes.
        rules: What groups give. Roles, once a rule gives any, and the classes that rules name are as the Hub's groups
            are from then on: who left a group loses what it gave. Where the groups are not known, nothing changes.
        terms: What the sign-in is good for.
        token: Of the sign-in, which goes on if there is one of theirs already; a new one when left out.
        language: Of an account that is made.
        timezone: The same.
        now: The moment.
    """
    user = _account(db, arrival, language, timezone, now)
    if arrival.groups is not None:
        _follow(db, user, rules, arrival.groups, now)
    if token is None:
        return sign_ins.begin_for(db, user, terms=terms, now=now), user.username
    sign_ins.go_on_with(db, user, token, terms=terms, now=now)
    return token, user.username


def _account(db: Database, arrival: Arrival, language: str, timezone: str, now: datetime) -> User:
    name = arrivals.username(arrival.name)
    shown = arrival.name if arrival.name.isprintable() else name
    with db.read() as tx:
        found = users.find(tx, name)
    if found is not None:
        return found
    wanted = accounts.NewAccount(name, display_name=shown[:80], language=language, timezone=timezone)
    try:
        return accounts.add(db, wanted, now=now)
    except NameTaken:  # they came twice at once
        with db.read() as tx:
            return accounts.find(tx, name)


def _follow(db: Database, user: User, rules: tuple[GroupRule, ...], groups: frozenset[str], now: datetime) -> None:
    role = arrivals.role_of(rules, groups)
    parts = arrivals.parts_of(rules, groups)
    with db.read() as tx:
        changed = _changed_parts(tx, user, parts)
    if role in {None, user.role} and not changed:
        return
    with db.write(alone=True) as tx:
        if role is not None and role is not user.role:
            users.change(tx, user.id, now=now, role=role)
        for classroom_id, part in _changed_parts(tx, user, parts).items():
            classrooms.leave(tx, classroom_id, user.id, now=now)
            if part is not None:
                classrooms.join(tx, classroom_id, user.id, part, now=now)


def _changed_parts(tx: Transaction, user: User, parts: dict[str, ClassRole | None]) -> dict[int, ClassRole | None]:
    changed = {}
    for slug, part in parts.items():
        classroom = classrooms.find(tx, slug)
        if classroom is None:
            LOG.warning("ARALIFY_HUB_GROUPS names the class %s, which there is not", slug)
        elif classrooms.role_in(tx, classroom.id, user.id) is not part:
            changed[classroom.id] = part
    return changed
