"""Choosing a password by a code that a teacher handed over: the first one, or a new one for a forgotten one."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from aralify_kernel.errors import N_, AralifyError, InvalidValue, NoticeUnread, WrongPassword
from aralify_kernel.i18n import translator
from aralify_kernel.server.pages.base import Page
from aralify_kernel.server.pages.sign_in import end_sign_in
from aralify_kernel.services import notices, password_codes, sign_ins

if TYPE_CHECKING:
    from collections.abc import Mapping


_WRONG: Final = N_("That user name and code do not go together, or the code is over. It is good once, for 24 hours.")


class NewPassword(Page):
    """The notice, as whoever a teacher made an account for has not read it yet; the form, and what comes of it."""

    def get(self) -> None:
        """Show both."""
        self._show("", {})

    async def post(self) -> None:
        """Set the password, which ends every sign-in of the account, and sign in."""
        username = self.get_body_argument("username", "").strip()
        try:
            token = await self.passwords.run(partial(self._begin, username))
        except AralifyError as error:
            field = {InvalidValue: "password", NoticeUnread: "agree"}.get(type(error), "")
            words = self.refused(error, HTTPStatus.BAD_REQUEST if field else HTTPStatus.UNAUTHORIZED)
            if isinstance(error, WrongPassword):
                words = translator(self.language)(_WRONG)
            self._show(username, {field: words})
            return
        await end_sign_in(self)
        self.identities.begin(self, token, username)
        self.redirect(self.settings["base_url"], status=HTTPStatus.SEE_OTHER)

    def _begin(self, username: str) -> str:
        application, now = self.application_served, self.application_served.now()
        user = password_codes.use(
            application.database,
            username,
            self.get_body_argument("code", ""),
            self.get_body_argument("password", "", strip=False),
            agreed=self.get_body_argument("notice_version", None) if self.get_body_argument("agree", "") else None,
            place=self.place(username),
            now=now,
        )
        return sign_ins.begin_for(application.database, user, terms=self.terms(), now=now)

    def _show(self, username: str, errors: Mapping[str, str]) -> None:
        self.show(
            "new_password.html",
            username=username,
            errors=defaultdict(str, errors),
            problem=errors.get("", ""),
            notice=notices.texts(self.application_served.settings.source_days)[self.language],
            notice_version=notices.VERSION,
        )
