"""Where passwords are looked at: a few at a time, so that a class that signs in at once does not stop everything else."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from aralify_kernel.errors import ServerBusy

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

_WAITING: Final = 300
"""How many may wait: some classes at once, and no more than can be served in a minute."""


class Desk:
    """Does work that takes a processor a tenth of a second and 64 MB each, on as many threads as there are processors."""

    def __init__(self, waiting: int = _WAITING) -> None:
        self._threads = ThreadPoolExecutor(max(2, os.cpu_count() or 1), thread_name_prefix="passwords")
        self._left = waiting

    async def ask(self, work: Callable[P, T], /, *arguments: P.args, **named: P.kwargs) -> T:
        """Return what comes of `work`, after those who came before.

        Raises:
            ServerBusy: Too many wait already; nothing was done.
        """
        if not self._left:
            raise ServerBusy
        self._left -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, partial(work, *arguments, **named))
        finally:
            self._left += 1
