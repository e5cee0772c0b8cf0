"""In which language somebody is answered who is not signed in."""

from __future__ import annotations

from aralify_kernel.i18n import supported


def accepted(header: str | None) -> str:
    """Return the first language of an `Accept-Language` header that Aralify speaks, else English.

    >>> accepted("de-DE, tl;q=0.8, en;q=0.5"), accepted("en-US,fil"), accepted("*"), accepted(None)
    ('fil', 'en', 'en', 'en')
    """
    for wanted in (header or "").split(","):
        tag = wanted.partition(";")[0].strip()
        if supported(tag) != "en" or tag.partition("-")[0].lower() == "en":
            return supported(tag)
    return "en"
