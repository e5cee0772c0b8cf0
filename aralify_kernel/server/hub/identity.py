"""Who is asking, where the Hub says it."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain import arrivals as ruling
from aralify_kernel.server.identity import IdentityProvider
from aralify_kernel.services import arrivals, sign_ins
from aralify_kernel.services.local_time_zone import local_timezone

if TYPE_CHECKING:
    from aralify_kernel.domain.arrivals import Arrival
    from aralify_kernel.server.hub.asking import Hub
    from aralify_kernel.server.identity import Person
    from aralify_kernel.services.sign_ins import Terms

_ASKED_AGAIN_SEC: Final = 60
_AT_MOST: Final = 10_000
"""How many tokens are remembered, good ones and bad ones."""

_OF_A_PROGRAM: Final = sign_ins.Terms(
    scopes=sign_ins.scopes(["read", "submit", "profile", "teach"]), label="JupyterHub", lasts=timedelta(days=1)
)


class HubIdentityProvider(IdentityProvider):
    """Lets in by a sign-in of ours, which the Hub's word began, and by a token of the Hub's."""

    is_the_hubs = True
    sign_in_days = 0.5
    """After half a day the Hub is asked again who a browser's owner is: they need not do anything for it."""

    hub: Hub
    """Set by the server, before it listens."""

    async def admit(self, arrival: Arrival, terms: Terms) -> tuple[str, str]:
        """Sign in whom the Hub sent; return the token of their sign-in here, and their user name."""
        application = self.application
        settings = application.settings
        return await asyncio.to_thread(
            arrivals.arrive,
            application.database,
            arrival,
            ruling.rules(settings.hub_groups),
            terms=terms,
            language=settings.language or "en",
            timezone=local_timezone(),
            now=application.now(),
        )

    async def _by_token(self, token: str, *, is_browser: bool) -> Person | None:
        person = await super()._by_token(token, is_browser=is_browser)
        if person is not None or is_browser or not token:
            return person
        own = await self._exchange(token)
        return None if own is None else await super()._by_token(own, is_browser=False)

    async def _exchange(self, token: str) -> str | None:
        """Return the token of a sign-in here for one of the Hub's; None for one that the Hub does not know."""
        known = self.__dict__.setdefault("_known", OrderedDict())
        key = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        until, own = known.get(key, (0.0, None))
        if time.monotonic() < until:
            return str(own) if own else None
        arrival = await self.hub.holder_of(token)
        if own is not None:
            await asyncio.to_thread(sign_ins.sign_out, self.application.database, own, now=self.application.now())
        own = None if arrival is None else (await self.admit(arrival, _OF_A_PROGRAM))[0]
        known[key] = (time.monotonic() + _ASKED_AGAIN_SEC, own)
        known.move_to_end(key)
        while len(known) > _AT_MOST:
            known.popitem(last=False)
        return own
