"""Which walls this machine offers, found out by putting them up."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from aralify_kernel.domain.judging import Isolation

_TRY_SECONDS: Final = 20


@dataclass(frozen=True, slots=True)
class Mode:
    """Whether one mode is offered, and what stands against it."""

    isolation: Isolation
    offered: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """What this machine offers. `modes` lists all, from strongest to weakest."""

    modes: tuple[Mode, ...]

    @property
    def isolation(self) -> Isolation:
        """The strongest mode that is offered."""
        return next(mode.isolation for mode in self.modes if mode.offered)


@lru_cache(maxsize=1)
def probe() -> Probe:
    """Return what this machine offers; the answer is kept for the life of this process."""
    reasons = {Isolation.NAMESPACES: _against_namespaces(), Isolation.LANDLOCK: _against_landlock()}
    tried = [Mode(isolation, not reason, reason) for isolation, reason in reasons.items()]
    return Probe((*tried, Mode(Isolation.LIMITS, offered=True)))


def _against_linux() -> str:
    if sys.platform != "linux":
        return "only Linux has it"
    from aralify_kernel.grading.sandbox import seccomp

    return "" if seccomp.machine_is_known() else "there is no table of system calls for this processor"


def _against_namespaces() -> str:
    if reason := _against_linux():
        return reason
    from aralify_kernel.grading.sandbox import bubblewrap, places

    if not bubblewrap.executable():
        return "bubblewrap is not installed (Debian and Ubuntu: apt-get install bubblewrap)"
    return _tried(bubblewrap.command(places.program("trial", "namespaces", "1", in_room=True), **places.of_python()))


def _against_landlock() -> str:
    if reason := _against_linux():
        return reason
    from aralify_kernel.grading.sandbox import landlock, places

    if not landlock.version():
        return "this kernel has no Landlock (Linux 5.13 or newer with landlock among its security modules)"
    return _tried(places.program("trial", "landlock", str(int(places.open_to_all()))))


def _tried(command: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no shell
            command, capture_output=True, text=True, timeout=_TRY_SECONDS, stdin=subprocess.DEVNULL, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0:
        return ""
    return (done.stderr.strip().splitlines() or [f"it ended with status {done.returncode}"])[-1]
