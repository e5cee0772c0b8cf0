"""Wrong answers explained by their shape: how what came differs from what was expected, where that is certain.

All is decided on texts, as a judgement carries them: values as Python writes them. What cannot be read back as plain
data has no shape, and so has every difference that is not named here: silence is better than a wrong hint.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.explanations import differences
from aralify_kernel.domain.explanations.arguments import called_function, is_about_a_name
from aralify_kernel.domain.explanations.cases import kind
from aralify_kernel.domain.explanations.checks import text
from aralify_kernel.domain.explanations.differences import Difference, quoted, same
from aralify_kernel.domain.explanations.programs import program
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aralify_kernel.domain.content import Text

LONGEST: Final = 400
"""Longer texts have been cut on their way here, or cost more to read than a hint is worth."""
_ABOUT: Final = "≈ "
_LAZY: Final = re.compile(r"<(generator|map|filter|zip|reversed|enumerate|list_reverseiterator)\b.*>|(range)\(.*\)")
_VIEW: Final = re.compile(r"(dict_keys|dict_values|dict_items)\(.*\)", re.DOTALL)
_FUNCTION: Final = re.compile(r"<(?:built-in |bound )?(?:function|method) '?(?:[\w.<>]*\.)?(\w+)'?(?: .*)?>")


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a visible check that did not hold; every value is its text.

    `call` is the learner's side of the check as the author wrote it, `source` the learner's code, `printed` what it
    printed during the check, `changed` the check's own variables that it was given: before and after.
    """

    call: str
    expected: str
    got: str
    source: str = ""
    printed: str = ""
    changed: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def shape(seen: Seen) -> Text:
    """Return one sentence about the shape of a wrong answer, in every language; nothing where none fits for certain.

    Never raises, whatever the texts are.
    """
    try:
        found = _shape(seen)
    except Exception:  # noqa: BLE001 - an explanation is a courtesy: expected and got stand beside it
        found = None
    return text(found.template, **found.values) if found else {}


def _shape(seen: Seen) -> Difference | None:
    if not is_about_a_name(seen.call, seen.source):
        return None
    by_text = (_changed, _nothing_returned)
    found = next((said for explain in by_text if (said := explain(seen))), None)
    expected = value(seen.expected.removeprefix(_ABOUT))
    if found or expected is NO_VALUE:
        return found
    got = value(seen.got)
    if got is NO_VALUE:
        return _unfinished(seen, expected)
    if same(expected, got):
        return None
    explainers: tuple[Callable[[Any, Any], Difference | None], ...] = differences.ALL
    return next((said for explain in explainers if (said := explain(expected, got))), None)


NO_VALUE: Final = object()


def value(written: str) -> Any:
    """Return the plain value that was `written` as Python writes it, or `NO_VALUE` where it is none."""
    if len(written) > LONGEST:
        return NO_VALUE
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.literal_eval(written)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return NO_VALUE


def _changed(seen: Seen) -> Difference | None:
    """Explain a value that was changed although it should not be, not changed although it should, or changed only."""
    if seen.call in seen.changed:
        return _changed_itself(seen)
    before_after = {name: pair for name, pair in seen.changed.items() if _differ(*pair)}
    if seen.got != "None" or seen.expected == "None" or len(before_after) != 1:
        return None
    ((name, (before, after)),) = before_after.items()
    return Difference(
        N_(
            "Your function changes `{name}` itself, from `{before}` to `{after}`, and gives back nothing (`None`). "
            "The check expects the result from `return`."
        ),
        {"name": name, "before": quoted(before), "after": quoted(after)},
    )


def _changed_itself(seen: Seen) -> Difference | None:
    before = value(seen.changed[seen.call][0])
    expected, got = value(seen.expected), value(seen.got)
    if NO_VALUE in (before, expected, got) or same(expected, got):
        return None
    values = {"name": seen.call, "before": quoted(seen.changed[seen.call][0]), "after": quoted(seen.got)}
    if same(before, expected):
        return Difference(
            N_(
                "Your function changes `{name}`, which it was only given to look at: it was `{before}`, and is "
                "`{after}` now. Work on a copy of it."
            ),
            values,
        )
    if same(before, got):
        return Difference(
            N_("`{name}` is still `{before}`: the check expects your function to change it, not to make a new value."),
            values,
        )
    return None


def _differ(before: str, after: str) -> bool:
    one, other = value(before), value(after)
    return NO_VALUE not in (one, other) and not same(one, other)


def _nothing_returned(seen: Seen) -> Difference | None:
    """Explain a call of the learner's function that gives back `None`: it prints the answer, or lacks a `return`."""
    function = program(seen.source).functions.get(called_function(seen.call) or "")
    if function is None or seen.got != "None" or seen.expected == "None":
        return None
    expected = seen.expected.removeprefix(_ABOUT)
    if _was_printed(value(expected), seen.printed):
        return Difference(
            N_("Your function prints `{expected}`, but the check needs it returned. Use `return`."),
            {"expected": quoted(seen.printed.strip())},
        )
    if any(isinstance(part, ast.Return) and part.value for part in ast.walk(function)):
        template = N_("Your function gives back nothing (`None`) here. Does every way through it end with `return`?")
    else:
        template = N_("Your function gives back nothing (`None`), because it has no `return` with a value.")
    return Difference(template)


def _was_printed(expected: Any, printed: str) -> bool:
    said = printed.strip()
    return expected is not NO_VALUE and bool(said) and said in {str(expected).strip(), repr(expected)}


def _unfinished(seen: Seen, expected: Any) -> Difference | None:
    """Explain what is one step away from a value: a `map`, a `range`, a function that was not called."""
    lazy = _LAZY.fullmatch(seen.got) or _VIEW.fullmatch(seen.got)
    wanted = type(expected)
    if lazy and wanted in (list, tuple, set):
        return Difference(
            N_("Your answer is `{type}`, which is not {kind} yet. Put `{tool}(…)` around it."),
            {
                "type": next(filter(None, lazy.groups())),
                "kind": kind(wanted.__name__),
                "tool": wanted.__name__,
            },
        )
    function = _FUNCTION.fullmatch(seen.got)
    if function and function[1] != "lambda":
        return Difference(
            N_("Your answer is the function `{name}` itself. To call it, put parentheses after it: `{name}(…)`."),
            {"name": function[1]},
        )
    return None
