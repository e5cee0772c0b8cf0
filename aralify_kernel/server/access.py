"""Who may open what: every handler is registered through here, so that nothing is open by default."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from inspect import isawaitable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tornado import web

from aralify_kernel.domain.permissions import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aralify_kernel.server.identity import IdentityProvider, Person


class Who(Enum):
    """Whom a route is for. The handler may ask for more: a teacher for a class of theirs, a token for a scope."""

    EVERYBODY = "everybody"
    SIGNED_IN = "signed_in"
    VIEWER = "viewer"
    """Whoever the kernel in the address is bound to; to others it does not exist."""
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Route:
    """One address (a pattern below the base address), what answers there, and whom it is for."""

    pattern: str
    handler: type[web.RequestHandler]
    who: Who
    options: Mapping[str, Any] = field(default_factory=dict)


def guarded(handler: type[web.RequestHandler], who: Who) -> type[web.RequestHandler]:
    """Return `handler` behind the question who is asking, whatever else it asks by itself."""

    async def prepare(self: web.RequestHandler) -> None:
        provider: IdentityProvider = self.settings["identity_provider"]
        person = await provider.person(self)
        if not _may(who, person, self):
            refuse(self, person, who)
            return
        preparing: Any = handler.prepare(self)
        if isawaitable(preparing):
            await preparing

    guard: type[web.RequestHandler] = type(handler.__name__, (handler,), {"prepare": prepare, "who": who})
    return guard


def refuse(handler: web.RequestHandler, person: Person | None, who: Who) -> None:
    """Send somebody who is not signed in to the sign-in page, where they came to look; refuse everything else."""
    if person is None and who is not Who.EVERYBODY:
        if handler.request.method in {"GET", "HEAD"} and "text/html" in handler.request.headers.get("Accept", ""):
            address = handler.settings["login_url"]
            handler.redirect(f"{address}?{urlencode({'next': handler.request.uri})}")
            return
        raise web.HTTPError(HTTPStatus.FORBIDDEN)
    raise web.HTTPError(HTTPStatus.NOT_FOUND if who is Who.VIEWER else HTTPStatus.FORBIDDEN)


def _may(who: Who, person: Person | None, handler: web.RequestHandler) -> bool:
    if who is Who.EVERYBODY:
        return True
    if person is None:
        return False
    if who is Who.VIEWER:
        is_viewer: Callable[[Person, Mapping[str, str]], bool] = handler.settings["is_viewer"]
        return is_viewer(person, handler.path_kwargs)
    return who is Who.SIGNED_IN or person.role == Role.ADMIN.name
