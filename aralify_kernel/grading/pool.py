"""A bounded, fair pool in front of a grader.

As many answers are judged at once as the machine has processors; a limited number waits, and the learners take turns;
beyond that the pool says `JudgeBusy`. The work itself is handed to a `concurrent.futures.Executor`, as plain data to
one function: an executor of several machines is all it takes to judge on several.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from aralify_kernel.errors import JudgeBusy, JudgeUnavailable
from aralify_kernel.grading.queues import FairQueue

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from aralify_kernel.domain.judging import Isolation, Judgement, JudgeTask
    from aralify_kernel.grading import Grader

ROOM: Final = 256
"""How many answers may wait: a large class that runs its cells at the same moment."""


def at_once() -> int:
    """Return how many answers this machine should judge at the same time."""
    if hasattr(os, "sched_getaffinity"):
        return max(2, len(os.sched_getaffinity(0)))
    return max(2, os.cpu_count() or 1)


@dataclass(eq=False, slots=True)
class _Waiting:
    task: JudgeTask
    future: Future[Judgement] = field(default_factory=Future)


class PooledGrader:
    """Judges with another grader, a bounded number of answers at once, the learners in turn.

    The other grader is called from the executor's threads only, which live as long as this pool: what it starts there
    may be bound to the life of the thread.

    Args:
        grader: Judges; closed with this pool.
        at_once: How many answers are judged at the same time.
        room: How many more may wait.
        executor: Where the judging runs; threads of this process when left out. Shut down with this pool.
    """

    def __init__(self, grader: Grader, *, at_once: int, room: int = ROOM, executor: Executor | None = None) -> None:
        self.at_once: Final = at_once
        self._grader = grader
        self._executor = executor or ThreadPoolExecutor(at_once, "aralify-judge")
        self._queue: FairQueue[_Waiting] = FairQueue(room)
        self._running = 0
        self._is_closed = False
        self._lock = threading.Lock()

    @property
    def isolation(self) -> Isolation:
        """How well learners' code is kept apart. See `Grader.isolation`."""
        return self._grader.isolation

    @property
    def waiting(self) -> int:
        """How many answers wait for their turn."""
        with self._lock:
            return len(self._queue)

    def judge(self, task: JudgeTask) -> Judgement:
        """Return what came of one answer, when its turn has come. See `Grader.judge`.

        Raises:
            SourceRefused: It cannot be judged at all.
            JudgeBusy: Too many answers wait.
            JudgeUnavailable: The pool was closed.
        """
        future = self.submit(task)
        try:
            return future.result()
        except BaseException:  # a learner's interrupt, too: what nobody waits for takes no turn
            future.cancel()
            raise

    def submit(self, task: JudgeTask) -> Future[Judgement]:
        """Let an answer wait for its turn; return what will hold its judgement. Cancelled, it gives its place up.

        Raises:
            JudgeBusy: Too many answers wait. The future of an answer that has to leave for others raises it, too.
            JudgeUnavailable: The pool was closed.
        """
        waiting = _Waiting(task)
        with self._lock:
            if self._is_closed:
                raise JudgeUnavailable
            leaving = self._queue.add(task.learner, waiting)
        if leaving is not None and leaving.future.set_running_or_notify_cancel():
            leaving.future.set_exception(JudgeBusy())
        waiting.future.add_done_callback(lambda _: self._withdraw(waiting))
        self._dispatch()
        return waiting.future

    def close(self) -> None:
        """End what runs, and tell what waits that it will not be judged."""
        with self._lock:
            self._is_closed = True
            left = list(iter(self._queue.take, None))
        for waiting in left:
            if waiting.future.set_running_or_notify_cancel():
                waiting.future.set_exception(JudgeUnavailable())
        self._grader.close()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _withdraw(self, waiting: _Waiting) -> None:
        with self._lock:
            self._queue.withdraw(waiting.task.learner, waiting)

    def _dispatch(self) -> None:
        """Hand over as many answers as may be judged at once."""
        while waiting := self._next():
            try:
                work = self._executor.submit(self._grader.judge, waiting.task)
            except RuntimeError:  # closed meanwhile
                self._finish(waiting.future, None)
            else:
                work.add_done_callback(partial(self._finish, waiting.future))

    def _next(self) -> _Waiting | None:
        with self._lock:
            while self._running < self.at_once and (waiting := self._queue.take()):
                if waiting.future.set_running_or_notify_cancel():
                    self._running += 1
                    return waiting
        return None

    def _finish(self, future: Future[Judgement], work: Future[Judgement] | None) -> None:
        with self._lock:
            self._running -= 1
        self._dispatch()
        try:
            if work is None:
                raise CancelledError
            future.set_result(work.result())
        except CancelledError:
            future.set_exception(JudgeUnavailable())
        except Exception as error:  # noqa: BLE001 - handed on to who waits for it
            future.set_exception(error)
