"""The two languages of every sentence a person reads.

Texts are written in English in the code and looked up in `locale/fil/LC_MESSAGES/aralify.mo` (GNU gettext).
`make translations` renews the catalogue; a test fails on a missing, fuzzy or stale entry.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.errors import N_, AralifyError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LANGUAGES", "LANGUAGE_NAMES", "N_", "Translator", "in_language", "sentence", "supported", "translator"]

LANGUAGES: Final = ("en", "fil")
LANGUAGE_NAMES: Final = {"en": "English", "fil": "Filipino"}
_LOCALE = Path(__file__).parent / "locale"


class Translator:
    """Texts in one language: `_("Line {line} …", line=3)`, and `_.plural("{n} day", "{n} days", n)`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = gettext.translation("aralify", _LOCALE, [language], fallback=True)

    def __call__(self, message: str, /, **values: Any) -> str:
        """Return `message` in this language with `values` filled in."""
        text = self._catalogue.gettext(message)
        return text.format(**values) if values else text

    def plural(self, one: str, many: str, n: int, /, **values: Any) -> str:
        """Return the form for `n`; `{n}` stands for the number itself."""
        return self._catalogue.ngettext(one, many, n).format(n=n, **values)


@cache
def translator(language: str) -> Translator:
    """Return the texts of `language`; an unsupported one reads English."""
    return Translator(supported(language))


def supported(language: str | None) -> str:
    """Return the language shown for a locale such as `fil`, `fil-PH`, `tl` or `en_US`.

    >>> supported("tl_PH.UTF-8"), supported("fil"), supported("de"), supported(None)
    ('fil', 'fil', 'en', 'en')
    """
    prefix = (language or "en").replace("_", "-").split("-")[0].lower()
    return "fil" if prefix in {"fil", "tl"} else "en"


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Return the text in `language`, else in any other language that has one, else nothing.

    >>> in_language({"en": "Loops", "fil": ""}, "fil")
    'Loops'
    """
    return texts.get(language) or next((text for text in texts.values() if text), "")


def sentence(error: AralifyError, language: str) -> str:
    """Return what a person is told about `error`, in `language`."""
    return error.render(translator(language), lambda texts: in_language(texts, language))
