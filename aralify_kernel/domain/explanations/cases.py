"""One error to explain, and the two sentences that explain it, before they are put into a language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.explanations.programs import Program, shown
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    _NodeType = type[ast.AST]


class Word(str):
    """A value of a sentence that is itself translated."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What happened, and what to try, as templates with their values."""

    what: str
    advice: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """An error of a learner's program. `line` counts from 1 in the source; `shown_line` is what the learner sees."""

    type: str
    message: str
    line: int | None
    program: Program
    span: tuple[int, ...] | None = None
    notebook_names: frozenset[str] = frozenset()
    first_line: int = 1

    def found(self, pattern: str) -> re.Match[str] | None:
        """Return where `pattern` begins to match in Python's message, or None."""
        return re.search(pattern, self.message)

    def numbered(self, line: int | None) -> int | None:
        """Return the number that a line of the source has on the learner's screen."""
        return None if line is None else line + self.first_line - 1

    def say(self, what: str, advice: str, **values: Any) -> Said:
        """Return two sentences; `{line}` is the error's line, and values named `…_line` are lines of the source."""
        lines = {key: self.numbered(value) for key, value in values.items() if key.endswith("_line")}
        return Said(what, advice, {"line": self.numbered(self.line), **values, **lines})

    def the(self, *kinds: _NodeType) -> ast.AST | None:
        """Return the part of one of these kinds that raised; None where it cannot be told which of several."""
        exact = self.program.at(self.span)
        if isinstance(exact, kinds):
            return exact
        candidates: list[ast.AST] = self.program.on_line(self.line, *kinds)
        return candidates[0] if len(candidates) == 1 else None


def code(text: str) -> str:
    """Return a piece of Python's message as it can stand between backticks."""
    return shown(text) or ""


def closest(name: str, names: Iterable[str]) -> str | None:
    """Return the name that `name` was most likely meant to be, or None."""
    others = sorted(other for other in names if other != name)
    same_letters = [other for other in others if other.lower() == name.lower()]
    # Short names differ by one letter from half of all names: guess less.
    cutoff = 0.7 if len(name) > 3 else 0.8
    found = same_letters or get_close_matches(name, others, n=1, cutoff=cutoff)
    return found[0] if found else None


_KINDS: Final = {
    "int": N_("a number (`int`)"),
    "float": N_("a decimal number (`float`)"),
    "str": N_("text (`str`)"),
    "list": N_("a list"),
    "tuple": N_("a tuple"),
    "dict": N_("a dictionary"),
    "set": N_("a set"),
    "bool": N_("`True` or `False` (`bool`)"),
    "NoneType": N_("nothing (`None`)"),
    "function": N_("a function"),
    "builtin_function_or_method": N_("a function"),
    "method": N_("a function"),
    "method_descriptor": N_("a function"),
    "module": N_("a module"),
    "type": N_("a type"),
    "range": N_("a range"),
    "ellipsis": N_("still `...`"),
}
NUMBERS: Final = frozenset(("int", "float", "complex", "bool"))
FUNCTIONS: Final = frozenset(("function", "builtin_function_or_method", "method", "method_descriptor", "type"))


def kind(type_name: str) -> str:
    """Return how a type is called in a sentence."""
    known = _KINDS.get(type_name)
    return Word(known) if known else f"`{code(type_name)}`"
