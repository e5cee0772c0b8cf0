"""Names that nothing has: NameError, UnboundLocalError, modules that cannot be imported."""

from __future__ import annotations

import ast
import builtins
import keyword
import math
import sys
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.explanations.cases import closest, code
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from aralify_kernel.domain.explanations.cases import Case, Said

_BUILTINS: Final = frozenset(name for name in dir(builtins) if not name.startswith("_"))
_KEYWORDS: Final = frozenset(keyword.kwlist)
_ELSEWHERE: Final = {"null": "None", "nil": "None", "undefined": "None", "NULL": "None"}
_MODULES: Final = frozenset(
    ("math", "random", "datetime", "time", "json", "string", "re", "statistics", "collections", "itertools", "os")
)
_MEMBERS: Final = {
    **{name: "math" for name in dir(math) if not name.startswith("_") and name not in _BUILTINS},
    **dict.fromkeys(("randint", "choice", "shuffle", "randrange"), "random"),
    **dict.fromkeys(("mean", "median", "mode"), "statistics"),
    **dict.fromkeys(("Counter", "defaultdict", "deque"), "collections"),
    "date": "datetime",
    "sleep": "time",
}
_COMMON_PACKAGES: Final = frozenset(("numpy", "pandas", "matplotlib"))


def undefined_name(case: Case) -> Said | None:
    """Explain a NameError."""
    found = case.found(r"name '(\w+)'") or case.found(r"variable '(\w+)'")
    if not found:
        return None
    name = found[1]
    return _other_cell(case, name) or _other_spelling(case, name) or _made_elsewhere(case, name) or _guess(case, name)


def _other_cell(case: Case, name: str) -> Said | None:
    if name not in case.notebook_names or case.program.made(name):
        return None
    return case.say(
        N_("Line {line} uses `{name}`, which comes from another cell."),
        N_("Aralify starts fresh each time, so put `{name}` in this cell."),
        name=name,
    )


def _other_spelling(case: Case, name: str) -> Said | None:
    """Return the spelling of Python's own words: `Print`, `true`, `null`."""
    same = [word for word in _BUILTINS | _KEYWORDS if word.lower() == name.lower()]
    right = _ELSEWHERE.get(name) or (same[0] if len(same) == 1 else None)
    if right is None or case.program.made(name):
        return None
    return case.say(
        N_("Line {line} uses `{name}`, but Python spells it `{close}`."),
        N_("Write `{close}` on line {line}: capital and small letters are different in Python."),
        name=name,
        close=right,
    )


def _made_elsewhere(case: Case, name: str) -> Said | None:
    """Explain a name that the source makes, but later, in another function, or only sometimes."""
    made = case.program.made(name)
    outside = [binding for binding in made if binding.function is None]
    later = next((binding for binding in outside if case.line and binding.line > case.line), None)
    if later and not (outside[0].line < later.line):
        return case.say(
            N_("Line {line} uses `{name}`, but it gets its value only on line {later_line}."),
            N_("Move line {later_line} above line {line}."),
            name=name,
            later_line=later.line,
        )
    if outside and outside[0].block and case.line and outside[0].line < case.line:
        return case.say(
            N_("Line {line} uses `{name}`, but line {made_line} did not run, so it has no value."),
            N_("Give `{name}` a first value above line {made_line}, outside of the `if` or the loop."),
            name=name,
            made_line=outside[0].line,
        )
    if made and not outside and made[0].function != "lambda":
        return case.say(
            N_("Line {line} uses `{name}`, but that name exists only inside the function `{function}`."),
            N_("Return the value from `{function}`, and store it where you call it: `{name} = {function}(…)`."),
            name=name,
            function=made[0].function,
        )
    return None


