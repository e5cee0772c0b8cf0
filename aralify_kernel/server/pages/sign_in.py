"""Signing in and out in a browser."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.base.handlers import JupyterHandler
from tornado.escape import xhtml_escape

from aralify_kernel.errors import AccountError
from aralify_kernel.i18n import sentence
from aralify_kernel.services.sign_in_file import HeldSignIn


class SignIn(LoginFormHandler):
    """The form, and what comes of it. The address to go to afterwards stays on this server."""

    @allow_unauthenticated
    def get(self) -> None:
        """Show the form, or go on for somebody who is signed in already."""
        if self.current_user:
            self._redirect_safe(self.get_argument("next", self.base_url))
        else:
            self._show()

    @allow_unauthenticated
    async def post(self) -> None:
        """Sign in by user name and password."""
        held = HeldSignIn()
        session = self.settings["application"].session_of(held)
        try:
            await asyncio.to_thread(
                session.sign_in, self.get_body_argument("username", ""), self.get_body_argument("password", "")
            )
        except AccountError as error:
            self.set_status(HTTPStatus.UNAUTHORIZED)
            self._show(sentence(error, "en"))
            return
        self.settings["identity_provider"].begin(self, held.read().token)
        self._redirect_safe(self.get_argument("next", self.base_url))

    def _show(self, problem: str = "") -> None:
        self.set_header("Cache-Control", "no-store")
        self.finish(
            f"<!doctype html><title>Aralify</title><h1>Aralify</h1><p role=alert>{xhtml_escape(problem)}</p>"
            f"<form method=post>{self.xsrf_form_html()}<input name=username><input name=password type=password>"
            f'<input type=hidden name=next value="{xhtml_escape(self.get_argument("next", self.base_url))}">'
            "<button>Sign in</button></form>"
        )


class SignOut(JupyterHandler):
    """Ends a sign-in, here and in the browser."""

    async def post(self) -> None:
        """End it; only by POST, so that no picture on another site can."""
        session = self.settings["application"].session_of(HeldSignIn(self.current_user.token))
        await asyncio.to_thread(session.sign_out)
        self.settings["identity_provider"].end(self)
        self.redirect(self.settings["login_url"])
