"""Signing in and out in a browser, and looking around as a guest."""

from __future__ import annotations

import asyncio
from functools import partial
from http import HTTPStatus

from tornado.web import HTTPError

from aralify_kernel.errors import AralifyError, TooManyTries
from aralify_kernel.server import cookies, rendering
from aralify_kernel.server.pages.base import Page
from aralify_kernel.services import accounts, sign_ins
from aralify_kernel.services.local_time_zone import local_timezone


class SignIn(Page):
    """The form, and what comes of it."""

    def get(self) -> None:
        """Show the form, or go on for somebody who is signed in already."""
        if self.current_user:
            self.redirect(self.next)
        else:
            self._show()

    async def post(self) -> None:
        """Sign in by user name and password; whoever was signed in here before is signed out."""
        username = self.get_body_argument("username", "").strip()
        try:
            token = await self.passwords.run(partial(self._begin, username))
        except AralifyError as error:
            self._show(self.refused(error, HTTPStatus.UNAUTHORIZED), username)
            return
        await end_sign_in(self)
        self.identities.begin(self, token, username)
        self.redirect(self.next, status=HTTPStatus.SEE_OTHER)

    def _begin(self, username: str) -> str:
        application = self.application_served
        return sign_ins.sign_in(
            application.database,
            username,
            self.get_body_argument("password", "", strip=False),
            place=self.place(username),
            terms=self.terms(),
            now=application.now(),
        )

    def _show(self, problem: str = "", username: str = "") -> None:
        settings = self.application_served.settings
        to = self.next
        self.show(
            "sign_in.html",
            problem=problem,
            username=username,
            next=to,
            guests=settings.guests,
            sign_up=settings.sign_up,
        )


class SignOut(Page):
    """Ends a sign-in, here and in the browser; only by POST, so that no picture on another site can."""

    async def post(self) -> None:
        """End it."""
        await end_sign_in(self)
        cookies.forget_sign_in(self)
        self.redirect(self.settings["login_url"], status=HTTPStatus.SEE_OTHER)


class Guest(Page):
    """Lets somebody look around without an account, where the server admits guests."""

    async def post(self) -> None:
        """Make a guest and sign them in."""
        application = self.application_served
        if not application.settings.guests or self.current_user:
            raise HTTPError(HTTPStatus.FORBIDDEN)
        try:
            token, username = await asyncio.to_thread(self._begin)
        except TooManyTries as error:
            self.refused(error)
            self.finish(rendering.error_page(self, HTTPStatus.TOO_MANY_REQUESTS))
            return
        self.identities.begin(self, token, username)
        self.redirect(self.next, status=HTTPStatus.SEE_OTHER)

    def _begin(self) -> tuple[str, str]:
        application, now = self.application_served, self.application_served.now()
        db, zone, place = application.database, local_timezone(), self.place("")
        guest = accounts.add_guest(db, language=self.language, timezone=zone, place=place, now=now)
        return sign_ins.begin_for(db, guest, terms=self.terms(), now=now), guest.username


async def end_sign_in(page: Page) -> None:
    """End the sign-in by which this page was asked for, if there is one."""
    if page.current_user:
        application = page.application_served
        await asyncio.to_thread(sign_ins.sign_out, application.database, page.current_user.token, now=application.now())
