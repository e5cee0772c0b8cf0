"""Passwords: argon2id with the library's parameters (RFC 9106, low memory)."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


def hashed(password: str) -> str:
    """Return the hash of `password`, with its own salt."""
    return _hasher().hash(_normalised(password))


def matches(password_hash: str | None, password: str | None, *, exists: bool) -> bool:
    """Whether `password` is the one of an account.

    Args:
        password_hash: What is stored; None when the account has no password, or does not exist.
        password: What was typed; None or empty when nothing was.
        exists: Whether the account exists. The answer takes the same time when it does not.
    """
    from argon2.exceptions import InvalidHashError, VerificationError

    if exists and password_hash is None:
        return not password
    nobodys = _nobodys_hash()
    try:
        _hasher().verify(password_hash or nobodys, _normalised(password or ""))
    except (VerificationError, InvalidHashError):
        return False
    return exists


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _hasher().check_needs_rehash(password_hash)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return hashed("nobody has this password")


def _normalised(password: str) -> str:
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace").decode()
