"""The background grader: takes answers from the kernels of one user, and ends when nobody needs it.

One thread per connection, each of which brings one answer: hello, the task, signs of life, the judgement. A client that
goes away gives up its place in the queue.
"""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import select
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.errors import AralifyError
from aralify_kernel.grading import open_pool
from aralify_kernel.grading.pool import ROOM
from aralify_kernel.grading.shared import frames, plain
from aralify_kernel.grading.shared.places import Place, installed, is_own
from aralify_kernel.settings import load

if TYPE_CHECKING:
    from concurrent.futures import Future
    from pathlib import Path

    from aralify_kernel.domain.judging import Judgement
    from aralify_kernel.grading.pool import PooledGrader

SIGN_OF_LIFE_SECONDS: Final = 5.0
_REQUEST_SECONDS: Final = 10.0
"""How long a client may take to say what it wants, and to take the answer."""
_MAX_CONNECTIONS: Final = ROOM + 64
"""Beyond the pool's room, so that who finds it full is told so; the others wait in the socket's own queue."""
_LOG_BYTES: Final = 256 * 1024
_log = logging.getLogger(__name__)


def run(path: Path, descriptor: int) -> None:
    """Serve on the listening socket `descriptor`, whose path is `path`, until nobody needs it."""
    place = Place(path.parent, path.stem)
    mark = place.mark()
    log_file = logging.handlers.RotatingFileHandler(place.log, maxBytes=_LOG_BYTES, backupCount=1)
    logging.basicConfig(handlers=[log_file], format="%(asctime)s %(levelname)s %(message)s")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        settings = load()
        with (
            socket.socket(fileno=descriptor) as listener,
            contextlib.closing(open_pool(settings)) as grader,
        ):
            Server(place, listener, grader, settings.judge_idle_minutes * 60).serve()
    except Exception:
        _log.exception("The background grader cannot go on")
        raise
    finally:
        place.leave(mark)


class Server:
    """Judges for whoever connects to `listener`.

    Args:
        place: Where clients look for it.
        listener: The socket there, listening.
        grader: Judges.
        idle_seconds: How long it waits for work before it ends.
    """

    def __init__(self, place: Place, listener: socket.socket, grader: PooledGrader, idle_seconds: float) -> None:
        self._place = place
        self._mark = place.mark()
        self._listener = listener
        self._grader = grader
        self._idle_seconds = idle_seconds
        self._hello = {
            "protocol": frames.PROTOCOL,
            "installed": installed(),
            "isolation": grader.isolation.value,
        }
        self._talking = 0
        self._is_retired = False
        self._lock = threading.Lock()
        self._woken, self._waker = socket.socketpair()

    def serve(self) -> None:
        """Take answers until nobody has needed this grader for `idle_seconds`, or it was told to retire."""
        self._listener.setblocking(False)
        with self._woken, self._waker:
            while True:
                ready = self._wait()
                if self._woken.fileno() in ready:
                    self._woken.recv(4096)
                if self._listener.fileno() in ready:
                    self._accept()
                is_needed = self._talking or (ready and not self._is_retired)
                if not is_needed and self._may_end():
                    return

    def _wait(self) -> set[int]:
        """Wait until somebody connects or a conversation ends; return nothing when it was in vain."""
        poll = select.poll()
        poll.register(self._woken, select.POLLIN)
        if self._talking < _MAX_CONNECTIONS:
            poll.register(self._listener, select.POLLIN)
        patience = None if self._talking else 0 if self._is_retired else self._idle_seconds * 1000
        return {descriptor for descriptor, _ in poll.poll(patience)}

    def _accept(self) -> bool:
        """Begin a conversation; return whether somebody was there."""
        try:
            connection, _ = self._listener.accept()
        except OSError:  # gone again
            return False
        with self._lock:
            self._talking += 1
        threading.Thread(target=self._talk, args=(connection,), daemon=True).start()
        return True

    def _may_end(self) -> bool:
        """Return whether nobody can reach this grader any more, having taken its socket away."""
        self._place.leave(self._mark)
        self._is_retired = True
        while self._accept():  # whoever had connected before the socket was gone
            pass
        with self._lock:
            return self._talking == 0

    def _talk(self, connection: socket.socket) -> None:
        try:
            with connection:
                self._answer(connection)
        except OSError:
            _log.info("A client went away", exc_info=True)
        except Exception:  # noqa: BLE001 - of one conversation only; the others go on
            _log.exception("A conversation broke off")
        finally:
            with self._lock:
                self._talking -= 1
                self._waker.send(b".")

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(_REQUEST_SECONDS)
        if not is_own(connection):
            return
        frames.send(connection, self._hello)
        request = frames.receive(connection)
        if "retire" in request:
            self._is_retired = True
            return
        try:
            future = self._grader.submit(plain.task(request["judge"]))
        except AralifyError as error:
            frames.send(connection, {"error": plain.error_as_data(error)})
            return
        if _stays_until_done(connection, future):
            frames.send(connection, _reply(future))


def _stays_until_done(connection: socket.socket, future: Future[Judgement]) -> bool:
    """Wait for `future`, with signs of life; return False when the client goes away, which gives up its place."""
    woken, waker = socket.socketpair()
    future.add_done_callback(lambda _: waker.close())
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    poll.register(woken, select.POLLIN)
    with woken:
        while True:
            ready = {descriptor for descriptor, _ in poll.poll(SIGN_OF_LIFE_SECONDS * 1000)}
            if connection.fileno() in ready:  # a client has nothing more to say: it has gone
                future.cancel()
                return False
            if ready:
                return True
            frames.send(connection, {"alive": True})


def _reply(future: Future[Judgement]) -> dict[str, Any]:
    try:
        return {"judgement": plain.as_data(future.result())}
    except Exception as error:  # noqa: BLE001 - whatever it is, the client is told that it was not judged
        if not isinstance(error, AralifyError):
            _log.error("The grader broke", exc_info=error)
        return {"error": plain.error_as_data(error)}
