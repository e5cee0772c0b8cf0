"""Which revisions of the interface a server understands: its own and the one before."""

from __future__ import annotations

from aralify_kernel.client.interface import API
from aralify_kernel.errors import ClientOutdated


def require_understood(said: str | None, *, newest: int = API) -> None:
    """Return when a client that sent this header is understood; one that sent none is taken for a new one.

    >>> require_understood("3", newest=4)

    Raises:
        ClientOutdated: It is not; says how to update.
    """
    oldest = max(1, newest - 1)
    if said is not None and said not in {str(revision) for revision in range(oldest, newest + 1)}:
        raise ClientOutdated(client=said[:20], oldest=oldest, newest=newest)
