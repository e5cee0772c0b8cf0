"""Which texts stand in the TypeScript: for the catalogue, which has their Filipino, and for the bundle, which takes it along."""

from __future__ import annotations

import gettext
import json
import re
from pathlib import Path

SOURCES = Path(__file__).parent / "src"
_STRING = r'"((?:[^"\\]|\\.)*)"'
_TEXT = re.compile(rf"(?:\b_|\bN_|\btexts\(\))\(\s*{_STRING}|\b_\.plural\(\s*{_STRING},\s*{_STRING}")


def extracted() -> dict[str | tuple[str, str], None]:
    """Return every text of the TypeScript, in the order of the files; of a plural, both forms."""
    found: dict[str | tuple[str, str], None] = {}
    for path in sorted(SOURCES.glob("*.ts*")):
        for text, one, many in _TEXT.findall(path.read_text("utf-8")):
            found[_read(text) if text else (_read(one), _read(many))] = None
    return found


def catalogue(compiled: Path) -> dict[str, str | list[str]]:
    """Return the Filipino of those texts, from the compiled catalogue."""
    with compiled.open("rb") as file:
        filipino = gettext.GNUTranslations(file)
    return {
        text if isinstance(text, str) else text[0]: filipino.gettext(text)
        if isinstance(text, str)
        else [filipino.ngettext(*text, n) for n in (1, 2)]
        for text in extracted()
    }


def _read(literal: str) -> str:
    text: str = json.loads(f'"{literal}"')
    return text
