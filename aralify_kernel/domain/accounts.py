"""What an account's fields can be. Each function returns the value to keep, or raises `InvalidValue` for one field."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from aralify_kernel.domain.references import WINDOWS_DEVICES
from aralify_kernel.errors import N_, InvalidValue
from aralify_kernel.i18n import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Container

GUEST_PREFIX: Final = "guest-"
"""How the user names of guests begin; nobody may choose such a name."""

TIME_FACTORS: Final = (1.0, 1.5, 2.0)

_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,31}")
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_BIDI_CONTROLS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def username(text: str) -> str:
    """Return the user name as it is stored: NFKC, case-folded, 3–32 of a–z 0–9 . _ -, beginning with a–z 0–9.

    It also names a folder, on Windows too: hence no dot at the end and no name of a device.

    >>> username(" Ana.Cruz ")
    'ana.cruz'

    Raises:
        InvalidValue: It cannot be a user name, or is kept for guests.
    """
    name = unicodedata.normalize("NFKC", text).casefold().strip()
    if not _USERNAME.fullmatch(name) or name.endswith("."):
        raise _invalid(
            "username",
            name,
            N_("Use 3 to 32 of the letters a–z, digits, dots, _ and -, beginning with a letter or digit."),
        )
    if name.startswith(GUEST_PREFIX) or name.split(".")[0] in WINDOWS_DEVICES:
        raise _invalid("username", name, N_("“{value}” is reserved. Please choose another user name."))
    return name


def suggest_username(wanted: str, taken: Container[str]) -> str:
    """Return a free user name close to the valid one `wanted`: the name with the first free number from 2.

    >>> suggest_username("ana", {"ana", "ana2"})
    'ana3'
    """
    number = 2
    while True:
        suggestion = f"{wanted[: 32 - len(str(number))]}{number}"
        if suggestion not in taken:
            return suggestion
        number += 1


def email(text: str) -> str | None:
    """Return the e-mail address as it is stored, case-folded; None when it is empty.

    Only its shape is looked at. Whether somebody reads it, only a message sent to it could show.

    >>> email("Ana@Example.PH"), email("")
    ('ana@example.ph', None)

    Raises:
        InvalidValue: It is no address, or longer than 254 characters.
    """
    address = unicodedata.normalize("NFC", text).strip().casefold()
    if not address:
        return None
    if len(address) > 254 or not _EMAIL.fullmatch(address) or not _is_clean(address):
        raise _invalid("email", address, N_("Write an e-mail address like ana@example.com, or leave it empty."))
    return address


def password(text: str) -> str:
    """Return the password unchanged.

    Raises:
        InvalidValue: It has fewer than 8 or more than 128 characters. The error does not repeat it.
    """
    if not 8 <= len(text) <= 128 or _has_surrogates(text):
        raise _invalid("password", "", N_("Use 8 to 128 characters. A few words in a row are easy to remember."))
    return text


def display_name(text: str) -> str:
    """Return the name to show, trimmed.

    Raises:
        InvalidValue: It is empty, longer than 80 characters, or has characters that cannot be shown on one line.
    """
    name = unicodedata.normalize("NFC", text).strip()
    if not 1 <= len(name) <= 80 or not _is_clean(name):
        raise _invalid("display_name", name, N_("Write a name of 1 to 80 characters on one line."))
    return name


def bio(text: str) -> str:
    r"""Return the few words about oneself, trimmed, with line ends as `\n`.

    Raises:
        InvalidValue: It is longer than 500 characters, or has control characters other than line ends and tabs.
    """
    words = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    if len(words) > 500:
        raise _invalid("bio", words, N_("Write at most 500 characters; this has {length}."), length=len(words))
    if not _is_clean(words.replace("\n", " ").replace("\t", " ")):
        raise _invalid("bio", words, N_("This has characters that cannot be shown. Type it again as plain text."))
    return words


def avatar_url(text: str) -> str | None:
    """Return the address of a picture; None when it is empty.

    >>> avatar_url("https://example.com/ana.png"), avatar_url(" ")
    ('https://example.com/ana.png', None)

    Raises:
        InvalidValue: It is no http or https address, or longer than 500 characters.
    """
    url = text.strip()
    if not url:
        return None
    if len(url) > 500 or not _is_clean(url) or " " in url or not _is_web_address(url):
        raise _invalid(
            "avatar_url", url, N_("Write the address of a picture, beginning with https://, or leave it empty.")
        )
    return url


def language(text: str) -> str:
    """Return the language of texts, `en` or `fil`.

    Raises:
        InvalidValue: It is neither.
    """
    if text not in LANGUAGES:
        raise _invalid("language", text, N_("“{value}” is not a language Aralify speaks. Choose en or fil."))
    return text


def time_factor(value: float | None) -> float | None:
    """Return the personal time factor: 1.0, 1.5, 2.0, or None (given as None or 0) for "no limit".

    >>> time_factor(1.5), time_factor(0)
    (1.5, None)

    Raises:
        InvalidValue: It is another number.
    """
    if value is None or value == 0:
        return None
    if value not in TIME_FACTORS:
        raise _invalid("time_factor", str(value), N_("The time factor can be 1, 1.5, 2, or 0 for no limit."))
    return float(value)


def sign_in_delay(failures: int) -> int:
    """Return the seconds to wait after so many failed sign-ins in a row: doubling after three, never above 300.

    >>> [sign_in_delay(failures) for failures in (0, 3, 4, 5, 6, 12, 13, 1000)]
    [0, 0, 1, 2, 4, 256, 300, 300]
    """
    return 0 if failures <= 3 else min(300, 2 ** min(failures - 4, 9))


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # as in http://[
        return False


def _is_clean(text: str) -> bool:
    """Whether `text` has no control, line-end or half characters, and none that turns the reading direction."""
    return not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} or char in _BIDI_CONTROLS for char in text)


def _has_surrogates(text: str) -> bool:
    return any(unicodedata.category(char) == "Cs" for char in text)


def _invalid(field: str, value: str, reason: str, **details: int) -> InvalidValue:
    """Return the error; a value of any length is cut, as the sentence may repeat it."""
    return InvalidValue(field=field, value=value[:60], reason=reason, **details)
