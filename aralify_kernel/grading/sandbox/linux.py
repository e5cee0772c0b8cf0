"""The system calls that Python's standard library does not offer, through ctypes."""

from __future__ import annotations

import ctypes
import os
import platform
import struct

NEW_MOUNTS = 0x20000
NEW_USERS = 0x10000000
READ_ONLY, NO_SUID, NO_DEVICES, NO_EXEC, RECURSIVE, PRIVATE = 1, 2, 4, 8, 1 << 14, 1 << 18

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
_CAPSET = {"x86_64": 126, "aarch64": 91}
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def call(number: int, *arguments: object) -> int:
    """Make a system call by its number; return what it returns.

    Raises:
        OSError: The kernel refused.
    """
    return _checked(int(_libc.syscall(number, *arguments)))


def prctl(option: int, value: object = 0, more: object = 0) -> int:
    """Change something about this process; return what the kernel answers.

    Raises:
        OSError: The kernel refused.
    """
    first = ctypes.c_ulong(value) if isinstance(value, int) else value
    return _checked(int(_libc.prctl(option, first, more, 0, 0)))


def unshare(flags: int) -> None:
    """Give this process namespaces of its own.

    Raises:
        OSError: The kernel refused.
    """
    _checked(int(_libc.unshare(flags)))


def mount(source: str, target: str, kind: str | None, flags: int, data: str = "") -> None:
    """Mount a file system.

    Raises:
        OSError: The kernel refused.
    """
    named = kind.encode() if kind else None
    _checked(int(_libc.mount(source.encode(), target.encode(), named, ctypes.c_ulong(flags), data.encode() or None)))


def no_new_privileges() -> None:
    """Let no program started from here gain rights, by setuid or otherwise."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent() -> None:
    """Be killed when the thread that started this process ends."""
    prctl(_PR_SET_PDEATHSIG, 9)


def be_dumpable() -> None:
    """Own one's files in /proc again, which a change of user takes away: a map of users is written there."""
    prctl(_PR_SET_DUMPABLE, 1)


def drop_capabilities() -> None:
    """Give up every capability, also for what is started later."""
    for capability in range(64):
        try:
            prctl(_PR_CAPBSET_DROP, capability)
        except OSError:  # the last one, or no right to drop: then there is none to gain either
            break
    header, none = struct.pack("<Ii", 0x20080522, 0), bytes(24)
    call(_CAPSET[platform.machine()], header, none)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
