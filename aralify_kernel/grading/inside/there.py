"""The learner's code in another process, from the judge's side."""

from __future__ import annotations

import codecs
import marshal
import os
import select
import sys
import time
from typing import TYPE_CHECKING, Any, Final, NoReturn

from aralify_kernel.grading.inside.frames import Gone, Line
from aralify_kernel.grading.inside.values import Garbled

if TYPE_CHECKING:
    import socket
    from types import CodeType

    from aralify_kernel.grading.inside.peer import Peer
    from aralify_kernel.grading.inside.report import Report

_OUTPUT_BYTES: Final = 4 * 1024 * 1024
"""What may be printed altogether, also where nobody sees it."""
_TAIL_BYTES: Final = 16 * 1024
_GRACE_SECONDS: Final = 0.5


class Over(BaseException):
    """The learner's side can be asked nothing more. Not an Exception: no check may take it for the learner's."""


class Watch(Line):
    """The line to the learner's side, and what is printed there. Once something ends it, nothing comes from it any more."""

    def __init__(self, line: socket.socket, out: int, errors: int, report: Report) -> None:
        super().__init__(line)
        self._report = report
        self._streams = {out: "stdout", errors: "stderr"}
        self._decoders = {one: codecs.getincrementaldecoder("utf-8")("backslashreplace") for one in (out, errors)}
        self._errors = errors
        self._tail = b""
        self._printed = 0
        self._deadline: float | None = None
        self._over: tuple[str, dict[str, Any]] | None = None
        for descriptor in self._streams:
            os.set_blocking(descriptor, False)

    def start_clock(self, seconds: float) -> None:
        """Wait no longer than that from now on, for all answers together."""
        self._deadline = time.monotonic() + seconds + _GRACE_SECONDS

    def send(self, message: dict[str, Any]) -> None:
        """Send one message.

        Raises:
            Over: Nothing can be asked any more.
            TooLarge: It is larger than 16 MB.
        """
        self._refuse_if_over()
        try:
            super().send(message)
        except Gone:
            self._end("died")

    def receive(self) -> dict[str, Any]:
        """Return the next message, after all that was printed before it.

        Raises:
            Over: There is none to come.
        """
        self._refuse_if_over()
        try:
            message = super().receive()
        except Gone:
            self._end("died")
        except Garbled:
            self._end("garbled")
        self._drain()
        if "limit" in message:
            self._end("limit", kind=str(message["limit"]), line=message.get("line"))
        return message

    def end_if_over(self) -> None:
        """Report how the conversation ended and end this process; do nothing while it goes on."""
        if self._over is None:
            return
        event, fields = self._over
        sys.stdout.flush()
        self._report.send(event, **fields)
        os._exit(0)

    def garbled(self) -> None:
        """End the conversation: what came was no message.

        Raises:
            Over: Always.
        """
        self._end("garbled")

    def limit(self, kind: str) -> None:
        """End the conversation: the learner's side has met a limit.

        Raises:
            Over: Always.
        """
        self._end("limit", kind=kind)

    def _refuse_if_over(self) -> None:
        if self._over is not None:
            raise Over

    def _end(self, event: str, **fields: Any) -> NoReturn:
        if event == "died":
            self._drain()
            if self._deadline and time.monotonic() > self._deadline - _GRACE_SECONDS:
                event = "late"
            fields = {"tail": self._tail.decode("ascii", "replace")}
        line = fields.get("line")
        self._over = (event, {**fields, "line": line if type(line) is int else None})
        raise Over

    def _more(self) -> None:
        left = None if self._deadline is None else self._deadline - time.monotonic()
        watched: list[Any] = [self._socket, *self._streams]
        ready = select.select(watched, [], [], max(left, 0) if left is not None else None)[0]
        if not ready:
            self._end("late", tail=self._tail.decode("ascii", "replace"))
        for descriptor in ready:
            if descriptor is not self._socket:
                self._take(descriptor)
        if self._socket in ready:
            super()._more()

    def _drain(self) -> None:
        for descriptor in list(self._streams):
            while self._take(descriptor):
                pass

    def _take(self, descriptor: int) -> bool:
        """Take what was printed to where this check wants it; return whether there may be more."""
        try:
            data = os.read(descriptor, 65536)
        except BlockingIOError:
            return False
        if not data:
            self._streams.pop(descriptor)
            return False
        self._printed += len(data)
        if descriptor == self._errors:
            self._tail = (self._tail + data)[-_TAIL_BYTES:]
        if self._printed > _OUTPUT_BYTES:
            self._end("limit", kind="output")
        text = self._decoders[descriptor].decode(data)
        stream = getattr(sys, self._streams[descriptor])
        if text and stream:
            stream.write(text)
        return True


class There:
    """The other process, asked through a peer."""

    def __init__(self, task: dict[str, Any], peer: Peer, watch: Watch, names: dict[str, Any]) -> None:
        self._task = task
        self._peer = peer
        self._watch = watch
        self.names = names

    def start_clock(self) -> None:
        """Give what runs next its time."""
        self._peer.ask("clock", *self._started())

    def run_context(self, code: CodeType) -> None:
        """Run what stands before the exercise."""
        self._peer.ask("context", marshal.dumps(code))

    def begin(self, names: list[str]) -> None:
        """Forget these names, start no process from here on and give what runs next its time."""
        self._peer.ask("begin", names, *self._started())

    def _started(self) -> tuple[float, float]:
        """Start our own clock; return how long the other side may compute, and take."""
        seconds: float = self._task["wall_seconds"]
        self._watch.start_clock(seconds)
        return self._task["cpu_seconds"], seconds

    def run_source(self, source: str) -> None:
        """Run the learner's source; raises what it raised."""
        self._peer.ask("source", source)

    def place(self, error: BaseException) -> tuple[int | None, str | None]:
        """Return line and span that the other side told of `error`."""
        told = getattr(error, "aralify_told", {})
        line, span = told.get("line"), told.get("span")
        return (line if type(line) is int else None), (span if isinstance(span, str) else None)

    def limit(self, error: BaseException) -> str | None:
        """Return which limit `error` comes from, as the other side told it."""
        kind = getattr(error, "aralify_told", {}).get("limit")
        return kind if isinstance(kind, str) else None

    def end_if_over(self) -> None:
        """Report it and end this process, if the other one is not there any more."""
        self._watch.end_if_over()
