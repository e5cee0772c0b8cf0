"""What is stored: whether it can be used and is sound, kept a second time, and of a time that has been."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aralify_kernel.errors import N_, AralifyError, DatabaseOutdated
from aralify_kernel.services import backups
from aralify_kernel.services.doctor.findings import Finding, State
from aralify_kernel.store import integrity, schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aralify_kernel.services.doctor.findings import Surroundings

_BACKUP_LASTS: Final = timedelta(days=7)

_JITTER: Final = timedelta(minutes=5)
"""By how much the clocks of a database server and of this computer may differ."""


def database(around: Surroundings) -> Iterator[Finding]:
    """Tell whether the database can be used and is sound."""
    where = {"location": around.database.location}
    try:
        if around.database.is_local and schema.revision(around.database) is None:
            yield Finding(State.OK, N_("There is no database yet; it is made when Aralify is first used."))
            return
        schema.require_head(around.database)
        with around.database.read() as tx:
            problems = integrity.problems(tx)
    except DatabaseOutdated as error:
        # A file of this computer is brought up to date without being asked.
        yield Finding(State.WARNING if around.database.is_local else State.FAILS, error, details=where)
    except AralifyError as error:
        yield Finding(State.FAILS, error, details=where)
    else:
        yield _soundness(around.database.location, problems)


def backup(around: Surroundings) -> Iterator[Finding]:
    """Tell how old the last backup is that `aralify db backup` made."""
    last = backups.last(around.settings.home, around.database)
    advice = N_("Make one: aralify db backup FILE")
    if last is None:
        yield Finding(State.WARNING, N_("No backup was made here with “aralify db backup”."), advice)
        return
    age = around.now - last.made_at
    details = {"file": str(last.file), "days": max(0, age.days), "made_at": last.made_at.isoformat()}
    if not last.file.is_file():
        message = N_("The last backup, made {days} days ago, is no longer in “{file}”.")
        yield Finding(State.WARNING, message, N_("If it is not kept elsewhere, make a new one."), details)
    elif age > _BACKUP_LASTS:
        yield Finding(State.WARNING, N_("The last backup is {days} days old: “{file}”."), advice, details)
    else:
        yield Finding(State.OK, N_("The last backup is {days} days old: “{file}”."), details=details)


def clock(around: Surroundings) -> Iterator[Finding]:
    """Tell whether something was recorded later than now, so that the clock was, or is, wrong."""
    details = {"now": around.now.isoformat(timespec="seconds")}
    try:
        schema.require_head(around.database)
        with around.database.read() as tx:
            newest = integrity.newest_attempt_at(tx)
    except AralifyError:  # told by another check
        newest = None
    if newest is not None and newest > around.now + _JITTER:
        message = N_("It is {now} here, and the newest answer is of {newest}.")
        details["newest"] = newest.isoformat(timespec="seconds")
        yield Finding(State.FAILS, message, N_("Set this computer's clock, best by a time service."), details)
        return
    yield Finding(State.OK, N_("It is {now}; nothing recorded is later."), details=details)


def _soundness(location: str, problems: list[str]) -> Finding:
    if problems:
        details = {"location": location, "first": problems[0], "count": len(problems)}
        message = N_("The database at {location} is damaged: {first}")
        return Finding(State.FAILS, message, N_("Go back to a backup: aralify db restore FILE"), details)
    return Finding(State.OK, N_("The database at {location} is sound and up to date."), details={"location": location})
