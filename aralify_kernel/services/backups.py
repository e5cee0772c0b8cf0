"""When the last backup of a database was made: kept beside it, so that somebody can be told when it is long ago."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aralify_kernel.services import copies

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.store.database import Database

_RECORD: Final = "last_backup.json"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made."""

    file: Path
    made_at: datetime


def back_up(db: Database, file: Path, home: Path, on_progress: Callable[[int, int], None], *, now: datetime) -> None:
    """Write one state of the database into a new SQLite file, and keep in `home` that it was made.

    Raises:
        CopyFailed: See `copies.backup`; nothing is kept then.
    """
    copies.backup(db, file, on_progress)
    record = {"database": db.location, "file": str(file.absolute()), "made_at": now.isoformat()}
    with suppress(OSError):  # the backup is what counts
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = home / f".{_RECORD}.part"
        part.write_text(json.dumps(record), encoding="utf-8")
        os.replace(part, home / _RECORD)  # noqa: PTH105 - also over an older one, which Path.rename does not everywhere


def last(home: Path, db: Database) -> Backup | None:
    """Return the last backup of this database that was made with this home; None when none is known."""
    try:
        record = json.loads((home / _RECORD).read_text(encoding="utf-8"))
        if record["database"] != db.location:
            return None
        return Backup(Path(record["file"]), datetime.fromisoformat(record["made_at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
