"""Prepares checks, so that a failing assert can say what was called, what was expected and what came.

The sides of an assert go through the recorder inside the attempt; each is evaluated once and in its old order. What
the learner was asked for (`own_names`) decides which side is theirs.
"""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import CodeType

RECORDER: Final = "__aralify_recorder__"
_LENGTH: Final = 400
_SIGNS: Final[dict[type[ast.cmpop], str]] = {
    ast.NotEq: "!= ",
    ast.Lt: "< ",
    ast.LtE: "<= ",
    ast.Gt: "> ",
    ast.GtE: ">= ",
    ast.IsNot: "is not ",
    ast.In: "in ",
    ast.NotIn: "not in ",
}
_TURNED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}

_LEFT: Final = ast.Name("__left__", ast.Load())
_RIGHT: Final = ast.Name("__right__", ast.Load())
_NONE: Final = ast.Constant(None)


@dataclass(frozen=True, slots=True)
class Assert:
    """One assert as it can be told. `pattern` holds `{}` where the expected side's value goes."""

    call: str
    names: tuple[str, ...]
    pattern: str = "{}"
    theirs: str = "left"
    expected: str | None = None
    """What is expected where that is known beforehand."""
    message: Any = None
    """The message where it is a literal."""

    def call_with(self, values: Mapping[str, str]) -> str:
        """Return the call, with the check's own variables replaced by their values; one that stands alone is named."""
        known = {name: values[name] for name in self.names if name in values and name != self.call}
        return _cut(ast.unparse(_Fill(known).visit(ast.parse(self.call, mode="eval"))) if known else self.call)

    def expected_with(self, call: str, other: str | None) -> str | None:
        """Return what was expected, given the value of the side that is not the learner's."""
        if self.expected is not None:
            return self.expected
        return None if other is None else _cut(self.pattern.replace("{call}", call).replace("{}", other))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A check ready to run, and its asserts by number."""

    code: CodeType
    asserts: tuple[Assert, ...] = ()
    looks_at_source: bool = False


@lru_cache(maxsize=512)
def prepare(source: str, own_names: frozenset[str], number: int) -> Prepared:
    """Return the check `source` ready to run.

    Raises:
        SyntaxError: The check is no Python.
    """
    tree = ast.parse(source)
    rewriter = _Rewriter(own_names, tree)
    tree = ast.fix_missing_locations(rewriter.visit(tree))
    code = compile(tree, f"<check {number}>", "exec", dont_inherit=True)
    return Prepared(code, tuple(rewriter.asserts), "inspect" in source)


@dataclass
class _Side:
    """The learner's side of an assert and how the assert is put to the recorder."""

    node: ast.expr
    left: ast.expr
    right: ast.expr
    test: ast.expr
    show: str = "value"
    told: dict[str, Any] = field(default_factory=dict)


