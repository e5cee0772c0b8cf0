"""Ways in which a connection goes wrong: a server that answers as a test tells it, and a line that can be cut."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator


def http(status: int, body: str = "", **headers: str) -> bytes:
    """An answer as it stands on the line."""
    fields = {"content-type": "application/json", "content-length": str(len(body.encode())), "connection": "close"}
    lines = [f"HTTP/1.1 {status} As told", *(f"{name}: {value}" for name, value in (fields | headers).items())]
    return "\r\n".join([*lines, "", body]).encode()


RESET = b""
"""The line is cut when the request has arrived."""

HANG = b"hang"
"""Nothing comes, and the line stays open."""


class Teller:
    """Answers requests as it was told, one after the other, and the last of them for ever; keeps what was asked."""

    def __init__(self, *answers: bytes, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.answers = list(answers)
        self.asked: list[str] = []
        self._hanging: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with suppress(OSError):  # closed
            while True:
                line, _ = self._listener.accept()
                if self._tls is not None:
                    try:
                        line = self._tls.wrap_socket(line, server_side=True)
                    except OSError:  # the client does not believe the certificate
                        line.close()
                        continue
                self.asked.append(_message(line).decode())
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if answer == HANG:
                    self._hanging.append(line)
                    continue
                with line:
                    line.sendall(answer)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._hanging:
            line.close()
        self._thread.join()


@contextmanager
def teller(*answers: bytes, tls: ssl.SSLContext | None = None) -> Iterator[Teller]:
    one = Teller(*answers, tls=tls)
    try:
        yield one
    finally:
        one.close()


class Line:
    """Stands between a client and a server; can be cut and mended, and lets answers get lost on the way back."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.is_cut = False
        self.loses: Callable[[str], bool] = lambda _request: False
        """Says of which requests the answer gets lost."""
        self._clients: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def cut(self) -> None:
        """Let nothing through any more."""
        self.is_cut = True

    def mend(self) -> None:
        """Let everything through."""
        self.is_cut, self.loses = False, lambda _request: False

    def close(self) -> None:
        self.is_cut = True
        for one in (self._listener, *self._clients):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                self._clients.append(client)
                self._threads.append(threading.Thread(target=self._carry, args=(client,), daemon=True))
                self._threads[-1].start()

    def _carry(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            while (request := _message(client)) and not self.is_cut:
                with socket.create_connection(("127.0.0.1", self._to)) as server:
                    server.sendall(request)
                    answer = _message(server)
                if self.is_cut or self.loses(request.decode()):
                    return
                client.sendall(answer)


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    one = Line(port)
    try:
        yield one
    finally:
        one.close()


def _message(line: socket.socket) -> bytes:
    """A whole request or answer; nothing when the other side has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := line.recv(65536)):
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    fields = (field.split(b":") for field in head.lower().split(b"\r\n") if field.startswith(b"content-length:"))
    length = next((int(value) for _, value in fields), 0)
    while len(body) < length:
        if not (more := line.recv(65536)):  # killed while it was sending
            return b""
        data, body = data + more, body + more
    return data
