"""Aralify: learn programming inside Jupyter.

Importing this package is deliberately cheap, because every kernel of every lesson does it: nothing heavy is
imported before it is used (`tests/benchmarks/` holds the limit).
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "load_ipython_extension", "unload_ipython_extension"]


def load_ipython_extension(ip: Any) -> None:
    """Make a running IPython shell an Aralify one (`%load_ext aralify_kernel`)."""
    from aralify_kernel.kernel import extension

    extension.load(ip)


def unload_ipython_extension(ip: Any) -> None:
    """Take the magics and the hook away again (`%unload_ext aralify_kernel`)."""
    from aralify_kernel.kernel import extension

    extension.unload(ip)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Say where a Jupyter server finds its part of Aralify."""
    return [{"module": "aralify_kernel.server.lab"}]
