"""What `%load_ext aralify_kernel` does."""

from __future__ import annotations

from typing import Any


def load(ip: Any) -> None:
    """Register the hook and the magics."""


def unload(ip: Any) -> None:
    """Take them away again."""
