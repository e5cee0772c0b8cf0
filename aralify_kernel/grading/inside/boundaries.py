"""The limits of one attempt: computing time, wall-clock, memory, file size, processes.

They guard against accidents. Learner code that wants to lift them can; what it cannot lift are the walls around it.
"""

from __future__ import annotations

import errno
import faulthandler
import os
import sys

from aralify_kernel.grading.sandbox.limits import limit_all, raise_memory

_STARTS_A_PROCESS = frozenset(
    ("os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.exec", "os.system", "os.startfile", "subprocess.Popen")
)


class Boundaries:
    """Sets the limits and, at its end, gives back what is needed to say so."""

    def __init__(self, memory_mb: int | None, descriptor: int) -> None:
        """Set the limits; without `memory_mb` they are set already. The clock writes to `descriptor`."""
        self._descriptor = descriptor
        self.process_error: OSError | None = None
        if memory_mb is not None:
            limit_all(cpu_seconds=None, threads=None, memory_bytes=memory_mb * 1024 * 1024)

    def start_clock(self, cpu_seconds: float, wall_seconds: float) -> None:
        """Give the code that runs next its time. At the end the lines it was on are written to the report.

        Both clocks are kept by C code, so that `10 ** 10 ** 10`, which never lets another Python thread run, ends too.
        """
        faulthandler.cancel_dump_traceback_later()
        faulthandler.dump_traceback_later(wall_seconds, exit=True, file=self._descriptor)
        try:
            # `signal` without its enums, which cost 5 ms
            from _signal import ITIMER_PROF, SIGPROF, setitimer  # type: ignore[import-not-found]
        except ImportError:  # Windows
            return
        faulthandler.register(SIGPROF, file=self._descriptor, all_threads=False, chain=True)
        setitimer(ITIMER_PROF, cpu_seconds)

    def refuse_processes(self) -> None:
        """From here on, starting a process fails as it does when there are too many."""
        sys.addaudithook(self._audit)

    def _audit(self, event: str, _arguments: tuple[object, ...]) -> None:
        if event in _STARTS_A_PROCESS:
            self.process_error = BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            raise self.process_error

    def met_by(self, error: BaseException) -> str | None:
        """Return which limit `error` comes from, or None."""
        if isinstance(error, MemoryError):
            raise_memory()
            return "memory"
        if error is self.process_error:
            return "processes"
        if isinstance(error, OSError) and error.errno in (errno.EFBIG, errno.ENOSPC):
            return "file"
        return None


def die_with(parent_pipe: int) -> None:
    """Have the whole process group killed when the host, which holds the other end of `parent_pipe`, dies (Linux).

    PR_SET_PDEATHSIG would need ctypes (4 ms), and fires already when the thread that started this process ends.
    """
    try:
        import fcntl

        fcntl.fcntl(parent_pipe, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(parent_pipe, 10, 9)  # F_SETSIG, SIGKILL
        flags = fcntl.fcntl(parent_pipe, fcntl.F_GETFL)
        fcntl.fcntl(parent_pipe, fcntl.F_SETFL, flags | os.O_ASYNC)  # type: ignore[attr-defined,unused-ignore]
    except (ImportError, AttributeError, OSError):
        return
