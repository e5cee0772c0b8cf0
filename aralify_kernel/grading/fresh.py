"""Runs an attempt in a fresh process, checks and learner's code together: where nothing can be forked.

What it holds off is accidents: an endless loop, too much memory or output, a crash. It does not hold off intent.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from aralify_kernel.grading.traces import Trace, parsed

if TYPE_CHECKING:
    from aralify_kernel.grading.programs import Program

_PROGRAM: Final = str(Path(__file__).parent / "inside" / "main.py")
_REPORT_BYTES: Final = 8 * 1024 * 1024
_GRACE_SECONDS: Final = 2.0
"""How much longer than the attempt's own clock the host waits, for a process that stopped the clock."""


class FreshRunner:
    """Starts attempts and knows those that still run."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._is_closed = False

    def run(self, program: Program, deadline_seconds: float) -> Trace:
        """Run `program` in a fresh process and a folder of its own; return what came of it.

        Raises:
            OSError: The process could not be started, or this runner is closed.
        """
        if self._is_closed:
            raise OSError("the grader is closed")
        with tempfile.TemporaryDirectory(prefix="aralify-", ignore_cleanup_errors=True) as folder:
            process = _start(folder)
            with self._lock:
                self._running.add(process)
            try:
                return _collect(process, program.packed(), deadline_seconds + _GRACE_SECONDS)
            finally:
                _end(process)
                with self._lock:
                    self._running.discard(process)

    def close(self) -> None:
        """End every attempt that still runs."""
        with self._lock:
            self._is_closed = True
            running = list(self._running)
        for process in running:
            _kill(process)


def _start(folder: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program, no shell
        [sys.executable, "-s", "-S", "-P", _PROGRAM, "here"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=_environment(folder),
        bufsize=0,
        start_new_session=True,
    )


def _environment(folder: str) -> dict[str, str]:
    """Return the whole environment of an attempt; nothing of this process's own but what Windows cannot start without."""
    allowed = {"HOME": folder, "TMPDIR": folder, "TEMP": folder, "TMP": folder, "PATH": os.defpath, "LANG": "C.UTF-8"}
    # One thread each: the pools of numerical libraries would reserve more memory than an attempt may have.
    allowed |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    allowed |= {"PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}  # equal answers show sets in equal order
    if sys.platform == "win32":
        allowed["SYSTEMROOT"] = os.environ["SYSTEMROOT"]  # noqa: TID251 - no setting: Python cannot start without
    return allowed


def _collect(process: subprocess.Popen[bytes], task: bytes, seconds: float) -> Trace:
    assert process.stdin  # noqa: S101
    assert process.stdout  # noqa: S101
    received = bytearray()
    reader = threading.Thread(target=_read, args=(process.stdout, received), daemon=True)
    reader.start()
    with contextlib.suppress(OSError):  # it died at once: the empty report says so
        _write(process.stdin, task)
    reader.join(seconds)
    is_late = reader.is_alive()
    if is_late:
        _kill(process)
        reader.join(1)
    trace = parsed(bytes(received))
    trace.is_late = is_late
    with contextlib.suppress(subprocess.TimeoutExpired):
        trace.status = process.wait(0.5 if not trace.has("done") else 0)
    return trace


def _write(pipe: IO[bytes], data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[pipe.write(view) :]


def _read(pipe: IO[bytes], received: bytearray) -> None:
    """Read until the attempt is done, has ended, or says more than any honest one can."""
    with contextlib.suppress(OSError, ValueError):
        while len(received) < _REPORT_BYTES and (piece := pipe.read(65536)):
            received += piece
            if received.endswith(b"\ndone\n"):
                return


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the process group, and take the process off the system's list."""
    _kill(process)
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with contextlib.suppress(OSError):
                pipe.close()
    process.wait()
