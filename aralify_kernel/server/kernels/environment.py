"""What a page's kernel may know of the computer it runs on: an allow-list, never the server's own environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aralify_kernel.settings import inherited

if TYPE_CHECKING:
    from pathlib import Path

KEY: Final = "ARALIFY_KERNEL_KEY"
SERVER: Final = "ARALIFY_SERVER"

_KEPT: Final = (
    "PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "VIRTUAL_ENV",
    "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TZ", "TMPDIR",
)  # fmt: skip
"""Where Python and its modules are found, and how text and time are written. Names, not patterns: nothing slips in."""

_ONE_THREAD: Final = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Pages calculate little, and a process with threads cannot be forked safely."""


def of_kernels(home: Path, server: str, key: str) -> dict[str, str]:
    """Return the whole environment of a page's kernel.

    Args:
        home: An empty folder: no configuration, no database and no cookie secret is found from there.
        server: Where the kernel asks who its viewer is.
        key: By which it asks.
    """
    folders = {"HOME": str(home), "ARALIFY_HOME": str(home), "IPYTHONDIR": str(home / "ipython")}
    return {**inherited(_KEPT), **_ONE_THREAD, **folders, SERVER: server, KEY: key}
