"""What a hostile answer is: its source, the verdict it deserves, and the walls that hold it.

A name that begins with `@` stands for something of the computer it is tried on; `running.py` puts it in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aralify_kernel.domain.judging import Isolation, Verdict

EVERYWHERE: Final = frozenset(Isolation)
WALLS: Final = frozenset((Isolation.NAMESPACES, Isolation.LANDLOCK))
NAMESPACES: Final = frozenset((Isolation.NAMESPACES,))
WHY_NOT: Final = {
    WALLS: "limits keep an answer from nothing that its user may do: files, sockets, processes, signals",
    NAMESPACES: "Landlock does not hide that a file exists, nor has each attempt a memory file system of its own",
}
"""Why the modes that are left out do not hold an answer."""

PASSED, FAILED, ERROR = Verdict.PASSED, Verdict.FAILED, Verdict.ERROR
TIMEOUT, LIMIT = Verdict.TIMEOUT, Verdict.LIMIT

VISIBLE: Final = "assert area(2, 3) == 6"
HIDDEN: Final = "hidden:note = 'hidden-secret'\nassert area(71, 1013) == 71923, 'Look again.'"
CHECKS: Final = (VISIBLE, HIDDEN)
RIGHT: Final = "def area(w, h):\n    return w * h\n"
NOTHING: Final = "def area(w, h):\n    return None\n"


@dataclass(frozen=True, slots=True)
class Row:
    """One hostile answer.

    Attributes:
        source: What the learner sends.
        verdicts: Those that are right.
        held: The modes that hold it. In the others it is not tried: it would succeed.
        checks: What it is judged by.
        points: The most it may earn.
    """

    source: str
    verdicts: tuple[Verdict, ...]
    held: frozenset[Isolation] = EVERYWHERE
    checks: tuple[str, ...] = CHECKS
    points: int = 0


_REACHING: Final = """\
import ctypes, errno, mmap, os, signal, socket, struct, sys
found = []
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
def call(number, *given):
    got = libc.syscall(number, *given)
    if got < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return got
def is_served(number, *given):
    try:
        call(number, *(given or (0, 0, 0, 0, 0, 0)))
    except OSError as error:
        return error.errno not in (errno.EPERM, errno.ENOSYS, errno.EAGAIN)
    return True
def forked(make):
    if (got := make()) == 0:
        os._exit(0)
    return got > 0
def text(path, size=4096):
    with open(path, 'rb') as file:
        return file.read(size)
def written(path):
    with open(path, 'w') as file:
        file.write('x')
    return True
def reach(*attempts):
    for number, attempt in enumerate(attempts):
        try:
            if attempt():
                found.append(number)
        except Exception:
            pass
"""


def reaches(*attempts: str, before: str = "", held: frozenset[Isolation] = WALLS) -> Row:
    """An answer that is right, and tries to get at something first: each attempt must raise, or come to nothing."""
    tried = "".join(f"    lambda: {attempt},\n" for attempt in attempts)
    source = f"{_REACHING}{before}reach(\n{tried})\n{RIGHT}"
    return Row(source, (PASSED,), held, ("assert found == [], found", *CHECKS), 3)


def lies(source: str, *verdicts: Verdict, held: frozenset[Isolation] = EVERYWHERE, points: int = 0) -> Row:
    """An answer that is wrong and pretends to be right."""
    return Row(source, verdicts or (FAILED,), held, points=points)


def returns(value: str, before: str = "", *verdicts: Verdict) -> Row:
    """An answer whose function returns this instead of a number."""
    return lies(f"{before}def area(w, h):\n    return {value}\n", *verdicts)


def harms(source: str, *verdicts: Verdict, held: frozenset[Isolation] = EVERYWHERE) -> Row:
    """An answer that wants more than its share, before it is right."""
    return Row(f"{source}\n{RIGHT}", verdicts, held, points=2)
