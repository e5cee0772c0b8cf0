"""Starts fork servers (`inside/fork_server.py`) and has them fork programs. Linux and macOS."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.judging import Isolation
from aralify_kernel.grading.sandbox import bubblewrap, folders, places, walls

if TYPE_CHECKING:
    from collections.abc import Sequence

_START_SECONDS: Final = 60
_END_SECONDS: Final = 3
_NAME_BYTES: Final = 16
_READY: Final = b"ready"
_TEMPORARY: Final = "aralify-scratch-"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a forked process ended: its exit status (negative: the signal that killed it) and the time it computed."""

    status: int
    cpu_seconds: float
    is_over_disk: bool


class Lease:
    """One forked process, from this side. Closing it ends the process."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def ending(self, seconds: float) -> Ending | None:
        """Return how the process ended; None when it has not within `seconds`, or nobody is left who knows."""
        with contextlib.suppress(OSError, ValueError):
            if select.select([self._line], [], [], seconds)[0]:
                status, cpu_seconds, is_over_disk = self._line.recv(64).split()
                return Ending(int(status), float(cpu_seconds), is_over_disk == b"1")
        return None

    def close(self) -> None:
        """End the process if it has not ended."""
        self._line.close()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a fork server is to be.

    Attributes:
        isolation: The walls around what it forks; those of a room around itself too.
        programs: Names in `inside/fork_server.py` of what it can fork.
        has_own_files: Whether each process has an empty folder of its own.
        cpu_seconds: Computing time of a process, after which the system kills it.
        memory_mb: Memory of a process beyond what the server has loaded; 0 is no limit.
        preload: Packages that are loaded before anything is forked.
        spares: How many processes stand ready.
        scratch_root: The folder of all scratch folders, where there are no namespaces.
    """

    isolation: Isolation
    programs: tuple[str, ...]
    has_own_files: bool
    cpu_seconds: int
    memory_mb: int
    preload: tuple[str, ...] = ()
    spares: int = 2
    scratch_root: str = ""

    def command(self, control: int) -> list[str]:
        """Return the command that starts the server with `control` as its control socket."""
        in_room = self.isolation is Isolation.NAMESPACES
        config = {
            "mode": self.isolation.value,
            "programs": self.programs,
            "has_own_files": self.has_own_files,
            "cpu_seconds": self.cpu_seconds,
            "memory_mb": self.memory_mb,
            "preload": self.preload,
            "spares": self.spares,
            "scratch_root": self.scratch_root,
            "path": places.packages(),
            "read": places.readable() if self.isolation is Isolation.LANDLOCK else [],
            "leaves_root": in_room or places.open_to_all(),
        }
        program = places.program("fork_server", str(control), json.dumps(config), in_room=in_room)
        return bubblewrap.command(program, **places.of_python()) if in_room else program


class WarmServer:
    """A fork server that was started. May be used by several threads at once, once it is ready.

    Raises:
        OSError: It did not start.
    """

    def __init__(self, plan: Plan) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                plan.command(theirs.fileno()),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                env=_environment(),
                cwd="/",
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Return when the server can fork.

        Raises:
            OSError: It has ended instead.
        """
        self._control.settimeout(_START_SECONDS)
        answer = b""
        with contextlib.suppress(OSError):
            answer = self._control.recv(len(_READY))
        self._control.settimeout(None)
        if answer != _READY:
            self._errors.seek(0)
            said = self._errors.read().decode(errors="replace").strip().splitlines()
            raise OSError(f"the fork server did not start: {said[-1:]}")

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process that was started: the server itself, or the bubblewrap around it."""
        return self._process.pid

    def fork(self, program: str, descriptors: Sequence[int]) -> Lease:
        """Have `program` run in a process of its own with these descriptors; return the lease on it.

        Raises:
            OSError: The server is gone.
        """
        mine, theirs = socket.socketpair()
        with theirs:
            try:
                with self._lock:
                    name = program.encode().ljust(_NAME_BYTES)
                    socket.send_fds(self._control, [name], [theirs.fileno(), *descriptors])
            except OSError:
                mine.close()
                raise
        return Lease(mine)

    def close(self) -> None:
        """End the server and everything it forked."""
        with contextlib.suppress(OSError):
            self._control.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()


def make_scratch_root() -> str:
    """Return a new folder for the scratch folders of one pair of servers; remove those whose owner was killed."""
    _sweep()
    made = tempfile.mkdtemp(prefix=f".{_TEMPORARY}")
    _held[folder := made.replace(f".{_TEMPORARY}", _TEMPORARY)] = _lock(made)
    if os.getuid() == 0 and places.open_to_all():
        os.chown(made, walls.LEARNER_UID, walls.LEARNER_UID)
    Path(made).rename(folder)  # under this name it is locked from the first moment on
    return folder


def remove_scratch_root(folder: str) -> None:
    """Remove what `make_scratch_root` made and all in it."""
    folders.remove(folder)
    os.close(_held.pop(folder))


_held: dict[str, int] = {}
"""The scratch roots of this process, each with its lock, which ends with the process however that ends."""


def _lock(folder: str) -> int:
    """Return a descriptor that holds the lock of `folder`.

    Raises:
        OSError: It is another's, or no folder of ours.
    """
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(descriptor).st_uid not in (os.getuid(), walls.LEARNER_UID):
            raise PermissionError(folder)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _sweep() -> None:
    for left in Path(tempfile.gettempdir()).glob(f"{_TEMPORARY}*"):
        with contextlib.suppress(OSError):
            descriptor = _lock(str(left))
            folders.remove(str(left))
            os.close(descriptor)


def _environment() -> dict[str, str]:
    """Return the whole environment of the server and what it forks: nothing of this process's own."""
    home = {"HOME": walls.SCRATCH, "TMPDIR": walls.SCRATCH, "PATH": os.defpath, "LANG": "C.UTF-8"}
    # One thread each: the pools of numerical libraries would reserve more memory than an attempt may have.
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**home, **threads, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}  # equal answers show sets in equal order
