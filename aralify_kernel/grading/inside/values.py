"""Plain data as JSON, and back. Nothing executable crosses, and nothing is ever unpickled.

A value is a JSON scalar, or a list that points at something else: `["#", 3]` at node 3 of the same message, `["@", 5]` at a
container that both sides know already, `[">", 7]` at object 7 of the sender, `["<", 7]` at object 7 of the receiver.
A node is a list of a kind and what is in it; containers may hold themselves and be of any depth.
"""

from __future__ import annotations

import base64
import collections
import datetime
import decimal
import fractions
import inspect
import pathlib
import sys
import types
import uuid
from types import EllipsisType, NoneType, NotImplementedType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

Encode = "Callable[[Any], Any]"
SCALARS: Final = frozenset((NoneType, bool, int, float, str))
MAX_DEPTH: Final = 500
"""How deep tuples and frozensets may be nested: hashing them is a recursion that nothing in Python stops."""


class Garbled(Exception):
    """What came is no message that an honest program sends."""


def _mapping(items: Any, encode: Any) -> list[Any]:
    flat: list[Any] = []
    for key, value in dict.items(items):
        flat += (encode(key), encode(value))
    return flat


def _items(items: Any, encode: Any) -> list[Any]:
    return [item if type(item) in SCALARS else encode(item) for item in items]


MUTABLE: Final[dict[type, tuple[str, Callable[[Any, Any], list[Any]]]]] = {
    list: ("list", _items),
    set: ("set", _items),
    dict: ("dict", _mapping),
    collections.deque: ("deque", _items),
    collections.OrderedDict: ("ordered", _mapping),
    collections.Counter: ("counter", _mapping),
    collections.defaultdict: ("default", _mapping),
    bytearray: ("bytearray", lambda data, _: [base64.b64encode(data).decode()]),
}
"""By exact type, the kind of a container that can change, and what is sent of it."""

_NEW: Final[dict[str, Callable[[], Any]]] = {kind: new for new, (kind, _) in MUTABLE.items()}


def new(kind: str) -> Any:
    """Return an empty container of that kind."""
    return _NEW[kind]()


def is_mutable(kind: str) -> bool:
    """Return whether `kind` is one of a container that can change."""
    return kind in _NEW


def fill(container: Any, contents: list[Any], decode: Any) -> None:
    """Make `contents` all that is in `container`."""
    if isinstance(container, bytearray):
        container[:] = base64.b64decode(contents[0])
        return
    values = [item if type(item) in SCALARS else decode(item) for item in contents]
    if isinstance(container, list):
        container[:] = values
        return
    container.clear()
    if isinstance(container, dict):
        for place in range(0, len(values), 2):
            dict.__setitem__(container, values[place], values[place + 1])
    elif isinstance(container, set):
        container.update(values)
    else:
        container.extend(values)


def snapshot(container: Any) -> Any:
    """Return what is in `container` now, to be compared with `is_same`."""
    if isinstance(container, dict):
        return [*dict.keys(container), *dict.values(container)]
    return bytes(container) if isinstance(container, bytearray) else list(container)


def is_same(container: Any, before: Any) -> bool:
    """Return whether nothing was put into or taken out of `container` since the snapshot."""
    now = snapshot(container)
    if isinstance(container, bytearray):
        return bool(now == before)
    return len(now) == len(before) and all(one is other for one, other in zip(now, before, strict=True))


def _moment(value: Any, _: Any) -> list[Any]:
    return [value.isoformat(), value.fold if hasattr(value, "fold") else 0]


def _signature(value: Any, encode: Any) -> list[Any]:
    empty = inspect.Parameter.empty
    parameters = []
    for parameter in value.parameters.values():
        default = [] if parameter.default is empty else [encode(parameter.default)]
        note = [] if parameter.annotation is empty else [encode(parameter.annotation)]
        parameters.append([parameter.name, int(parameter.kind), default, note])
    return [parameters, [] if value.return_annotation is empty else [encode(value.return_annotation)]]


_VIEWS: Final[dict[type, str]] = {type({}.keys()): "keys", type({}.values()): "values", type({}.items()): "items"}

FIXED: Final[dict[type, tuple[str, Callable[[Any, Any], list[Any]]]]] = {
    tuple: ("tuple", _items),
    frozenset: ("frozenset", _items),
    bytes: ("bytes", lambda data, _: [base64.b64encode(data).decode()]),
    complex: ("complex", lambda value, _: [value.real, value.imag]),
    decimal.Decimal: ("decimal", lambda value, _: [str(value)]),
    fractions.Fraction: ("fraction", lambda value, encode: [encode(value.numerator), encode(value.denominator)]),
    datetime.date: ("date", _moment),
    datetime.datetime: ("datetime", _moment),
    datetime.time: ("time", _moment),
    datetime.timedelta: ("timedelta", lambda value, _: [value.days, value.seconds, value.microseconds]),
    range: ("range", lambda value, encode: [encode(value.start), encode(value.stop), encode(value.step)]),
    slice: ("slice", lambda value, encode: [encode(value.start), encode(value.stop), encode(value.step)]),
    EllipsisType: ("ellipsis", lambda *_: []),
    NotImplementedType: ("notimplemented", lambda *_: []),
    uuid.UUID: ("uuid", lambda value, _: [value.hex]),
    pathlib.PosixPath: ("path", lambda value, _: [str(value)]),
    inspect.Signature: ("signature", _signature),
    **{view: (kind, lambda value, encode: [encode(dict(value.mapping))]) for view, kind in _VIEWS.items()},
}
"""By exact type, the kind of a value that cannot change, and what is sent of it."""


