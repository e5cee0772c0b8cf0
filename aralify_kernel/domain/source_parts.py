"""Where a source uses something: a part of Python, a name, an operator, a module; in other languages a word.

The source is read, never run. Nothing here raises, whatever the source is.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.explanations.programs import program, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aralify_kernel.domain.explanations.programs import Program

    Finder = Callable[[Program], Iterator[ast.AST]]

_Kinds = tuple[type[ast.AST], ...]

_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_PARTS: Final[dict[str, _Kinds]] = {
    "loop": (ast.For, ast.AsyncFor, ast.While),
    "function": _FUNCTIONS,
    "comprehension": _COMPREHENSIONS,
    "slice": (ast.Slice,),
    "f-string": (ast.JoinedStr,),
    "for": (ast.For, ast.AsyncFor),
    "while": (ast.While,),
    "if": (ast.If, ast.IfExp),
    "match": (ast.Match,),
    "break": (ast.Break,),
    "continue": (ast.Continue,),
    "return": (ast.Return,),
    "yield": (ast.Yield, ast.YieldFrom),
    "lambda": (ast.Lambda,),
    "class": (ast.ClassDef,),
    "import": (ast.Import, ast.ImportFrom),
    "try": (ast.Try, ast.TryStar),
    "raise": (ast.Raise,),
    "assert": (ast.Assert,),
    "with": (ast.With, ast.AsyncWith),
    "global": (ast.Global, ast.Nonlocal),
    "del": (ast.Delete,),
}
_OPERATORS: Final[dict[str, type[ast.AST]]] = {
    "+": ast.Add,
    "-": ast.Sub,
    "*": ast.Mult,
    "/": ast.Div,
    "//": ast.FloorDiv,
    "%": ast.Mod,
    "**": ast.Pow,
    "@": ast.MatMult,
    "&": ast.BitAnd,
    "|": ast.BitOr,
    "^": ast.BitXor,
    "~": ast.Invert,
    "<<": ast.LShift,
    ">>": ast.RShift,
    "==": ast.Eq,
    "!=": ast.NotEq,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
    "and": ast.And,
    "or": ast.Or,
    "not": ast.Not,
    "in": ast.In,
    "not in": ast.NotIn,
    "is": ast.Is,
    "is not": ast.IsNot,
}
_DOTTED: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_PLAIN_WORD: Final = re.compile(r"[^\W\d]\w*(?: [^\W\d]\w*)*")
_NO_CODE: Final = {
    "sql": re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", re.DOTALL),
    "javascript": re.compile(
        r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\])*`", re.DOTALL
    ),
}
"""Comments and texts, in which a word is no code."""
_NO_WORDS: Final = ("recursion", "loop", "comprehension", "slice", "f-string")
"""What is named here by a word that does not stand in the source itself."""


def words() -> tuple[str, ...]:
    """Return the words that stand for a part of Python."""
    return tuple(sorted({"recursion", *_PARTS}))


def is_known(what: str, language: str) -> bool:
    """Return whether `what` is something that can be looked for in `language`: in others than Python, plain words."""
    if language == "python":
        return _finder(what) is not None
    return bool(_PLAIN_WORD.fullmatch(what)) and what not in _NO_WORDS


def first_use(what: str, source: str, language: str) -> str | None:
    """Return the line of `source` that uses `what` first, as it can stand in a sentence; None where none does."""
    if language != "python":
        return _word_in(what, source, language)
    read, finder = program(source), _finder(what)
    lines = sorted(getattr(node, "lineno", 0) for node in finder(read)) if finder else []
    return shown(read.text_of(lines[0]).strip()) or what if lines else None


def _word_in(word: str, source: str, language: str) -> str | None:
    code = _NO_CODE[language].sub(lambda found: " " + "\n" * found[0].count("\n"), source)
    pattern = r"\b" + r"\s+".join(map(re.escape, word.split())) + r"\b"
    found = re.search(pattern, code, re.IGNORECASE if language == "sql" else 0)
    return found and (shown(source.splitlines()[code.count("\n", 0, found.start())].strip()) or word)


def _finder(what: str) -> Finder | None:
    """Return what finds the places that use `what` in a program; None where no rule can be about it."""
    if what == "recursion":
        return _recursion
    if what in _PARTS:
        return lambda read: (node for node in read.nodes if isinstance(node, _PARTS[what]) or _filters(node, what))
    if what in _OPERATORS:
        return lambda read: (node for node in read.nodes if _OPERATORS[what] in _operators(node))
    module = what.removeprefix("import ")
    if module != what:
        return (lambda read: _imports(read, module)) if _is_dotted(module) else None
    if what.startswith("."):
        return (lambda read: _attributes(read, what[1:])) if _is_dotted(what[1:]) else None
    if _DOTTED.fullmatch(what):
        return lambda read: _members(read, what)
    return (lambda read: _names(read, what)) if _is_dotted(what) else None


def _is_dotted(name: str) -> bool:
    return all(part.isidentifier() and not keyword.iskeyword(part) for part in name.split("."))


def _filters(node: ast.AST, what: str) -> bool:
    return what == "if" and isinstance(node, _COMPREHENSIONS) and any(part.ifs for part in node.generators)


def _operators(node: ast.AST) -> tuple[type[ast.AST], ...]:
    match node:
        case ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.UnaryOp(op=op) | ast.BoolOp(op=op):
            return (type(op),)
        case ast.Compare(ops=ops):
            return tuple(type(op) for op in ops)
        case _:
            return ()


def _attributes(read: Program, name: str) -> Iterator[ast.AST]:
    return (node for node in read.nodes if isinstance(node, ast.Attribute) and node.attr == name)


def _imports(read: Program, module: str) -> Iterator[ast.AST]:
    for node in read.nodes:
        match node:
            case ast.Import(names=names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=str(owner), names=names):
                modules = [owner, *(f"{owner}.{alias.name}" for alias in names)]
            case _:
                continue
        if any(one == module or one.startswith(f"{module}.") for one in modules):
            yield node


def _modules(read: Program) -> dict[str, str]:
    """Return the imported modules by the name that the source has for them."""
    aliases = [alias for node in read.nodes if isinstance(node, ast.Import) for alias in node.names]
    return {alias.asname or alias.name.partition(".")[0]: alias.name for alias in aliases}


def _members(read: Program, dotted: str) -> Iterator[ast.AST]:
    """Find `math.sqrt`, also as `m.sqrt` after `import math as m` and as `from math import sqrt`."""
    module, _, name = dotted.rpartition(".")
    known = [alias for alias, real in _modules(read).items() if real == module]
    for node in read.nodes:
        match node:
            case ast.ImportFrom(module=owner, names=names) if owner == module:
                found = any(alias.name == name for alias in names)
            case ast.Attribute(attr=attribute, value=value) if attribute == name:
                found = shown(value) in {module, *known}
            case _:
                found = False
        if found:
            yield node


def _names(read: Program, name: str) -> Iterator[ast.AST]:
    """Find a name: a built-in only where it means the built-in, any other wherever it stands."""
    modules = _modules(read)
    for node in read.nodes:
        match node:
            case ast.Attribute(attr=attribute, value=ast.Name(id=owner)) if attribute == name and owner in modules:
                yield node
            case ast.ImportFrom(names=names) if any(alias.name == name for alias in names):
                yield node
            case _:
                pass
    if hasattr(builtins, name):
        yield from _not_own(read, name)
    else:
        yield from (node for node in read.nodes if name in _named_by(node))


def _named_by(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.Name(id=name) | ast.arg(arg=name):
            return (name,)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.alias(name=name, asname=other):
            return (name, other or "")
        case _:
            return ()


_SCOPES: Final = (*_FUNCTIONS, ast.Lambda, *_COMPREHENSIONS)


def _not_own(read: Program, name: str) -> Iterator[ast.AST]:
    """Find where `name` is read and the learner's code has not made it into something of its own."""
    waiting: list[tuple[ast.AST, bool]] = [(read.tree, _binds(read.tree, name))]
    while waiting:
        node, is_own = waiting.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Name) and child.id == name and isinstance(child.ctx, ast.Load) and not is_own:
                yield child
            waiting.append((child, is_own or (isinstance(child, _SCOPES) and _binds(child, name))))


def _binds(scope: ast.AST, name: str) -> bool:
    """Whether `scope` itself, not one inside it, gives `name` a meaning."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        is_read = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        if name in _named_by(node) and not is_read:
            return True
        if not isinstance(node, _SCOPES):
            waiting += ast.iter_child_nodes(node)
    return False


def _recursion(read: Program) -> Iterator[ast.AST]:
    """Find the calls by which a function comes back to itself, directly or by way of others."""
    functions = read.functions
    calls = {name: _called(function) & functions.keys() for name, function in functions.items()}
    for name, function in functions.items():
        reached, waiting = set[str](), [name]
        while waiting:
            new = calls[waiting.pop()] - reached
            reached |= new
            waiting += new
        if name in reached:
            yield function


def _called(function: ast.AST) -> set[str]:
    """Return the names that a function calls: `area(…)`, and `area` of `self.area(…)`."""
    called = set()
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                called.add(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name)):
                called.add(name)
            case _:
                pass
    return called
