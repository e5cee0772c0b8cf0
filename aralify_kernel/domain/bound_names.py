"""The names that a program binds in its module."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def bound_names(source: str) -> tuple[str, ...]:
    r"""Return the names that Python code binds in its module, sorted; none when it cannot be parsed.

    Read from the syntax tree: the compiler's own symbol table names the variables of inlined comprehensions too
    (PEP 709), and not in every version of Python.

    >>> bound_names("import math as m\nfor i in 'ab': x, y = i, [k for k in i]\ndef area(r): local = r")
    ('area', 'i', 'm', 'x', 'y')
    """
    try:
        module = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(sorted({*_bound_in(module), *_declared_global(module)}))


def _bound_in(scope: ast.AST) -> Iterator[str]:
    """Yield what is bound in `scope` itself, not in the functions, classes and comprehensions within."""
    for node in ast.iter_child_nodes(scope):
        yield from _binds(node)
        if isinstance(node, _COMPREHENSIONS):
            yield from (part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr))
        elif not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            yield from _bound_in(node)


def _binds(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            yield from (alias.asname or alias.name.split(".")[0] for alias in aliases if alias.name != "*")
        case _:
            pass


def _declared_global(module: ast.Module) -> Iterator[str]:
    """Yield what functions and classes bind in the module by declaring it global."""
    for scope in ast.walk(module):
        if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            declared = {name for part in scope.body for node in ast.walk(part) for name in _globals(node)}
            if declared:
                yield from declared.intersection(name for part in scope.body for name in _of_statement(part))


def _of_statement(statement: ast.stmt) -> Iterator[str]:
    yield from _binds(statement)
    if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield from _bound_in(statement)


def _globals(node: ast.AST) -> list[str]:
    return node.names if isinstance(node, ast.Global) else []
