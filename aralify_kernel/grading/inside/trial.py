"""Tries whether the walls of a mode can be put up here; exits with 0, or says in one line what stands against it."""

from __future__ import annotations

import os
import sys

from aralify_kernel.grading.sandbox import walls


def run(arguments: list[str]) -> None:
    """Put up the walls of the mode named first; leave root before if the second argument is "1"."""
    mode, leaves_root = arguments
    try:
        if leaves_root == "1":
            walls.leave_root()
        walls.put_up(walls.Walls(mode, 60, None, read=("/usr",)))
        os._exit(0)
    except OSError as error:
        sys.stderr.write(f"{error.strerror}\n")
        sys.stderr.flush()
        os._exit(1)
