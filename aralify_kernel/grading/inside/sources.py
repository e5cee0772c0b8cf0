"""Finds the text of a function or class in the learner's source."""

from __future__ import annotations

import ast


def of(source: str, qualified_name: str) -> str:
    """Return the text of what `source` defines under `qualified_name` (`Dog.bark`, `outer.<locals>.inner`).

    Raises:
        OSError: It defines no such thing.
    """
    body: list[ast.stmt] = ast.parse(source).body
    found: ast.AST | None = None
    for part in qualified_name.replace("<locals>.", "").split("."):
        found = next((node for node in reversed(body) if getattr(node, "name", None) == part), None)
        body = getattr(found, "body", [])
    if not isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        raise OSError("could not get source code")
    first = min([found.lineno, *(decorator.lineno for decorator in found.decorator_list)])
    return "".join(source.splitlines(keepends=True)[first - 1 : found.end_lineno])
