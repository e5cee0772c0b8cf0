"""Values that an operation cannot use: text that is no number, a division by zero, a wrong number of values."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain.explanations.cases import code, kind
from aralify_kernel.domain.explanations.none import none_advice
from aralify_kernel.domain.explanations.programs import shown
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from aralify_kernel.domain.explanations.cases import Case, Said


def no_number(case: Case) -> Said | None:
    """Explain text that `int` or `float` cannot read."""
    found = case.found(r"invalid literal for int\(\) with base \d+: (.*)")
    is_int = found is not None
    found = found or case.found(r"could not convert string to float: (.*)")
    if not found:
        return None
    text = code(found[1]).strip("'\"").strip()
    if not text:
        return case.say(
            N_("Line {line} wants to make a number of a text that is empty."),
            N_("Make sure that there is something in the text before you use `int(…)` or `float(…)`."),
        )
    if is_int and _is_decimal(text):
        advice = N_("`{text}` has a decimal point: use `float(…)` instead of `int(…)`.")
    elif _is_decimal(text.replace(",", "").replace("_", "")):
        advice = N_("Leave the comma out: numbers in Python have none.")
    else:
        advice = N_("Use digits only, without letters, spaces or signs such as ₱.")
    what = N_("Line {line} wants to make a whole number of `{text}`, which is not one.")
    if not is_int:
        what = N_("Line {line} wants to make a number of `{text}`, which is not one.")
    return case.say(what, advice, text=text)


def _is_decimal(text: str) -> bool:
    whole, _, part = text.removeprefix("-").partition(".")
    return (whole + part).isdecimal()


def not_convertible(case: Case) -> Said | None:
    """Explain `int([1])`, `range(2.5)` and the like."""
    found = case.found(r"(int|float)\(\) argument must be .*, not '(\w+)'")
    if found:
        call = case.the(ast.Call)
        node = call.args[0] if isinstance(call, ast.Call) and call.args else None
        values: dict[str, Any] = {}
        advice = N_("Give it one text or one number.")
        if found[2] == "NoneType":
            advice, values = none_advice(case, node)
        what = N_("Line {line} gives `{function}(…)` {kind}, which it cannot turn into a number.")
        return case.say(what, advice, function=found[1], kind=kind(found[2]), **values)
    found = case.found(r"'(\w+)' object cannot be interpreted as an integer")
    if not found:
        return None
    advice = N_("Turn it into a whole number with `int(…)`.")
    if found[1] == "float":
        advice = N_("Make it whole with `int(…)`, or divide with `//`; `/` always gives a decimal number.")
    return case.say(N_("Line {line} needs a whole number, but got {kind}."), advice, kind=kind(found[1]))


def wrong_count(case: Case) -> Said | None:
    """Explain names and values that do not match in number."""
    found = case.found(r"(?:not enough|too many) values to unpack \(expected (?:at least )?(\d+)")
    if not found:
        return None
    return case.say(
        N_("Line {line} needs exactly {expected} values for its {expected} names, but a different number came."),
        N_("Put as many values on the right as there are names on the left."),
        expected=found[1],
    )


def not_there(case: Case) -> Said | None:
    """Explain searching or removing what is not there, and the largest of nothing."""
    if case.found(r"is not in (?:list|tuple)|x not in list|substring not found|not in tuple"):
        return case.say(
            N_("Line {line} looks for a value that is not there."),
            N_("Ask first with `if … in …:` whether it is there."),
        )
    empty = case.found(r"(max|min)\(\) (?:arg is an empty sequence|iterable argument is empty)")
    if empty:
        return case.say(
            N_("Line {line} asks for the `{function}` of something empty."),
            N_("Ask with `if` first whether there is something in it."),
            function=empty[1],
        )
    return None


def division_by_zero(case: Case) -> Said | None:
    """Explain a division by zero, naming the divisor."""
    match case.the(ast.BinOp, ast.AugAssign) or _only_division(case):
        case ast.BinOp(right=divisor) | ast.AugAssign(value=divisor):
            name = shown(divisor)
        case _:
            name = None
    if name is None or name == "0":
        return case.say(
            N_("Line {line} divides by 0."), N_("Check with `if` that the divisor is not 0 before you divide.")
        )
    return case.say(
        N_("Line {line} divides by `{divisor}`, which is 0."),
        N_("Check with `if` that `{divisor}` is not 0 before you divide."),
        divisor=name,
    )


def _only_division(case: Case) -> ast.AST | None:
    nodes = case.program.on_line(case.line, ast.BinOp, ast.AugAssign)
    divisions = [node for node in nodes if isinstance(getattr(node, "op", None), ast.Div | ast.FloorDiv | ast.Mod)]
    return divisions[0] if len(divisions) == 1 else None
