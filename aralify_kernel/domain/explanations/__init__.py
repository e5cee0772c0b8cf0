"""Errors explained: what went wrong in the learner's own line, and what to try, in both languages.

`explain` knows the mistakes beginners make most; anything else gets a general sentence. Python's own message is kept
beside it by the caller. The texts use backticks around code and nothing else of Markdown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.explanations import (
    calls,
    elements,
    javascript,
    names,
    nesting,
    operators,
    running,
    sql,
    syntax,
    values,
)
from aralify_kernel.domain.explanations.arguments import given
from aralify_kernel.domain.explanations.cases import Case, Said, code
from aralify_kernel.domain.explanations.checks import explain_check, name_missing, text, texts_of
from aralify_kernel.domain.explanations.javascript_shapes import SeenInJavaScript, javascript_shape
from aralify_kernel.domain.explanations.programs import program
from aralify_kernel.domain.explanations.running import LIMITS, busy_line
from aralify_kernel.domain.explanations.shapes import Seen, shape
from aralify_kernel.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.domain.content import Text

__all__ = [
    "CANNOT_BE_READ",
    "LIMITS",
    "Explanation",
    "Seen",
    "SeenInJavaScript",
    "busy_line",
    "explain",
    "explain_check",
    "given",
    "is_too_deep",
    "javascript_shape",
    "name_missing",
    "renumbered",
    "shape",
    "texts_of",
]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What happened, and what to try, each by language."""

    explanation: Text
    advice: Text


_BY_TYPE: Final[dict[str, tuple[Callable[[Case], Said | None], ...]]] = {
    "NameError": (names.undefined_name,),
    "UnboundLocalError": (names.unbound_local,),
    "ModuleNotFoundError": (names.missing_module,),
    "ImportError": (names.missing_module,),
    "TypeError": (
        operators.operands,
        calls.arguments,
        calls.not_callable,
        elements.not_subscriptable,
        elements.not_iterable,
        elements.not_assignable,
        elements.wrong_index,
        elements.no_length,
        elements.unhashable,
        values.not_convertible,
    ),
    "IndexError": (elements.index_error,),
    "KeyError": (elements.key_error,),
    "AttributeError": (elements.attribute_error,),
    "ValueError": (values.no_number, values.wrong_count, values.not_there),
    "ZeroDivisionError": (values.division_by_zero,),
    "SyntaxError": (syntax.unreadable,),
    "IndentationError": (syntax.indentation,),
    "TabError": (syntax.indentation,),
    "RecursionError": (running.too_deep,),
    "EOFError": (running.no_input,),
    "AssertionError": (running.own_assert,),
    "FileNotFoundError": (running.no_file,),
}
_BY_LANGUAGE: Final[dict[str, Callable[[Case], Said | None]]] = {
    "javascript": javascript.explained,
    "sql": sql.explained,
    "sql in a notebook": sql.explained_in_notebook,
}
"""What explains the errors of other languages than Python, all of them."""
CANNOT_BE_READ: Final = frozenset({"SyntaxError", "IndentationError", "TabError"})
"""What is raised before anything runs."""
_NAMED_LINE: Final = re.compile(r"\bline (\d{1,6})\b")
_WITHOUT_LINE: Final[dict[str, tuple[Callable[[Case], Said | None], ...]]] = {
    "TimeoutError": (running.out_of_time,),
    "SystemExit": (running.left_early,),
    "RecursionError": (nesting.too_deep_to_read,),
    "Crash": (running.crashed,),
    **{name: (running.over_limit,) for name, _ in LIMITS.values()},
}


def explain(
    error_type: str,
    message: str,
    line: int | None,
    source: str,
    *,
    span: tuple[int, ...] | None = None,
    notebook_names: frozenset[str] = frozenset(),
    first_line: int = 1,
    language: str = "python",
) -> Explanation:
    """Return what went wrong and what to try, in both languages. Never raises.

    Args:
        error_type: Name of the exception; `TimeoutError` for a program stopped by the clock (its message says after
            how many seconds), the names in `LIMITS` for one stopped by another limit, `Crash` when Python itself ended.
        message: Python's message (of any version from 3.11 on).
        line: The line of `source` it happened on, from 1.
        source: The learner's source.
        span: First line, last line, first and last column (in bytes) of the expression that raised, if known.
        notebook_names: Names that exist in the learner's notebook, though perhaps not in `source`.
        first_line: The number that the first line of `source` has on the learner's screen: 2 below a
            `# exercise: …` line.
        language: What the source is written in.
    """
    case = Case(error_type, message, line, program(source), span, notebook_names, first_line)
    said = _said(case, _explainers(case, language)) or _general(case)
    return Explanation(text(said.what, **said.values), text(said.advice, **said.values))


def is_too_deep(source: str) -> bool:
    """Return whether so much stands inside each other in `source` that Python gives up reading it."""
    return program(source).is_too_deep


def renumbered(error_type: str, message: str, first_line: int) -> str:
    """Return Python's message with the lines it names counted as `explain` counts them.

    >>> renumbered("IndentationError", "expected an indented block after 'while' statement on line 2", 2)
    "expected an indented block after 'while' statement on line 3"
    """
    if error_type not in CANNOT_BE_READ:  # only the parser names lines; anything else quotes what the learner wrote
        return message
    return _NAMED_LINE.sub(lambda found: f"line {int(found[1]) + first_line - 1}", message)


def _explainers(case: Case, language: str) -> tuple[Callable[[Case], Said | None], ...]:
    if language in _BY_LANGUAGE:
        return (_BY_LANGUAGE[language],)
    return (_BY_TYPE.get(case.type) if case.line is not None else None) or _WITHOUT_LINE.get(case.type, ())


def _said(case: Case, explainers: tuple[Callable[[Case], Said | None], ...]) -> Said | None:
    try:
        return next((said for explainer in explainers if (said := explainer(case))), None)
    except Exception:  # noqa: BLE001 - an explanation is a courtesy: without it the general sentence stands
        return None


def _general(case: Case) -> Said:
    said = f"{code(case.type)}: {code(case.message)}" if case.message else code(case.type)
    if case.line is None:
        return case.say(
            N_("Your code stopped with `{error}`."),
            N_("Run it in small pieces, and look at the values after each of them."),
            error=said,
        )
    return case.say(
        N_("Your code stopped on line {line} with `{error}`."),
        N_("Print the values that line {line} uses, just above it, and compare them with what you expect."),
        error=said,
    )
