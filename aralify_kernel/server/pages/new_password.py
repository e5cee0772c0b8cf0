"""A new password by the code that a teacher handed over."""

from __future__ import annotations

from http import HTTPStatus

from aralify_kernel.errors import AralifyError
from aralify_kernel.server.pages.base import Page
from aralify_kernel.services import password_codes


class NewPassword(Page):
    """The form, and what comes of it."""

    def get(self) -> None:
        """Show the form."""
        self._show()

    async def post(self) -> None:
        """Set the password; every sign-in of the account ends, and they sign in with the new one."""
        try:
            await self.passwords.run(self._use)
        except AralifyError as error:
            self._show(self.refused(error, HTTPStatus.UNAUTHORIZED))
            return
        self.redirect(self.settings["login_url"], status=HTTPStatus.SEE_OTHER)

    def _use(self) -> None:
        application = self.application_served
        given = [self.get_body_argument(name, "", strip=False) for name in ("username", "code", "password")]
        password_codes.use(application.database, *given, now=application.now())

    def _show(self, problem: str = "") -> None:
        self.show("new_password.html", problem=problem, username=self.get_body_argument("username", ""))
