"""How many kernels of pages this computer has memory for."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_EACH_MB: Final = 60
"""What an open page takes, as `make bench` measures it, and a little more."""

_SHARE: Final = 2
"""One part in so many of the memory is for pages: the grader, the database and the server need theirs."""

_LEAST: Final = 4


def default_kernels(memory_mb: int | None = None) -> int:
    """Return how many kernels may run where nobody set it.

    >>> default_kernels(4000), default_kernels(200)
    (33, 4)

    Args:
        memory_mb: The memory of this computer, or of the container it is; found out when left out.
    """
    return max(_LEAST, (_memory_mb() if memory_mb is None else memory_mb) // _SHARE // _EACH_MB)


def _memory_mb() -> int:
    found = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with suppress(OSError, ValueError):  # no container, or one without a limit
        found = min(found, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return found >> 20