class _Rewriter(ast.NodeTransformer):
    def __init__(self, own_names: frozenset[str], tree: ast.Module) -> None:
        self.asserts: list[Assert] = []
        self._own = own_names
        self._bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        self._derived = _derived(tree, own_names)
        self._definitions = _definitions(tree)
        self._message: Any = None

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        return node  # its scope cannot be seen from a lambda

    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        self._message = _literal(node.msg)
        node.test = self._watched(node.test)
        return node

    def _watched(self, test: ast.expr) -> ast.expr:
        if any(isinstance(part, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom) for part in ast.walk(test)):
            return test
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
            test.values = [self._watched(value) for value in test.values]
            return test
        if isinstance(test, ast.Call) and _is_all(test):
            test.args[0].elt = self._watched(test.args[0].elt)  # type: ignore[attr-defined]
            return test
        return self._recorded(self._side(test))

    def _recorded(self, side: _Side) -> ast.expr:
        index = ast.Constant(len(self.asserts))
        node = self._shown(side.node)
        names = sorted(self._fillable(node))
        call = ast.unparse(node)
        told = {key: value.replace("{call}", call) if key == "expected" else value for key, value in side.told.items()}
        self.asserts.append(Assert(_wrap(call, side.show), tuple(names), message=self._message, **told))
        snapshot = ast.parse(f"lambda: {{{', '.join(f'{name!r}: {name}' for name in names)}}}", mode="eval").body
        begin = ast.parse(f"{RECORDER}.begin", mode="eval").body
        watch = ast.parse(f"{RECORDER}.test", mode="eval").body
        begun = ast.Call(begin, [index, snapshot], [])
        return ast.Call(watch, [index, begun, side.left, side.right, ast.Constant(side.show), _of_sides(side.test)], [])

    def _side(self, test: ast.expr) -> _Side:
        match test:
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._difference(test, left, op, right) or self._comparison(left, op, right)
            case ast.Compare(left=left, ops=[_, _], comparators=[middle, right]) if self._weight(middle) == 2:
                bounds = ast.Compare(left, test.ops, [_LEFT, right])
                expected = ast.unparse(ast.Compare(left, test.ops, [ast.Name("CALL", ast.Load()), right]))
                return _Side(middle, middle, _NONE, bounds, told={"expected": expected.replace("CALL", "{call}")})
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return _Side(operand, operand, _NONE, ast.UnaryOp(ast.Not(), _LEFT), told={"expected": "False"})
            case ast.Call(func=ast.Name(id="isinstance"), args=[value, kinds], keywords=[]):
                return _Side(value, value, kinds, ast.Call(test.func, [_LEFT, _RIGHT], []), show="type")
            case ast.Call(func=ast.Attribute(attr="isclose") | ast.Name(id="isclose"), args=[one, other]):
                close = ast.Call(test.func, [_LEFT, _RIGHT], test.keywords)
                return self._sided(one, other, close, {"pattern": "≈ {}"})
            case _:
                pass
        return _Side(test, test, _NONE, _LEFT, told={"expected": "True"})

    def _comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> _Side:
        compare = ast.Compare(_LEFT, [op], [_RIGHT])
        is_turned = self._weight(right) > self._weight(left)
        if is_turned and isinstance(op, ast.In | ast.NotIn):
            pattern = "{} in {call}" if isinstance(op, ast.In) else "{} not in {call}"
        else:
            pattern = _SIGNS.get(_TURNED.get(type(op), type(op)) if is_turned else type(op), "") + "{}"
        return self._sided(left, right, compare, {"pattern": pattern})

    def _difference(self, test: ast.Compare, left: ast.expr, op: ast.cmpop, right: ast.expr) -> _Side | None:
        """Return `abs(a - b) < tolerance` as a comparison of a with b."""
        match left, op:
            case (
                ast.Call(func=ast.Name(id="abs"), args=[ast.BinOp(left=one, op=ast.Sub(), right=other)], keywords=[]),
                ast.Lt() | ast.LtE(),
            ):
                distance = ast.Call(left.func, [ast.BinOp(_LEFT, ast.Sub(), _RIGHT)], [])
                return self._sided(one, other, ast.Compare(distance, test.ops, [right]), {"pattern": "≈ {}"})
            case _:
                return None

    def _sided(self, left: ast.expr, right: ast.expr, test: ast.expr, told: dict[str, Any]) -> _Side:
        theirs, other, side = (left, right, "left")
        if self._weight(right) > self._weight(left):
            theirs, other, side = (right, left, "right")
        told = {**told, "theirs": side}
        known = _literal_text(other)
        if known is not None:
            told["expected"] = told.pop("pattern").replace("{}", known)
        return _Side(theirs, left, right, test, told=told)

    def _weight(self, node: ast.expr) -> int:
        """Return 2 for what comes from the learner's names, 1 for other names, 0 for literals and built-ins."""
        names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}
        if names & self._derived:
            return 2
        return 1 if any(name not in self._bound and not hasattr(builtins, name) for name in names) else 0

    def _shown(self, node: ast.expr) -> ast.expr:
        """Return the definition of a variable that the check made from a call, else the node itself."""
        if isinstance(node, ast.Name) and node.id in self._derived - self._own:
            return self._definitions.get(node.id, node)
        return node

    def _fillable(self, node: ast.expr) -> set[str]:
        loaded = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}
        stored = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
        arguments = {part.arg for part in ast.walk(node) if isinstance(part, ast.arg)}
        return (loaded & self._bound) - self._derived - stored - arguments


class _Fill(ast.NodeTransformer):
    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        try:
            return ast.parse(self._values[node.id], mode="eval").body
        except (KeyError, SyntaxError, ValueError):  # not a check's own, or no literal, as `<generator object …>`
            return node


def _derived(tree: ast.Module, own_names: frozenset[str]) -> set[str]:
    """Return the own names and the check's variables that are made from them."""
    derived, size = set(own_names), -1
    while size < len(derived):  # until nothing new is found: the walk is not in the order of execution
        size = len(derived)
        derived |= _made_from(tree, derived)
    return derived


def _made_from(tree: ast.Module, derived: set[str]) -> set[str]:
    made: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                pass
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value):
                targets = [target]
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                targets = [target]
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                targets = [target]
            case _:
                continue
        if _names(value) & derived:
            made |= _names_of_all(targets)
    return made


def _definitions(tree: ast.Module) -> dict[str, ast.expr]:
    """Return the calls that the check's variables are made from, where each is made once."""
    found: dict[str, ast.expr] = {}
    stored = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as value) if stored.count(name) == 1:
                found[name] = value
    return found


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _names_of_all(nodes: Iterable[ast.expr]) -> set[str]:
    return set().union(*(_names(node) for node in nodes))


def _is_all(node: ast.Call) -> bool:
    is_named = isinstance(node.func, ast.Name) and node.func.id == "all"
    return is_named and len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp | ast.ListComp)


def _of_sides(body: ast.expr) -> ast.expr:
    function = ast.parse("lambda __left__, __right__: None", mode="eval").body
    function.body = body  # type: ignore[attr-defined]
    return function


def _literal(node: ast.expr | None) -> Any:
    try:
        return None if node is None else ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return None


def _literal_text(node: ast.expr) -> str | None:
    try:
        return _cut(repr(ast.literal_eval(node)))
    except (ValueError, TypeError, SyntaxError):
        return None


def _wrap(call: str, show: str) -> str:
    return f"type({call})" if show == "type" else call


def _cut(text: str) -> str:
    return text if len(text) <= _LENGTH else text[:_LENGTH] + "…"
