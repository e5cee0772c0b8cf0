"""Days, times and numbers as each language writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.dates import format_date, format_time, get_day_names, get_month_names

from aralify_kernel.widgets.days import day_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from aralify_kernel.i18n import Translator


def short_day(day: date, language: str) -> str:
    """Return `20 Nov`, `20 Nob`."""
    return format_date(day, "d MMM", locale=language)


def long_day(day: date, language: str) -> str:
    """Return `Friday, 20 November`, `Biyernes, 20 Nobyembre`."""
    return format_date(day, "EEEE, d MMMM", locale=language)


def weekdays(language: str) -> list[str]:
    """Return the short names of Monday to Sunday."""
    names = get_day_names("abbreviated", locale=language)
    return [names[number] for number in range(7)]


def months(language: str) -> list[str]:
    """Return the short names of January to December."""
    names = get_month_names("abbreviated", locale=language)
    return [names[number] for number in range(1, 13)]


def moment(at: datetime, today: date, _: Translator) -> str:
    """Return `today, 09:12`, else its day with the time; `at` and `today` are both in the reader's time zone."""
    clock = format_time(at.time(), "HH:mm", locale=_.language)
    day = _("today") if at.date() == today else day_of(at.date(), today, _.language)
    return f"{day}, {clock}"


def duration(secs: int, _: Translator) -> str:
    """Return `2 h 40 min`, `45 min`, in whole minutes, rounded down."""
    hours, minutes = divmod(secs // 60, 60)
    return _("{hours} h {minutes} min", hours=hours, minutes=minutes) if hours else _("{minutes} min", minutes=minutes)
