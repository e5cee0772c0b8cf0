"""Timed runs of a lesson with a time limit.

A learner's first attempt in such a lesson starts a run. Every attempt belongs to the learner's newest run there, also
when that run is over: then it is late. Only the learner starts another one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def run_end(started_at: datetime, time_limit_sec: int, time_factor: float | None) -> datetime | None:
    """Return when a run ends; None for a learner whose personal time factor is off (None).

    The end is fixed when the run starts: a later change of the factor counts from the next run on.

    >>> from datetime import UTC, datetime
    >>> run_end(datetime(2024, 6, 3, 8, tzinfo=UTC), 600, 1.5).isoformat()
    '2024-06-03T08:15:00+00:00'
    """
    return None if time_factor is None else started_at + timedelta(seconds=time_limit_sec * time_factor)


def is_late(now: datetime, ends_at: datetime | None) -> bool:
    """Whether an attempt at `now` comes after the end of its run; exactly at the end is in time."""
    return ends_at is not None and now > ends_at


def remaining_secs(now: datetime, ends_at: datetime | None) -> float | None:
    """Return the seconds that are left, 0.0 once the run is over; None without an end."""
    return None if ends_at is None else max(0.0, (ends_at - now).total_seconds())
