"""What a check gives to the learner's code: the variables of its own that this code may change."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from aralify_kernel.domain.explanations.programs import program

if TYPE_CHECKING:
    from collections.abc import Collection


def given(check: str, name: str, own_names: Collection[str]) -> str | None:
    """Return what the check's variable `name` held when the learner's code got it, as text; None where unsure.

    That is known where the check makes the variable once, from a literal, and does no more with it than hand it to
    something of `own_names` and look at it in an assert.
    """
    tree = program(check).tree
    made = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and _makes(node, name)]
    stored = [node for node in ast.walk(tree) if _is_name(node, name) and not _is_loaded(node)]
    if len(made) != 1 or len(stored) != 1 or not isinstance(made[0], ast.List | ast.Dict | ast.Set):
        return None
    handed = [
        argument for call in ast.walk(tree) for argument in _arguments(call, own_names) if _is_name(argument, name)
    ]
    looked_at = [part for node in ast.walk(tree) if isinstance(node, ast.Assert) for part in ast.walk(node.test)]
    known = {id(node) for node in (*handed, *looked_at)}
    loaded = [node for node in ast.walk(tree) if _is_name(node, name) and _is_loaded(node)]
    if not handed or any(id(node) not in known for node in loaded):
        return None
    try:
        return repr(ast.literal_eval(made[0]))
    except (ValueError, TypeError):
        return None


def is_about_a_name(call: str, source: str) -> bool:
    """Whether the code `call` asks for something that a program made, rather than for a literal of the check's own."""
    try:
        tree = ast.parse(call, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return any(not hasattr(builtins, name) for name in names) or not names.isdisjoint(program(source).words())


def called_function(call: str) -> str | None:
    """Return the name of the function, or of the method, that the code `call` calls; None where it is no call."""
    try:
        node = ast.parse(call, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    match node:
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name
        case _:
            return None


def _makes(node: ast.Assign, name: str) -> bool:
    return len(node.targets) == 1 and _is_name(node.targets[0], name)


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_loaded(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _arguments(node: ast.AST, own_names: Collection[str]) -> list[ast.expr]:
    if not isinstance(node, ast.Call):
        return []
    owner = node.func
    while isinstance(owner, ast.Attribute | ast.Call):
        owner = owner.value if isinstance(owner, ast.Attribute) else owner.func
    if not isinstance(owner, ast.Name) or owner.id not in own_names:
        return []
    return [*node.args, *(keyword.value for keyword in node.keywords)]
