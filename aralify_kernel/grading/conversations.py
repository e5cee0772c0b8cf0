"""A process that is spoken to in lines of JSON."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from typing import IO, TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LINE_BYTES: Final = 8 * 1024 * 1024
_ALL_BYTES: Final = 64 * 1024 * 1024
_WAITING_LINES: Final = 256
_LINES_AT_ONCE: Final = 8192
"""No message of ours is so short that as many come in one piece."""
_PIECE_BYTES: Final = 65536
_LAST_WORDS_BYTES: Final = 8192


class Silence(Exception):
    """The time was up before the process said anything."""


class Conversation:
    """A process that was started, until `end`.

    Raises:
        OSError: It could not be started.
    """

    def __init__(self, command: Sequence[str], folder: str, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=dict(environment),
            bufsize=0,
            start_new_session=True,
        )
        self._lines: queue.Queue[bytes | None] = queue.Queue(_WAITING_LINES)
        self._messages: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._last_words = bytearray()
        self._is_over = threading.Event()
        self.said_too_much = False
        """Whether the process said more than any honest one, and nobody listens to it any more."""
        self._threads = [
            threading.Thread(target=self._listen, daemon=True),
            threading.Thread(target=self._note_last_words, daemon=True),
            threading.Thread(target=self._speak, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def say(self, message: Mapping[str, Any]) -> None:
        """Send a message without waiting until it is read. One that has ended does not hear it, as `hear` will tell.

        Raises:
            ValueError: It holds a number that is none, or has no end.
            RecursionError: It is too deep.
        """
        self._messages.put(json.dumps(message, allow_nan=False).encode() + b"\n")

    def hear(self, deadline: float) -> bytes | None:
        """Return the next line; None when the process has ended, or said more than any honest one.

        Raises:
            Silence: Nothing came before the monotonic time `deadline`.
        """
        try:
            return self._lines.get(timeout=max(0.001, deadline - time.monotonic()))
        except queue.Empty:
            raise Silence from None

    def end(self) -> None:
        """End the process and all it has started. A second time does nothing."""
        self._is_over.set()
        self._kill()
        self._process.wait()
        self._messages.put(None)
        while True:  # a thread that waits for room finds some
            try:
                self._lines.get_nowait()
            except queue.Empty:
                break
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def ending(self, seconds: float = 1.0) -> tuple[int | None, str]:
        """Return the status a process ended with, None where it still runs, and the last it wrote as an error."""
        try:
            status: int | None = self._process.wait(seconds)
            self._threads[1].join(seconds)
        except subprocess.TimeoutExpired:
            status = None
        return status, self._last_words.decode("utf-8", "replace")

    def _kill(self) -> None:
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)

    def _speak(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while (message := self._messages.get()) is not None:
                view = memoryview(message)
                while view and self._process.stdin:
                    view = view[self._process.stdin.write(view) :]

    def _listen(self) -> None:
        pending, total = bytearray(), 0
        for piece in _pieces(self._process.stdout):
            total += len(piece)
            *lines, rest = piece.split(b"\n")
            if lines:
                lines[0] = bytes(pending) + lines[0]
                pending.clear()
            pending += rest
            if len(pending) > _LINE_BYTES or total > _ALL_BYTES or len(lines) > _LINES_AT_ONCE:
                self.said_too_much = True
                break
            for line in lines:
                self._put(line)
            if self._is_over.is_set():
                break
        if pending and not self.said_too_much:
            self._put(bytes(pending))
        self._put(None)

    def _put(self, line: bytes | None) -> None:
        while not self._is_over.is_set():
            with contextlib.suppress(queue.Full):
                self._lines.put(line, timeout=0.2)
                return

    def _note_last_words(self) -> None:
        for piece in _pieces(self._process.stderr):
            self._last_words += piece
            del self._last_words[:-_LAST_WORDS_BYTES]


def _pieces(pipe: IO[bytes] | None) -> Any:
    with contextlib.suppress(OSError, ValueError):
        while pipe and (piece := pipe.read(_PIECE_BYTES)):
            yield piece
