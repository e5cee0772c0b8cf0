"""When an answer was given that had to wait for the server: what its own computer says, as far as it is believed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

BELIEVED_FOR: Final = timedelta(hours=72)
"""For how long an answer may have waited: a long weekend without a network."""


def moment_of(claimed: datetime | None, *, received: datetime, signed_in: datetime | None) -> datetime:
    """Return the moment whose date on the learner's calendar an answer counts for; never what decides about lateness.

    >>> from datetime import UTC, datetime
    >>> received, signed_in = datetime(2026, 6, 8, 7, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    >>> moment_of(datetime(2026, 6, 6, 20, tzinfo=UTC), received=received, signed_in=signed_in).day
    6
    >>> moment_of(datetime(2026, 6, 5, 6, 59, tzinfo=UTC), received=received, signed_in=signed_in).day
    8

    Args:
        claimed: What the learner's computer says, if it says anything.
        received: When the answer arrived here.
        signed_in: When the sign-in began with which it arrived; None where there is none to compare with.

    Returns:
        `claimed` when it lies at most 72 hours back, not ahead, and not before the sign-in; else `received`.
    """
    if claimed is None or claimed.tzinfo is None or signed_in is None:
        return received
    believable = max(signed_in, received - BELIEVED_FOR) <= claimed <= received
    return claimed if believable else received
