"""TypeErrors of calls: too few or too many values, things that are no function."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from aralify_kernel.domain.explanations.cases import NUMBERS, code, kind
from aralify_kernel.domain.explanations.none import none_advice
from aralify_kernel.domain.explanations.programs import shown
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from aralify_kernel.domain.explanations.cases import Case, Said


def arguments(case: Case) -> Said | None:
    """Explain a call with the wrong values for a function's parameters."""
    return _missing(case) or _too_many(case) or _unknown_parameter(case)


def _missing(case: Case) -> Said | None:
    found = case.found(r"([\w.<>]+)\(\) missing \d+ required (?:positional|keyword-only) arguments?: (.+)")
    if not found:
        return None
    names = "`, `".join(code(name) for name in found[2].replace(" and ", ", ").replace("'", "").split(", ") if name)
    return case.say(
        N_("Line {line} calls `{function}` without a value for `{names}`."),
        N_("Put a value for `{names}` between the parentheses of `{function}(…)`."),
        function=_function(found[1]),
        names=names,
    )


def _too_many(case: Case) -> Said | None:
    found = case.found(
        r"([\w.<>]+)\(\) takes (?:from )?(\d+(?: to \d+)?) positional arguments? but (\d+) (?:was|were) given"
    )
    if not found:
        return _too_many_for_builtin(case)
    function, takes = _function(found[1]), found[2].replace(" to ", "–")
    what = N_("Line {line} gives `{function}` too many values: it takes {takes}, and got {given}.")
    if "." in found[1] and takes == "0":
        advice = N_("Write `self` as the first parameter of `{function}`.")
    elif function in case.program.functions:
        advice = N_("Compare the call with line {def_line}, `def {function}(…)`: as many values, in the same order.")
    else:
        advice = N_("Remove what is too much between the parentheses.")
    definition = case.program.functions.get(function)
    return case.say(
        what, advice, function=function, takes=takes, given=found[3], def_line=definition.lineno if definition else None
    )


def _too_many_for_builtin(case: Case) -> Said | None:
    found = case.found(
        r"(\w+)(?:\(\))? (?:takes|expected) (exactly one|no|at most \d+|at least \d+|\d+) ?.*?(\d+) given"
    )
    found = found or case.found(
        r"(\w+)(?:\(\))? (?:takes|expected) (at most \d+|at least \d+|\d+) arguments?, got (\d+)"
    )
    if not found:
        return None
    return case.say(
        N_("Line {line} gives `{function}` a number of values that it does not take: {given}."),
        N_("Look at an example of `{function}(…)`: how many values stand between its parentheses?"),
        function=_function(found[1]),
        given=found[3],
    )


def _unknown_parameter(case: Case) -> Said | None:
    found = case.found(r"([\w.<>]+)\(\) got an unexpected keyword argument '(\w+)'")
    found = found or case.found(r"'(\w+)' is an invalid keyword argument for (\w+)\(\)")
    if not found:
        return None
    function, name = (found[1], found[2]) if "unexpected" in case.message else (found[2], found[1])
    return case.say(
        N_("Line {line} gives `{function}` a value for `{name}`, but it has no parameter with that name."),
        N_("Check how the parameter is spelled, here and where `{function}` is defined."),
        function=_function(function),
        name=name,
    )


def _function(qualified: str) -> str:
    """Return how a learner calls a function: `Student` for `Student.__init__`, `bark` for `Dog.bark`."""
    owner, _, name = qualified.replace("<locals>.", "").rpartition(".")
    return owner.rpartition(".")[2] if name == "__init__" and owner else name


def not_callable(case: Case) -> Said | None:
    """Explain parentheses after something that is no function."""
    found = case.found(r"'(\w+)' object is not callable")
    if not found:
        return None
    call = case.the(ast.Call)
    callee = call.func if isinstance(call, ast.Call) else None
    name = shown(callee)
    if callee is None or name is None:
        return case.say(
            N_("Line {line} has parentheses right after {kind}, which is not a function."),
            N_("Look at what stands before the parentheses: is an operator such as `*` or a comma missing?"),
            kind=kind(found[1]),
        )
    return _overwritten(case, callee, found[1]) or _no_function(case, callee, name, found[1])


def _overwritten(case: Case, callee: ast.expr, type_name: str) -> Said | None:
    """Explain `list = [1, 2]` followed by `list(…)`, also for the learner's own function."""
    if not isinstance(callee, ast.Name):
        return None
    is_function = hasattr(builtins, callee.id) or callee.id in case.program.functions
    made = [binding for binding in case.program.made(callee.id) if binding.value is not None]
    if not is_function or not made:
        return None
    return case.say(
        N_("Line {line} calls `{name}(…)`, but line {made_line} made `{name}` into something else: {kind}."),
        N_("Give the variable on line {made_line} another name, everywhere you mean it."),
        name=callee.id,
        made_line=made[-1].line,
        kind=kind(type_name),
    )


def _no_function(case: Case, callee: ast.expr, name: str, type_name: str) -> Said:
    what = N_("Line {line} has parentheses right after `{name}`, but `{name}` is {kind}, not a function.")
    if type_name == "NoneType":
        advice, values = none_advice(case, callee)
        return case.say(what, advice, name=name, kind=kind(type_name), **values)
    if type_name in NUMBERS:
        advice = N_("If you want to multiply, write `*` between them: `{name} * (…)`.")
    elif type_name == "str" and not isinstance(callee, ast.Name):
        advice = N_("Put a comma or an operator such as `+` after `{name}`.")
    elif type_name in {"list", "tuple", "dict", "str", "range"}:
        advice = N_("To take one element, use square brackets: `{name}[…]`.")
    else:
        advice = N_("Check the name that stands before the parentheses.")
    return case.say(what, advice, name=name, kind=kind(type_name))
