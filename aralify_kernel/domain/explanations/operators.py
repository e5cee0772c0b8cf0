"""TypeErrors of operators: adding text and numbers, comparing them, multiplying text by text."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.explanations.cases import FUNCTIONS, NUMBERS, kind
from aralify_kernel.domain.explanations.none import none_advice
from aralify_kernel.domain.explanations.programs import shown
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from aralify_kernel.domain.explanations.cases import Case, Said

_OPERATORS: Final[dict[str, type[ast.operator] | type[ast.cmpop]]] = {
    "+": ast.Add,
    "-": ast.Sub,
    "*": ast.Mult,
    "/": ast.Div,
    "//": ast.FloorDiv,
    "%": ast.Mod,
    "**": ast.Pow,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
}


def operands(case: Case) -> Said | None:
    """Explain an operator between two things that do not go together."""
    found = case.found(r"unsupported operand type\(s\) for (\S+?)=?(?: or pow\(\))?: '(\w+)' and '(\w+)'")
    found = found or case.found(r"'([<>]=?)' not supported between instances of '(\w+)' and '(\w+)'")
    if found:
        return _together(case, found[1], found[2], found[3])
    joined = case.found(r'can only concatenate (\w+) \(not "(\w+)"\) to')
    if joined:
        return _together(case, "+", joined[1], joined[2])
    times = case.found(r"can't multiply sequence by non-int of type '(\w+)'")
    if times:
        return _multiplied(case, times[1])
    return None


def _together(case: Case, operator: str, left: str, right: str) -> Said:
    sides = _sides(case, operator)
    values: dict[str, Any] = {"operator": operator, "left": kind(left), "right": kind(right)}
    template, more = _advice(case, operator, (left, right), sides)
    if sides and shown(sides[0]) and shown(sides[1]):
        what = N_("On line {line}, `{a}` is {left} but `{b}` is {right}, and `{operator}` does not work between them.")
        return case.say(what, template, **values, **more, a=shown(sides[0]), b=shown(sides[1]))
    what = N_("Line {line} uses `{operator}` between {left} and {right}, which do not go together.")
    return case.say(what, template, **values, **more)


def _sides(case: Case, operator: str) -> tuple[ast.expr, ast.expr] | None:
    """Return both sides of the operator that raised, if it can be told which one on the line that is."""
    wanted = _OPERATORS.get(operator)
    exact = case.program.at(case.span)
    nodes = case.program.on_line(case.line, ast.BinOp, ast.AugAssign, ast.Compare)
    found = [sides for node in ([exact] if exact else nodes) if (sides := _sides_of(node, wanted))]
    return found[0] if len(found) == 1 else None


def _sides_of(node: ast.AST, wanted: type[ast.operator] | type[ast.cmpop] | None) -> tuple[ast.expr, ast.expr] | None:
    if wanted is None:
        return None
    match node:
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, wanted):
            return left, right
        case ast.AugAssign(target=left, op=op, value=right) if isinstance(op, wanted):
            return left, right
        case ast.Compare(left=left, ops=[op], comparators=[right]) if isinstance(op, wanted):
            return left, right
    return None


def _advice(
    case: Case, operator: str, kinds: tuple[str, str], sides: tuple[ast.expr, ast.expr] | None
) -> tuple[str, dict[str, Any]]:
    if "ellipsis" in kinds:
        return N_("Put your own code in the place of `...`."), {}
    if "NoneType" in kinds:
        return none_advice(case, sides[kinds.index("NoneType")] if sides else None)
    if FUNCTIONS & set(kinds):
        name = shown(sides[0 if kinds[0] in FUNCTIONS else 1]) if sides else None
        advice = N_("To use the result of a function, write parentheses after its name: `{called}(…)`.")
        return advice, {"called": name or "name"}
    if "str" in kinds and NUMBERS & set(kinds):
        return _text_and_number(operator, kinds, sides)
    if operator == "+" and "list" in kinds and sides:
        whole, item = sides if kinds[0] == "list" else (sides[1], sides[0])
        return N_("To add one element to a list, write `{whole}.append({item})`."), {
            "whole": shown(whole),
            "item": shown(item),
        }
    return N_("Look at both sides of `{operator}`: they should be of the same kind."), {}


def _text_and_number(
    operator: str, kinds: tuple[str, str], sides: tuple[ast.expr, ast.expr] | None
) -> tuple[str, dict[str, Any]]:
    text, number = (sides if kinds[0] == "str" else (sides[1], sides[0])) if sides else (None, None)
    if operator == "+" and (isinstance(text, ast.Constant | ast.JoinedStr) and not _is_digits(text)):
        return N_("Turn the number into text first: `str({number})`."), {"number": shown(number) or "…"}
    if operator == "+" and text is not None:
        return (
            N_("To add numbers, write `int({text})`; to join text, write `str({number})`."),
            {"text": shown(text), "number": shown(number)},
        )
    if text is not None:
        return N_("Turn the text into a number first: `int({text})`."), {"text": shown(text)}
    return N_("Turn text into a number with `int(…)`, or a number into text with `str(…)`."), {}


def _is_digits(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip().isdecimal()


def _multiplied(case: Case, other: str) -> Said:
    sides = _sides(case, "*")
    advice = N_("Turn text into a number with `int(…)` before you multiply.")
    if other == "float":
        advice = N_("Text and lists can be repeated only a whole number of times; numbers must be numbers, not text.")
    if sides and shown(sides[0]) and shown(sides[1]):
        what = N_("Line {line} multiplies `{a}` by `{b}`, but they are not two numbers.")
        return case.say(what, advice, a=shown(sides[0]), b=shown(sides[1]))
    return case.say(N_("Line {line} multiplies two things that are not both numbers."), advice)
