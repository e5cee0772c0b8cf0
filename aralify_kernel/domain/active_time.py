"""Time spent is active time: a gap of more than five minutes between a learner's events does not count."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LONGEST_GAP: Final = timedelta(minutes=5)


def gap_secs(previous: datetime | None, now: datetime) -> int:
    """Return the whole seconds of active time that an event at `now` adds after the one at `previous`.

    A gap of exactly five minutes counts; a longer one, a first event (`previous` None) and a clock that went back add
    nothing. Fractions of a second are cut off both moments, not off the gap, so that many short gaps lose nothing.
    """
    if previous is None or not timedelta(0) <= now - previous <= LONGEST_GAP:
        return 0
    return (now.replace(microsecond=0) - previous.replace(microsecond=0)) // timedelta(seconds=1)


def active_secs(times: Iterable[datetime]) -> int:
    """Return the seconds of active time in all events of one learner, in any order.

    >>> from datetime import UTC, datetime
    >>> active_secs(datetime(2024, 6, 3, 8, minute, tzinfo=UTC) for minute in (0, 2, 7, 13))
    420
    """
    return sum(gap_secs(previous, now) for previous, now in pairwise(sorted(times)))