def large(number: int) -> list[Any]:
    """Return the node of a whole number that JSON would not take."""
    return ["int", hex(number)]


def _to_signature(contents: list[Any]) -> inspect.Signature:
    parameters = []
    for name, kind, default, note in contents[0]:
        given = {**({"default": default[0]} if default else {}), **({"annotation": note[0]} if note else {})}
        parameters.append(inspect.Parameter(name, inspect._ParameterKind(kind), **given))
    returned = {"return_annotation": contents[1][0]} if contents[1] else {}
    return inspect.Signature(parameters, **returned)


_BUILDERS: Final[dict[str, Callable[[list[Any]], Any]]] = {
    "tuple": tuple,
    "frozenset": frozenset,
    "bytes": lambda contents: base64.b64decode(contents[0]),
    "complex": lambda contents: complex(*contents),
    "decimal": lambda contents: decimal.Decimal(contents[0]),
    "fraction": lambda contents: fractions.Fraction(*contents),
    "date": lambda contents: datetime.date.fromisoformat(contents[0]),
    "datetime": lambda contents: datetime.datetime.fromisoformat(contents[0]).replace(fold=contents[1]),
    "time": lambda contents: datetime.time.fromisoformat(contents[0]).replace(fold=contents[1]),
    "timedelta": lambda contents: datetime.timedelta(*contents),
    "range": lambda contents: range(*contents),
    "slice": lambda contents: slice(*contents),
    "ellipsis": lambda _: ...,
    "notimplemented": lambda _: NotImplemented,
    "uuid": lambda contents: uuid.UUID(contents[0]),
    "path": lambda contents: pathlib.Path(contents[0]),
    "int": lambda contents: int(contents[0], 16),
    "keys": lambda contents: contents[0].keys(),
    "values": lambda contents: contents[0].values(),
    "items": lambda contents: contents[0].items(),
    "signature": _to_signature,
    "type": lambda contents: named_type(contents[0], contents[1]),
    "module": lambda contents: sys.modules[contents[0]],
}


def is_fixed(kind: str) -> bool:
    """Return whether `kind` is one of a value that cannot change."""
    return kind in _BUILDERS


def build(kind: str, contents: list[Any]) -> Any:
    """Return the value of that kind; `contents` are decoded already.

    Raises:
        Exception: Of any type: they are not what that kind is made of.
    """
    return _BUILDERS[kind](contents)


_TYPE_MODULES: Final = frozenset(
    "abc array builtins collections collections.abc _collections_abc datetime decimal enum fractions functools io _io "
    "itertools numbers operator pathlib random re string types typing uuid _random".split()
)
_ITERATORS: Final = (
    *map(iter, ([], (), {}, {}.values(), {}.items(), range(0), range(1 << 70), set(), "", "\u00e9", b"", bytearray())),
    *map(reversed, ([], {}, {}.values(), {}.items(), range(0))),
    iter(int, 0),
    iter(type("", (), {"__getitem__": None})()),
)
_OF_INTERPRETER: Final = {
    kind.__name__: kind for kind in (*vars(types).values(), *map(type, _ITERATORS)) if isinstance(kind, type)
}
"""Types that Python has but does not name, by the name they give themselves."""


def type_name(kind: type) -> tuple[str, str] | None:
    """Return module and name of a type that every Python has, None for any other."""
    module, name = kind.__module__, kind.__qualname__
    if (module in _TYPE_MODULES or module.partition(".")[0] in ("numpy", "pandas")) and _find(module, name) is kind:
        return module, name
    return None


def named_type(module: str, name: str) -> type:
    """Return the type that `type_name` named.

    Raises:
        Garbled: There is none.
    """
    found = _find(module, name) if module in _TYPE_MODULES or module.partition(".")[0] in ("numpy", "pandas") else None
    if not isinstance(found, type):
        raise Garbled(f"no type {module}.{name}")
    return found


def _find(module: str, name: str) -> Any:
    if module == "builtins" and name in _OF_INTERPRETER and not hasattr(sys.modules["builtins"], name):
        return _OF_INTERPRETER[name]
    found = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


PLAIN_BASES: Final[dict[type, Callable[[Any], Any]]] = {
    int: lambda value: int.__add__(value, 0),
    float: lambda value: float.__add__(value, 0.0),
    str: str.__str__,
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
    tuple: lambda value: tuple.__getitem__(value, slice(None)),
    list: list.copy,
    dict: dict.copy,
    set: lambda value: set().union(value),
    frozenset: lambda value: frozenset().union(value),
}
"""By type, how to reach the plain value inside an instance of a subclass, past whatever the subclass says."""


def plain_base(kind: type) -> type | None:
    """Return which plain type `kind` is a subclass of, or None."""
    return next((base for base in PLAIN_BASES if issubclass(kind, base)), None)
