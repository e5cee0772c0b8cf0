"""The way to the Hub and back, in place of our own sign-in."""

from __future__ import annotations

import json
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from tornado.web import HTTPError

from aralify_kernel.errors import HubUnreachable
from aralify_kernel.server import cookies, rendering
from aralify_kernel.server.access import Route, Who
from aralify_kernel.server.pages.base import Page
from aralify_kernel.server.pages.sign_in import end_sign_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aralify_kernel.server.hub.identity import HubIdentityProvider

_STATE: Final = "aralify-hub-state"
_MINUTES: Final = 10

_OURS: Final = ("/sign-in", "/sign-up", "/sign-out", "/guest", "/new-password")
"""The pages that the Hub's stand in for."""


class HubPage(Page):
    """A page that the Hub has a part in."""

    @property
    def provider(self) -> HubIdentityProvider:
        """Who knows the Hub."""
        provider: HubIdentityProvider = self.settings["identity_provider"]
        return provider


class ToHub(HubPage):
    """Sends a browser to the Hub to ask who its owner is."""

    def get(self) -> None:
        """Go there; with what will prove that it is this browser that comes back."""
        if self.current_user:
            self.redirect(self.next)
            return
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        cookies.keep(self, _STATE, json.dumps([state, verifier, self.next]), days=1)
        self.redirect(self.provider.hub.entrance(state, verifier))


class FromHub(HubPage):
    """Where the Hub sends a browser back to."""

    async def get(self) -> None:
        """Begin the sign-in of whom the Hub has sent, and go on to where they wanted to."""
        kept = self.get_signed_cookie(_STATE, max_age_days=_MINUTES / 1440)
        code, state = self.get_query_argument("code", ""), self.get_query_argument("state", "")
        if kept is None or not code:
            raise HTTPError(HTTPStatus.BAD_REQUEST)
        expected, verifier, to = json.loads(kept)
        if not secrets.compare_digest(expected.encode(), state.encode("utf-8", "surrogatepass")):
            raise HTTPError(HTTPStatus.BAD_REQUEST)
        cookies.forget(self, _STATE)
        try:
            arrival = await self.provider.hub.sent_with(code, verifier)
        except HubUnreachable as error:
            raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE) from error
        if arrival is None:
            raise HTTPError(HTTPStatus.FORBIDDEN)
        token, username = await self.provider.admit(arrival, self.terms())
        await end_sign_in(self)
        self.provider.begin(self, token, username)
        self.redirect(rendering.local_address(self, to))


class Leave(HubPage):
    """Signs out here, then at the Hub, which would let them in again at once."""

    async def post(self) -> None:
        """End the sign-in."""
        await end_sign_in(self)
        cookies.forget_sign_in(self)
        self.redirect(f"{self.provider.hub.service.hub_url}/logout", status=HTTPStatus.SEE_OTHER)


def instead(routes: Iterable[Route]) -> list[Route]:
    """Return the routes to the server's own pages with the Hub's sign-in in place of ours."""
    hub: list[Any] = [
        Route(r"/sign-in", ToHub, Who.EVERYBODY),
        Route(r"/oauth_callback", FromHub, Who.EVERYBODY),
        Route(r"/sign-out", Leave, Who.SIGNED_IN),
    ]
    return hub + [route for route in routes if route.pattern not in _OURS]
