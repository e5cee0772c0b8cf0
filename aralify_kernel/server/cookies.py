"""What a browser keeps for us: all of it signed with a key that stands in a file of the operator's only."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.errors import N_, AralifyError
from aralify_kernel.services.sign_ins import folded

if TYPE_CHECKING:
    from pathlib import Path

    from tornado.web import RequestHandler

SIGN_IN: Final = "aralify-session"
LANGUAGE: Final = "aralify-language"
_DEVICE: Final = "aralify-device"

AT_MOST_DAYS: Final = 90.0
"""After how long the cookie of a sign-in is worth nothing, however often it was used."""

_DEVICE_DAYS: Final = 365

_NAMES: Final = 12
"""Of how many people who signed in last with a browser it remembers that they did."""

_SECRET_BYTES: Final = 32


class CookieSecretUnusable(AralifyError):
    """The key that signs cookies cannot be kept or read, or others can read it too."""

    code = "cookie_secret_unusable"
    message = N_("The key that signs cookies, “{path}”, cannot be used: {detail}. Take the file away for a new one.")


def keep(handler: RequestHandler, name: str, value: str, *, days: int | None = None) -> None:
    """Let the browser keep a signed value, out of reach of scripts and of other sites; without `days` until it closes."""
    handler.set_signed_cookie(name, value, expires_days=days, **_flags(handler))


def keep_language(handler: RequestHandler, language: str) -> None:
    """Let the browser remember the language that was chosen in it. It proves nothing, so it is not signed."""
    handler.set_cookie(LANGUAGE, language, expires_days=_DEVICE_DAYS, **_flags(handler))


def sign_in_of(handler: RequestHandler, at_most_days: float = AT_MOST_DAYS) -> str | None:
    """Return the token that the browser keeps; None when there is none, or not one that was signed here since then."""
    signed = handler.get_signed_cookie(SIGN_IN, max_age_days=at_most_days)
    return None if signed is None else signed.decode("utf-8", "replace")


def forget(handler: RequestHandler, name: str) -> None:
    """Let the browser forget a value."""
    handler.clear_cookie(name, **_flags(handler))


def forget_sign_in(handler: RequestHandler) -> None:
    """Let the browser forget its token."""
    forget(handler, SIGN_IN)


def device_of(handler: RequestHandler, username: str) -> str | None:
    """Return by what a browser is known in which this person signed in before; None in every other."""
    device, names = _device(handler)
    return device if _short(username) in names else None


def remember_device(handler: RequestHandler, username: str) -> None:
    """Let the browser remember that this person signed in with it."""
    device, names = _device(handler)
    own = _short(username)
    names = [own, *(name for name in names if name != own)][:_NAMES]
    keep(handler, _DEVICE, json.dumps([device, *names]), days=_DEVICE_DAYS)


def cookie_secret(path: Path) -> bytes:
    """Return the key that signs cookies: kept in a file that only its owner may read, made when it is missing.

    Raises:
        CookieSecretUnusable: It cannot be made or read, is no key, or others can read it too.
    """
    try:
        if not path.exists():
            _make_secret(path)
        mode, found = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise CookieSecretUnusable(path=str(path), detail=error.strerror or type(error).__name__) from error
    if mode & 0o077:
        raise CookieSecretUnusable(path=str(path), detail="chmod 600")
    if len(found) < _SECRET_BYTES:
        raise CookieSecretUnusable(path=str(path), detail=f"{len(found)} < {_SECRET_BYTES} bytes")
    return found


def _make_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)
    except FileExistsError:  # another server was as quick
        pass
    finally:
        beside.unlink(missing_ok=True)


def _device(handler: RequestHandler) -> tuple[str, list[str]]:
    signed = handler.get_signed_cookie(_DEVICE, max_age_days=_DEVICE_DAYS)
    if signed is None:
        return secrets.token_hex(8), []
    device, *names = json.loads(signed)  # signed here, so it is what `remember_device` wrote
    return device, names


def _short(username: str) -> str:
    """Return what stands for a name in a cookie: the next at the same computer need not read who was there before."""
    return hashlib.sha256(folded(username).encode()).hexdigest()[:16]


def _flags(handler: RequestHandler) -> dict[str, Any]:
    return {"path": handler.settings["base_url"], "httponly": True, "samesite": "Lax"}
