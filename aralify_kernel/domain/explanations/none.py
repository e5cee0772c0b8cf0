"""Where a `None` came from: the advice that several errors share."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain.explanations.programs import shown
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from aralify_kernel.domain.explanations.cases import Case

_CHANGES_IN_PLACE = frozenset(
    ("append", "extend", "insert", "sort", "reverse", "remove", "clear", "update", "add", "discard")
)


def none_advice(case: Case, node: ast.AST | None) -> tuple[str, dict[str, Any]]:
    """Return what to try when `node` turned out to be None, with the values of that sentence."""
    value: ast.AST | None = node
    if isinstance(node, ast.Name):
        made = [binding for binding in case.program.made(node.id) if binding.line <= (case.line or 0)]
        value = made[-1].value if made else None
    match value:
        case ast.Call(func=ast.Attribute(attr=method)) if isinstance(node, ast.Name) and method in _CHANGES_IN_PLACE:
            return (
                N_(
                    "Line {stored_line} stores what `.{method}()` gives back, and that is always `None`. "
                    "Write that line without `{stored} =`."
                ),
                {"stored_line": getattr(value, "lineno", None), "method": method, "stored": node.id},
            )
        case ast.Call(func=ast.Name(id="print")):
            return N_("`print` only shows a value and gives back `None`. Store the value itself."), {}
        case ast.Call(func=ast.Name(id=function)) if _returns_nothing(case, function):
            return N_("`{called}` has no `return`, so it gives back `None`. Add a `return` to it."), {
                "called": function
            }
    text = shown(node)
    if text is None:
        return N_("Look for the part that is `None`: a function without `return` gives back `None`."), {}
    return (
        N_("Find where `{nothing}` gets its value: a function without `return` gives back `None`."),
        {"nothing": text},
    )


def _returns_nothing(case: Case, function: str) -> bool:
    node = case.program.functions.get(function)
    return node is not None and not any(isinstance(part, ast.Return) and part.value for part in ast.walk(node))
