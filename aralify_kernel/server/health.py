"""Whether this server works, for whoever watches over it. It tells nothing else."""

from __future__ import annotations

import asyncio
import logging
import time
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
_FRESH_SEC: Final = 5
"""For how long one look is good for everybody who asks: the answer is open to all, and must cost nothing."""


class Checkup:
    """How the server is."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._fresh_until = float("-inf")
        self._found = (HTTPStatus.OK, "ok")

    async def result(self, application: Application) -> tuple[HTTPStatus, str]:
        """Return the status of the answer and the word in it, from a look that was taken just now or a moment ago."""
        async with self._turn:
            if time.monotonic() >= self._fresh_until:
                self._found = await asyncio.to_thread(_look, application)
                self._fresh_until = time.monotonic() + _FRESH_SEC
            return self._found


def _look(application: Application) -> tuple[HTTPStatus, str]:
    """Read from the database, look at the disks, and say how that went."""
    try:
        application.all_courses()
        found = application.examine_disks()
    except AralifyError as error:
        return HTTPStatus.SERVICE_UNAVAILABLE, error.code
    return HTTPStatus.OK, "ok" if worst(found) is State.OK else "warning"


class Health(web.RequestHandler):
    """Answers 200 when the database can be read, 503 when it cannot.

    The status is `ok`; or `warning` when a disk is filling up, so that soon nothing could be saved any more; or the code
    of what is wrong.
    """

    def initialize(self, checkup: Checkup) -> None:
        """Take what all requests share."""
        self._checkup = checkup

    async def get(self) -> None:
        """Say how the server is."""
        self.set_header("Cache-Control", "no-store")
        status, word = await self._checkup.result(self.settings["application"])
        self.set_status(status)
        self.finish({"status": word})


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


def routes() -> tuple[Route, ...]:
    """Return the route, for one server: its requests share one look."""
    return (Route(r"/aralify/health", Health, Who.EVERYBODY, {"checkup": Checkup()}, is_personal=False),)
