"""Long lists in pages: a limit, and a cursor that says where the next page begins."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from aralify_kernel.errors import N_, InvalidValue
from aralify_kernel.server.rest.operations import Parameter

LIMIT: Final = Parameter("limit", "How many to return at most.", default=50, least=1, most=200)
CURSOR: Final = Parameter("cursor", "`next_cursor` of the page before; the first page when left out.")
PAGE: Final = (LIMIT, CURSOR)


def cursor(place: str) -> str:
    """Return a cursor for a place in a list. What it is made of is nobody else's business.

    >>> place_of(cursor("python-basics"))
    'python-basics'
    """
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place_of(given: str) -> str:
    """Return the place that `cursor` made it of.

    Raises:
        InvalidValue: It was made by something else.
    """
    try:
        return base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise invalid(given) from None


def invalid(given: str) -> InvalidValue:
    """Return the error about a cursor that leads nowhere."""
    reason = N_("This is not where a page begins. Leave it out to begin with the first.")
    return InvalidValue(field=CURSOR.name, value=given[:60], reason=reason)
