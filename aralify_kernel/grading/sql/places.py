"""On which line an error in SQL stands; SQLite says only which word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.statements import parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aralify_kernel.domain.statements import Statement
    from aralify_kernel.grading.sql.attempts import SqlError

_NAMED: Final = re.compile(
    r"(?:no such (?:column|table|function|index|view|trigger)|ambiguous column name): (?:main\.|temp\.)?(?:\w+\.)?(.+)"
    r"|(?:table|index|view|trigger) (\S+) already exists|no column named (\S+)"
    r"|misuse of aggregate(?: function|:) (\w+)\(\)"
    r'|unrecognized token: "(.+)"',
    re.DOTALL,
)


def line_of(error: SqlError, source: Sequence[Statement]) -> int | None:
    """Return the line of the source an error stands on, from 1."""
    if not 0 <= error.statement < len(source):
        return None
    met = source[error.statement]
    position = error.position
    if position is None:
        named = _NAMED.search(error.message)
        word = next(group for group in named.groups() if group) if named else ""
        position = next((part.start for part in parts(met.text) if _plain(part.text) == _plain(word)), 0)
    return met.line + met.text.count("\n", 0, position)


def _plain(name: str) -> str:
    return name.strip('"[]`').lower()
