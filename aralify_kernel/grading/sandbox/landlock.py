"""Landlock: which files a process may touch, decided by the process itself and irrevocable."""

from __future__ import annotations

import contextlib
import os
import struct
from typing import TYPE_CHECKING

from aralify_kernel.grading.sandbox import linux

if TYPE_CHECKING:
    from collections.abc import Iterable

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_FOLDER = 1, 2, 4, 8
_REMOVE_FOLDER, _REMOVE_FILE, _MAKE_FOLDER, _MAKE_FILE, _MAKE_LINK, _TRUNCATE = 16, 32, 128, 256, 1 << 12, 1 << 14
_CHANGES = _WRITE_FILE | _REMOVE_FOLDER | _REMOVE_FILE | _MAKE_FOLDER | _MAKE_FILE | _MAKE_LINK | _TRUNCATE
_BITS_BY_VERSION = ((1, 13), (2, 14), (3, 15), (5, 16))


def version() -> int:
    """Return the version of Landlock in this kernel, 0 where there is none."""
    try:
        return linux.call(_CREATE, None, 0, 1)
    except OSError:
        return 0


def restrict(*, read: Iterable[str], write: Iterable[str], execute: Iterable[str] = ()) -> None:
    """Let this process read, write and start nothing on disk but what lies at these places, and use no TCP port.

    Places that do not exist are left out.

    Raises:
        OSError: The kernel has no Landlock.
    """
    abi = version()
    known = (1 << max((bits for since, bits in _BITS_BY_VERSION if since <= abi), default=0)) - 1
    network, signals = (3 if abi >= 4 else 0), (3 if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    rules = linux.call(_CREATE, struct.pack("<QQQ", known, network, signals)[:size], size, 0)
    try:
        for places, access in (
            (read, _READ_FILE | _READ_FOLDER),
            (execute, _EXECUTE | _READ_FILE | _READ_FOLDER),
            (write, _READ_FILE | _READ_FOLDER | _CHANGES),
        ):
            for place in places:
                with contextlib.suppress(FileNotFoundError):
                    _allow(rules, place, access & known)
        linux.no_new_privileges()
        linux.call(_RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, place: str, access: int) -> None:
    descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(place):  # noqa: PTH112 - inside the sandbox pathlib is not loaded
            access &= _EXECUTE | _READ_FILE | _WRITE_FILE | _TRUNCATE
        linux.call(_ADD_RULE, rules, 1, struct.pack("<Qi", access, descriptor), 0)
    finally:
        os.close(descriptor)
