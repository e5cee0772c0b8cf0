"""What is held about one person: handed out, erased, and let go of when it has been kept for long enough."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.errors import N_, InvalidValue, StoreError
from aralify_kernel.services import accounts, rebuild, sign_ins
from aralify_kernel.services.replaying import Published, replay
from aralify_kernel.store import attempts, personal_data, summaries, users

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

    from aralify_kernel.services.erasure_journal import ErasureJournal
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.services.throttle import Place
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.users import User

_AT_A_TIME: Final = 1000
"""How many sources are let go of in one transaction, so that nobody who submits waits for long."""

_NAMES: Final = {"course_id": "course", "level_id": "level", "lesson_id": "lesson"}


def export(db: Database, username: str, file: BinaryIO) -> dict[str, int]:
    """Write everything that is held about a person as a zip: `data.json`, and a CSV file of each table.

    Passwords and sign-in tokens, of which only hashes are held, are left out.

    Args:
        db: The database.
        username: The person.
        file: Where the zip goes.

    Returns:
        How many rows each table has.

    Raises:
        NotFound: Nobody has this user name.
    """
    with db.read() as tx:
        rows = personal_data.rows_of(tx, accounts.find(tx, username))
        plain = {table: _readable(tx, rows[table]) for table in sorted(rows)}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(plain, ensure_ascii=False, indent=1))
        for table, of in plain.items():
            if of:
                archive.writestr(f"{table}.csv", _as_csv(of))
    return {table: len(of) for table, of in plain.items()}


def export_own(
    db: Database, who: Who, password: str | None, file: BinaryIO, *, place: Place | None, now: datetime
) -> None:
    """Write as `export` does what is held about the acting person, who says once more who they are.

    Raises:
        WrongPassword: It is not their password. Who has none says nothing.
        TooManyTries: There were too many tries with wrong ones.
    """
    with db.read() as tx:
        username = who(tx).username
    confirm(db, who, username, password, place=place, now=now)
    export(db, username, file)


def erase(db: Database, username: str, journal: ErasureJournal, *, now: datetime) -> None:
    """Delete everything that is held about a person; the figures of their classes are then those of the others.

    Raises:
        NotFound: Nobody has this user name.
        DiskFull, DatabaseReadOnly: It cannot be noted in the journal, so nothing was erased.
    """
    with db.write(alone=True) as tx:
        user = accounts.find(tx, username)
        _erase(tx, user, Published(tx), now=now)
        # Last: what cannot be kept erased is not erased, and what fails before leaves no note of something undone.
        journal.keep({personal_data.person_hash(user): now})


def confirm(db: Database, who: Who, username: str, password: str | None, *, place: Place | None, now: datetime) -> None:
    """Return when the acting person says once more who they are; who has no password says it by the name alone.

    Raises:
        InvalidValue: It is not their user name.
        WrongPassword: It is not their password.
        TooManyTries: There were too many tries with wrong ones.
    """
    with db.read() as tx:
        user = who(tx)
    if sign_ins.folded(username) != user.username:
        reason = N_("This is not your own user name, so nothing was done.")
        raise InvalidValue(field="username", value=username[:60], reason=reason)
    if user.password_hash is not None:
        sign_ins.prove(db, username, password, place=place, now=now)


def erase_own(
    db: Database,
    who: Who,
    username: str,
    password: str | None,
    journal: ErasureJournal,
    *,
    place: Place | None,
    now: datetime,
) -> None:
    """Delete everything that is held about the acting person, who says once more who they are.

    Raises as `confirm` and `erase`.
    """
    confirm(db, who, username, password, place=place, now=now)
    erase(db, sign_ins.folded(username), journal, now=now)


def erase_again(tx: Transaction, erased: Mapping[str, datetime]) -> int:
    """Erase whoever is here and was erased before, when that was by `person_hash`; return how many were."""
    published, found = Published(tx), 0
    for user in users.all_users(tx):
        when = erased.get(personal_data.person_hash(user))
        if when is not None:
            _erase(tx, user, published, now=when)
            found += 1
    return found


def let_go_of_sources(db: Database, days: int, *, now: datetime) -> int:
    """Empty the code that learners wrote more than so many days ago, and what it printed; return how many answers had.

    Verdicts, points and everything that follows from them stay. A database that cannot be written now loses nothing
    by waiting for another time.

    Args:
        db: The database.
        days: For how long code is kept; 0 is for ever.
        now: The time.
    """
    if not days:
        return 0
    before, emptied = now - timedelta(days=days), 0
    with db.read() as tx:
        if not attempts.has_source_before(tx, before):
            return 0
    try:
        while True:
            with db.write() as tx:
                some = attempts.empty_sources(tx, before, _AT_A_TIME)
            emptied += some
            if some < _AT_A_TIME:
                return emptied
    except StoreError:
        return emptied


def _erase(tx: Transaction, user: User, published: Published, *, now: datetime) -> None:
    _, adds = replay(tx, user, published)
    for table in summaries.CLASS_TABLES:
        rows = getattr(adds, table)
        if rows:
            summaries.take_from_classes(tx, table, rows)
    personal_data.erase(tx, user, now=now)


def _readable(tx: Transaction, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows as JSON has them; where one names a course, topic or lesson by its number, also by its reference."""
    ids = rebuild.ids_of(tx)
    refs = {
        name: {id_: ref for ref, id_ in of.items()}
        for name, of in zip(_NAMES, (ids.courses, ids.levels, ids.lessons), strict=True)
    }
    readable = []
    for row in rows:
        named = {_NAMES[name]: refs[name].get(row[name]) for name in row.keys() & refs.keys()}
        readable.append({name: _plain(value) for name, value in row.items()} | named)
    return readable


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a moment, too
        return value.isoformat()
    return value.name if isinstance(value, Enum) else value


def _as_csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: json.dumps(of) if isinstance(of, dict | list) else of for name, of in row.items()})
    return out.getvalue()
