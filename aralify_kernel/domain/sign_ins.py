"""What is kept of a sign-in on the learner's side, and how one gets in at a class server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aralify_kernel.domain.content import Text

BY_INVITATION = "invitation"
OPEN = "open"
CLOSED = "closed"

KERNEL_KEY = "k."
"""How it begins what the kernel of a dashboard gives for a token: a key that stands for the sign-in of its viewer."""


@dataclass(frozen=True, slots=True)
class SharedSignIn:
    """A sign-in, and the language chosen before it. `username` is kept where only a server could say whose it is.

    `untold` is the user name of whoever chose the language while their class server was away and has not heard of it.
    """

    token: str | None = None
    language: str | None = None
    username: str | None = None
    untold: str | None = None


class SignInHolder(Protocol):
    """Where a sign-in is kept: a file that kernels share, or the memory of one request."""

    def read(self) -> SharedSignIn:
        """Return what it holds."""

    def write(self, shared: SharedSignIn) -> None:
        """Replace what it holds."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """How one gets in at a class server; all of it is told before anybody has signed in.

    Attributes:
        server: Its address.
        sign_up: Who may make an account there: `invitation` (whoever has a code), `open` (anybody), `closed` (nobody).
        guests: Whether it admits guests.
        notice: What a person reads, and agrees to, before they make an account.
        notice_version: Which notice that is.
    """

    server: str
    sign_up: str
    guests: bool
    notice: Text
    notice_version: str


@dataclass(frozen=True, slots=True)
class Admission:
    """What lets somebody make an account at a class server: the notice they agreed to, and a code where it wants one."""

    notice_version: str
    invitation: str | None = None
