"""What is held about a person: handed out, erased; and where they are signed in."""

from __future__ import annotations

import asyncio
import io
from collections import defaultdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aralify_kernel.errors import AralifyError, InvalidValue
from aralify_kernel.server import cookies
from aralify_kernel.server.pages.base import Page
from aralify_kernel.services import personal_data, sign_ins
from aralify_kernel.services.sign_in_file import HeldSignIn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.domain.session import Profile


class Account(Page):
    """The page with all of it."""

    async def get(self) -> None:
        """Show it."""
        await self.show_account({})

    async def show_account(self, errors: Mapping[str, str]) -> None:
        """Answer with the page, and what was wrong in which of its forms."""
        profile, places = await asyncio.to_thread(self._read)
        self.show(
            "account.html",
            here=f"{self.settings['base_url']}account",
            errors=defaultdict(str, errors),
            problem=errors.get("", ""),
            has_password=profile.has_password,
            sign_ins=places,
        )

    def _read(self) -> tuple[Profile, list[dict[str, Any]]]:
        application, token = self.application_served, self.person.token
        profile = application.session_of(HeldSignIn(token)).profile()
        now, zone = application.now(), ZoneInfo(profile.timezone)
        here = sign_ins.signed_in(application.database, token, now=now)
        own = sign_ins.own(application.database, self.asker(now), now=now)
        return profile, [
            {
                "id": one.id,
                "label": one.label or "Jupyter",
                "since": one.created_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
                "last_used": one.last_seen_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
                "is_here": here is not None and one.id == here.sign_in.id,
            }
            for one in own
        ]

    @property
    def password(self) -> str:
        """The password that was typed once more."""
        return self.get_body_argument("password", "", strip=False)


class Export(Account):
    """Hands everything out, to whoever knows the password: a window may have been left open."""

    async def get(self) -> None:
        """Show the page with its form: a change of language leads back to here."""
        self.redirect(f"{self.settings['base_url']}account")

    async def post(self) -> None:
        """Answer with the zip."""
        try:
            data = await self.passwords.run(self._export)
        except AralifyError as error:
            await self.show_account({"export": self.refused(error, HTTPStatus.UNAUTHORIZED)})
            return
        self.set_header("Content-Type", "application/zip")
        self.set_header("Content-Disposition", f'attachment; filename="aralify-{self.person.username}.zip"')
        self.finish(data)

    def _export(self) -> bytes:
        application, file = self.application_served, io.BytesIO()
        place, now = self.place(self.person.username), application.now()
        personal_data.export_own(application.database, self.asker(now), self.password, file, place=place, now=now)
        return file.getvalue()


class Erase(Account):
    """Erases everything, for whoever says once more who they are."""

    async def post(self) -> None:
        """Erase it, and let the browser forget the sign-in."""
        try:
            await self.passwords.run(self._erase)
        except AralifyError as error:
            field = "erase_username" if isinstance(error, InvalidValue) else "erase"
            await self.show_account({field: self.refused(error, HTTPStatus.UNAUTHORIZED)})
            return
        cookies.forget_sign_in(self)
        self.show("erased.html", person=None, here=self.settings["base_url"])

    def _erase(self) -> None:
        application, now = self.application_served, self.application_served.now()
        username = self.get_body_argument("username", "")
        place = self.place(self.person.username)
        who = self.asker(now)
        said = username, self.password
        personal_data.erase_own(application.database, who, *said, application.erasures, place=place, now=now)


class EndSignIn(Page):
    """Ends one of a person's own sign-ins, wherever it is."""

    async def post(self) -> None:
        """End it; somebody else's stays as it is."""
        number = self.get_body_argument("id", "")
        if number.isascii() and number.isdigit() and len(number) < 10:
            application = self.application_served
            now = application.now()
            await asyncio.to_thread(sign_ins.end, application.database, self.asker(now), int(number), now=now)
        self.redirect(f"{self.settings['base_url']}account", status=HTTPStatus.SEE_OTHER)
