"""The handler of a learner's own Jupyter server: as the class server's, behind Jupyter's own sign-in.

Who asks is whoever is signed in on this computer, whom the notebooks' kernels know from the same file. In the browser
there is no token of Aralify's, only Jupyter's cookie; and what changes something needs Jupyter's token against forgery.
"""

from __future__ import annotations

from inspect import isawaitable
from typing import TYPE_CHECKING

from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from aralify_kernel.errors import N_, NotAllowed
from aralify_kernel.server.rest.handler import Rest
from aralify_kernel.server.rest.operations import Asker

if TYPE_CHECKING:
    from aralify_kernel.app import Application
    from aralify_kernel.server.lab.workplace import Workplace
    from aralify_kernel.server.lanes import Lanes
    from aralify_kernel.server.rest.operations import Operation


class JupyterRefuses(NotAllowed):
    """Nobody whom this Jupyter server knows asks, or another site's page does."""

    code = "jupyter_refuses"
    message = N_("JupyterLab does not know you any more, or this did not come from its own page. Load the page again.")


class LabRest(Rest, JupyterHandler):  # type: ignore[misc]  # JupyterHandler.prepare is called by `_find_asker`
    """Answers whatever Jupyter's own user asks for below the prefix."""

    auth_resource = "aralify"

    def initialize(self, workplace: Workplace, table: tuple[Operation, ...]) -> None:  # type: ignore[override]
        """Take what all requests share."""
        self._begin()
        self._workplace, self._table = workplace, table

    def set_default_headers(self) -> None:
        """Set Jupyter's headers and the interface's own."""
        JupyterHandler.set_default_headers(self)
        super().set_default_headers()

    def check_xsrf_cookie(self) -> None:
        """Raise when a browser's cookie came along with a request that may be another site's."""
        JupyterHandler.check_xsrf_cookie(self)

    async def _is_authorized(self) -> bool:
        action = "read" if self.request.method in {"GET", "HEAD"} else "write"
        answer = self.authorizer.is_authorized(self, self.current_user, action, self.auth_resource)
        return bool(await answer if isawaitable(answer) else answer)

    @property
    def _operations(self) -> tuple[Operation, ...]:
        return self._table

    @property
    def _application(self) -> Application:
        return self._workplace.application

    @property
    def _lanes(self) -> Lanes:
        return self._workplace.lanes

    async def _find_asker(self, operation: Operation) -> Asker:
        # Not in `prepare`: who is refused before the body is read hears of it only sometimes.
        try:
            await JupyterHandler.prepare(self, _redirect_to_login=False)
        except web.HTTPError as error:
            raise JupyterRefuses from error
        if self.current_user is None or not self.check_origin() or not await self._is_authorized():
            raise JupyterRefuses
        return await self._lanes.quick.run(lambda: self._ask_computer(operation))

    def _ask_computer(self, operation: Operation) -> Asker:
        session = self._workplace.session()
        self._language = self._workplace.application.language() or self._language
        if operation.judges:
            self._workplace.prepare_to_judge()
        return Asker(session)
