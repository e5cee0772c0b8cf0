"""Runs one attempt in a fresh process and collects what it reports."""

from __future__ import annotations

import base64
import contextlib
import marshal
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROGRAM: Final = str(Path(__file__).parent / "inside" / "main.py")
_REPORT_BYTES: Final = 8 * 1024 * 1024
_GRACE_SECONDS: Final = 2.0
"""How much longer than the attempt's own clock the host waits, for a process that stopped the clock."""
_KILLED_BY_CLOCK: Final = -27  # SIGPROF on Linux and macOS
_FRAME: Final = re.compile(r'File "<your code>", line (\d+)')


@dataclass(slots=True)
class Event:
    """One line that the attempt reported."""

    name: str
    fields: dict[str, str]

    def number(self, key: str) -> int | None:
        """Return the whole number in field `key`, or None."""
        value = self.fields.get(key, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


@dataclass(slots=True)
class Trace:
    """All that is known of an attempt that ended."""

    events: list[Event] = field(default_factory=list)
    tail: str = ""
    """What came on the line that was no event: the stack at the end of the time."""
    status: int | None = None
    is_late: bool = False
    """The host had to end it."""

    @property
    def ran_out_of_time(self) -> bool:
        """Whether a clock ended it."""
        return not self.has("done") and (self.is_late or self.status == _KILLED_BY_CLOCK or "Timeout (" in self.tail)

    @property
    def was_killed(self) -> bool:
        """Whether somebody else ended it: the system, or the close of the grader."""
        return not self.has("done") and not self.is_late and self.status in (-9, -15)  # SIGKILL, SIGTERM

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines of the learner's source it was on when its time ended, the innermost first."""
        return tuple(int(line) for line in _FRAME.findall(self.tail))

    def has(self, name: str) -> bool:
        """Return whether an event called `name` came."""
        return any(event.name == name for event in self.events)


class Runner:
    """Starts attempts and knows those that still run."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._is_closed = False

    def run(self, task: Mapping[str, Any], files: Mapping[str, str], deadline_seconds: float) -> Trace:
        """Run `task` in a fresh process and an own folder that holds `files`; return what came of it.

        Raises:
            OSError: The process could not be started, or this runner is closed.
        """
        if self._is_closed:
            raise OSError("the grader is closed")
        with tempfile.TemporaryDirectory(prefix="aralify-", ignore_cleanup_errors=True) as folder:
            _put_files(Path(folder), files)
            process = _start(folder)
            with self._lock:
                self._running.add(process)
            try:
                return _collect(process, marshal.dumps(dict(task)), deadline_seconds + _GRACE_SECONDS)
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
        [sys.executable, "-s", "-S", "-P", _PROGRAM, "stages"],
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


def _put_files(folder: Path, files: Mapping[str, str]) -> None:
    for name, content in files.items():
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(content))
        path.chmod(0o444)


def _collect(process: subprocess.Popen[bytes], task: bytes, seconds: float) -> Trace:
    assert process.stdin  # noqa: S101
    assert process.stdout  # noqa: S101
    received = bytearray()
    reader = threading.Thread(target=_read, args=(process.stdout, received), daemon=True)
    reader.start()
    with contextlib.suppress(OSError):  # it died at once: the empty report says so
        _write(process.stdin, len(task).to_bytes(8, "big") + task)
    reader.join(seconds)
    is_late = reader.is_alive()
    if is_late:
        _kill(process)
        reader.join(1)
    trace = _parsed(bytes(received))
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


def _parsed(received: bytes) -> Trace:
    trace = Trace()
    for line in received.split(b"\n"):
        event = _event(line)
        if event:
            trace.events.append(event)
        elif line:
            trace.tail += line.decode("ascii", "replace") + "\n"
    return trace


_EVENTS: Final = frozenset(("learner", "out", "error", "check", "passed", "failed", "raised", "broke", "limit", "done"))


_ESCAPED: Final = re.compile(rb"(?:[^\\]|\\(?:[nrt\\]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}))*+")


def _event(line: bytes) -> Event | None:
    name, *fields = line.split(b"\t")
    if name.decode("ascii", "replace") not in _EVENTS or not _ESCAPED.fullmatch(line):
        return None
    try:
        pairs = [field.partition(b"=")[::2] for field in fields]
        return Event(name.decode(), {_text(key): _text(value) for key, value in pairs})
    except UnicodeDecodeError:
        return None


def _text(escaped: bytes) -> str:
    """Return the text that was escaped, without what cannot be stored: half characters and NUL."""
    text = escaped.decode("unicode_escape")
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


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
