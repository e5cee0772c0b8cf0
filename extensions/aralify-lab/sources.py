"""What the bundle is made of: which texts stand in the TypeScript, what it takes from the project, and a digest of it all."""

from __future__ import annotations

import gettext
import hashlib
import json
import re
from pathlib import Path

HERE = Path(__file__).parent
CATALOGUE = Path("aralify_kernel", "i18n", "locale", "fil", "LC_MESSAGES", "aralify.mo")
RESULTS = Path("aralify_kernel", "widgets", "aralify.css")
MADE_OF = ("*.json", "*.mjs", "*.py", ".npmrc", "src/**/*", "style/**/*", "schema/**/*")
_STRING = r'"((?:[^"\\]|\\.)*)"'
_TEXT = re.compile(rf"(?:\b_|\bN_|\btexts\(\))\(\s*{_STRING}|\b_\.plural\(\s*{_STRING},\s*{_STRING}")


def extracted() -> dict[str | tuple[str, str], None]:
    """Return every text of the TypeScript, in the order of the files; of a plural, both forms."""
    found: dict[str | tuple[str, str], None] = {}
    for path in sorted((HERE / "src").rglob("*.ts*")):
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


def taken(project: Path) -> str:
    """Return what the bundle takes from the rest of the project: as JSON, by the names it has in the TypeScript."""
    looks = re.sub(r"/\*.*?\*/", "", (project / RESULTS).read_text("utf-8"), flags=re.DOTALL)
    found = {"CATALOGUE": catalogue(project / CATALOGUE), "RESULTS": re.sub(r"\s+", " ", looks).strip()}
    return json.dumps(found, ensure_ascii=False, sort_keys=True)


def digest(taken: str) -> str:
    """Return what changes as soon as any source of the bundle does, or what it takes from the rest of the project."""
    whole = hashlib.sha256(taken.encode())
    for path in sorted({path for pattern in MADE_OF for path in HERE.glob(pattern) if path.is_file()}):
        whole.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def _read(literal: str) -> str:
    text: str = json.loads(f'"{literal}"')
    return text
