"""Whether there is room on the disks for what is still to be written."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aralify_kernel.errors import N_
from aralify_kernel.services.doctor.findings import Finding, State
from aralify_kernel.store.database import sqlite_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aralify_kernel.services.doctor.findings import Surroundings

MEGABYTE: Final = 1_000_000

_FEW: Final = 10
"""At the how many-eth part of the room at which one is warned it is no longer a warning."""


def room(around: Surroundings) -> Iterator[Finding]:
    """Tell for each folder that is written to how much room is left there; a disk that holds several is told once."""
    told = set()
    for folder in _folders(around):
        there = _nearest(folder)
        disk = there.stat().st_dev
        if disk not in told:
            told.add(disk)
            yield _room(folder, shutil.disk_usage(there).free, around.settings.disk_warning_mb * MEGABYTE)


def _folders(around: Surroundings) -> Iterator[Path]:
    if file := sqlite_file(around.database.url):
        yield file.absolute().parent
    yield around.settings.home
    yield around.settings.workspace
    yield Path(tempfile.gettempdir())


def _nearest(folder: Path) -> Path:
    """Return the folder, or the one in which it would be made."""
    return next(place for place in (folder, *folder.parents) if place.is_dir())


def _room(folder: Path, free: int, warning: int) -> Finding:
    details = {"folder": str(folder), "free_mb": free // MEGABYTE}
    if free >= warning:
        return Finding(State.OK, N_("{free_mb} MB are left for {folder}."), details=details)
    if free >= warning / _FEW:
        advice = N_("Make room before answers can no longer be kept.")
        return Finding(State.WARNING, N_("Only {free_mb} MB are left for {folder}."), advice, details)
    advice = N_("Make room now: soon no answer can be kept any more.")
    return Finding(State.FAILS, N_("Only {free_mb} MB are left for {folder}."), advice, details)
