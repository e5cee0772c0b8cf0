"""A kernel that was forked from the warm process, seen from the server: what `subprocess.Popen` is for a started one."""

from __future__ import annotations

import os
import select
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import socket


class ForkedKernel:
    """A running kernel, with the part of `Popen`'s interface that `jupyter_client` uses.

    It is not this process's child. `pidfd` is the kernel's own name for it, so that neither its end is missed nor a
    later process of the same number is meant. `lifeline` is open as long as this process is: the kernel ends with it.
    """

    stdin: Final = None
    stdout: Final = None
    stderr: Final = None

    def __init__(self, pid: int, pidfd: int, lifeline: socket.socket) -> None:
        self.pid = pid
        self._pidfd = pidfd
        self._lifeline = lifeline
        self._has_ended = False

    def poll(self) -> int | None:
        """Return None while it runs, else 0: how it ended is known to the warm process only."""
        if not self._has_ended and self._ends_within(0):
            self._has_ended = True
            os.close(self._pidfd)
            self._lifeline.close()
        return 0 if self._has_ended else None

    def wait(self) -> int:
        """Return 0 as soon as it has ended."""
        while self.poll() is None:
            self._ends_within(None)
        return 0

    def send_signal(self, signum: int) -> None:
        """Send a signal to it and to all that it started; nothing happens when it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it has ended since
                os.killpg(self.pid, signum)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _ends_within(self, timeout_sec: float | None) -> bool:
        poller = select.poll()
        poller.register(self._pidfd, select.POLLIN)
        return bool(poller.poll(None if timeout_sec is None else timeout_sec * 1000))
