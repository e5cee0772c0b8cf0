"""Who is asking, where the Hub says it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain import arrivals as ruling
from aralify_kernel.domain.client_times import BELIEVED_FOR
from aralify_kernel.domain.sign_ins import KERNEL_KEY
from aralify_kernel.server.identity import IdentityProvider
from aralify_kernel.server.rest.limits import Buckets, Limit
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

_UNKNOWN: Final = Limit(at_once=200, per_second=2)
"""A few classes whose servers start at once have room, and whoever guesses does not reach the Hub through us."""

_OF_A_PROGRAM: Final = sign_ins.Terms(
    scopes=sign_ins.scopes(["read", "submit", "profile", "teach"]),
    label="JupyterHub",
    lasts=BELIEVED_FOR + timedelta(days=1),
)
"""It lasts for longer than answers may wait: the Hub is asked anew before it is worth anything."""


class HubIdentityProvider(IdentityProvider):
    """Lets in by a sign-in of ours, which the Hub's word began, and by a token of the Hub's."""

    is_the_hubs = True
    sign_in_days = 0.5
    """After half a day the Hub is asked again who a browser's owner is: they need not do anything for it."""

    hub: Hub
    """Set by the server, before it listens."""

    secret: bytes
    """With it, and from nothing else, a token of the Hub's leads to the one of its sign-in here. Set as `hub` is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._known: OrderedDict[str, tuple[float, bool]] = OrderedDict()
        """By the tokens of sign-ins here, until when the Hub is not asked again, and whether it vouched."""
        self._asking: dict[str, asyncio.Future[bool]] = {}
        """The questions on their way to the Hub, by the same tokens."""
        self._unknown = Buckets(_UNKNOWN)
        """By network, how often it may still come with a token that the Hub does not vouch for."""

    async def admit(self, arrival: Arrival, terms: Terms, token: str | None = None) -> tuple[str, str]:
        """Sign in whom the Hub sent, by `token` if given; return the token of their sign-in here, and their user name."""
        application = self.application
        settings = application.settings
        return await asyncio.to_thread(
            arrivals.arrive,
            application.database,
            arrival,
            ruling.rules(settings.hub_groups),
            terms=terms,
            token=token,
            language=settings.language or "en",
            timezone=local_timezone(),
            now=application.now(),
        )

    async def _by_header(self, token: str, network: str) -> Person | None:
        person = await super()._by_header(token, network)
        if person is not None or not token or token.startswith(KERNEL_KEY):
            return person
        own = self._own(token)
        is_good = await self._is_vouched_for(token, own, network)
        return await self._by_token(own, is_browser=False) if is_good else None

    def _own(self, token: str) -> str:
        """Return the token here for one of the Hub's: always the same, so that its sign-in goes on after a restart."""
        return hmac.new(self.secret, token.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    async def _is_vouched_for(self, token: str, own: str, network: str) -> bool:
        """Whether the Hub said lately who has `token`, so that there is a sign-in of theirs by the token `own`.

        Raises:
            HubUnreachable: See there.
            TooManyRequests: Too many tokens that the Hub does not know came from this network.
        """
        until, was_good = self._known.get(own, (0.0, False))
        if time.monotonic() < until:
            return was_good
        if own not in self._asking:
            if not was_good:
                self._unknown.take(network, self.application.now())
            self._asking[own] = asyncio.ensure_future(self._ask(token, own, network, was_good=was_good))
        return await asyncio.shield(self._asking[own])

    async def _ask(self, token: str, own: str, network: str, *, was_good: bool) -> bool:
        try:
            is_good = await self._asked(token, own, was_good=was_good)
        finally:
            del self._asking[own]
        if is_good and not was_good:
            self._unknown.put_back(network)
        self._known[own] = (time.monotonic() + _ASKED_AGAIN_SEC, is_good)
        self._known.move_to_end(own)
        while len(self._known) > _AT_MOST:
            self._known.popitem(last=False)
        return is_good

    async def _asked(self, token: str, own: str, *, was_good: bool) -> bool:
        arrival = await self.hub.holder_of(token)
        if arrival is not None:
            await self.admit(arrival, _OF_A_PROGRAM, own)
        elif was_good:
            await asyncio.to_thread(sign_ins.sign_out, self.application.database, own, now=self.application.now())
        return arrival is not None
