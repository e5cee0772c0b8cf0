"""Where the kernels of one computer user meet their background grader."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import hashlib
import os
import socket
import stat
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aralify_kernel.settings import Settings

Mark = tuple[int, int]
_PACKAGE: Final = Path(__file__).parents[2]
_LONGEST: Final = 103
"""Bytes of a socket's path that every system takes (macOS the fewest)."""


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one background grader, in a folder that nobody else can enter."""

    folder: Path
    name: str

    @property
    def socket(self) -> Path:
        """The socket that it listens on."""
        return self.folder / f"{self.name}.sock"

    @property
    def log(self) -> Path:
        """What it has to say to an operator."""
        return self.folder / f"{self.name}.log"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others from starting or ending the grader of this place meanwhile."""
        with (self.folder / f"{self.name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def mark(self) -> Mark | None:
        """Return what tells the socket that is here now from every other that was; None when there is none."""
        try:
            status = self.socket.lstat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_ctime_ns

    def leave(self, mark: Mark | None) -> None:
        """Take the socket with this mark away, so that nobody comes any more; another's stays."""
        with self.locked():
            if mark is not None and self.mark() == mark:
                self.socket.unlink()


def place_of(settings: Settings) -> Place:
    """Return the place of the grader that judges with these settings, for this database and this Python.

    Raises:
        OSError: There can be no folder that belongs to this user alone, or its name is too long for a socket.
    """
    judging = {name: str(value) for name, value in dataclasses.asdict(settings).items() if name.startswith("judge_")}
    identity = repr((settings.database_url, sorted(judging.items()), sys.prefix))
    _make_private(settings.runtime)
    place = Place(settings.runtime, hashlib.sha256(identity.encode()).hexdigest()[:16])
    if len(os.fsencode(place.socket)) > _LONGEST:
        raise OSError(f"the name of the folder is too long for a socket: {settings.runtime}")
    return place


def installed() -> str:
    """Return what tells one installation of Aralify from the next: the files that judge, as they are now."""
    files = [path for part in ("grading", "domain") for path in (_PACKAGE / part).rglob("*.py")]
    files = sorted([*files, _PACKAGE / "__init__.py"])
    stats = [(path.name, *_size_and_time(path)) for path in files]
    return hashlib.sha256(repr(stats).encode()).hexdigest()[:16]


def is_own(connection: socket.socket) -> bool:
    """Return whether the other side belongs to this user; True where the system does not tell (the folder guards)."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, owner, _ = struct.unpack("3i", data)
    return bool(owner == os.getuid())


def _size_and_time(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _make_private(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise PermissionError(f"{folder} must be a folder of your own, with mode 0700")
