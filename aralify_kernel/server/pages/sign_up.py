"""Making an account in a browser, after reading the notice."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.accounts import GUEST_PREFIX
from aralify_kernel.errors import AralifyError, InvalidValue, SignUpClosed
from aralify_kernel.i18n import sentence
from aralify_kernel.server.pages.base import Page
from aralify_kernel.server.pages.sign_in import end_sign_in
from aralify_kernel.services import notices, sign_ins, signing_up
from aralify_kernel.services.accounts import NewAccount
from aralify_kernel.services.local_time_zone import local_timezone

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPED: Final = ("invitation", "display_name", "username", "email")
_FIELDS: Final = {
    "name_taken": "username",
    "email_taken": "email",
    "invitation_invalid": "invitation",
    "notice_unread": "agree",
}


class SignUp(Page):
    """The notice first, then the form, and what comes of it."""

    def get(self) -> None:
        """Show both; an invitation may stand in the address."""
        self._show({"invitation": self.get_query_argument("invitation", "")}, {})

    async def post(self) -> None:
        """Make the account and sign in; a guest keeps what they earned."""
        typed = {name: self.get_body_argument(name, "").strip() for name in _TYPED}
        try:
            token = await self.passwords.run(partial(self._begin, typed))
        except AralifyError as error:
            words = self.refused(error)
            field = str(error.details["field"]) if isinstance(error, InvalidValue) else _FIELDS.get(error.code, "")
            self._show(typed, {field: words})
            return
        await end_sign_in(self)
        self.identities.begin(self, token, typed["username"])
        self.redirect(self.settings["base_url"], status=303)

    def _begin(self, typed: Mapping[str, str]) -> str:
        application, now = self.application_served, self.application_served.now()
        account = NewAccount(
            typed["username"],
            self.get_body_argument("password", "", strip=False),
            typed["email"] or None,
            typed["display_name"] or None,
            self.language,
            local_timezone(),
        )
        agreed = self.get_body_argument("notice_version", None) if self.get_body_argument("agree", "") else None
        before = self.current_user.username if self.current_user else ""
        user = signing_up.sign_up(
            application.database,
            signing_up.Asked(account, agreed, typed["invitation"] or None),
            application.settings.sign_up,
            place=self.place(typed["username"]),
            guest=before if before.startswith(GUEST_PREFIX) else None,
            now=now,
        )
        return sign_ins.begin_for(application.database, user, terms=self.terms(), now=now)

    def _show(self, typed: Mapping[str, str], errors: Mapping[str, str]) -> None:
        settings = self.application_served.settings
        if settings.sign_up == "closed":
            self.show("closed.html", problem=sentence(SignUpClosed(), self.language))
            return
        self.show(
            "sign_up.html",
            typed=defaultdict(str, typed),
            errors=defaultdict(str, errors),
            problem=errors.get("", ""),
            wrong=next(iter(errors), ""),
            needs_code=settings.sign_up == "invitation" or bool(typed.get("invitation")),
            notice=notices.texts(settings.source_days)[self.language],
            notice_version=notices.VERSION,
        )
