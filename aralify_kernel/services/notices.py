"""The privacy notice of a class server: what people are told, in their language, before they make an account."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from aralify_kernel.i18n import LANGUAGES, translator

VERSION: Final = "2026-11-26"
"""Under which the consent is kept. A text that says anything else than before needs a version of its own."""


def texts(source_days: int) -> dict[str, str]:
    """Return the present notice in every language, as Markdown.

    Args:
        source_days: For how long this server keeps learners' code; 0 is for ever.
    """
    return {language: _text(language, source_days) for language in LANGUAGES}


def _text(language: str, source_days: int) -> str:
    _ = translator(language)
    kept = _.plural("for {n} day", "for {n} days", source_days) if source_days else _("for as long as you are here")
    return files("aralify_kernel.services").joinpath(f"notice/{language}.md").read_text("utf-8").format(kept=kept)
