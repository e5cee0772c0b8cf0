"""Asking the Hub who somebody is."""

from __future__ import annotations

import base64
import hashlib
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

import httpx

from aralify_kernel.domain.arrivals import Arrival
from aralify_kernel.errors import HubUnreachable

if TYPE_CHECKING:
    from aralify_kernel.settings import HubService

LOG: Final = logging.getLogger(__name__)

_REFUSED: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


class Hub:
    """The Hub that runs this service."""

    def __init__(self, service: HubService) -> None:
        self.service = service
        self._client = httpx.AsyncClient(timeout=10, trust_env=False)

    def entrance(self, state: str, verifier: str) -> str:
        """Return the Hub's address at which a browser asks to be let in here."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self.service.client_id,
            "redirect_uri": self.service.callback,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self.service.hub_url}/api/oauth2/authorize?{urlencode(asked)}"

    async def sent_with(self, code: str, verifier: str) -> Arrival | None:
        """Return whom the Hub sent back with this code; None when it does not know the code.

        Raises:
            HubUnreachable: See there.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.service.callback,
            "client_id": self.service.client_id,
            "client_secret": self.service.token,
            "code_verifier": verifier,
        }
        granted = await self._ask("POST", "/oauth2/token", data=form)
        return None if granted is None else await self.holder_of(str(granted.get("access_token")))

    async def holder_of(self, token: str) -> Arrival | None:
        """Return the person to whom the Hub gave this token, if it lets them in here; None else.

        Raises:
            HubUnreachable: See there.
        """
        model = await self._ask("GET", "/user", token=token) if token.isascii() else None
        if model is None or model.get("kind") != "user" or not self._lets_in(model.get("scopes", ())):
            return None
        name = str(model["name"])
        # The token of a single-user server may not tell its owner's groups, so we ask as ourselves.
        known = await self._ask("GET", f"/users/{quote(name, safe='')}", token=self.service.token)
        groups = None if known is None else known.get("groups")
        if groups is None:
            LOG.warning("The Hub does not tell this service the groups of people: give it the scope read:users:groups.")
        return Arrival(name, None if groups is None else frozenset(map(str, groups)))

    async def close(self) -> None:
        """Close the connections to the Hub."""
        await self._client.aclose()

    def _lets_in(self, scopes: Any) -> bool:
        return any(wanted in scopes for wanted in ("access:services", f"access:services!service={self.service.name}"))

    async def _ask(self, method: str, path: str, *, token: str = "", **more: Any) -> dict[str, Any] | None:
        headers = {"Authorization": f"token {token}"} if token else {}
        try:
            answer = await self._client.request(method, self.service.api_url + path, headers=headers, **more)
            if answer.status_code in _REFUSED:
                return None
            found: dict[str, Any] = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise HubUnreachable from error
        return found
