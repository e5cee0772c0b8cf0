"""What of a class is looked at: a topic, a difficulty, from which day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from aralify_kernel.errors import N_, InvalidValue

if TYPE_CHECKING:
    from aralify_kernel.domain.references import LessonRef


@dataclass(frozen=True, slots=True)
class Filter:
    """The lessons of one topic or of all (""), of one tier or of all (""), and what came since a date or ever."""

    topic: str = ""
    tier: str = ""
    since: date | None = None

    @classmethod
    def read(cls, topic: str, tier: str, since: str) -> Filter:
        """Return the filter that somebody chose in a form.

        Raises:
            InvalidValue: `since` is no date.
        """
        try:
            return cls(topic, tier, date.fromisoformat(since) if since else None)
        except ValueError:
            reason = N_("Write the date as in 2026-06-30.")
            raise InvalidValue(field="since", value=since[:40], reason=reason) from None

    @property
    def narrows_lessons(self) -> bool:
        """Whether there may be lessons that it leaves out."""
        return bool(self.topic or self.tier)

    def takes(self, ref: LessonRef) -> bool:
        """Whether a lesson is looked at."""
        return self.topic in {"", ref.level} and self.tier in {"", ref.tier}

    def takes_day(self, day: date) -> bool:
        """Whether a day is looked at."""
        return self.since is None or day >= self.since


EVERYTHING = Filter()
