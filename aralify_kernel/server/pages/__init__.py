"""The pages of the server's own: sign-in, sign-out, home. They work without script."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from jupyter_server.base.handlers import JupyterHandler
from tornado import web
from tornado.web import RequestHandler

from aralify_kernel.server.access import Route, Who
from aralify_kernel.server.pages.sign_in import SignIn, SignOut


class Home(JupyterHandler):
    """What somebody may open."""

    def get(self) -> None:
        """Say who is signed in."""
        self.finish({"user": self.current_user.username})


class NotThere(RequestHandler):
    """Whatever no other route is for."""

    def prepare(self) -> None:
        """Say that there is nothing."""
        raise web.HTTPError(HTTPStatus.NOT_FOUND)


ROUTES: Final = (
    Route(r"/", Home, Who.SIGNED_IN),
    Route(r"/sign-in", SignIn, Who.EVERYBODY),
    Route(r"/sign-out", SignOut, Who.SIGNED_IN),
)
