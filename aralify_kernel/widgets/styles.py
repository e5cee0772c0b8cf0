"""The style sheet, as much of it as an output needs."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

from markupsafe import Markup

_HEADING: Final = re.compile(r"/\* ---- ([a-z ]+) ---- \*/")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
ALWAYS: Final = ("tokens", "icon images", "base", "layout", "icons")


@cache
def _sections() -> dict[str, str]:
    parts = _HEADING.split(files("aralify_kernel.widgets").joinpath("aralify.css").read_text("utf-8"))
    return {name: _minified(text) for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def _minified(css: str) -> str:
    return re.sub(r"\s+", " ", _COMMENT.sub("", css)).strip()


@cache
def sheet(*sections: str) -> Markup:
    """Return a `<style>` element with the named sections, or with all of them when none is named.

    Tokens, icons, base and layout come with every choice. An output is saved with its styles, so a small choice keeps
    notebooks small.

    Raises:
        KeyError: `aralify.css` has no such section.
    """
    return Markup("<style>{}</style>").format(Markup(rules(*sections)))  # noqa: S704 - our own file


def rules(*sections: str) -> str:
    """Return what stands in `sheet`, for a file of its own.

    Raises:
        KeyError: `aralify.css` has no such section.
    """
    found = _sections()
    wanted = (*ALWAYS, *sections) if sections else tuple(found)
    return " ".join(found[name] for name in dict.fromkeys(wanted))
