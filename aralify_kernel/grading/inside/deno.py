"""Puts up what walls a program of Deno can live behind, and becomes that program."""

from __future__ import annotations

import json
import os
import sys

from aralify_kernel.grading.sandbox import walls
from aralify_kernel.grading.sandbox.limits import limit, limit_all

_LOADERS = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1")
"""What the kernel starts to load the libraries of a program."""


def run(arguments: list[str]) -> None:
    """Become the command that the configuration (JSON) names."""
    config = json.loads(arguments[0])
    if config["leaves_root"]:
        walls.leave_root()
    if config["mode"] != walls.LIMITS:
        from aralify_kernel.grading.sandbox import landlock, linux

        linux.drop_capabilities()
        if config["mode"] == walls.LANDLOCK:
            landlock.restrict(read=config["read"], write=config["write"], execute=[config["command"][0], *_LOADERS])
        linux.no_new_privileges()
    if sys.platform == "linux":
        from aralify_kernel.grading.sandbox import linux

        linux.die_with_parent()
    limit_all(cpu_seconds=config["cpu_seconds"], threads=None)
    # V8 reserves far more address space than it uses, so what it may write to is limited instead.
    limit("DATA", config["memory_bytes"])
    os.execve(config["command"][0], config["command"], config["environment"])  # noqa: S606 - our own program
