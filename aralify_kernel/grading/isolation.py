"""Whether this machine keeps learners' code apart well enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.judging import Isolation
from aralify_kernel.errors import IsolationTooWeak
from aralify_kernel.grading.sandbox.probe import probe

if TYPE_CHECKING:
    from aralify_kernel.settings import Settings

_STRONGEST_FIRST: Final = tuple(Isolation)


def require(settings: Settings, isolation: Isolation | None = None) -> None:
    """Do nothing when `isolation`, or what this machine offers, is what the settings demand, or stronger.

    Raises:
        IsolationTooWeak: It is weaker.
    """
    wanted = Isolation(settings.judge_min_isolation)
    if wanted is _STRONGEST_FIRST[-1]:
        return
    isolation = isolation or probe().isolation
    if _STRONGEST_FIRST.index(isolation) > _STRONGEST_FIRST.index(wanted):
        raise IsolationTooWeak(wanted=wanted.value, offered=isolation.value)
