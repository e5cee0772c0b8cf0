"""The warm process, seen from the server: started when first needed, and again when it has died."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from aralify_kernel.server.kernels.forked import ForkedKernel
from aralify_kernel.server.kernels.warm import READY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_log = logging.getLogger(__name__)

PROGRAM: Final = "aralify_kernel.server.kernels.warm"
_START_SEC: Final = 60
"""How long imports may take on a slow and busy machine; meanwhile nobody is worse off than with a plain start."""
_FORK_SEC: Final = 10
_MOST_FAILURES: Final = 3
_NO_PARENT: Final = {"JPY_PARENT_PID": "1"}
"""Tells ipykernel that a program has started it, and to watch no parent: the warm process may die before the kernel."""


class CannotFork(Exception):
    """There is no warm process, or it did not do what it was asked; start the kernel in the ordinary way."""


class WarmProcess:
    """Forks kernels. Its methods may be called from any thread; they wait for each other."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._failures = 0

    @property
    def pid(self) -> int | None:
        """The process's number; None while there is none."""
        return self._process.pid if self._process else None

    def fork(self, arguments: Sequence[str], environment: Mapping[str, str], cwd: str, secret: str) -> ForkedKernel:
        """Return a new kernel.

        Args:
            arguments: Of ipykernel.
            environment: Of the kernel. The warm process is started with the first one's, but for the secret.
            cwd: Where the kernel stands.
            secret: The variable of the environment that belongs to this one kernel.

        Raises:
            CannotFork: It did not work. After three times in a row it is not tried any more.
        """
        with self._turn:
            if self._failures >= _MOST_FAILURES:
                raise CannotFork
            try:
                control = self._started({name: value for name, value in environment.items() if name != secret})
                kernel = _ask(control, {"arguments": [*arguments], "environment": {**environment}, "cwd": cwd})
            except (OSError, ValueError, EOFError) as error:
                self._failures += 1
                self._end()
                _log.warning("A kernel could not be forked (%r); it is started in the ordinary way", error)
                raise CannotFork from error
            self._failures = 0
            return kernel

    def close(self) -> None:
        """End the warm process; kernels that were forked from it go on."""
        with self._turn:
            self._end()

    def _started(self, environment: Mapping[str, str]) -> socket.socket:
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._control is None:
            self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - this Python and a module of ours
                    [sys.executable, "-m", PROGRAM, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    env={**environment, **_NO_PARENT},
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C in the operator's terminal is for the server
                )
            self._control.settimeout(_START_SEC)
            if self._control.recv(len(READY)) != READY:
                raise EOFError("it ended while it started")
            self._control.settimeout(_FORK_SEC)
        return self._control

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
            self._process.wait()
        self._control = self._process = None


def _ask(control: socket.socket, request: Mapping[str, object]) -> ForkedKernel:
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            socket.send_fds(control, [json.dumps(request).encode()], [theirs.fileno()])
        pid, descriptors, _, _ = socket.recv_fds(control, 64, 1)
        return ForkedKernel(int(pid), descriptors[0], ours)
    except BaseException:
        ours.close()  # a kernel that was forked all the same ends with its lifeline
        raise
