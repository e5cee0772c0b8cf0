"""JavaScript in its smallest parts, as far as putting a program together needs them.

Deno parses what runs; this only finds names, brackets and what is no code: comments, texts, patterns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN: Final = re.compile(
    r"""
      (?P<blank>\s+ | //[^\n]* | /\*.*?(?:\*/|\Z))
    | (?P<text>"(?:[^"\\\n]|\\.)*"? | '(?:[^'\\\n]|\\.)*'?)
    | (?P<template>`)
    | (?P<number>\d[\w.]*)
    | (?P<name>\#?[^\W\d][\w$]*|[$\#][\w$]*)
    | (?P<sign>=>|\.\.\.|\+\+|--|[^\s\w])
    """,
    re.VERBOSE | re.DOTALL,
)
_PATTERN: Final = re.compile(r"/(?![*/])(?:[^\\/\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_BEFORE_PATTERN: Final = frozenset(
    ("return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "do", "else", "yield", "await")
)
_AFTER_VALUE: Final = frozenset((")", "]", "}", "++", "--"))
_DECLARES: Final = frozenset(("function", "class", "const", "let", "var"))


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a program. `depth` counts the brackets around it."""

    kind: Literal["blank", "text", "template", "number", "name", "pattern", "sign"]
    text: str
    start: int
    depth: int

    @property
    def end(self) -> int:
        """Where the next part begins."""
        return self.start + len(self.text)


@lru_cache(maxsize=256)
def tokens(source: str) -> tuple[Token, ...]:
    """Return the parts of `source` in order; all of it is in one of them."""
    return tuple(_tokens(source))


def _tokens(source: str) -> Iterator[Token]:
    position = depth = 0
    last: Token | None = None
    while position < len(source):
        token = _token(source, position, depth, last)
        if token.text in {")", "]", "}"} and token.kind == "sign":
            depth = max(0, depth - 1)
            token = Token(token.kind, token.text, token.start, depth)
        elif token.text in {"(", "[", "{"} and token.kind == "sign":
            depth += 1
        yield token
        position = token.end
        if token.kind != "blank":
            last = token


def _token(source: str, position: int, depth: int, last: Token | None) -> Token:
    if source[position] == "/" and _may_begin_pattern(last) and (pattern := _PATTERN.match(source, position)):
        return Token("pattern", pattern[0], position, depth)
    found = _TOKEN.match(source, position)
    if found is None:
        return Token("sign", source[position], position, depth)
    kind = found.lastgroup
    if kind == "template":
        return Token("template", source[position : _template_end(source, position + 1)], position, depth)
    return Token(kind, found[0], position, depth)  # type: ignore[arg-type]


def _may_begin_pattern(last: Token | None) -> bool:
    if last is None or last.kind == "name":
        return last is None or last.text in _BEFORE_PATTERN
    return last.kind == "sign" and last.text not in _AFTER_VALUE


def _template_end(source: str, position: int) -> int:
    """Return where the template that has begun before `position` ends, with all that is nested in it."""
    while position < len(source):
        if source.startswith("${", position):
            position = _insertion_end(source, position + 2)
        elif source[position] == "`":
            return position + 1
        else:
            position += 2 if source[position] == "\\" else 1
    return len(source)


def _insertion_end(source: str, position: int) -> int:
    depth, last = 1, None
    while position < len(source) and depth:
        token = _token(source, position, 0, last)
        if token.kind == "sign":
            depth += {"{": 1, "}": -1}.get(token.text, 0)
        position = token.end
        last = token if token.kind != "blank" else last
    return position


def declared_names(source: str) -> frozenset[str]:
    """Return the names that `source` declares outside of any bracket, patterns like `const [a, b]` left out.

    >>> sorted(declared_names("export const a = 1, b = 2; function f(x) { let y; } class C {}"))
    ['C', 'a', 'f']
    """
    parts = [token for token in tokens(source) if token.kind != "blank" and token.text != "*"]
    return frozenset(
        after.text
        for before, after in pairwise(parts)
        if before.depth == 0 and before.text in _DECLARES and after.kind == "name"
    )


def line_of(source: str, position: int) -> int:
    """Return the number of the line at `position`, from 1."""
    return source.count("\n", 0, position) + 1
