"""Starts programs of `inside` that live for one attempt, each behind the walls that this machine offers."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.judging import Isolation
from aralify_kernel.grading.conversations import Conversation
from aralify_kernel.grading.sandbox import bubblewrap, places, walls

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_TEMPORARY: Final = "aralify-"


class Rooms:
    """Knows the processes that still run. May be used by several threads at once.

    Args:
        isolation: The walls around each.
    """

    def __init__(self, isolation: Isolation) -> None:
        self.isolation: Final = isolation
        self._running: set[Conversation] = set()
        self._lock = threading.Lock()
        self._is_closed = False

    @contextmanager
    def folder(self) -> Iterator[str]:
        """Give a folder that a program may write to where it has none in a room; it is removed at the end."""
        with tempfile.TemporaryDirectory(prefix=_TEMPORARY, ignore_cleanup_errors=True) as folder:
            if self.leaves_root:
                os.chmod(folder, 0o777)  # noqa: S103, PTH101 - somebody else works there
            yield walls.SCRATCH if self.isolation is Isolation.NAMESPACES else folder

    @property
    def leaves_root(self) -> bool:
        """Whether the programs become somebody else when they are started by root."""
        return self.isolation is Isolation.NAMESPACES or (os.name == "posix" and places.open_to_all())

    @contextmanager
    def start(self, program: str, config: Mapping[str, Any], read: Sequence[str] = ()) -> Iterator[Conversation]:
        """Start the program `program` of `inside`, and end it with the block.

        Args:
            program: The name of its module.
            config: What it is told, as JSON.
            read: What it must be able to read beside a Python.

        Raises:
            OSError: It could not be started.
        """
        in_room = self.isolation is Isolation.NAMESPACES
        told = {"mode": self.isolation.value, "leaves_root": self.leaves_root, "read": [], **config}
        if self.isolation is Isolation.LANDLOCK:
            told["read"] = [*places.readable(), *read]
        command = places.program(program, json.dumps(told), in_room=in_room)
        if in_room:
            shown = places.of_python()
            wrapper, *arguments = bubblewrap.command(command, **{**shown, "read": [*shown["read"], *read]})
            command = [wrapper, "--die-with-parent", *arguments]
        with self._lock:
            if self._is_closed:
                raise OSError("the grader is closed")
            conversation = Conversation(command, "/" if in_room else os.curdir, {"LANG": "C.UTF-8", "PYTHONUTF8": "1"})
            self._running.add(conversation)
        try:
            yield conversation
        finally:
            conversation.end()
            with self._lock:
                self._running.discard(conversation)

    def close(self) -> None:
        """End every program that still runs."""
        with self._lock:
            self._is_closed = True
            running = list(self._running)
        for conversation in running:
            conversation.end()
