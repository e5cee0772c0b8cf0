"""IANA time zones by name."""

from __future__ import annotations

from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from aralify_kernel.errors import N_, InvalidValue

_MACHINE_ONLY: Final = frozenset({"Factory", "localtime"})
"""In the database, but they mean something else, or nothing, on another machine."""


def zone(name: str) -> ZoneInfo:
    """Return the time zone called `name`. Fast: meant for a name that `time_zone` let in before.

    >>> zone("Asia/Manila").key
    'Asia/Manila'

    Raises:
        InvalidValue: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # no such name, no possible name, the name of a folder of names
        raise _unknown(name) from None


def time_zone(text: str) -> str:
    """Return the name of a time zone, for a profile: spelt as in the IANA database, whatever the file system lets pass.

    >>> time_zone(" Asia/Manila ")
    'Asia/Manila'

    Raises:
        InvalidValue: There is no such zone, or its name means something else on another machine.
    """
    name = text.strip()
    if name not in _names():
        raise _unknown(name)
    return name


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones()) - _MACHINE_ONLY


def _unknown(name: str) -> InvalidValue:
    return InvalidValue(
        field="timezone",
        value=name[:60],
        reason=N_("“{value}” is no time zone. Write it as area and city, as in Asia/Manila."),
    )
