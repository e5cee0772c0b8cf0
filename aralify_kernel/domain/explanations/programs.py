"""What can be read from a learner's source: names and where they are made, the parts of a line, loops, functions."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

Node = TypeVar("Node", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef
Loop = ast.While | ast.For
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Binding:
    """A name that is given a value: where, in which function (None outside of all), under which block statement."""

    name: str
    line: int
    function: str | None
    block: ast.AST | None
    value: ast.expr | None


class Program:
    """A learner's source. Never raises for a source that is no Python: it then has no parts."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = source.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree; an empty one when the source cannot be parsed."""
        return self._parsed if isinstance(self._parsed, ast.Module) else ast.Module([], [])

    @property
    def is_readable(self) -> bool:
        """Whether the source is Python, and not too deep."""
        return isinstance(self._parsed, ast.Module)

    @property
    def is_too_deep(self) -> bool:
        """Whether so much stands inside each other in it that Python gives up reading."""
        return isinstance(self._parsed, RecursionError | MemoryError)

    @cached_property
    def _parsed(self) -> ast.Module | Exception:
        try:
            with warnings.catch_warnings(action="ignore"):  # a doubtful escape is no news for whoever reads this
                return ast.parse(self.source)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return error.with_traceback(None)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every part, outer ones first."""
        return list(ast.walk(self.tree))

    def text_of(self, line: int | None) -> str:
        """Return the text of a line (from 1), or nothing."""
        return self.lines[line - 1] if line and 0 < line <= len(self.lines) else ""

    def on_line(self, line: int | None, *kinds: type[Node]) -> list[Node]:
        """Return the parts of these kinds that begin on `line`."""
        return [node for node in self.nodes if isinstance(node, kinds) and getattr(node, "lineno", 0) == line]

    def at(self, span: tuple[int, ...] | None) -> ast.AST | None:
        """Return the part that covers exactly `span` (first line, last line, first column, last column), or None."""
        if span is None:
            return None
        return next((node for node in self.nodes if _span(node) == span), None)

    @cached_property
    def bindings(self) -> list[Binding]:
        """Everything that is given a value, in the order of the source."""
        try:
            return sorted(_bindings(self.tree, None, None), key=lambda binding: binding.line)
        except RecursionError:  # an expression of a thousand steps
            return []

    def made(self, name: str) -> list[Binding]:
        """Return where `name` is given a value."""
        return [binding for binding in self.bindings if binding.name == name]

    @cached_property
    def functions(self) -> dict[str, Function]:
        """The functions by name; the last one where a name is used twice."""
        return {node.name: node for node in self.nodes if isinstance(node, Function)}

    def function_around(self, line: int | None) -> Function | None:
        """Return the innermost function that holds `line`, or None."""
        inside = [node for node in self.nodes if isinstance(node, Function) and _holds(node, line)]
        return max(inside, key=lambda node: node.lineno, default=None)

    def loop_around(self, line: int | None) -> Loop | None:
        """Return the innermost loop that holds `line` and belongs to the same function, or None."""
        inside = [node for node in self.nodes if isinstance(node, Loop) and _holds(node, line)]
        loop = max(inside, key=lambda node: node.lineno, default=None)
        function = self.function_around(line)
        return None if loop and function and function.lineno > loop.lineno else loop

    def words(self) -> set[str]:
        """Return every name that is given a value."""
        return {binding.name for binding in self.bindings}


@lru_cache(maxsize=16)
def program(source: str) -> Program:
    """Return what can be read from `source`."""
    return Program(source)


def shown(node: ast.AST | str | None) -> str | None:
    """Return the code of a part as it can stand in a sentence: on one line, short, without backticks."""
    if node is None:
        return None
    try:
        text = node if isinstance(node, str) else ast.unparse(node)
    except (RecursionError, ValueError):
        return None
    text = " ".join(text.replace("`", "'").split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _span(node: ast.AST) -> tuple[int, ...] | None:
    place = [getattr(node, key, None) for key in ("lineno", "end_lineno", "col_offset", "end_col_offset")]
    return None if None in place else tuple(number for number in place if number is not None)


def _holds(node: ast.stmt, line: int | None) -> bool:
    return line is not None and node.lineno <= line <= (node.end_lineno or node.lineno)


def _bindings(node: ast.AST, function: str | None, block: ast.AST | None) -> Iterator[Binding]:
    for child in ast.iter_child_nodes(node):
        inner_function, inner_block = function, block
        if isinstance(child, ast.If | ast.For | ast.While | ast.Try | ast.With | ast.Match):
            inner_block = child
        yield from _made_by(child, function, block)
        if isinstance(child, Function | ast.Lambda | ast.ClassDef):
            inner_function, inner_block = getattr(child, "name", "lambda"), None
        yield from _bindings(child, inner_function, inner_block)


def _made_by(node: ast.AST, function: str | None, block: ast.AST | None) -> Iterator[Binding]:
    value: ast.expr | None = None
    made: list[str] = []
    match node:
        case ast.Assign(targets=targets, value=value):
            made = [name for target in targets for name in _targets(target)]
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            made = _targets(target)
        case ast.For(target=target):
            made, block = _targets(target), node
        case ast.With(items=items):
            made = [name for item in items if item.optional_vars for name in _targets(item.optional_vars)]
        case ast.FunctionDef(name=name, args=arguments):
            made = [name]
            yield from (Binding(arg.arg, node.lineno, name, None, None) for arg in _parameters(arguments))
        case ast.ClassDef(name=name):
            made = [name]
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            made = [(alias.asname or alias.name).split(".")[0] for alias in names]
        case _:
            return
    yield from (Binding(name, getattr(node, "lineno", 0), function, block, value) for name in made)


def _targets(target: ast.expr) -> list[str]:
    stored = [part for part in ast.walk(target) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]
    return [part.id for part in stored]


def _parameters(arguments: ast.arguments) -> list[ast.arg]:
    rare = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rare]
