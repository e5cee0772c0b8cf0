"""Messages on a socket: four bytes of length, then JSON."""

from __future__ import annotations

import json
import socket
from typing import Any, Final

from aralify_kernel.grading.inside.values import Garbled

MAX_BYTES: Final = 16 * 1024 * 1024
_HEAD: Final = 4
_encode = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode


class Gone(BaseException):
    """The other side has ended. Not an Exception: no check may take it for the learner's."""


class TooLarge(Exception):
    """A message is larger than any honest one."""


def packed(message: dict[str, Any]) -> bytes:
    """Return `message` as it goes over the line.

    Raises:
        TooLarge: It is larger than 16 MB.
    """
    body = _encode(message).encode("ascii")
    if len(body) > MAX_BYTES:
        raise TooLarge
    return len(body).to_bytes(_HEAD, "big") + body


class Line:
    """Sends and receives whole messages, waiting as long as it takes."""

    def __init__(self, line: socket.socket) -> None:
        self._socket = line
        self._received = bytearray()

    def send(self, message: dict[str, Any]) -> None:
        """Send one message.

        Raises:
            Gone: Nobody reads it.
            TooLarge: It is larger than 16 MB.
        """
        data = packed(message)
        try:
            self._socket.sendall(data)
        except OSError:
            raise Gone from None

    def send_descriptor(self, descriptor: int) -> None:
        """Send a descriptor, before any message."""
        socket.send_fds(self._socket, [b"."], [descriptor])

    def receive_descriptor(self) -> int:
        """Return the descriptor that comes before any message.

        Raises:
            Gone: There is none to come.
        """
        _, descriptors, _, _ = socket.recv_fds(self._socket, 1, 1)
        if not descriptors:
            raise Gone
        return descriptors[0]

    def receive(self) -> dict[str, Any]:
        """Return the next message.

        Raises:
            Gone: There is none to come.
            Garbled: It is none.
        """
        while True:
            if len(self._received) >= _HEAD:
                size = int.from_bytes(self._received[:_HEAD], "big")
                if size > MAX_BYTES:
                    raise Garbled("a message that is too large")
                if len(self._received) >= _HEAD + size:
                    return self._taken(size)
            self._more()

    def _taken(self, size: int) -> dict[str, Any]:
        body = bytes(self._received[_HEAD : _HEAD + size])
        del self._received[: _HEAD + size]
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Garbled(str(error)) from None
        if type(message) is not dict:
            raise Garbled("no message")
        return message

    def _more(self) -> None:
        try:
            data = self._socket.recv(1 << 18)
        except OSError:
            data = b""
        if not data:
            raise Gone
        self._received += data
