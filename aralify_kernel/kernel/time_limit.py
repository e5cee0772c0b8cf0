"""The soft time limit of an exercise cell: it stops the cell as the stop button would, and leaves the kernel alive."""

from __future__ import annotations

import _thread
import signal
import threading
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from types import FrameType

_ASK_AGAIN_SECS: Final = 1.0
"""Code that swallows the interrupt (`except:` in a loop) gets it again at this pace."""
_WAITS_FOR_A_PERSON: Final = frozenset({"_input_request"})
"""ipykernel's function that waits for `input()`: thinking time is not running time."""


class TimeLimit:
    """Interrupts the running cell once `start` is `seconds` ago and `stop` has not been called.

    On Unix an alarm signal interrupts, so that it also reaches `time.sleep`; elsewhere a thread simulates Ctrl-C.
    """

    def __init__(self) -> None:
        self.reached = False
        self._seconds = 0.0
        self._previous: Any = None
        self._counts = False
        self._timer: threading.Timer | None = None

    def start(self, seconds: float) -> None:
        """Begin to count. A limit that is already counting begins anew."""
        self.stop()
        self.reached = False
        self._seconds = seconds
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
        if _is_waiting_for_a_person(frame):
            signal.setitimer(signal.ITIMER_REAL, self._seconds, _ASK_AGAIN_SECS)
            return
        self.reached = True
        signal.raise_signal(signal.SIGINT)

    def _interrupt_from_thread(self) -> None:
        self.reached = True
        _thread.interrupt_main()


def _alarm_works() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def _is_waiting_for_a_person(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_name in _WAITS_FOR_A_PERSON:
            return True
        frame = frame.f_back
    return False
