"""What the server's own pages have in common."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from tornado.web import RequestHandler

from aralify_kernel.errors import InvalidValue, ServerBusy, StoreError, TooManyTries
from aralify_kernel.i18n import sentence, translator
from aralify_kernel.server import rendering
from aralify_kernel.services import sign_ins

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.app import Application
    from aralify_kernel.errors import AralifyError
    from aralify_kernel.server.identity import IdentityProvider, Person
    from aralify_kernel.server.lanes import Lane
    from aralify_kernel.services.sign_ins import Terms, Who
    from aralify_kernel.services.throttle import Place


class Page(RequestHandler):
    """A page of ours."""

    @property
    def application_served(self) -> Application:
        """What everything is asked of."""
        application: Application = self.settings["application"]
        return application

    @property
    def identities(self) -> IdentityProvider:
        """Who knows who is asking."""
        provider: IdentityProvider = self.settings["identity_provider"]
        return provider

    @property
    def passwords(self) -> Lane:
        """Where passwords are looked at."""
        lane: Lane = self.settings["lanes"].passwords
        return lane

    @property
    def person(self) -> Person:
        """Whoever is signed in, on a page that only opens to those."""
        person: Person = self.current_user
        return person

    @property
    def language(self) -> str:
        """The language to show."""
        return rendering.language_of(self)

    @property
    def next(self) -> str:
        """Where to go afterwards; never to another server."""
        return rendering.local_address(self, self.get_argument("next", ""))

    def asker(self, now: datetime) -> Who:
        """Return how services find the person who is asking."""
        return sign_ins.holder_of(self.person.token, now=now)

    def place(self, username: str) -> Place:
        """Return from where somebody proves that they are `username`."""
        return self.identities.place(self, username)

    def terms(self) -> Terms:
        """Return what a sign-in in this browser is good for."""
        return sign_ins.Terms(label=browser(self.request.headers.get("User-Agent", "")), lasts=sign_ins.BROWSER_LASTS)

    def show(self, template: str, **values: Any) -> None:
        """Answer with a page."""
        self.finish(rendering.page(self, template, **values))

    def refused(self, error: AralifyError, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> str:
        """Return what to tell about `error`, and answer with its status, else with `status`."""
        match error:
            case TooManyTries():
                self.set_status(HTTPStatus.TOO_MANY_REQUESTS)
                self.set_header("Retry-After", str(error.details["seconds"]))
            case ServerBusy() | StoreError():
                self.set_status(HTTPStatus.SERVICE_UNAVAILABLE)
            case _:
                self.set_status(status)
        if isinstance(error, InvalidValue):
            return translator(self.language)(error.details["reason"]).format(**error.details)
        return sentence(error, self.language)


def browser(user_agent: str) -> str:
    """Return by what a person knows a browser again.

    >>> browser("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0")
    'Firefox · Linux'
    >>> browser("curl/8.5")
    'Browser'
    """
    kinds = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    )
    found = [next((name for mark, name in names if mark in user_agent), "") for names in (kinds, systems)]
    return " · ".join(filter(None, found)) or "Browser"
