"""Brings kept answers to the class server: in their order, each once, and by itself when the server is back."""

from __future__ import annotations

import math
import random
import time
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

from aralify_kernel.client.connection import JUDGING_SEC, Request
from aralify_kernel.client.messages import Answer
from aralify_kernel.client.queue import Queue
from aralify_kernel.domain.kept_answers import Delivery, KeptAnswer, WhyKept
from aralify_kernel.domain.session import SubmitResult
from aralify_kernel.errors import (
    AralifyError,
    ClientOutdated,
    HubUnreachable,
    JudgeUnavailable,
    NotSignedIn,
    ScopeMissing,
    ServerBusy,
    ServerFailed,
    ServerUnreachable,
    StoreError,
    TooManyRequests,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from aralify_kernel.client.connection import Connection
    from aralify_kernel.client.queue import Entry
    from aralify_kernel.domain.session import Submission
    from aralify_kernel.domain.sign_ins import SharedSignIn, SignInHolder

PAUSES_SEC: Final = (5.0, 60.0)
"""How long to wait between two tries in the background: at first, and at most."""

PATIENCE_SEC: Final = 15.0
"""How long a learner waits for earlier answers."""

_WHY: Final[dict[type[AralifyError], WhyKept]] = {
    ServerUnreachable: WhyKept.UNREACHABLE,
    NotSignedIn: WhyKept.SIGNED_OUT,
    ScopeMissing: WhyKept.SIGNED_OUT,
    ClientOutdated: WhyKept.OUTDATED,
    ServerBusy: WhyKept.BUSY,
    HubUnreachable: WhyKept.BUSY,
    TooManyRequests: WhyKept.BUSY,
    JudgeUnavailable: WhyKept.BUSY,
    StoreError: WhyKept.BUSY,
}
"""What says nothing about an answer, only that it has to wait. Everything else a server says is about the answer."""

_FOR_ITS_OWNER: Final = (WhyKept.SIGNED_OUT, WhyKept.OUTDATED)
"""What only a person can mend."""

_GOODBYE_SEC: Final = 2.0


def why_kept(error: AralifyError) -> WhyKept | None:
    """Return what an answer has to wait for after this error; None when the answer itself was refused."""
    return next((why for kind, why in _WHY.items() if isinstance(error, kind)), None)


class Courier:
    """Sends answers of whoever is signed in. Kernels of one person do not send at once; each may keep at any time."""

    def __init__(self, connection: Connection, holder: SignInHolder, home: Path, clock: Callable[[], datetime]) -> None:
        self._connection = connection
        self._holder = holder
        self._home = home
        self._clock = clock
        self._judged: dict[str, list[SubmitResult]] = {}
        self._lock = Lock()
        self._thread: Thread | None = None
        self._is_woken = False
        """Whether there may be something new since the thread looked last."""
        self._closing = Event()
        self._random = random.Random()  # noqa: S311 - spreads the tries of a class, and is no secret

    def queue(self, shared: SharedSignIn) -> Queue:
        """Return what waits of the person who is signed in."""
        return Queue(self._home, self._connection.server, shared.username or "")

    def post(self, submission: Submission, shared: SharedSignIn) -> SubmitResult:
        """Hand an answer in; arriving twice, it is known by its key."""
        path = f"/lessons/{submission.lesson}/submit"
        given = submission
        body = Answer(given.activity, given.content, given.attempt_key, given.kind, given.client_time)
        request = Request("POST", path, body, repeatable=True, read_sec=JUDGING_SEC)
        return self._connection.read(SubmitResult, request, shared)

    def keep(self, submission: Submission, shared: SharedSignIn, why: WhyKept) -> KeptAnswer:
        """Keep an answer until the server takes it. What waits already, as the last answer there, is not kept twice."""
        queue = self.queue(shared)
        waiting = [entry.answer for entry in queue.waiting()]
        place = (submission.lesson, submission.activity)
        answer = next((one for one in reversed(waiting) if (one.lesson, one.activity) == place), None)
        if answer is None or answer.content != submission.content:
            answer = queue.keep(submission, now=self._clock())
            waiting.append(answer)
        self.wake()
        return KeptAnswer(
            answer.lesson, answer.activity, answer.attempt_key, answer.kept_at, answer.username, len(waiting), why
        )

    def deliver(self, shared: SharedSignIn, *, patience_sec: float = math.inf) -> WhyKept | None:
        """Send what waits, and return why it still does; None when nothing is in the way of another answer.

        Args:
            shared: Whose answers.
            patience_sec: How long to go on, or to wait for another kernel that sends them; an answer that has been
                begun with is waited for.
        """
        queue = self.queue(shared)
        if not queue.waiting():
            return None
        until = time.monotonic() + patience_sec
        with queue.sending(wait_sec=max(0.0, min(patience_sec, PATIENCE_SEC))) as is_mine:
            if not is_mine:
                return WhyKept.BEHIND
            tried = set()
            while new := [entry for entry in queue.waiting() if entry.path not in tried]:
                for entry in new:
                    if time.monotonic() > until:
                        return WhyKept.BEHIND
                    tried.add(entry.path)
                    why = self._send(entry, queue, shared)
                    if why is not None:
                        return why
        return None

    def news(self, shared: SharedSignIn, why: WhyKept | None) -> Delivery:
        """Return what has come of the person's answers and was not told yet."""
        queue = self.queue(shared)
        with self._lock:
            judged = tuple(self._judged.pop(shared.username or "", ()))
        keys = tuple(entry.answer.attempt_key for entry in queue.waiting())
        return Delivery(judged, queue.told(), keys, why if keys else None)

    def wake(self) -> None:
        """Go on in the background until nothing waits any more."""
        with self._lock:
            self._is_woken = True
            if self._thread is None and not self._closing.is_set():
                self._thread = Thread(target=self._go_on, name="aralify-courier", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Stop; what waits is on the disk."""
        self._closing.set()
        thread = self._thread
        if thread is not None:
            thread.join(timeout=_GOODBYE_SEC)

    def _send(self, entry: Entry, queue: Queue, shared: SharedSignIn) -> WhyKept | None:
        try:
            result = self.post(entry.answer.submission, shared)
        except ServerFailed:
            return None  # it stays, and stands in nobody's way: next time it may go better
        except AralifyError as error:
            why = why_kept(error)
            if why is None:
                queue.refuse(entry, error)
            return why
        queue.remove(entry)
        with self._lock:
            self._judged.setdefault(shared.username or "", []).append(result)
        return None

    def _go_on(self) -> None:
        pause = PAUSES_SEC[0]
        while not self._closing.wait(pause * self._random.uniform(0.5, 1.5)):
            pause = min(2 * pause, PAUSES_SEC[1])
            self._is_woken = False
            goes_on = self._try()
            with self._lock:
                if not goes_on and not self._is_woken:
                    self._thread = None
                    return

    def _try(self) -> bool:
        """Send what waits; return whether it is of use to try again without anybody's help."""
        try:
            shared = self._holder.read()
            self._connection.try_again()
            why = self.deliver(shared)
            return why not in _FOR_ITS_OWNER and bool(self.queue(shared).waiting())
        except AralifyError:  # the disk; whoever submits next is told
            return True
