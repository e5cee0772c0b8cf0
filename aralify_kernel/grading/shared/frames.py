"""One message over a socket: its length, then JSON. Never pickle; never more than the reader is ready to take."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import socket

PROTOCOL: Final = 1
"""What is said is understood by programs of the same number; hello and retire by all."""
MAX_BYTES: Final = 32 * 1024 * 1024
"""More than a task with all files of a course; a larger message is refused by who would have to read it."""


class BadFrame(OSError):
    """What came is no message, or too large to be one."""


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Send `message`, which is plain JSON data.

    Raises:
        OSError: The other side is gone, or does not read.
    """
    data = json.dumps(message).encode("ascii")
    if len(data) > MAX_BYTES:
        raise BadFrame(f"a message of {len(data)} bytes")
    connection.sendall(len(data).to_bytes(4, "big") + data)


def receive(connection: socket.socket) -> dict[str, Any]:
    """Return the next message.

    Raises:
        OSError: The other side is gone, is silent for too long, or sends what is no message (`BadFrame`).
    """
    length = int.from_bytes(_exactly(connection, 4), "big")
    if length > MAX_BYTES:
        raise BadFrame(f"a message of {length} bytes")
    try:
        message = json.loads(_exactly(connection, length))
    except (ValueError, RecursionError) as error:
        raise BadFrame(str(error)) from None
    if not isinstance(message, dict):
        raise BadFrame("a message that is no object")
    return message


def _exactly(connection: socket.socket, size: int) -> bytes:
    received = bytearray()
    while len(received) < size:
        piece = connection.recv(min(size - len(received), 1 << 20))
        if not piece:
            raise ConnectionResetError("the other side has ended")
        received += piece
    return bytes(received)
