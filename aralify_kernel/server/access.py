"""Who may open what: every handler is registered through here, so that nothing is open by default."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from tornado import web

from aralify_kernel.domain.permissions import Role
from aralify_kernel.errors import HubUnreachable, ServerBusy, TooManyRequests
from aralify_kernel.server.headers import harden, keep_to_https
from aralify_kernel.server.proxies import see_through
from aralify_kernel.server.rendering import error_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aralify_kernel.server.identity import IdentityProvider, Person


_BUSY_SEC: Final = 20
"""When to come back for a page to a server that is busy."""


class Who(Enum):
    """Whom a route is for. The handler may ask for more: a teacher for a class of theirs, a token for a scope."""

    EVERYBODY = "everybody"
    SIGNED_IN = "signed_in"
    VIEWER = "viewer"
    """Whoever the kernel in the address is bound to; to others it does not exist."""
    TEACHER = "teacher"
    """Whoever teaches a class at present, or may make one."""
    ADMIN = "admin"
    TOKEN = "token"  # noqa: S105 - no token, but what is asked for
    """The REST interface: browsers and clients, each as far as the operation that they ask for lets them."""


@dataclass(frozen=True, slots=True)
class Route:
    """One address (a pattern below the base address), what answers there, and whom it is for."""

    pattern: str
    handler: type[web.RequestHandler]
    who: Who
    options: Mapping[str, Any] = field(default_factory=dict)
    is_personal: bool = True
    """Whether what answers may be about somebody, so that neither browser nor proxy keeps it."""
    title: str = ""
    """Under what the first page lists it, for whoever may open it; not at all without one."""
    about: str = ""
    """The sentence that stands there."""


def guarded(route: Route) -> type[web.RequestHandler]:
    """Return a route's handler behind the question who is asking, whatever else it asks by itself."""
    handler, who = route.handler, route.who

    def set_default_headers(self: web.RequestHandler) -> None:
        handler.set_default_headers(self)
        harden(self, is_personal=route.is_personal)

    async def prepare(self: web.RequestHandler) -> None:
        see_through(self.request, self.settings["trusted_proxies"])
        keep_to_https(self)
        provider: IdentityProvider = self.settings["identity_provider"]
        try:
            person = await provider.person(self)
            if person is not None and person.scopes is not None and who is not Who.TOKEN:
                provider.pass_over(self)  # the token of a client opens no page
                person = None
            is_open = await may(who, person, self)
        except (ServerBusy, HubUnreachable, TooManyRequests):
            if who is Who.TOKEN:  # which tells it in its own way
                raise
            raise web.HTTPError(HTTPStatus.SERVICE_UNAVAILABLE) from None
        if not is_open:
            refuse(self, person, who)
            return
        preparing: Any = handler.prepare(self)
        if isawaitable(preparing):
            await preparing

    def write_error(self: web.RequestHandler, status_code: int, **_: Any) -> None:
        _tell(self, status_code)

    own: dict[str, Any] = {
        "prepare": prepare,
        "set_default_headers": set_default_headers,
        "set_cookie": _setting_cookies(handler),
    }
    own |= {"who": who, "route": route}
    if who is not Who.TOKEN:
        own["write_error"] = write_error
    guard: type[web.RequestHandler] = type(handler.__name__, (handler,), own)
    return guard


def _tell(handler: web.RequestHandler, status: int) -> None:
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        handler.set_header("Retry-After", str(_BUSY_SEC))
    handler.finish(error_page(handler, status))


def _setting_cookies(handler: type[web.RequestHandler]) -> Callable[..., None]:
    """Return what sets a cookie, whoever does: Tornado's own, against forgery, does not know what a proxy says."""

    def set_cookie(self: web.RequestHandler, name: str, value: str | bytes, *args: Any, **flags: Any) -> None:
        handler.set_cookie(self, name, value, *args, **flags | {"secure": self.request.protocol == "https"})

    return set_cookie


def refuse(handler: web.RequestHandler, person: Person | None, who: Who) -> None:
    """Send somebody who is not signed in to the sign-in page, where they came to look; refuse everything else."""
    if person is None and who is not Who.EVERYBODY:
        if handler.request.method in {"GET", "HEAD"} and "text/html" in handler.request.headers.get("Accept", ""):
            address = handler.settings["login_url"]
            handler.redirect(f"{address}?{urlencode({'next': handler.request.uri})}")
            return
        raise web.HTTPError(HTTPStatus.FORBIDDEN)
    raise web.HTTPError(HTTPStatus.NOT_FOUND if who is Who.VIEWER else HTTPStatus.FORBIDDEN)


async def may(who: Who, person: Person | None, handler: web.RequestHandler) -> bool:
    """Whether a route for `who` is open to whoever asks `handler`.

    Raises:
        ServerBusy: Too many wait to be asked already.
    """
    if who in {Who.EVERYBODY, Who.TOKEN}:
        return True
    if person is None:
        return False
    if who is Who.VIEWER:
        is_viewer: Callable[[Person, Mapping[str, str]], bool] = handler.settings["is_viewer"]
        return is_viewer(person, handler.path_kwargs)
    if who is Who.TEACHER:
        provider: IdentityProvider = handler.settings["identity_provider"]
        return await provider.may_teach(person)
    return who is Who.SIGNED_IN or person.role == Role.ADMIN.name
