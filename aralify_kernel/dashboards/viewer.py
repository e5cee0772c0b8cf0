"""Who looks at this page: the one place that every dashboard asks."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import httpx

from aralify_kernel.app import application
from aralify_kernel.errors import NotSignedIn

if TYPE_CHECKING:
    from aralify_kernel.domain.session import LearnerSession
    from aralify_kernel.settings import Settings

KEY: Final = "k."
"""How a kernel's key begins where a token is expected."""

_PAUSE_SEC: Final = 1.0
_ANSWER_SEC: Final = 60.0


def viewer() -> LearnerSession:
    """Return what the person who looks at this page can do.

    On a class server that is whoever the server bound this kernel to; a kernel that was started ahead waits until it
    is. Elsewhere it is whoever is signed in at this computer. Nothing that the page says is ever asked.

    Raises:
        NotSignedIn: The server knows no kernel with this key.
    """
    app = application()
    if not app.settings.kernel_key:
        return app.session()
    return _Temporary(_bound(app.settings)["username"])  # type: ignore[return-value]


class _Temporary:
    def __init__(self, user: str) -> None:
        self.user = user


def _bound(settings: Settings) -> dict[str, Any]:
    address, headers = f"{settings.server}/aralify/kernel/viewer", {"Authorization": f"Bearer {settings.kernel_key}"}
    with httpx.Client(timeout=_ANSWER_SEC, headers=headers, trust_env=False) as server:
        while True:
            try:
                answer = server.get(address)
            except httpx.TransportError:  # it is about to listen, or to end, and this kernel with it
                time.sleep(_PAUSE_SEC)
                continue
            if answer.status_code == HTTPStatus.OK:
                bound: dict[str, Any] = answer.json()
                return bound
            if answer.status_code != HTTPStatus.NO_CONTENT:
                raise NotSignedIn
