"""What a check is given, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from aralify_kernel.errors import AralifyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from aralify_kernel.grading.sandbox.probe import Probe
    from aralify_kernel.settings import Settings
    from aralify_kernel.store.database import Database


class State(Enum):
    """How it stands with one thing, from best to worst."""

    OK = "ok"
    WARNING = "warning"
    """It works, and will not for ever, or not for what a school needs."""
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is looked at."""

    settings: Settings
    database: Database
    probe: Callable[[], Probe]
    now: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """How it stands with one thing: what is so and, where it is not well, what to do.

    `message` and `advice` are texts to translate, filled with `details`; in place of a message there may be an error.
    """

    state: State
    message: str | AralifyError
    advice: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def render(self, translate: Callable[[str], str], tell: Callable[[AralifyError], str]) -> str:
        """Return it as one or two sentences; `tell` says what an error says."""
        if isinstance(self.message, AralifyError):
            return tell(self.message)
        return " ".join(translate(text).format(**self.details) for text in (self.message, self.advice) if text)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the table: its name for programs, its name for people, and what looks."""

    name: str
    title: str
    look: Callable[[Surroundings], Iterator[Finding]]
