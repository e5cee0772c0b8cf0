"""Threads for what takes time, so that the server itself never waits: a bounded number works, a bounded number waits."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from aralify_kernel.errors import ServerBusy

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Lane:
    """One queue of work. Used from the event loop's thread."""

    def __init__(self, name: str, *, threads: int, room: int, each: int | None = None) -> None:
        self._pool = ThreadPoolExecutor(threads, name)
        self._most = threads + room
        self._each = each
        self._inside = 0
        self._of: Counter[str] = Counter()

    async def run(self, work: Callable[[], T], whose: str | None = None) -> T:
        """Return what `work` returns, which runs in a thread; raises what it raises.

        Args:
            work: What to do.
            whose: The user name of whom it is done for; None is not counted.

        Raises:
            ServerBusy: Too much waits already, or too much of this person's.
        """
        if self._inside >= self._most or (whose and self._each and self._of[whose] >= self._each):
            raise ServerBusy
        self._inside += 1
        self._count(whose, 1)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._inside -= 1
            self._count(whose, -1)

    def _count(self, whose: str | None, change: int) -> None:
        if whose:
            self._of[whose] += change
            if not self._of[whose]:
                del self._of[whose]


class Lanes:
    """What waits for the judging of code, and what looks at passwords, is kept apart from the rest, which is quick.

    A password takes a processor a tenth of a second and more, and 64 MB: as many at once as there are processors, and
    no more waiting than some classes that come in at once.

    Who waits for a judgement does nothing meanwhile, and the grader lets the learners take turns among those who have
    a thread: hence many.

    Nobody has a lane to themselves: who asks for more at once than `each` is told to come again in a moment, as clients
    do by themselves.
    """

    def __init__(self) -> None:
        self.judging = Lane("aralify-submit", threads=64, room=512, each=4)
        self.quick = Lane("aralify-rest", threads=8, room=512, each=4)
        self.passwords = Lane("aralify-passwords", threads=max(2, os.cpu_count() or 1), room=300, each=2)
