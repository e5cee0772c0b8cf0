"""Whether this server works, for whoever watches over it. It tells nothing else."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Final

from tornado import web

from aralify_kernel.errors import AralifyError
from aralify_kernel.server.access import Route, Who


class Health(web.RequestHandler):
    """Answers 200 when the database can be read, 503 when it cannot."""

    async def get(self) -> None:
        """Read from the database and say whether that went well."""
        self.set_header("Cache-Control", "no-store")
        try:
            await asyncio.to_thread(self.settings["application"].all_courses)
        except AralifyError as error:
            self.set_status(HTTPStatus.SERVICE_UNAVAILABLE)
            self.finish({"status": error.code})
            return
        self.finish({"status": "ok"})


ROUTES: Final = (Route(r"/aralify/health", Health, Who.EVERYBODY),)
