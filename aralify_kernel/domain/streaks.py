"""Days in a row on which at least one attempt was judged, by the learner's own calendar.

An event's local date is computed when it happens and stored with it, together with the offset of the learner's clock
from UTC, so that a later change of zone rewrites nothing. From these two and nothing else follows every streak.

**Travel.** A flight over the date line towards a later clock, as from Los Angeles to Manila, swallows a date. How much
of that date the learner had depends on when they flew, which their attempts do not tell, so they get the benefit of
the doubt: when the clock was put forward by twelve hours or more since the last active day, as many dates are forgiven
as that takes, rounded up to whole days (two for the 26 hours from UTC−12 to UTC+14, else one). From twelve hours on,
the shorter way round the earth is the one over the date line; no daylight saving time and no short trip moves a clock
that far. Flying the other way gives a date twice; it counts once and breaks nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.time_zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_DATE_LINE_MIN: Final = 12 * 60
_DAY_MIN: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class LocalDay:
    """The date on the learner's calendar at one moment, and how far their clock was ahead of UTC, in minutes."""

    date: date
    utc_offset_min: int


@dataclass(frozen=True, slots=True)
class StreakState:
    """`current` is the run of days that ends on the `last` active one; it may have expired since (`shown`)."""

    current: int = 0
    longest: int = 0
    last: LocalDay | None = None


def local_day(instant: datetime, tz_name: str) -> LocalDay:
    """Return the learner's date and offset at `instant`.

    >>> from datetime import UTC, datetime
    >>> local_day(datetime(2024, 6, 3, 23, 30, tzinfo=UTC), "Asia/Manila")
    LocalDay(date=datetime.date(2024, 6, 4), utc_offset_min=480)

    Raises:
        ValueError: `instant` carries no time zone.
        InvalidValue: `tz_name` is no IANA time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("A moment without a time zone has no local date.")
    local = instant.astimezone(zone(tz_name))
    offset = local.utcoffset() or timedelta(0)
    return LocalDay(local.date(), offset // timedelta(minutes=1))


def local_date(instant: datetime, tz_name: str) -> date:
    """Return the date on the learner's calendar at `instant`; raises what `local_day` raises.

    >>> from datetime import UTC, datetime
    >>> local_date(datetime(2024, 6, 3, 11, 59, tzinfo=UTC), "Etc/GMT+12").isoformat()
    '2024-06-02'
    """
    return local_day(instant, tz_name).date


def extend(state: StreakState, day: LocalDay) -> StreakState:
    """Return the streak after an attempt was judged on `day`.

    A date that is there already or lies before the last one (a flight east, a clock put back) counts nothing and
    breaks nothing.

    >>> monday, tuesday = LocalDay(date(2024, 6, 3), 480), LocalDay(date(2024, 6, 4), 480)
    >>> extend(extend(StreakState(), monday), tuesday).current
    2
    """
    if state.last is None:
        current = 1
    elif day.date <= state.last.date:
        return replace(state, last=replace(state.last, utc_offset_min=day.utc_offset_min))
    else:
        current = 1 if _missed(state.last, day) else state.current + 1
    return StreakState(current, max(current, state.longest), day)


def shown(state: StreakState, today: LocalDay) -> int:
    """Return the streak to show on `today`: `current`, or 0 once a whole local day was missed.

    >>> state = extend(StreakState(), LocalDay(date(2024, 6, 3), 480))
    >>> [shown(state, LocalDay(date(2024, 6, day), 480)) for day in (3, 4, 5)]
    [1, 1, 0]
    """
    return 0 if state.last is None or _missed(state.last, today) else state.current


def rebuild(days: Iterable[LocalDay]) -> StreakState:
    """Return the streak that attempts judged on `days`, in the order they were recorded, add up to."""
    state = StreakState()
    for day in days:
        state = extend(state, day)
    return state


def _missed(last: LocalDay, day: LocalDay) -> bool:
    """Whether at least one date between the two was missed that no travel accounts for."""
    between = (day.date - last.date).days - 1
    return between > _swallowed(day.utc_offset_min - last.utc_offset_min)


def _swallowed(forward_min: int) -> int:
    """Return how many dates are forgiven when the clock was put forward by `forward_min` minutes."""
    return -(-forward_min // _DAY_MIN) if forward_min >= _DATE_LINE_MIN else 0
