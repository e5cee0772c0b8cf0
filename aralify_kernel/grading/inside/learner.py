"""The learner's side: runs the learner's code and answers the judge. It never holds a check or an expected value."""

from __future__ import annotations

import asyncio
import builtins
import io
import os
import socket
import sys
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.grading.inside import accounts
from aralify_kernel.grading.inside.boundaries import Boundaries
from aralify_kernel.grading.inside.frames import Gone, Line
from aralify_kernel.grading.inside.peer import Peer
from aralify_kernel.grading.inside.program import fresh_main, put_files
from aralify_kernel.grading.inside.report import LEARNER_FILE, OUTPUT_BYTES, current_line

if TYPE_CHECKING:
    from collections.abc import Buffer  # type: ignore[attr-defined,unused-ignore]

_LAST_WORDS: Final = 250
"""Where the line for the clock's last words is, out of the way of what the learner's code opens and closes."""


class Learner:
    """What the judge can ask, beside what it asks about objects."""

    def __init__(self, peer: Peer, line: Line, boundaries: Boundaries) -> None:
        self._peer = peer
        self._line = line
        self._boundaries = boundaries
        self._names: dict[str, Any] = fresh_main().__dict__
        self.output = Output(self.stop, 1)
        peer.questions |= {
            "clock": boundaries.start_clock,
            "files": put_files,
            "context": self.context,
            "begin": self.begin,
            "source": self.source,
            "name": self.name,
            "bind": self._names.__setitem__,
            "subclass": peer.derive,
            "seed": _seed,
            "await": _await,
        }
        peer.tell = self.tell  # type: ignore[method-assign]

    def context(self, code: bytes) -> None:
        """Run what stands before the exercise. As in a notebook, one example that stops does not stop the next one."""
        import marshal

        try:
            exec(marshal.loads(code), self._names)  # noqa: S102, S302 - from the judge
        except MemoryError:
            raise
        except BaseException:  # noqa: BLE001
            return

    def begin(self, names: list[str], cpu_seconds: float, wall_seconds: float) -> None:
        """Forget these names, start no process from here on and give what runs next its time."""
        for name in names:
            self._names.pop(name, None)
        self._boundaries.refuse_processes()
        self._boundaries.start_clock(cpu_seconds, wall_seconds)

    def source(self, text: str) -> None:
        """Run the learner's source; raises whatever it raises."""
        exec(compile(text, LEARNER_FILE, "exec", dont_inherit=True), self._names)  # noqa: S102

    def name(self, name: str) -> tuple[bool, Any]:
        """Return whether there is such a name, and what it is."""
        return name in self._names, self._names.get(name)

    def tell(self, error: BaseException) -> dict[str, Any]:
        """Return line and span in the learner's source, and the limit that was met."""
        limit = self._boundaries.met_by(error)
        line, span = accounts.place(error)
        told = {"line": line, "span": span, "limit": limit}
        return {**getattr(error, "aralify_told", {}), **{key: what for key, what in told.items() if what is not None}}

    def stop(self) -> None:
        """Say that too much was printed, and on which line, and end."""
        self._line.send({"limit": "output", "line": current_line()})
        os._exit(0)

    def input(self, prompt: object = "", /) -> str:
        """Ask the judge for a line."""
        _flush()
        return str(self._peer.ask("input", str(prompt)))


class Output(io.RawIOBase):
    """Standard output or error: what is written goes to the judge; too much of it at once ends the attempt."""

    def __init__(self, stop: Any, descriptor: int) -> None:
        super().__init__()
        self._stop = stop
        self._descriptor = descriptor
        self.left = OUTPUT_BYTES

    def writable(self) -> bool:
        """Return that it is: a stream asks."""
        return True

    def fileno(self) -> int:
        """Return its descriptor."""
        return self._descriptor

    def write(self, data: Buffer, /) -> int:
        """Take `data`; return how many bytes of it, which is all."""
        piece = bytes(data)
        self.left -= len(piece)
        if self.left < 0:
            self._stop()
        view = memoryview(piece)
        while view:
            view = view[os.write(self._descriptor, view) :]
        return len(piece)


class Input(io.TextIOBase):
    """Standard input, which is the judge's."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def readable(self) -> bool:
        """Return that it is."""
        return True

    def readline(self, _size: int = -1, /) -> str:  # type: ignore[override]
        """Return the next line, "" at the end."""
        _flush()
        return str(self._peer.ask("line"))

    def read(self, _size: int | None = -1, /) -> str:
        """Return all lines that are left."""
        return "".join(iter(self.readline, ""))

    def __next__(self) -> str:  # type: ignore[override]
        line = self.readline()
        if not line:
            raise StopIteration
        return line


class _Serving(Line):
    """The line to the judge; each question may be answered with so much output anew."""

    output: Output | None = None

    def receive(self) -> dict[str, Any]:
        """Return the next message."""
        _flush()
        if self.output:
            self.output.left = OUTPUT_BYTES
        return super().receive()

    def send(self, message: dict[str, Any]) -> None:
        """Send one message after all that was printed before it."""
        _flush()
        super().send(message)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # noqa: BLE001, S112 - whatever the learner's code has put there
            continue


def _seed(kind: str, value: Any) -> None:
    """Begin the random numbers anew, as the check did."""
    if kind == "random":
        import random

        random.seed(value)
    elif "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(value)


def _await(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def _open(raw: Output) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedWriter(raw, 2048), "utf-8", "backslashreplace", newline="\n", write_through=True)


def run(descriptors: list[int]) -> None:
    """Serve the judge: descriptors are the line to it, and where standard output and error go."""
    conversation, out, errors = descriptors
    os.dup2(out, 1)
    os.dup2(errors, 2)
    os.dup2(errors, _LAST_WORDS)
    os.close(out)
    os.close(errors)
    line = _Serving(socket.socket(fileno=conversation))
    folder = os.open(".", os.O_RDONLY)
    line.send_descriptor(folder)
    os.close(folder)
    peer = Peer(line, is_judge=False)
    learner = Learner(peer, line, Boundaries(None, _LAST_WORDS))
    line.output = learner.output
    builtins.input = learner.input
    sys.stdin = Input(peer)
    sys.stdout, sys.stderr = _open(learner.output), _open(Output(learner.stop, 2))
    sys.path[:0] = [os.getcwd()]  # noqa: PTH109
    sys.argv = [""]
    try:
        peer.serve()
    except Gone:
        os._exit(0)
    except BaseException:  # noqa: BLE001 - garbled by the learner's own hand
        os._exit(1)
