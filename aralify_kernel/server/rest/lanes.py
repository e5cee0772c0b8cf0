"""Threads for what takes time, so that the server itself never waits: a bounded number works, a bounded number waits."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from aralify_kernel.errors import ServerBusy

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Lane:
    """One queue of work. Used from the event loop's thread."""

    def __init__(self, name: str, *, threads: int, room: int) -> None:
        self._pool = ThreadPoolExecutor(threads, name)
        self._most = threads + room
        self._inside = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, which runs in a thread; raises what it raises.

        Raises:
            ServerBusy: Too much waits already.
        """
        if self._inside >= self._most:
            raise ServerBusy
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._inside -= 1

    def close(self) -> None:
        """Let what runs end, and what waits not begin."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class Lanes:
    """What waits for the judging of code is kept apart from the rest, which is quick.

    Who waits for a judgement does nothing meanwhile, and the grader lets the learners take turns among those who have
    a thread: hence many.
    """

    def __init__(self) -> None:
        self.judging = Lane("aralify-submit", threads=64, room=512)
        self.quick = Lane("aralify-rest", threads=8, room=512)

    def close(self) -> None:
        """End both."""
        self.judging.close()
        self.quick.close()
