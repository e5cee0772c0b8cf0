"""Who looks at this page: the one place that every dashboard asks."""

from __future__ import annotations

import time
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.app import application
from aralify_kernel.domain.sign_ins import KERNEL_KEY, SharedSignIn
from aralify_kernel.errors import NotSignedIn

if TYPE_CHECKING:
    from aralify_kernel.domain.session import LearnerSession

_PAUSE_SEC: Final = 1.0
_ANSWER_SEC: Final = 60.0


def viewer() -> LearnerSession:
    """Return what the person who looks at this page can do.

    On a class server that is whoever the server bound this kernel to; a kernel that was started ahead waits until it
    is. Elsewhere it is whoever is signed in at this computer. Nothing that the page says is ever asked.

    Raises:
        NotSignedIn: The server knows no kernel with this key.
    """
    return _bound() if is_hosted() else application().session()


def is_hosted() -> bool:
    """Tell whether this page is a class server's, where nobody's Jupyter is beside it."""
    return bool(application().settings.kernel_key)


@cache
def _bound() -> LearnerSession:
    app = application()
    key = app.settings.kernel_key
    who = _asked(f"{app.settings.server}/aralify/kernel/viewer", key)
    return app.act_as(SharedSignIn(KERNEL_KEY + key, who["language"], who["username"]))


def _asked(address: str, key: str) -> dict[str, Any]:
    import httpx

    with httpx.Client(timeout=_ANSWER_SEC, headers={"Authorization": f"Bearer {key}"}, trust_env=False) as server:
        while True:
            try:
                answer = server.get(address)
            except httpx.TransportError:  # it is about to listen, or to end, and this kernel with it
                time.sleep(_PAUSE_SEC)
                continue
            if answer.status_code == HTTPStatus.OK:
                found: dict[str, Any] = answer.json()
                return found
            if answer.status_code != HTTPStatus.NO_CONTENT:
                raise NotSignedIn