def _guess(case: Case, name: str) -> Said:
    close = closest(name, case.program.words())
    if close is None and name not in _MODULES and name not in _MEMBERS:
        close = closest(name, _BUILTINS)
    if close:
        return case.say(
            N_("Line {line} uses `{name}`, but nothing has that name yet. Did you mean `{close}`?"),
            N_("Write `{close}` on line {line}, then run the cell again."),
            name=name,
            close=close,
        )
    return _not_imported(case, name) or _meant_as_text(case, name) or _unknown(case, name)


def _not_imported(case: Case, name: str) -> Said | None:
    if name in _MODULES:
        return case.say(
            N_("Line {line} uses `{name}`, but it is not imported yet."),
            N_("Write `import {name}` on the first line."),
            name=name,
        )
    if name in _MEMBERS and _is_called(case, name):
        return case.say(
            N_("Line {line} uses `{name}`, which first has to be imported from `{module}`."),
            N_("Write `from {module} import {name}` on the first line."),
            name=name,
            module=_MEMBERS[name],
        )
    return None


def _is_called(case: Case, name: str) -> bool:
    calls = case.program.on_line(case.line, ast.Call)
    return any(isinstance(call.func, ast.Name) and call.func.id == name for call in calls)


def _meant_as_text(case: Case, name: str) -> Said | None:
    """Return the advice about quotes where a word stands as a whole value and is never called."""
    uses = [node for node in case.program.nodes if isinstance(node, ast.Name) and node.id == name]
    if len(uses) != 1 or _is_called(case, name):
        return None
    for node in case.program.on_line(case.line, ast.Assign, ast.Call, ast.Compare, ast.List, ast.Tuple, ast.Dict):
        if uses[0] in _whole_values(node):
            return case.say(
                N_("Line {line} uses `{name}` as a name, but nothing has that name."),
                N_('If `{name}` is meant as text, put quotes around it: `"{name}"`.'),
                name=name,
            )
    return None


def _whole_values(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Assign(value=value):
            return [value]
        case ast.Call(args=args):
            return args
        case ast.Compare(ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
            return [right]
        case ast.List(elts=values) | ast.Tuple(elts=values) | ast.Dict(values=values):
            return values
        case _:
            return []


def _unknown(case: Case, name: str) -> Said:
    return case.say(
        N_("Line {line} uses `{name}`, but nothing has that name yet."),
        N_("Give `{name}` a value on a line above, or check how it is spelled."),
        name=name,
    )


def unbound_local(case: Case) -> Said | None:
    """Explain a local variable that is read before it has a value."""
    found = case.found(r"variable '(\w+)'")
    function = case.program.function_around(case.line)
    if not found or not function:
        return None
    name = found[1]
    if any(binding.function is None for binding in case.program.made(name)):
        return case.say(
            N_(
                "Line {line} uses `{name}` before it has a value inside `{function}`; "
                "the `{name}` outside is a different variable."
            ),
            N_("Pass `{name}` to `{function}` as a parameter, or give it a first value inside the function."),
            name=name,
            function=function.name,
        )
    return case.say(
        N_("Line {line} uses `{name}` before it has a value inside `{function}`."),
        N_("Give `{name}` a first value at the start of `{function}`, for example `{name} = 0`."),
        name=name,
        function=function.name,
    )


def missing_module(case: Case) -> Said | None:
    """Explain an import of something that is not there."""
    member = case.found(r"cannot import name '(\w+)' from '([\w.]+)'")
    if member:
        return case.say(
            N_("Line {line} asks for `{name}` from `{module}`, which has nothing with that name."),
            N_("Check how `{name}` is spelled."),
            name=member[1],
            module=member[2],
        )
    found = case.found(r"No module named '([\w.]+)'")
    if not found:
        return None
    name = code(found[1])
    close = closest(name, _COMMON_PACKAGES | frozenset(sys.stdlib_module_names))
    what = N_("Line {line} imports `{name}`, but there is no module with that name here.")
    if close:
        return case.say(what, N_("Write `import {close}`, if that is what you mean."), name=name, close=close)
    return case.say(what, N_("Check how `{name}` is spelled. If it is right, try the exercise without it."), name=name)
