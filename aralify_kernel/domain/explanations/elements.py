"""Errors about the parts of a value: positions, keys, going through it, changing it, its attributes."""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.explanations.cases import FUNCTIONS, NUMBERS, closest, code, kind
from aralify_kernel.domain.explanations.none import none_advice
from aralify_kernel.domain.explanations.programs import shown
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from aralify_kernel.domain.explanations.cases import Case, Said

_TYPES: Final = {kind.__name__: kind for kind in (int, float, str, list, tuple, dict, set, bool)}
_LENGTHS: Final = frozenset(("length", "size", "len", "count"))
_OTHER_NAMES: Final = {
    "push": "append",
    "add": "append",
    "push_back": "append",
    "toUpperCase": "upper",
    "toLowerCase": "lower",
    "trim": "strip",
    "has_key": "get",
    "concat": "extend",
}


def _subscript(case: Case) -> ast.Subscript | None:
    node = case.the(ast.Subscript)
    return node if isinstance(node, ast.Subscript) else None


def not_subscriptable(case: Case) -> Said | None:
    """Explain `[…]` after something that has no elements."""
    found = case.found(r"'(\w+)' object is not subscriptable") or case.found(r"type '(\w+)' is not subscriptable")
    if not found:
        return None
    subscript = _subscript(case)
    node = subscript.value if subscript else None
    name = shown(node)
    values: dict[str, Any] = {}
    advice = N_("Only text, lists, tuples and dictionaries have elements. Which variable do you mean?")
    if found[1] == "NoneType":
        advice, values = none_advice(case, node)
    elif found[1] in FUNCTIONS and name:
        advice = N_("Call a function with parentheses: `{name}(…)`.")
    if name is None:
        what = N_("Line {line} takes an element with `[…]` from {kind}, which has none.")
        return case.say(what, advice, kind=kind(found[1]), **values)
    what = N_("Line {line} takes an element of `{name}` with `[…]`, but `{name}` is {kind}.")
    return case.say(what, advice, name=name, kind=kind(found[1]), **values)


def not_iterable(case: Case) -> Said | None:
    """Explain a loop, or anything that wants several values, over a single one."""
    unpacked = case.found(r"cannot unpack non-iterable (\w+) object")
    if unpacked:
        return case.say(
            N_("Line {line} has several names on the left of `=`, but on the right only one value: {kind}."),
            N_("Put as many values on the right as there are names on the left."),
            kind=kind(unpacked[1]),
        )
    found = case.found(r"'(\w+)' object is not iterable") or case.found(r"argument of type '(\w+)' is not")
    found = found or case.found(r"argument of type '(\w+)' is not a container")
    if not found:
        return None
    node = _gone_through(case)
    name = shown(node)
    values: dict[str, Any] = {}
    advice = N_("Only lists, text, ranges and the like can be gone through. Which variable do you mean?")
    if found[1] == "NoneType":
        advice, values = none_advice(case, node)
    elif found[1] in NUMBERS and name and case.program.on_line(case.line, ast.For):
        advice = N_("To count, write `range({name})`.")
    if name is None:
        return case.say(N_("Line {line} goes through {kind} one by one."), advice, kind=kind(found[1]), **values)
    what = N_("Line {line} goes through `{name}` one by one, but `{name}` is {kind}.")
    return case.say(what, advice, name=name, kind=kind(found[1]), **values)


def _gone_through(case: Case) -> ast.expr | None:
    loops = case.program.on_line(case.line, ast.For)
    if loops:
        return loops[0].iter
    match case.the(ast.Call, ast.Compare):
        case ast.Call(args=[argument, *_]):
            return argument
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[right]):
            return right
        case _:
            return None


def not_assignable(case: Case) -> Said | None:
    """Explain changing one element of text or of a tuple."""
    found = case.found(r"'(\w+)' object does not support item (?:assignment|deletion)")
    if not found:
        return None
    subscript = _subscript(case)
    return case.say(
        N_("Line {line} changes one element of `{name}`, but {kind} cannot be changed that way."),
        N_("Make a new value instead, and store it under the same name."),
        name=shown(subscript.value if subscript else None) or "…",
        kind=kind(found[1]),
    )


def wrong_index(case: Case) -> Said | None:
    """Explain a position that is no whole number."""
    found = case.found(r"(\w+) (?:indices|index) must be integers?(?: or slices)?, not '?(\w+)'?")
    subscript = _subscript(case)
    if not found or not subscript:
        return None
    advice = N_("Use a position such as `{name}[0]`, or turn text into a number with `int(…)`.")
    if found[2] == "float":
        advice = N_("Divide with `//`, which gives a whole number; `/` always gives a decimal number.")
    elif isinstance(subscript.slice, ast.Name) and _is_loop_variable(case, subscript):
        advice = N_("The loop already puts each element into `{index}`: use `{index}` itself.")
    return case.say(
        N_("Line {line} asks `{name}` for position `{index}`, but a position is a whole number, not {kind}."),
        advice,
        name=shown(subscript.value),
        index=shown(subscript.slice),
        kind=kind(found[2]),
    )


def _is_loop_variable(case: Case, subscript: ast.Subscript) -> bool:
    loop = case.program.loop_around(case.line)
    return isinstance(loop, ast.For) and ast.dump(loop.target).replace("Store", "Load") == ast.dump(subscript.slice)


