"""The `aralify` command."""

from __future__ import annotations


def main() -> None:
    """Run the `aralify` command."""
