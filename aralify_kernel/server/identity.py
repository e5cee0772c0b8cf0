"""Who is asking: the signed cookie of a browser, or the token of a client."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jupyter_server.auth import identity

if TYPE_CHECKING:
    from tornado.web import RequestHandler

    from aralify_kernel.app import Application

COOKIE: Final = "aralify-session"


@dataclass
class Person(identity.User):
    """Whoever is asking, as Jupyter's servers know people."""

    role: str = "USER"
    language: str = "en"
    token: str = ""


class IdentityProvider(identity.IdentityProvider):
    """Asks the application whose sign-in a cookie stands for."""

    @property
    def application(self) -> Application:
        """The application that knows who signed in."""
        application: Application = self.parent.application  # type: ignore[union-attr]
        return application

    @property
    def auth_enabled(self) -> bool:
        """Always: there is no page without the question who is asking."""
        return True

    async def get_user(self, handler: RequestHandler) -> Person | None:
        """Return who is asking, for handlers of Jupyter's."""
        return await self.person(handler)

    async def person(self, handler: RequestHandler) -> Person | None:
        """Return who is asking; None when nobody is signed in. Asked once for each request."""
        if not handler.request.__dict__.get("aralify_asked"):
            handler.request.__dict__["aralify_asked"] = True
            handler.request.__dict__["aralify_person"] = await self._find(handler)
        person: Person | None = handler.request.__dict__["aralify_person"]
        handler.current_user = person
        return person

    def get_handlers(self) -> list[Any]:
        """Return none: our sign-in page stands in the table of routes."""
        return []

    def begin(self, handler: RequestHandler, token: str) -> None:
        """Let the browser keep `token`, out of reach of scripts and of other sites."""
        handler.set_signed_cookie(
            COOKIE,
            token,
            expires_days=90,
            path=handler.settings["base_url"],
            httponly=True,
            samesite="Lax",
            secure=handler.request.protocol == "https",
        )

    def end(self, handler: RequestHandler) -> None:
        """Let the browser forget its token."""
        handler.clear_cookie(COOKIE, path=handler.settings["base_url"])

    async def _find(self, handler: RequestHandler) -> Person | None:
        signed = handler.get_signed_cookie(COOKIE, max_age_days=90)
        if signed is None:
            return None
        token = signed.decode("utf-8", "replace")
        user = await asyncio.to_thread(self.application.user_of, token)
        if user is None:
            return None
        return Person(
            username=user.username,
            name=user.display_name,
            display_name=user.display_name,
            role=user.role.name,
            language=user.locale,
            token=token,
        )
