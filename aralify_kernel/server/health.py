"""Whether this server works, for whoever watches over it. It tells nothing else."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from tornado import ioloop, web

from aralify_kernel.errors import AralifyError
from aralify_kernel.i18n import sentence, translator
from aralify_kernel.server.access import Route, Who
from aralify_kernel.services.doctor import State, worst

if TYPE_CHECKING:
    from aralify_kernel.app import Application

LOG: Final = logging.getLogger(__name__)

_EVERY_SEC: Final = 60
"""How often a running server looks at its disks."""


class Health(web.RequestHandler):
    """Answers 200 when the database can be read, 503 when it cannot.

    The status is `ok`; or `warning` when a disk is filling up, so that soon nothing could be saved any more; or the code
    of what is wrong.
    """

    async def get(self) -> None:
        """Read from the database, look at the disks, and say how that went."""
        self.set_header("Cache-Control", "no-store")
        application: Application = self.settings["application"]
        try:
            await asyncio.to_thread(application.all_courses)
            found = await asyncio.to_thread(application.examine_disks)
        except AralifyError as error:
            self.set_status(HTTPStatus.SERVICE_UNAVAILABLE)
            self.finish({"status": error.code})
            return
        self.finish({"status": "ok" if worst(found) is State.OK else "warning"})


class DiskWatch:
    """Tells in the log when a disk is filling up: once when it begins, gets worse, and is over."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._last = State.OK

    def start(self) -> None:
        """Look at once, and again and again for as long as the event loop runs."""
        ioloop.IOLoop.current().add_callback(self.look)
        ioloop.PeriodicCallback(self.look, _EVERY_SEC * 1000).start()

    async def look(self) -> None:
        """Look at the disks."""
        found = await asyncio.to_thread(self._application.examine_disks)
        state = worst(found)
        if state is self._last:
            return
        self._last = state
        if state is State.OK:
            LOG.info("There is room on every disk again.")
        for _, finding in found:
            if finding.state is not State.OK:
                level = logging.ERROR if finding.state is State.FAILS else logging.WARNING
                LOG.log(level, "%s", finding.render(translator("en"), lambda error: sentence(error, "en")))


ROUTES: Final = (Route(r"/aralify/health", Health, Who.EVERYBODY, is_personal=False),)
