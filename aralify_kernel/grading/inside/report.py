"""What the attempt tells the host, and where the learner's output goes.

Events are lines of tab-separated `key=value` fields, escaped so that no value holds a tab or a line break. They leave
by a copy of the process's first standard output, which nothing else uses: a `print` cannot corrupt them. (Learner code
that looks for the descriptor can; keeping it out of reach takes two processes.)
"""

from __future__ import annotations

import io
import os
import sys

TYPE_CHECKING = False  # `typing` costs 14 ms to import
if TYPE_CHECKING:
    from collections.abc import Buffer  # type: ignore[attr-defined,unused-ignore]

OUTPUT_BYTES = 64 * 1024
LEARNER_FILE = "<your code>"


class Report:
    """The line to the host."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._process = os.getpid()

    def send(self, event: str, **fields: str | int | None) -> None:
        """Send one event; fields that are None are left out."""
        if os.getpid() != self._process:
            return
        parts = [event, *(f"{key}={value}" for key, value in fields.items() if value is not None)]
        line = b"\t".join(part.encode("unicode_escape") for part in parts) + b"\n"
        while line:
            line = line[os.write(self.descriptor, line) :]

    def stop(self, limit: str) -> None:
        """Say which limit was met, and on which line of the learner's source, and end the process."""
        self.send("limit", kind=limit, line=current_line())
        os._exit(0)


def current_line() -> int | None:
    """Return the line of the learner's source that is running, the innermost one."""
    frame = sys._getframe()
    while frame.f_back and frame.f_code.co_filename != LEARNER_FILE:
        frame = frame.f_back
    return frame.f_lineno if frame.f_code.co_filename == LEARNER_FILE else None


class Output(io.RawIOBase):
    """The learner's standard output: sent on while `is_kept`, dropped otherwise; too much of it ends the attempt."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.is_kept = False
        self._report = report
        self._left = OUTPUT_BYTES

    def writable(self) -> bool:
        """Return that it is: a stream asks."""
        return True

    def write(self, data: Buffer, /) -> int:
        """Take `data`; return how many bytes of it, which is all."""
        piece = bytes(data)
        if self.is_kept:
            self._left -= len(piece)
            if self._left < 0:
                self._report.stop("output")
            self._report.send("out", text=piece.decode("utf-8", "backslashreplace"))
        return len(piece)


class Console:
    """`sys.stdout` and `sys.stderr` of the attempt, and the switch for what is shown of them."""

    def __init__(self, report: Report) -> None:
        self._out = Output(report)
        self._text = self._open(self._out)
        sys.stdout = self._text
        sys.stderr = self._open(Output(report))

    @staticmethod
    def _open(raw: Output) -> io.TextIOWrapper:
        buffer = io.BufferedWriter(raw, 2048)
        return io.TextIOWrapper(buffer, "utf-8", "backslashreplace", newline="\n", write_through=True)

    def keep(self, is_kept: bool) -> None:
        """From here on, show what is printed, or do not."""
        try:  # noqa: SIM105 - contextlib costs 6 ms to import
            self._text.flush()
        except ValueError:  # the learner closed it
            pass
        self._out.is_kept = is_kept
