"""Wrong answers in JavaScript explained by their shape, where that is certain; see `shapes`, which does it for Python.

All is decided on texts: values as JavaScript writes them. What is no number, text or array of them has no shape.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.explanations import differences
from aralify_kernel.domain.explanations.checks import text
from aralify_kernel.domain.explanations.differences import Difference, quoted, same
from aralify_kernel.domain.explanations.shapes import LONGEST, NO_VALUE
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.domain.content import Text

_FUNCTION: Final = re.compile(r"\[Function: ([\w$]+)\]")
_PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class SeenInJavaScript:
    """What is known of a visible check that did not hold; every value is its text.

    `call` is the learner's side of the check, `printed` what the code printed during it, `before` the check's own
    variables as they were at its beginning, and `changed` those that this call has changed: before and after.
    """

    call: str
    expected: str
    got: str
    printed: str = ""
    before: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def javascript_shape(seen: SeenInJavaScript) -> Text:
    """Return one sentence about the shape of a wrong answer, in every language; nothing where none fits for certain."""
    found = _of_variable(seen) or _of_nothing(seen) or _of_texts(seen)
    if found is None:
        expected, got = value(seen.expected), value(seen.got)
        if NO_VALUE not in (expected, got) and not same(expected, got):
            found = _of_values(expected, got)
    return text(found.template, **found.values) if found else {}


def value(written: str) -> Any:
    """Return the number, text or array that was `written` as JavaScript shows it, or `NO_VALUE` where it is none."""
    if len(written) > LONGEST:
        return NO_VALUE
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        return NO_VALUE
    return found if _is_plain(found) else NO_VALUE


def _is_plain(found: Any) -> bool:
    if isinstance(found, list):
        return all(map(_is_plain, found))
    return isinstance(found, str) or _is_number(found)


def _is_number(found: Any) -> bool:
    return type(found) in (int, float) and math.isfinite(found)


def _of_variable(seen: SeenInJavaScript) -> Difference | None:
    """Explain an argument that was changed although it should not be, or not changed although it should."""
    before = seen.before.get(seen.call)
    if before is None:
        return None
    if before == seen.expected:
        template = N_(
            "Your function changes `{name}`, which it was only given to look at: it was `{before}`, and is "
            "`{after}` now. Work on a copy of it."
        )
        return Difference(template, {"name": seen.call, "before": quoted(before), "after": quoted(seen.got)})
    if before == seen.got:
        template = N_(
            "`{name}` is still `{before}`: the check expects your function to change it, not to make a new value."
        )
        return Difference(template, {"name": seen.call, "before": quoted(before)})
    return None


def _of_nothing(seen: SeenInJavaScript) -> Difference | None:
    """Explain a call that gives back `undefined`: it prints the answer, changes its argument, or lacks a `return`."""
    if seen.got != "undefined" or "(" not in seen.call:
        return None
    printed = seen.printed.strip()
    if printed and printed in {seen.expected, str(value(seen.expected))}:
        template = N_("Your function prints `{expected}`, but the check needs it returned. Use `return`.")
        return Difference(template, {"expected": quoted(printed)})
    if len(seen.changed) == 1:
        ((name, (before, after)),) = seen.changed.items()
        template = N_(
            "Your function changes `{name}` itself, from `{before}` to `{after}`, and gives back nothing "
            "(`undefined`). The check expects the result from `return`."
        )
        return Difference(template, {"name": name, "before": quoted(before), "after": quoted(after)})
    template = N_("Your function gives back nothing (`undefined`) here. Does every way through it end with `return`?")
    return Difference(template)


def _of_texts(seen: SeenInJavaScript) -> Difference | None:
    both = {"expected": quoted(seen.expected), "got": quoted(seen.got)}
    function = _FUNCTION.fullmatch(seen.got)
    if function:
        template = N_("Your answer is the function `{name}` itself. To call it, put parentheses after it: `{name}(…)`.")
        return Difference(template, {"name": function[1]})
    if seen.got == "NaN" and _is_number(value(seen.expected)):
        template = N_("Your answer is `NaN`: somewhere it computes with something that is no number.")
        return Difference(template)
    if seen.expected in {"true", "false", "null", "undefined"} and seen.got == f'"{seen.expected}"':
        template = N_("Your answer is the text `{got}`; the check expects `{expected}`. Leave the quotes away.")
        return Difference(template, both)
    if seen.got in {"true", "false", "null", "undefined"} and seen.expected == f'"{seen.got}"':
        return Difference(
            N_("Your answer is `{got}`; the check expects the text `{expected}`. Put it in quotes."), both
        )
    return None


def _of_values(expected: Any, got: Any) -> Difference | None:
    return next((said for explain in _EXPLAINERS if (said := explain(expected, got))), None)


def _both(expected: Any, got: Any) -> dict[str, Any]:
    return {"expected": quoted(_written(expected)), "got": quoted(_written(got))}


def _written(plain: Any) -> str:
    return json.dumps(plain, ensure_ascii=False)


def _kind(expected: Any, got: Any) -> Difference | None:
    """Explain a number that came as text, and text that came as a number."""
    if isinstance(got, str) and _is_number(expected) and got.strip() == _written(expected):
        template = N_("Your answer is the text `{got}`; the check expects the number `{expected}`. Use `{tool}(…)`.")
        return Difference(template, _both(expected, got) | {"tool": "Number"})
    if isinstance(expected, str) and _is_number(got) and expected == _written(got):
        template = N_("Your answer is the number `{got}`; the check expects the text `{expected}`. Use `String(…)`.")
        return Difference(template, _both(expected, got))
    return None


def _wrapped(expected: Any, got: Any) -> Difference | None:
    if not isinstance(got, list) or len(got) != 1 or not same(got[0], expected):
        return None
    template = N_("Your answer is an array that holds the right value: `{got}`. The check expects `{expected}` alone.")
    return Difference(template, _both(expected, got))


def _rounding(expected: Any, got: Any) -> Difference | None:
    """Explain a number that is right but for the places after its point."""
    if not (_is_number(expected) and _is_number(got)):
        return None
    places = len(_written(expected).partition(".")[2])
    if math.isclose(expected, got, rel_tol=1e-9) and places <= _PLACES and "e" not in _written(expected):
        template = N_(
            "Your answer `{got}` is right but for its last places, where a computer stores decimal numbers inexactly. "
            "The check expects `{expected}`: use `Number(….toFixed({places}))`."
        )
        return Difference(template, _both(expected, got) | {"places": places})
    if isinstance(expected, int) and isinstance(got, float) and expected in (math.floor(got), math.ceil(got)):
        template = N_(
            "Your answer `{got}` has places after the point; the check expects the whole number `{expected}`. "
            "Look at `Math.floor(…)`, `Math.ceil(…)` and `Math.round(…)`."
        )
        return Difference(template, _both(expected, got))
    return None


def _one_too_few(expected: Any, got: Any) -> Difference | None:
    if not (type(expected) is type(got) is int and got == expected - 1 and got not in (0, -1)):
        return None
    template = N_(
        "Your answer is `{got}`, one less than the `{expected}` that the check expects. "
        "Does a loop stop one step too early?"
    )
    return Difference(template, _both(expected, got))


_EXPLAINERS: Final = (
    _kind,
    _wrapped,
    differences.texts_for_numbers,
    differences.spaces_or_case,
    _rounding,
    _one_too_few,
    differences.off_by_one,
    differences.one_element,
    differences.order,
)
