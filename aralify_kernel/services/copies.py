"""Keeping a copy of the database, bringing it back, and moving to another database."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aralify_kernel.errors import N_, CopyFailed, DatabaseUnusable
from aralify_kernel.services import personal_data, rebuild
from aralify_kernel.store import copying, schema, users
from aralify_kernel.store import personal_data as stored
from aralify_kernel.store.database import Database, sqlite_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from aralify_kernel.services.erasure_journal import ErasureJournal


def backup(db: Database, file: Path, on_progress: Callable[[int, int], None]) -> None:
    """Write one state of the database into a new SQLite file, while learners go on working.

    Args:
        db: The database, of either kind.
        file: The file; it appears when it is whole, readable by its owner only.
        on_progress: Called with the number of rows written, of all.

    Raises:
        CopyFailed: There is a file already, or it cannot be written.
    """
    if file.exists():
        raise CopyFailed(location=str(file), reason=N_("There is a file already. Choose another name."))
    with _part_of(file) as part:
        own = sqlite_file(db.url)
        if own is not None:
            copying.snapshot(own, part)
        else:
            with _opened(part) as new:
                schema.upgrade(new)
                with db.read() as source, new.write(alone=True) as target:
                    copying.carry(source, target, on_progress)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.rename(file)


def restore(
    db: Database, file: Path, journal: ErasureJournal, on_progress: Callable[[int, int], None], *, now: datetime
) -> int:
    """Make the database what it was when the backup was made; return how many people were erased again.

    It happens in one transaction: interrupted, nothing has changed. Who was erased since the backup stays erased, also
    when the database is a new one because the old one is lost.

    Args:
        db: The database, of either kind, at head.
        file: A backup, also of an earlier version.
        journal: Where erasures are noted beside the database.
        on_progress: Called with the number of rows brought back, of all.
        now: The time.

    Raises:
        DatabaseUnusable: The file is no backup, or the journal cannot be read.
        DatabaseNewer: It was made by a newer Aralify.
    """
    if not file.is_file():
        raise DatabaseUnusable(location=str(file), reason=N_("The file is not there, or you may not open it."))
    with tempfile.TemporaryDirectory(prefix="aralify-restore-") as folder:
        copy = Path(shutil.copy(file, folder))
        with _opened(copy) as old:
            if schema.revision(old) is None:
                raise DatabaseUnusable(location=str(file), reason=N_("It holds no backup."))
            schema.upgrade(old, lambda tx: rebuild.follow(tx, lambda *_: None, now=now))
            with old.read() as source, db.write(alone=True) as target:
                erased = journal.erased() | stored.erasures(target)
                copying.empty(target)
                copying.carry(source, target, on_progress)
                again = personal_data.erase_again(target, erased)
                stored.keep_erasures(target, erased)
    return again


def copy(
    source: Database,
    target: Database,
    on_progress: Callable[[int, int], None],
    on_replay: Callable[[int, int], None],
) -> dict[str, int]:
    """Move everything into another database; interrupted, it goes on from there when it is begun again.

    What was written meanwhile comes along; before the last time, nobody should write any more. At the end every figure
    is rebuilt from the facts in the new database, and must be what the old one has.

    Args:
        source: At head.
        target: New, or not copied to the end.
        on_progress: Called with the number of rows copied, of all.
        on_replay: Called with the number of learners replayed, of all, when everything is copied.

    Returns:
        How many rows each table has.

    Raises:
        CopyFailed: Somebody uses the target already; or it has become something else than what it was copied from.
    """
    schema.require_head(source)
    if schema.begin_copy(target):
        with target.read() as tx:
            if users.all_users(tx):
                raise CopyFailed(location=target.location, reason=N_("Somebody uses it already. Copy into a new one."))
        schema.mark_copy(target, is_whole=False)
    with source.read() as old:
        with target.write(alone=True) as new:
            copying.carry(old, new, on_progress, new.commit)
        expected = copying.counts(old), users.all_users(old)
    with target.read() as new:
        found = copying.counts(new), users.all_users(new)
    differences = rebuild.check(target, on_replay)
    if found != expected or differences:
        reason = N_("What arrived is not what was sent. Run “aralify db check” on both.")
        raise CopyFailed(location=target.location, reason=reason)
    schema.mark_copy(target, is_whole=True)
    return found[0]


@contextmanager
def _opened(file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}")
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def _part_of(file: Path) -> Iterator[Path]:
    """Make an empty file beside `file`, readable by its owner only; it goes again unless it is renamed."""
    part = file.with_name(f".{file.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise CopyFailed(location=str(file), reason=N_("The file cannot be written there.")) from error
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)
