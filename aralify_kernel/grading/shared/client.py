"""The grader that a kernel uses: it hands every answer to the background grader, which it starts when there is none."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.judging import Isolation, Judgement
from aralify_kernel.errors import JudgeBusy, JudgeUnavailable
from aralify_kernel.grading.judgements import ungraded
from aralify_kernel.grading.shared import frames, plain
from aralify_kernel.grading.shared.places import Mark, installed, is_own, place_of
from aralify_kernel.settings import environment

if TYPE_CHECKING:
    from aralify_kernel.domain.judging import JudgeTask
    from aralify_kernel.settings import Settings

_TRIES: Final = 2
_SILENCE_SECONDS: Final = 30.0
"""Many signs of life: a grader that is silent for so long hangs, and another is started in its place."""
_START_SECONDS: Final = 60.0
_BACKLOG: Final = 128
_log = logging.getLogger(__name__)


class SharedGrader:
    """Judges by the background grader of this computer user. Needs nothing closed: it holds nothing between answers.

    Args:
        settings: The settings in force, which a grader started from here will have, too.

    Raises:
        OSError: There is no place where this user alone could meet a background grader.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._place = place_of(settings)
        self._installed = installed()

    @property
    def isolation(self) -> Isolation:
        """How well learners' code is kept apart.

        Raises:
            JudgeUnavailable: The background grader cannot be reached.
        """
        try:
            with self._reach() as link:
                return Isolation(link.hello["isolation"])
        except OSError as error:
            _log.warning("The background grader cannot be reached: %s", error)
            raise JudgeUnavailable from None

    def judge(self, task: JudgeTask) -> Judgement:
        """Return what came of one answer. See `Grader.judge`.

        Raises:
            SourceRefused: It cannot be judged at all.
            JudgeBusy: Too many answers wait.
        """
        request = {"judge": plain.as_data(task)}
        hanging: Mark | None = None
        for _ in range(_TRIES):
            try:
                with self._reach(instead_of=hanging) as link:
                    return link.ask(request)
            except BlockingIOError:  # more kernels than its socket lets wait
                raise JudgeBusy from None
            except Silence as silence:
                hanging = silence.mark
            except (OSError, ValueError) as error:
                _log.warning("The background grader went away: %r", error)
        return ungraded(task, Isolation.LIMITS, 0.0)

    def close(self) -> None:
        """Leave the background grader to the other kernels: it ends by itself."""

    def _reach(self, instead_of: Mark | None = None) -> Link:
        """Return a connection to a grader of what is installed now; one that hangs or is older is replaced."""
        for _ in range(_TRIES):
            mark = self._place.mark()
            link = Link(self._connect_or_start(instead_of), mark)
            found = link.hello.get("installed")
            if found != self._installed and found != installed():
                link.retire()
                instead_of = mark
            elif link.hello.get("protocol") == frames.PROTOCOL:
                return link
            else:
                link.close()
                raise ConnectionError("Aralify was updated since this process started")
        raise ConnectionError("the installed Aralify changes all the time")

    def _connect_or_start(self, instead_of: Mark | None) -> socket.socket:
        if instead_of is None:
            try:
                return self._connect()
            except (FileNotFoundError, ConnectionRefusedError):
                pass
        with self._place.locked():  # whoever comes second finds the first one's grader
            if self._place.mark() != instead_of:
                try:
                    return self._connect()
                except (FileNotFoundError, ConnectionRefusedError):
                    pass
            self._start()
            return self._connect()

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(_SILENCE_SECONDS)
            connection.connect(str(self._place.socket))
            if not is_own(connection):
                raise PermissionError("the background grader belongs to somebody else")
        except BaseException:
            connection.close()
            raise
        return connection

    def _start(self) -> None:
        """Listen, and start the program that will answer: who connects meanwhile is answered when it is ready."""
        self._place.socket.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(self._place.socket))
            listener.listen(_BACKLOG)
            self._run(listener.fileno())

    def _run(self, listener: int) -> None:
        program = [sys.executable, "-P", "-m", "aralify_kernel.grading.shared"]
        try:
            subprocess.run(  # noqa: S603 - our own program, no shell
                [*program, str(self._place.socket), str(listener)],
                check=False,  # one that did not start answers nobody, and that is noticed
                pass_fds=[listener],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=self._place.folder,
                env=environment(self._settings),
                start_new_session=True,
                timeout=_START_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise ConnectionError("the background grader does not start") from error


class Silence(ConnectionError):
    """The background grader whose socket has this mark gives no sign of life."""

    def __init__(self, mark: Mark | None) -> None:
        self.mark = mark
        super().__init__("the background grader is silent")


class Link:
    """A conversation with the background grader, begun by its hello.

    Args:
        connection: The socket to it; closed with this link.
        mark: The socket's mark, for who finds that it hangs.

    Raises:
        OSError: It went away, or is silent (`Silence`).
    """

    def __init__(self, connection: socket.socket, mark: Mark | None) -> None:
        self._connection = connection
        self._mark = mark
        try:
            self.hello = self._receive()
        except BaseException:
            connection.close()
            raise

    def __enter__(self) -> Link:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the conversation; an answer that still waits for its turn is withdrawn."""
        self._connection.close()

    def ask(self, request: dict[str, Any]) -> Judgement:
        """Return the judgement that a request gets.

        Raises:
            OSError: It went away, or is silent (`Silence`).
            ValueError: Its answer is none.
            AralifyError: It could not judge.
        """
        frames.send(self._connection, request)
        while "alive" in (reply := self._receive()):
            pass
        if "error" in reply:
            raise plain.error(reply["error"])
        return plain.judgement(reply["judgement"])

    def retire(self) -> None:
        """Tell the grader to end when it has done what it is at, and end the conversation."""
        with self._connection:
            frames.send(self._connection, {"retire": True})

    def _receive(self) -> dict[str, Any]:
        try:
            return frames.receive(self._connection)
        except TimeoutError:
            raise Silence(self._mark) from None
