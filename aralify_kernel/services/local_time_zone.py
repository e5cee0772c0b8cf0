"""The time zone of this computer, which a new learner's dates are in."""

from __future__ import annotations

from contextlib import suppress


def local_timezone() -> str:
    """Return the IANA name of this computer's time zone; UTC where it cannot be told."""
    from tzlocal import get_localzone_name

    from aralify_kernel.domain.time_zones import time_zone
    from aralify_kernel.errors import InvalidValue

    with suppress(InvalidValue, LookupError):
        return time_zone(get_localzone_name())
    return "UTC"
