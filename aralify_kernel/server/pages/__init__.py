"""The pages of the server's own. They work without script."""

from __future__ import annotations

from typing import Final

from aralify_kernel.errors import N_
from aralify_kernel.server.access import Route, Who
from aralify_kernel.server.pages.account import Account, EndSignIn, Erase, Export
from aralify_kernel.server.pages.home import Home, Language, Notice, NotThere, Stylesheet
from aralify_kernel.server.pages.joining import Joining
from aralify_kernel.server.pages.new_password import NewPassword
from aralify_kernel.server.pages.sign_in import Guest, SignIn, SignOut
from aralify_kernel.server.pages.sign_up import SignUp

__all__ = ["ROUTES", "NotThere"]

ROUTES: Final = (
    Route(r"/", Home, Who.SIGNED_IN),
    Route(r"/sign-in", SignIn, Who.EVERYBODY),
    Route(r"/sign-up", SignUp, Who.EVERYBODY),
    Route(r"/new-password", NewPassword, Who.EVERYBODY),
    Route(r"/guest", Guest, Who.EVERYBODY),
    Route(r"/sign-out", SignOut, Who.SIGNED_IN),
    Route(r"/notice", Notice, Who.EVERYBODY),
    Route(r"/language", Language, Who.EVERYBODY),
    Route(
        r"/join",
        Joining,
        Who.SIGNED_IN,
        title=N_("Join a class"),
        about=N_("Type your teacher's code; see who can see what you do, and who opened your answers."),
    ),
    Route(
        r"/account",
        Account,
        Who.SIGNED_IN,
        title=N_("Your data"),
        about=N_("See where you are signed in, download everything that is kept about you, or erase it."),
    ),
    Route(r"/account/export", Export, Who.SIGNED_IN),
    Route(r"/account/erase", Erase, Who.SIGNED_IN),
    Route(r"/account/end", EndSignIn, Who.SIGNED_IN),
    Route(r"/aralify/page\.css", Stylesheet, Who.EVERYBODY, is_personal=False),
)
