"""Renew the Filipino catalogue from the source: `make translations`.

New texts appear in the .po with an empty Filipino, texts that left the code leave the catalogue, and what stands there
keeps its translation. `tests/test_i18n.py` is red until every text has its Filipino.
"""

from __future__ import annotations

import ast
import runpy
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.nodes import Call, Const, Name

PACKAGE = Path(__file__).parent.parent / "aralify_kernel"
CATALOGUE = PACKAGE / "i18n" / "locale" / "fil" / "LC_MESSAGES" / "aralify.po"
TYPESCRIPT = PACKAGE.parent / "extensions" / "aralify-lab" / "sources.py"
"""Knows which texts stand in the JupyterLab extension."""
MARKERS = ("_", "N_")
MAKERS = ("texts", "translator")
"""Functions that return a translator, which may be called at once: `texts()("…")`."""


def extracted() -> dict[str | tuple[str, str], None]:
    """Return every text of the source, in the order of the files.

    Read from the syntax tree: a search through the tokens misses what stands inside an f-string before Python 3.12.
    """
    found: dict[str | tuple[str, str], None] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
            if text := _text(call):
                found[text] = None
    found |= runpy.run_path(str(TYPESCRIPT))["extracted"]()
    for path in sorted(PACKAGE.rglob("*.html")):
        for call in Environment().parse(path.read_text("utf-8")).find_all(Call):  # noqa: S701 - nothing is rendered
            match call:
                case Call(node=Name(name="_"), args=[Const(value=str(text)), *_]):
                    found[text] = None
    return found


def _text(call: ast.Call) -> str | tuple[str, str] | None:
    words = [argument.value for argument in call.args[:2] if isinstance(argument, ast.Constant)]
    match call.func:
        case ast.Attribute(attr="plural"):
            return (words[0], words[1])
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in MARKERS and words:
            return str(words[0])
        case ast.Call(func=ast.Name(id=name)) if name in MAKERS and words:
            return str(words[0])
    return None


def catalogue() -> Catalog:
    """Return the Filipino catalogue as it stands."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fil")


def renew() -> list[str | tuple[str, str]]:
    """Rewrite the .po and the .mo; return the texts that lack their Filipino."""
    old = catalogue()
    new = Catalog(locale="fil", project="Aralify", copyright_holder="The Aralify developers", fuzzy=False)
    # Else every branch changes the date, and no two of them merge; and the rule for plurals is ours: by the one that newer
    # Babels have for Filipino, 4 learners are many and 5 are one.
    new.mime_headers = old.mime_headers
    for message in extracted():
        known = old.get(message if isinstance(message, str) else message[0])
        new.add(message, known.string if known and not known.fuzzy and known.id == message else "")
    with CATALOGUE.open("wb") as file:
        write_po(file, new, width=0)
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, new)
    return [message.id for message in new if message.id and not (message.string and all(message.string))]


if __name__ == "__main__":
    for text in renew():
        print("no Filipino yet:", text)
