"""The list of system calls a judged program may make, as a filter in the kernel (BPF, assembled by hand).

Everything that is not named gets EPERM. There is no way to start a process, to open a socket, to look into another
process or to signal one, on any of the roundabout ways either (F_SETOWN, FIOSETOWN, prlimit of others).
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

from aralify_kernel.grading.sandbox import linux
from aralify_kernel.grading.sandbox.syscalls import ALLOWED, AUDIT_ARCHITECTURE, LOOKED_AT

_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _HAS_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_X32 = 0x40000000
_THREAD, _NEW_NAMESPACES = 0x10000, 0x7E020000
_PRCTL_ALLOWED = (3, 15, 16, 21, 39, 0x53564D41)  # read-only ones, thread names, names of anonymous memory
_FCNTL_ALLOWED = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 1032, 36, 37, 38)  # duplicates, flags, locks, pipe size
_IOCTL_ALLOWED = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS, window size, FIONREAD/NBIO/NCLEX/CLEX
_SET_SECCOMP, _FILTER_MODE = 22, 2


def machine_is_known() -> bool:
    """Return whether there is a table for this processor."""
    return platform.machine() in AUDIT_ARCHITECTURE


def program(pid: int, *, may_change_modes: bool) -> bytes:
    """Return the filter for the process `pid`, which may signal nobody but itself.

    `may_change_modes` is for a process that sees no files but its own: chmod and utime ask for the owner only, and
    Landlock does not look at them.
    """
    machine = platform.machine()
    looked_at = LOOKED_AT[machine]
    lines = [_load(_ARCHITECTURE), _jump(_EQUAL, AUDIT_ARCHITECTURE[machine], 1, 0), _result(_KILL), _load(_NUMBER)]
    if machine == "x86_64":  # the x32 calls share the architecture
        lines += [_jump(_AT_LEAST, _X32, 0, 1), _result(_KILL)]
    for name, body in _bodies(pid, may_change_modes).items():
        if name in looked_at:
            lines += [_jump(_EQUAL, looked_at[name], 0, len(body)), *body]
    for number in sorted(ALLOWED[machine].values()):
        lines += [_jump(_EQUAL, number, 0, 1), _result(_ALLOW)]
    return b"".join([*lines, _refusal(errno.EPERM)])


def install(filter_: bytes) -> None:
    """Put this process, for the rest of its life, under `filter_`.

    Raises:
        OSError: The kernel refused.
    """

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    buffer = ctypes.create_string_buffer(filter_, len(filter_))
    linux.prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.byref(Program(len(filter_) // 8, ctypes.addressof(buffer))))


def _bodies(pid: int, may_change_modes: bool) -> dict[str, list[bytes]]:
    """Return, by name, what happens on a call whose arguments matter. Each body ends in a return."""
    no_more = _refusal(errno.EAGAIN)
    threads = [_argument(0), _jump(_HAS_BITS, _NEW_NAMESPACES, 0, 1), _refusal(errno.EPERM)]
    threads += [_jump(_HAS_BITS, _THREAD, 0, 1), _result(_ALLOW), no_more]
    # SIGKILL from inside is refused: a process that was killed was killed by somebody else.
    own = [_argument(1), _jump(_EQUAL, 9, 0, 1), _refusal(errno.EPERM)]
    own_thread = [_argument(2), _jump(_EQUAL, 9, 0, 1), _refusal(errno.EPERM)]
    to_self = _only(0, (pid,), errno.EPERM)
    modes = [_result(_ALLOW) if may_change_modes else _refusal(errno.EPERM)]
    return {
        **dict.fromkeys(("chmod", "fchmod", "fchmodat", "utimensat"), modes),
        "clone": threads,
        "clone3": [_refusal(errno.ENOSYS)],  # glibc then uses clone, whose flags can be seen
        "fork": [no_more],
        "vfork": [no_more],
        "kill": own + to_self,
        "tgkill": own_thread + to_self,
        "prctl": _only(0, _PRCTL_ALLOWED, errno.EPERM),
        "prlimit64": _only(0, (0, pid), errno.EPERM),
        "fcntl": _only(1, _FCNTL_ALLOWED, errno.EPERM),
        "ioctl": _only(1, _IOCTL_ALLOWED, errno.ENOTTY),
    }


def _only(argument: int, values: tuple[int, ...], error: int) -> list[bytes]:
    lines = [_argument(argument)]
    for value in values:
        lines += [_jump(_EQUAL, value, 0, 1), _result(_ALLOW)]
    return [*lines, _refusal(error)]


def _instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value & 0xFFFFFFFF)


def _load(offset: int) -> bytes:
    return _instruction(_LOAD, 0, 0, offset)


def _argument(number: int) -> bytes:
    return _load(_ARGUMENTS + 8 * number)


def _jump(code: int, value: int, if_true: int, if_false: int) -> bytes:
    return _instruction(code, if_true, if_false, value)


def _result(value: int) -> bytes:
    return _instruction(_RETURN, 0, 0, value)


def _refusal(error: int) -> bytes:
    return _result(0x00050000 | error)
