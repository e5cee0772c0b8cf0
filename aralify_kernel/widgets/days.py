"""Days as a learner or a teacher reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def day_of(day: date, today: date, language: str) -> str:
    """Return `20 Nov`, `20 Nob`; `8 Jun 2027` where that is another year than today's."""
    from babel.dates import format_date  # takes its time, and most results tell no day

    return format_date(day, "d MMM" if day.year == today.year else "d MMM y", locale=language)
