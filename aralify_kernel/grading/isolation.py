"""How well this machine can keep learners' code apart, and whether that is enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.judging import Isolation
from aralify_kernel.errors import IsolationTooWeak

if TYPE_CHECKING:
    from aralify_kernel.settings import Settings

_STRONGEST_FIRST: Final = tuple(Isolation)


@dataclass(frozen=True, slots=True)
class Mode:
    """Whether one way of keeping learners' code apart is offered, and what stands against it."""

    isolation: Isolation
    offered: bool
    reason: str = ""


def modes() -> tuple[Mode, ...]:
    """Return every way of keeping learners' code apart, strongest first, each with why it is not offered here."""
    not_yet = "this version of Aralify has no such grader"
    return (
        Mode(Isolation.NAMESPACES, offered=False, reason=not_yet),
        Mode(Isolation.LANDLOCK, offered=False, reason=not_yet),
        Mode(Isolation.LIMITS, offered=True),
    )


def best_offered() -> Isolation:
    """Return the strongest isolation that this machine offers."""
    return next(mode.isolation for mode in modes() if mode.offered)


def require(settings: Settings, isolation: Isolation | None = None) -> None:
    """Do nothing when `isolation`, or what this machine offers, is what the settings demand, or stronger.

    Raises:
        IsolationTooWeak: It is weaker.
    """
    wanted = Isolation(settings.judge_min_isolation)
    if wanted is _STRONGEST_FIRST[-1]:
        return
    isolation = isolation or best_offered()
    if _STRONGEST_FIRST.index(isolation) > _STRONGEST_FIRST.index(wanted):
        raise IsolationTooWeak(wanted=wanted.value, offered=isolation.value)
