"""Coming into a class by its code; who sees what a learner does there, and what teachers did that concerns them."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.teaching import Act
from aralify_kernel.domain.time_zones import zone
from aralify_kernel.errors import N_, AralifyError
from aralify_kernel.i18n import translator
from aralify_kernel.server.pages.base import Page
from aralify_kernel.services import class_settings
from aralify_kernel.services.sign_in_file import HeldSignIn

if TYPE_CHECKING:
    from aralify_kernel.domain.teaching import ActDone

_ACTS: Final = {
    Act.CODE_READ: N_("{by} opened your answer to {about}"),
    Act.LEVEL_GIVEN: N_("{by} opened {about} for you"),
    Act.MORE_TIME: N_("{by} gave you more time for {about}"),
    Act.PASSWORD_CODE: N_("{by} gave you a code for a new password"),
}


class Joining(Page):
    """The form for a code, the learner's classes, and what was done there."""

    async def get(self) -> None:
        """Show it; a code in the address stands in the form already."""
        await self._show(self.get_query_argument("code", "")[:32])

    async def post(self) -> None:
        """Come into the class of the code."""
        code = self.get_body_argument("code", "")[:32]
        try:
            name = await asyncio.to_thread(partial(self._join, code))
        except AralifyError as error:
            await self._show(code, self.refused(error))
            return
        await self._show("", joined=name)

    def _join(self, code: str) -> str:
        application = self.application_served
        now = application.now()
        return class_settings.join(application.database, self.asker(now), code, now=now).name

    async def _show(self, code: str, problem: str = "", joined: str = "") -> None:
        self.show("joining.html", code=code, problem=problem, joined=joined, **await asyncio.to_thread(self._read))

    def _read(self) -> dict[str, Any]:
        application, _ = self.application_served, translator(self.language)
        who = self.asker(application.now())
        session = application.session_of(HeldSignIn(self.person.token))
        here = zone(session.profile().timezone)

        def told(act: ActDone) -> dict[str, str]:
            by = act.by or _("Whoever looks after Aralify here")
            when = act.done_at.astimezone(here).strftime("%Y-%m-%d %H:%M")
            return {"when": when, "what": _(_ACTS[act.act], by=by, about=act.about), "where": act.classroom}

        return {
            "classes": class_settings.learns_in(application.database, who),
            "acts": [told(act) for act in class_settings.acts(application.database, who)],
        }
