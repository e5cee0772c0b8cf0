"""Letting a whole class in by its list: first looked through, then all of it or nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aralify_kernel.domain import rosters
from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.rosters import Entry
from aralify_kernel.domain.teaching import LetIn
from aralify_kernel.domain.time_zones import time_zone
from aralify_kernel.errors import N_, InvalidValue, RosterInvalid
from aralify_kernel.services import classrooms, password_codes
from aralify_kernel.store import classrooms as stored
from aralify_kernel.store import users

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from aralify_kernel.domain.rosters import RosterLine
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.classrooms import Classroom
    from aralify_kernel.store.database import Database, Transaction


def preview(db: Database, actor: Who | None, slug: str, data: bytes) -> tuple[RosterLine, ...]:
    """Return what each line of a roster would do to a class; nothing is changed.

    Raises:
        NotFound: There is no such class for this person.
        ClassArchived: It has been put away.
        InvalidValue: The file cannot be read as a roster.
    """
    with db.read() as tx:
        found = classrooms.find_to_change(tx, actor, slug)
        return tuple(_looked_up(tx, found, rosters.read(data)))


def let_in(
    db: Database, actor: Who | None, slug: str, data: bytes, *, language: str, timezone: str, now: datetime
) -> LetIn:
    """Let everybody on a roster into a class, making the accounts that are not there; all of them or nobody.

    Args:
        db: The database.
        actor: Who acts.
        slug: The class.
        data: The file.
        language: What the new accounts read.
        timezone: Where they are.
        now: The moment.

    Raises:
        RosterInvalid: A line cannot be read; `lines` has them all, and nothing is changed.
        NotFound: There is no such class for this person.
        ClassArchived: It has been put away.
        InvalidValue: The file cannot be read as a roster.
    """
    zone = time_zone(timezone)
    with db.write(alone=True) as tx:
        found = classrooms.find_to_change(tx, actor, slug)
        lines = tuple(_looked_up(tx, found, rosters.read(data)))
        problems = sum(1 for line in lines if line.entry is Entry.PROBLEM)
        if problems:
            first = next(line for line in lines if line.entry is Entry.PROBLEM)
            raise RosterInvalid(count=problems, line=first.number)
        new = [line for line in lines if line.entry is Entry.NEW]
        users.add_all(tx, (_account(line, language, zone) for line in new), now=now)
        ids = users.by_names(tx, [line.username for line in lines if line.entry is not Entry.IS_IN])
        entrusted = {ids[line.username] for line in new}
        stored.join_all(tx, found.id, ids.values(), entrusted, now=now)
        people = {ids[line.username]: (line.username, line.display_name) for line in new}
        codes = password_codes.make(tx, people, now=now)
        return LetIn(lines, tuple(codes))


def _looked_up(tx: Transaction, classroom: Classroom, lines: Iterable[RosterLine]) -> Iterator[RosterLine]:
    """Yield the lines with what they do, a user name for everybody who is new, and what does not go."""
    lines = list(lines)
    known = users.by_names(tx, [line.username for line in lines if line.username])
    emails = users.emails_among(tx, [line.email for line in lines if line.email])
    members = [one for one in stored.members(tx, classroom.id) if one.left_at is None]
    teachers = {one.username for one in members if one.role is ClassRole.TEACHER}
    present = {one.username: one.display_name for one in members if one.role is ClassRole.LEARNER}
    named: dict[str, list[str]] = {}
    for username, name in present.items():
        named.setdefault(name, []).append(username)
    taken = {line.username for line in lines} | known.keys()
    for line in lines:
        if line.entry is Entry.PROBLEM:
            yield line
        elif line.username in teachers:
            yield _teaches_there(line)
        elif line.username:
            yield _of_known(line, known, present, emails)
        elif named.get(line.display_name):
            yield replace(line, username=named[line.display_name].pop(0), entry=Entry.IS_IN)
        elif line.email in emails:
            yield _email_taken(line)
        else:
            username = rosters.username_for(line.display_name, lambda name: name in taken or _exists(tx, name))
            taken.add(username)
            yield replace(line, username=username)


def _of_known(
    line: RosterLine, known: Collection[str], present: Collection[str], emails: Collection[str]
) -> RosterLine:
    if line.username in present:
        return replace(line, entry=Entry.IS_IN)
    if line.username in known:
        return replace(line, entry=Entry.LET_IN)
    return _email_taken(line) if line.email in emails else line


def _email_taken(line: RosterLine) -> RosterLine:
    reason = N_("Another account has this e-mail address. Write its user name, or leave the address out.")
    problem = InvalidValue(field="email", value=line.email, reason=reason)
    return replace(line, entry=Entry.PROBLEM, problem=problem)


def _teaches_there(line: RosterLine) -> RosterLine:
    reason = N_("This is a teacher of the class, who cannot be its learner as well.")
    problem = InvalidValue(field="username", value=line.username, reason=reason)
    return replace(line, entry=Entry.PROBLEM, problem=problem)


def _exists(tx: Transaction, name: str) -> bool:
    return users.find(tx, name) is not None


def _account(line: RosterLine, language: str, timezone: str) -> dict[str, object]:
    return {
        "username": line.username,
        "email": line.email,
        "password_hash": None,
        "display_name": line.display_name,
        "locale": language,
        "timezone": timezone,
        "role": Role.USER,
        "avatar_url": None,
        "last_login_at": None,
    }
