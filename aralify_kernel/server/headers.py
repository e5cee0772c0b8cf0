"""What every answer says to the browser, whoever makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tornado.web import RequestHandler

OWN_PAGES: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""For whatever names no policy of its own: no script at all, nothing from elsewhere, in nobody's frame."""

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


_HTTPS_DAYS: Final = 30
"""For how long a browser that came by https comes by nothing else: a school that gives it up waits no longer."""


def harden(handler: RequestHandler, *, is_personal: bool) -> None:
    """Set the headers that keep a page to itself. A handler with scripts has its own policy in the class's `csp`."""
    for name, value in _ALWAYS.items():
        handler.set_header(name, value)
    handler.set_header("Content-Security-Policy", getattr(handler, "csp", OWN_PAGES))
    handler.clear_header("Server")
    keep_to_https(handler)
    if is_personal:
        handler.set_header("Cache-Control", "no-store")


def keep_to_https(handler: RequestHandler) -> None:
    """Let a browser that came by https come by nothing else, as far as it is known yet how it came."""
    if handler.request.protocol == "https":
        handler.set_header("Strict-Transport-Security", f"max-age={_HTTPS_DAYS * 86400}")
