"""Folders that somebody has filled who means no good: how large they are, and how to be rid of them."""

from __future__ import annotations

import contextlib
import errno
import os

_ENTRY_BYTES = 4096
"""What a name counts at least, so that there is an end of empty files too."""


def is_larger(folder: str, most: int) -> bool:
    """Return whether what is in `folder` takes more than `most` bytes, or lies too deep to be looked at."""
    total, waiting = 0, [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    total += _size(entry)
                    if total > most:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError as error:  # gone meanwhile, or closed
            if error.errno == errno.ENAMETOOLONG:
                return True
    return False


def _size(entry: os.DirEntry[str]) -> int:
    with contextlib.suppress(FileNotFoundError):
        return max(entry.stat(follow_symlinks=False).st_blocks * 512, _ENTRY_BYTES)
    return _ENTRY_BYTES


def remove(folder: str) -> None:
    """Remove `folder` and all in it; leave what this user may not remove.

    Folders in folders are moved to the top before they are looked into: no path becomes too long and nothing recurses,
    however deep they are. (`shutil.rmtree` gives up at a thousand.)
    """
    mark, number = f"{folder}/{os.urandom(8).hex()}-", 0  # no name that was put there
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        with contextlib.suppress(OSError):
            entries = list(os.scandir(place))
            for entry in entries:
                with contextlib.suppress(OSError):
                    if not entry.is_dir(follow_symlinks=False):
                        os.unlink(entry.path)  # noqa: PTH108 - inside the sandbox pathlib is not loaded
                        continue
                    number += 1
                    os.chmod(entry.path, 0o700)  # noqa: PTH101
                    os.rename(entry.path, f"{mark}{number}")  # noqa: PTH104
                    waiting.append(f"{mark}{number}")
            if place != folder:
                os.rmdir(place)  # noqa: PTH106
    with contextlib.suppress(OSError):
        os.rmdir(folder)  # noqa: PTH106