def no_length(case: Case) -> Said | None:
    """Explain `len` of something without a length."""
    found = case.found(r"object of type '(\w+)' has no len\(\)")
    if not found:
        return None
    call = case.the(ast.Call)
    node = call.args[0] if isinstance(call, ast.Call) and call.args else None
    name = shown(node)
    values: dict[str, Any] = {}
    advice = N_("Only text, lists and other collections have a length. Which variable do you mean?")
    if found[1] == "NoneType":
        advice, values = none_advice(case, node)
    elif found[1] in NUMBERS and name:
        advice = N_("To count its digits, turn it into text first: `len(str({name}))`.")
    what = N_("Line {line} asks for the length of `{name}`, but that is {kind}.")
    return case.say(what, advice, name=name or "…", kind=kind(found[1]), **values)


def unhashable(case: Case) -> Said | None:
    """Explain a key that may change."""
    found = case.found(r"unhashable type: '(\w+)'")
    if not found:
        return None
    return case.say(
        N_("Line {line} uses {kind} as a key of a dictionary or as a member of a set, which is not possible."),
        N_("Use text, a number or a tuple there."),
        kind=kind(found[1]),
    )


def index_error(case: Case) -> Said | None:
    """Explain a position that does not exist."""
    if case.found(r"pop from (?:an )?empty"):
        return case.say(
            N_("Line {line} takes an element out of a list that is already empty."),
            N_("Ask with `if` first whether there is still something in it."),
        )
    subscript = _subscript(case)
    if not case.found(r"out of range") or subscript is None:
        return None
    name = shown(subscript.value)
    size = _known_length(case, subscript.value)
    values: dict[str, Any] = {"name": name, "index": shown(subscript.slice)}
    what = N_("Line {line} asks `{name}` for position `{index}`, but `{name}` does not have that many elements.")
    if size:
        advice = N_("Positions start at 0: the {count} elements of `{name}` are at 0 to {last}.")
        return case.say(what, advice, **values, count=size, last=size - 1)
    return case.say(what, N_("Positions start at 0, so the last one is `len({name}) - 1`."), **values)


def _known_length(case: Case, node: ast.expr) -> int | None:
    """Return the length of a variable that is made once, from a literal, and never grows."""
    if not isinstance(node, ast.Name):
        return None
    made = case.program.made(node.id)
    grows = any(isinstance(n, ast.Attribute) and shown(n.value) == node.id for n in case.program.nodes)
    if len(made) != 1 or grows:
        return None
    match made[0].value:
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return None if any(isinstance(element, ast.Starred) for element in elements) else len(elements)
        case ast.Constant(value=str() as text):
            return len(text)
        case _:
            return None


def key_error(case: Case) -> Said | None:
    """Explain a key that a dictionary does not have."""
    subscript = _subscript(case)
    name = shown(subscript.value) if subscript else None
    key = code(case.message)
    close = closest(key, _keys(case))
    if name is None:
        return case.say(
            N_("Line {line} looks for the key `{key}`, which is not there."),
            N_("Check how the key is spelled, capital letters included."),
            key=key,
        )
    what = N_("Line {line} looks for the key `{key}`, but `{name}` does not have it.")
    if close:
        advice = N_("Did you mean `{close}`? A key must be spelled exactly alike.")
        return case.say(what, advice, key=key, name=name, close=close)
    advice = N_("Check the spelling, or write `{name}.get({key})` where the key may be missing.")
    return case.say(what, advice, key=key, name=name)


def _keys(case: Case) -> set[str]:
    keys: set[str] = set()
    for node in case.program.nodes:
        if isinstance(node, ast.Dict):
            keys |= {repr(key.value) for key in node.keys if isinstance(key, ast.Constant)}
    return keys


def attribute_error(case: Case) -> Said | None:
    """Explain an attribute or method that a value does not have."""
    found = case.found(r"'(\w+)' object has no attribute '(\w+)'")
    found = found or case.found(r"(?:module|type object) '(\w+)' has no attribute '(\w+)'")
    if not found:
        return None
    owner, attribute = found[1], found[2]
    nodes = [node for node in case.program.on_line(case.line, ast.Attribute) if node.attr == attribute]
    node = nodes[0].value if nodes else None
    name = shown(node) or "…"
    if owner == "NoneType":
        advice, values = none_advice(case, node)
        what = N_("Line {line} uses `.{attribute}` on `{name}`, but `{name}` is `None`.")
        return case.say(what, advice, attribute=attribute, name=name, **values)
    is_instance = "object has no" in case.message and "type object" not in case.message
    what = N_("Line {line} uses `.{attribute}` on `{name}`, but {kind} has no `.{attribute}`.")
    if not is_instance:
        what = N_("Line {line} uses `{name}.{attribute}`, but `{name}` has nothing with that name.")
    template, more = _attribute_advice(case, owner, attribute, node)
    return case.say(what, template, attribute=attribute, name=name, kind=kind(owner), **more)


def _attribute_advice(case: Case, owner: str, attribute: str, node: ast.expr | None) -> tuple[str, dict[str, Any]]:
    members = _members(case, owner)
    if attribute in _LENGTHS and "__len__" in members:
        return N_("To count its elements, write `len({counted})`."), {"counted": shown(node) or "…"}
    other = _OTHER_NAMES.get(attribute)
    public = {member for member in members if not member.startswith("_")}
    close = other if other in public else closest(attribute, public)
    if close:
        return N_("Did you mean `.{close}`?"), {"close": close}
    return N_("Check how `.{attribute}` is spelled, and what `{name}` holds at that point."), {}


def _members(case: Case, owner: str) -> set[str]:
    if owner == "math":
        return set(dir(math))
    if owner in _TYPES:
        return set(dir(_TYPES[owner]))
    classes = [node for node in case.program.nodes if isinstance(node, ast.ClassDef) and node.name == owner]
    methods = {node.name for one in classes for node in one.body if isinstance(node, ast.FunctionDef)}
    stored = {
        n.attr
        for one in classes
        for n in ast.walk(one)
        if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)
    }
    return methods | stored
