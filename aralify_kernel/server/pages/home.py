"""The first page, the notice, the language, the style sheet, and the page for what is not there."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from tornado.web import HTTPError

from aralify_kernel.domain.session import ProfileChange
from aralify_kernel.i18n import LANGUAGES, translator
from aralify_kernel.server import access, cookies, rendering
from aralify_kernel.server.pages.base import Page
from aralify_kernel.services import notices
from aralify_kernel.services.sign_in_file import HeldSignIn


class Home(Page):
    """What somebody may open."""

    async def get(self) -> None:
        """Show it: every route that has a title and is for them."""
        _ = translator(self.language)
        doors = [
            (_(route.title), _(route.about), route.pattern)
            for route in self.settings["routes"]
            if route.title and await access.may(route.who, self.current_user, self)
        ]
        address = f"{self.request.protocol}://{self.request.host}{self.settings['base_url']}".rstrip("/")
        self.show("home.html", doors=doors, server=address)


class Notice(Page):
    """What is kept about people and who can see it, for everybody to read at any time."""

    def get(self) -> None:
        """Show it in the reader's language."""
        text = notices.texts(self.application_served.settings.source_days)[self.language]
        self.show("notice.html", notice=text, notice_version=notices.VERSION)


class Language(Page):
    """Changes the language, for this browser and in the profile of whoever is signed in."""

    async def post(self) -> None:
        """Remember it, and go back to where it was changed."""
        language = self.get_body_argument("language", "")
        if language not in LANGUAGES:
            raise HTTPError(HTTPStatus.BAD_REQUEST)
        cookies.keep_language(self, language)
        if self.current_user:
            session = self.application_served.session_of(HeldSignIn(self.person.token))
            await asyncio.to_thread(session.update_profile, ProfileChange(language=language))
        self.redirect(self.next, status=HTTPStatus.SEE_OTHER)


class Stylesheet(Page):
    """The looks of these pages. Its address changes when it does, so browsers keep it."""

    def get(self) -> None:
        """Answer with it."""
        self.set_header("Content-Type", "text/css; charset=utf-8")
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.finish(rendering.stylesheet())


class NotThere(Page):
    """Whatever no other route is for."""

    def prepare(self) -> None:
        """Say that there is nothing."""
        raise HTTPError(HTTPStatus.NOT_FOUND)
