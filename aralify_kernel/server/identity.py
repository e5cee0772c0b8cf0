"""Who is asking: the signed cookie of a browser, or the token of a client."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from jupyter_server.auth import identity

from aralify_kernel.domain.sign_ins import KERNEL_KEY
from aralify_kernel.errors import NotSignedIn
from aralify_kernel.server import cookies
from aralify_kernel.server.lanes import Lane
from aralify_kernel.services import class_settings, sign_ins
from aralify_kernel.services.throttle import Place

if TYPE_CHECKING:
    from tornado.web import RequestHandler

    from aralify_kernel.app import Application
    from aralify_kernel.server.kernels.manager import PageKernels
    from aralify_kernel.services.sign_ins import SignedIn


@dataclass
class Person(identity.User):
    """Whoever is asking, as Jupyter's servers know people."""

    user_id: int | None = None
    role: str = "USER"
    language: str = "en"
    token: str = ""
    scopes: frozenset[str] | None = None
    """What a client's token is good for; None in a browser, where it is everything."""


class IdentityProvider(identity.IdentityProvider):
    """Asks the application whose sign-in a cookie stands for."""

    is_the_hubs: bool = False
    """Whether people sign in at a JupyterHub instead, so that no password of ours lets anybody in."""

    sign_in_days: float = cookies.AT_MOST_DAYS
    """After how long the cookie of a sign-in is worth nothing, however often it was used."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Every request begins here: whatever else takes long must not stand in the way.
        self._lane = Lane("aralify-identity", threads=4, room=1000)

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
        """Return who is asking; None when nobody is signed in. Asked once for each request.

        Raises:
            ServerBusy: Too many wait to be asked already.
        """
        if not handler.request.__dict__.get("aralify_asked"):
            handler.request.__dict__["aralify_asked"] = True
            handler.request.__dict__["aralify_person"] = await self._find(handler)
        person: Person | None = handler.request.__dict__["aralify_person"]
        handler.current_user = person
        return person

    def pass_over(self, handler: RequestHandler) -> None:
        """Take whoever asks `handler` for nobody."""
        handler.request.__dict__["aralify_person"] = handler.current_user = None

    def get_handlers(self) -> list[Any]:
        """Return none: our sign-in page stands in the table of routes."""
        return []

    def begin(self, handler: RequestHandler, token: str, username: str) -> None:
        """Let the browser keep `token`, and remember that this person signed in with it."""
        cookies.keep(handler, cookies.SIGN_IN, token)
        cookies.remember_device(handler, username)

    def place(self, handler: RequestHandler, username: str) -> Place:
        """Return from where somebody tries to sign in under this name."""
        return Place(handler.request.remote_ip or "", cookies.device_of(handler, username))

    async def _find(self, handler: RequestHandler) -> Person | None:
        header = handler.request.headers.get("Authorization")
        if header is not None:
            # Whatever it holds, the cookie does not count: a request with this header is not asked for a token
            # against forgery.
            kind, _, token = header.partition(" ")
            network = Place(handler.request.remote_ip or "").network
            return await self._by_header(token.strip(), network) if kind.lower() == "bearer" else None
        kept = cookies.sign_in_of(handler, self.sign_in_days)
        return None if kept is None else await self._by_token(kept, is_browser=True)

    async def _by_header(self, token: str, _network: str) -> Person | None:
        if not token.startswith(KERNEL_KEY):
            return await self._by_token(token, is_browser=False)
        kernels: PageKernels = self.parent.kernel_manager  # type: ignore[union-attr]
        found = kernels.bindings.viewer_by_key(token.removeprefix(KERNEL_KEY))
        if found is None:
            return None
        viewer, scopes = found
        person = await self._by_token(viewer.token, is_browser=True)
        return replace(person, scopes=scopes) if person else None

    async def _by_token(self, token: str, *, is_browser: bool) -> Person | None:
        found = await self._lane.run(partial(self._signed_in, token))
        if found is None or (found.sign_in.scopes is None) is not is_browser:
            return None
        user, scopes = found.user, found.sign_in.scopes
        return Person(
            username=user.username,
            name=user.display_name,
            display_name=user.display_name,
            user_id=user.id,
            role=user.role.name,
            language=user.locale,
            token=token,
            scopes=None if scopes is None else frozenset(scopes.split()),
        )

    async def may_teach(self, person: Person) -> bool:
        """Tell whether the pages of teachers are for somebody: asked when one is wanted, as it changes."""
        application = self.application
        who = sign_ins.holder_of(person.token, now=application.now())
        try:
            return await self._lane.run(partial(class_settings.may_teach, application.database, who))
        except NotSignedIn:  # it has ended just now
            return False

    async def is_signed_in(self, token: str) -> bool:
        """Tell whether the sign-in with this token has not ended."""
        return await self._lane.run(partial(self._signed_in, token)) is not None

    def _signed_in(self, token: str) -> SignedIn | None:
        application = self.application
        return sign_ins.signed_in(application.database, token, now=application.now())
