"""The soft time limit of an exercise cell: it stops the cell and leaves the kernel, with all its names, alive."""

from __future__ import annotations

import _thread
import asyncio
import signal
import threading
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType, TracebackType

_ASK_AGAIN_SECS: Final = 1.0
"""Code that swallows the interrupt (`except:` in a loop) gets it again at this pace."""
_WAITS_FOR_A_PERSON: Final = "_input_request"
"""ipykernel's function that waits for `input()`: thinking time is not running time."""
_RUNS_ASYNC_CELL: Final = "run_cell_async"


class TimeLimitReached(KeyboardInterrupt):
    """Raised in the learner's code; a subclass of what the stop button raises, so that the same `except` catches it."""


class TimeLimit:
    """Interrupts the running cell once `start` is `seconds` ago and `stop` has not been called.

    On Unix an alarm signal does, so that it also reaches `time.sleep`; it interrupts the learner's code only, never the
    shell around it. Elsewhere a thread simulates Ctrl-C.
    """

    def __init__(self) -> None:
        self.reached = False
        self._seconds = 0.0
        self._namespace: dict[str, Any] = {}
        self._task: asyncio.Task[Any] | None = None
        self._previous: Any = None
        self._counts = False
        self._timer: threading.Timer | None = None

    def start(self, seconds: float, namespace: dict[str, Any]) -> None:
        """Begin to count for a cell that is about to run. A limit that is already counting begins anew.

        Args:
            seconds: How long the cell may run.
            namespace: The globals of the learner's code, by which it is recognised.
        """
        self.stop()
        self.reached = False
        self._seconds, self._namespace, self._task = seconds, namespace, _task_of_async_cell()
        if not _alarm_works():
            self._timer = threading.Timer(seconds, self._interrupt_from_thread)
            self._timer.daemon = True
            self._timer.start()
            return
        self._previous = signal.signal(signal.SIGALRM, self._on_alarm) or signal.SIG_DFL
        self._counts = True
        signal.setitimer(signal.ITIMER_REAL, seconds, _ASK_AGAIN_SECS)

    def stop(self) -> None:
        """Stop counting; harmless when nothing counts."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._counts:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._previous)
            self._counts = False

    def _on_alarm(self, _signal: int, frame: FrameType | None) -> None:
        callers = list(_frames(frame))
        if any(caller.f_code.co_name == _WAITS_FOR_A_PERSON for caller in callers):
            signal.setitimer(signal.ITIMER_REAL, self._seconds, _ASK_AGAIN_SECS)
        elif any(caller.f_globals is self._namespace for caller in callers):
            self.reached = True
            raise TimeLimitReached(f"this cell ran longer than {self._seconds:g} seconds")
        elif self._task is not None:
            # An `await` at the top of the cell: no code of the learner's runs, and an interrupt would end the kernel's
            # own loop (ipykernel 7.4 does not stop such a cell at all).
            self.reached = True
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)

    def _interrupt_from_thread(self) -> None:
        self.reached = True
        _thread.interrupt_main()


def _alarm_works() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def _task_of_async_cell() -> asyncio.Task[Any] | None:
    """Return the task that runs a cell with a top-level `await`; any other cell runs in a task of the kernel's own."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return None
    return task if task is not None and getattr(task.get_coro(), "__name__", "") == _RUNS_ASYNC_CELL else None


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def without_alarm(traceback: TracebackType) -> TracebackType:
    """Return the traceback of a `TimeLimitReached` so that it ends at the learner's line, not in the alarm above."""
    last = traceback
    while last.tb_next is not None and last.tb_next.tb_frame.f_code is not TimeLimit._on_alarm.__code__:
        last = last.tb_next
    last.tb_next = None
    return traceback
