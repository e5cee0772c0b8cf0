"""How two plain values differ, where the difference has a name: their kind, one element, the order, a rounding."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.explanations.cases import Word, kind
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LONGEST: Final = 60
_PLACES: Final = 6
"""More places after the point than this were not asked for: they are how a number is stored."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One sentence as a template with its values."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)


def quoted(written: str) -> str:
    """Return a value's text as it can stand between backticks: short, on one line, without a backtick."""
    one_line = written.replace("`", "'").replace("\r", "").replace("\n", " ⏎ ")
    return one_line if len(one_line) <= _LONGEST else one_line[: _LONGEST - 1] + "…"


def same(one: Any, other: Any) -> bool:
    """Return whether two plain values are equal and of one kind, all through."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one == other and all(any(same(k, key) and same(v, one[key]) for k, v in other.items()) for key in one)
    if isinstance(one, set | frozenset):
        return one == other and all(any(same(a, b) for b in other) for a in one)
    return bool(one == other)


def _both(expected: Any, got: Any) -> dict[str, Any]:
    return {"expected": quoted(repr(expected)), "got": quoted(repr(got))}


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def _number(text: str) -> int | float | None:
    """Return the number that a text holds, or None."""
    for convert in (int, float):
        try:
            found = convert(text)
        except ValueError:
            continue
        return found if math.isfinite(found) else None
    return None


def text_for_value(expected: Any, got: Any) -> Difference | None:
    """Explain a number, a truth value or `None` that came as text."""
    if not isinstance(got, str):
        return None
    if _is_number(expected) and _number(got) == expected and _number(got) is not None:
        return Difference(
            N_("Your answer is the text `{got}`; the check expects the number `{expected}`. Use `{tool}(…)`."),
            _both(expected, got) | {"tool": type(expected).__name__},
        )
    if (expected is None or isinstance(expected, bool)) and got == str(expected):
        return Difference(
            N_("Your answer is the text `{got}`; the check expects `{expected}`. Leave the quotes away."),
            _both(expected, got),
        )
    return None


def value_for_text(expected: Any, got: Any) -> Difference | None:
    """Explain a number, a truth value or `None` where text was expected."""
    if not isinstance(expected, str) or expected != str(got):
        return None
    if _is_number(got):
        return Difference(
            N_("Your answer is the number `{got}`; the check expects the text `{expected}`. Use `str(…)`."),
            _both(expected, got),
        )
    if got is None or isinstance(got, bool):
        return Difference(
            N_("Your answer is `{got}`; the check expects the text `{expected}`. Put it in quotes."),
            _both(expected, got),
        )
    return None


def kind_of_number(expected: Any, got: Any) -> Difference | None:
    """Explain `6.0` for `6` and `1` for `True`, where a check looks at the kind."""
    numbers = (int, float, bool)
    if type(expected) not in numbers or type(got) not in numbers or expected != got:
        return None
    return Difference(
        N_("Your answer `{got}` is {got_kind}; the check expects {kind}: `{expected}`."),
        _both(expected, got) | {"got_kind": kind(type(got).__name__), "kind": kind(type(expected).__name__)},
    )


def wrapped(expected: Any, got: Any) -> Difference | None:
    """Explain the right value that came alone inside a list, a tuple or a set."""
    if not isinstance(got, list | tuple | set) or len(got) != 1 or not same(next(iter(got)), expected):
        return None
    values = _both(expected, got) | {"got_kind": kind(type(got).__name__)}
    if isinstance(got, tuple):
        template = N_(
            "Your answer is {got_kind} that holds the right value: `{got}`. The check expects `{expected}` alone. "
            "Is there a comma too many?"
        )
    else:
        template = N_(
            "Your answer is {got_kind} that holds the right value: `{got}`. The check expects `{expected}` alone."
        )
    return Difference(template, values)


def collection(expected: Any, got: Any) -> Difference | None:
    """Explain a list for a tuple, a set for a list and the like, with the right elements."""
    kinds = (list, tuple, set, frozenset)
    if type(expected) not in kinds or type(got) not in kinds or type(expected) is type(got):
        return None
    if not _same_elements(expected, got):
        return None
    values = _both(expected, got) | {
        "got_kind": kind(type(got).__name__),
        "kind": kind(type(expected).__name__),
        "tool": type(expected).__name__,
    }
    if isinstance(got, set | frozenset):
        template = N_(
            "Your answer is {got_kind}: `{got}`. The check expects {kind}: `{expected}`. A set keeps no order, so "
            "collect the elements in {kind} from the start."
        )
    else:
        template = N_(
            "Your answer is {got_kind}: `{got}`. The check expects {kind}: `{expected}`. Put `{tool}(…)` around it."
        )
    return Difference(template, values)


def _same_elements(expected: Any, got: Any) -> bool:
    if isinstance(expected, set | frozenset) or isinstance(got, set | frozenset):
        return len(expected) == len(got) and _rest(list(expected), list(got)) == []
    return same(list(expected), list(got))


def texts_for_numbers(expected: Any, got: Any) -> Difference | None:
    """Explain `['1', '2']` for `[1, 2]`."""
    if type(expected) is not type(got) or not isinstance(got, list | tuple) or len(expected) != len(got) or not got:
        return None
    pairs = list(zip(expected, got, strict=True))
    if not all(_is_number(one) and isinstance(other, str) and _number(other) == one for one, other in pairs):
        return None
    return Difference(
        N_("The elements of your answer are texts: `{got}`. The check expects numbers: `{expected}`."),
        _both(expected, got),
    )


def spaces_or_case(expected: Any, got: Any) -> Difference | None:
    """Explain texts that are alike but for spaces, line breaks, capital and small letters."""
    if not isinstance(expected, str) or not isinstance(got, str) or expected == got:
        return None
    spaces = expected != got and _without_spaces(expected) == _without_spaces(got)
    if spaces:
        return Difference(_about_spaces(expected, got), _both(expected, got))
    if expected.casefold() == got.casefold():
        template = N_("Only capital and small letters differ: yours is `{got}`, and the check expects `{expected}`.")
        return Difference(template, _both(expected, got))
    if _without_spaces(expected).casefold() == _without_spaces(got).casefold():
        template = N_(
            "Only spaces and capital or small letters differ: yours is `{got}`, and the check expects `{expected}`."
        )
        return Difference(template, _both(expected, got))
    return None


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _about_spaces(expected: str, got: str) -> str:
    if got.rstrip("\n") == expected.rstrip("\n"):
        if len(got) > len(expected):
            return N_("Your text has a line break (`\\n`) too many at its end.")
        return N_("Your text lacks a line break (`\\n`) at its end.")
    if got.rstrip() == expected:
        return N_("Your text has a space too many at its end: `{got}`.")
    if got.lstrip() == expected:
        return N_("Your text has a space too many at its beginning: `{got}`.")
    return N_("Only spaces differ: yours is `{got}`, and the check expects `{expected}`. Count them.")


def rounding(expected: Any, got: Any) -> Difference | None:
    """Explain a number that is right but for the places after its point."""
    if not (_is_number(expected) and _is_number(got)) or float not in (type(expected), type(got)) or expected == got:
        return None
    values = _both(expected, got)
    wanted, given = _places(expected), _places(got)
    if math.isclose(expected, got, rel_tol=1e-9) and wanted is not None and wanted <= _PLACES:
        template = N_(
            "Your answer `{got}` is right but for its last places, where a computer stores decimal numbers inexactly. "
            "The check expects `{expected}`: use `round(…, {places})`."
        )
        return Difference(template, values | {"places": wanted})
    if type(expected) is int and isinstance(got, float) and math.floor(got) == expected:
        template = N_(
            "Your answer `{got}` has places after the point; the check expects the whole number `{expected}`. "
            "`//` divides without them."
        )
        return Difference(template, values)
    if type(expected) is float and wanted and wanted <= _PLACES and round(got, wanted) == expected:
        template = N_("Your answer is `{got}`; the check expects it rounded: `{expected}`. Use `round(…, {places})`.")
        return Difference(template, values | {"places": wanted})
    if type(got) is float and given and wanted != given and round(expected, given) == got:
        return Difference(
            N_("Your answer is rounded too much: it is `{got}`, and the check expects `{expected}`."), values
        )
    return None


def _places(number: int | float) -> int | None:
    """Return how many places a number has after its point as it is written; None for `1e-07`."""
    written = repr(number)
    return None if "e" in written else len(written.partition(".")[2].removesuffix("0") if "." in written else "")


def off_by_one(expected: Any, got: Any) -> Difference | None:
    """Explain a whole number, or whole numbers all through, that are one too small or too large."""
    # 0 and -1 are what a function gives that found nothing: a loop that stopped too early is not what happened there.
    if type(expected) is int and type(got) is int and got not in (0, -1):
        step = got - expected
    elif type(expected) is type(got) and isinstance(got, list | tuple) and len(expected) == len(got) > 1:
        if not all(type(one) is int for one in (*expected, *got)):
            return None
        steps = {other - one for one, other in zip(expected, got, strict=True)}
        step = steps.pop() if len(steps) == 1 else 0
        return _all_off(step, expected, got)
    else:
        return None
    if step == -1:
        template = N_(
            "Your answer is `{got}`, one less than the `{expected}` that the check expects. "
            "Does a loop or a `range(…)` stop one step too early?"
        )
    elif step == 1:
        template = N_(
            "Your answer is `{got}`, one more than the `{expected}` that the check expects. "
            "Does a loop or a count go one step too far?"
        )
    else:
        return None
    return Difference(template, _both(expected, got))


def _all_off(step: int, expected: Any, got: Any) -> Difference | None:
    if step == -1:
        template = N_("Every number of your answer is one too small: `{got}`. The check expects `{expected}`.")
    elif step == 1:
        template = N_("Every number of your answer is one too large: `{got}`. The check expects `{expected}`.")
    else:
        return None
    return Difference(template, _both(expected, got))


_PLACE_NAMES: Final = {
    "first": N_("at the beginning"),
    "last": N_("at the end"),
    "inside": N_("in between"),
}


def one_element(expected: Any, got: Any) -> Difference | None:
    """Explain a collection with one element missing or one too many."""
    if type(expected) is not type(got) or not got or not isinstance(got, str | list | tuple | set | frozenset | dict):
        return None
    if len(got) + 1 == len(expected):
        return _one(expected, got, is_missing=True)
    if len(got) == len(expected) + 1 and expected:
        return _one(got, expected, is_missing=False)
    return None


def _one(longer: Any, shorter: Any, *, is_missing: bool) -> Difference | None:
    if isinstance(longer, list | tuple | str):
        index = _left_out(longer, shorter)
        if index is None:
            return None
        spot = "last" if index == len(longer) - 1 else "first" if index == 0 else "inside"
        place = Word(_PLACE_NAMES[spot])
        if isinstance(longer, str):
            missing, extra = (
                N_("Your text lacks one character {place}: `{element}`."),
                N_("Your text has one character too many {place}: `{element}`."),
            )
        else:
            missing, extra = (
                N_("One element is missing from your answer {place}: `{element}`."),
                N_("Your answer has one element too many {place}: `{element}`."),
            )
        return Difference(missing if is_missing else extra, {"element": quoted(repr(longer[index])), "place": place})
    rest = _rest(list(longer), list(shorter)) or []
    if len(rest) != 1 or (isinstance(longer, dict) and not all(same(longer[key], shorter[key]) for key in shorter)):
        return None
    if isinstance(longer, dict):
        missing, extra = (
            N_("One key is missing from your answer: `{element}`."),
            N_("Your answer has one key too many: `{element}`."),
        )
    else:
        missing, extra = (
            N_("One element is missing from your answer: `{element}`."),
            N_("Your answer has one element too many: `{element}`."),
        )
    return Difference(missing if is_missing else extra, {"element": quoted(repr(rest[0]))})


def _left_out(longer: Sequence[Any], shorter: Sequence[Any]) -> int | None:
    """Return where `longer` has one element more than `shorter`, if that is all that differs."""
    pairs = enumerate(zip(longer, shorter, strict=False))
    index = next((place for place, (one, other) in pairs if not same(one, other)), len(shorter))
    return index if same(list(longer[index + 1 :]), list(shorter[index:])) else None


def _rest(longer: list[Any], shorter: list[Any]) -> list[Any] | None:
    """Return what of `longer` has no partner in `shorter`; None where `shorter` has what `longer` has not."""
    left = list(longer)
    for element in shorter:
        index = next((place for place, other in enumerate(left) if same(element, other)), None)
        if index is None:
            return None
        del left[index]
    return left


def order(expected: Any, got: Any) -> Difference | None:
    """Explain the right elements in another order."""
    if type(expected) is not type(got) or not isinstance(got, str | list | tuple) or len(got) != len(expected):
        return None
    if same(list(got), list(reversed(expected))):
        if isinstance(got, str):
            return Difference(N_("Your text is the right one backwards: `{got}`."), _both(expected, got))
        return Difference(N_("Your answer has the right elements, the other way round: `{got}`."), _both(expected, got))
    if isinstance(got, str) or _rest(list(expected), list(got)) != []:
        return None
    template = N_("Your answer has the right elements in another order: `{got}`. The check expects `{expected}`.")
    return Difference(template, _both(expected, got))


ALL: Final[tuple[Callable[[Any, Any], Difference | None], ...]] = (
    text_for_value,
    value_for_text,
    kind_of_number,
    wrapped,
    collection,
    texts_for_numbers,
    spaces_or_case,
    rounding,
    off_by_one,
    one_element,
    order,
)
"""Every difference that has a name; the first that fits is told."""
