"""What stands on one side for an object of the other: every use of it is a question across the line.

There is one class here for each class there, with the same special methods, the same bases where those are exceptions,
plain types or other such classes. So `isinstance`, `except`, operators, iteration and `with` mean what they say.

What is compared with plain data is compared here, on plain data: an object's own `__eq__` decides only between two
objects of its side.
"""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.grading.inside import values

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.grading.inside.peer import Peer

_COMPARISONS: Final = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")
_BINARY: Final = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or".split()
_OPERATORS: Final = tuple(f"__{side}{name}__" for name in _BINARY for side in ("", "r", "i") if side + name != "idivmod")
_OTHERS: Final = tuple(
    f"__{name}__"
    for name in "call len length_hint getitem setitem delitem contains iter next reversed missing bool int float complex "
    "index round trunc floor ceil abs neg pos invert str repr format bytes hash enter exit await aiter anext aenter aexit "
    "fspath dir".split()
)
SPECIAL: Final = frozenset((*_COMPARISONS, *_OPERATORS, *_OTHERS))
"""The methods that Python itself calls, of which one side may ask the other."""
_ERROR_FIELDS: Final = ("errno", "filename", "name", "lineno", "offset", "text", "msg", "code", "value")


def describe(thing: Any, encode: Callable[[Any], Any], *, with_names: bool) -> dict[str, Any]:
    """Return what the other side needs to build what stands for `thing`."""
    if isinstance(thing, type):
        return _describe_class(thing, encode, with_names=with_names)
    if isinstance(thing, BaseException):
        fields = {name: encode(vars(thing)[name]) for name in vars(thing) if name in _ERROR_FIELDS}
        if isinstance(thing, OSError) and thing.filename is not None:
            fields["filename"] = encode(thing.filename)
        return {
            "is": "error",
            "type": encode(type(thing)),
            "args": [encode(one) for one in thing.args],
            "fields": fields,
            "cause": encode(thing.__cause__),
        }
    base = values.plain_base(type(thing))
    plain = [encode(_parts(values.PLAIN_BASES[base](thing)))] if base else []
    return {"is": "object", "type": encode(type(thing)), "plain": plain}


def _parts(plain: Any) -> Any:
    """Return a plain value so that it is whole as soon as it is read, which containers are not."""
    return tuple(plain.items() if isinstance(plain, dict) else plain) if isinstance(plain, (list, dict, set)) else plain


def _describe_class(kind: type, encode: Callable[[Any], Any], *, with_names: bool) -> dict[str, Any]:
    special = [name for name in SPECIAL if getattr(kind, name, None) is not getattr(object, name, None)]
    return {
        "is": "class",
        "name": kind.__name__,
        "module": kind.__module__,
        "bases": [encode(base) for base in kind.__bases__ if base is not object],
        "special": special,
        "is_hashable": kind.__hash__ is not None,
        "doc": kind.__doc__ if isinstance(kind.__doc__, str) else None,
        "names": [name for name in vars(kind) if type(vars(kind)[name]) is types.FunctionType] if with_names else [],
    }


class Meta(type):
    """The type of classes that stand for classes of the other side."""

    _peer: Peer
    _is_there: bool

    def __init__(cls, name: str, bases: tuple[type, ...], inside: dict[str, Any], **_named: Any) -> None:
        super().__init__(name, bases, inside)
        if "_peer" not in inside and any("_peer" in vars(base) for base in cls.__mro__):  # a check derives a class
            cls._peer.subclass(cls, bases, inside)

    def __call__(cls, *given: Any, **named: Any) -> Any:
        return cls._peer.ask("call", cls, *given, **named)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_abc_") or name in ("__abstractmethods__", "__del__", "_peer"):
            raise AttributeError(name)
        return cls._peer.get(cls, name)

    def __setattr__(cls, name: str, value: Any) -> None:
        if name.startswith("__"):
            super().__setattr__(name, value)
        else:
            cls._peer.ask("set", cls, name, value)

    @property
    def __annotations__(cls) -> Any:  # type: ignore[override]
        return cls._peer.ask("get", cls, "__annotations__")

    def __iter__(cls) -> Any:
        return cls._peer.ask("special", cls, "__iter__")

    def __len__(cls) -> int:
        return int(cls._peer.ask("special", cls, "__len__"))

    def __bool__(cls) -> bool:
        return True

    def __contains__(cls, item: Any) -> bool:
        return bool(cls._peer.ask("special", cls, "__contains__", item))

    def __getitem__(cls, key: Any) -> Any:
        return cls._peer.ask("special", cls, "__getitem__", key)


class Standin(metaclass=Meta):
    """The base of what stands for objects, but for exceptions."""

    def __getattribute__(self, name: str) -> Any:
        if name in _HERE:
            return object.__getattribute__(self, name)
        return type(self)._peer.get(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        type(self)._peer.ask("set", self, name, value)

    def __delattr__(self, name: str) -> None:
        type(self)._peer.ask("delete", self, name)

    def __copy__(self) -> Any:
        return type(self)._peer.ask("copy", self)

    def __deepcopy__(self, _memo: Any) -> Any:
        return type(self)._peer.ask("deepcopy", self)

    def __dir__(self) -> Any:
        return type(self)._peer.ask("special", self, "__dir__")

    def __repr__(self) -> str:
        return str(type(self)._peer.ask("special", self, "__repr__"))

    def __str__(self) -> str:
        return str(type(self)._peer.ask("special", self, "__str__"))

    def __eq__(self, other: object) -> Any:
        return True if self is other else NotImplemented

    __hash__ = object.__hash__


_HERE: Final = frozenset(("__class__", "__copy__", "__deepcopy__", "__reduce_ex__", "__reduce__", "__getstate__"))


class StandinError(metaclass=Meta):
    """Mixed into what stands for exceptions: what they have not been told themselves, they ask for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(self)._peer.ask("get", self, name)


class Bound:
    """A method of an object of the other side."""

    def __init__(self, peer: Peer, owner: Any, name: str) -> None:
        self.__self__ = owner
        self.__name__ = name
        self._peer = peer

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self._peer.ask("method", self.__self__, self.__name__, *given, **named)

    def __getattr__(self, name: str) -> Any:
        if name == "_peer":
            raise AttributeError(name)
        return self._peer.ask("get", self, name)

    def __eq__(self, other: object) -> Any:
        return isinstance(other, Bound) and (self.__self__ is other.__self__) and self.__name__ == other.__name__

    def __hash__(self) -> int:
        return hash((id(self.__self__), self.__name__))

    def __repr__(self) -> str:
        return str(self._peer.ask("special", self, "__repr__"))

    @property
    def __class__(self) -> type:  # type: ignore[override]
        return types.MethodType


def is_standin(thing: Any) -> bool:
    """Return whether `thing` stands for something of the other side."""
    kind = type(thing)
    return kind is Meta or type(kind) is Meta


def _asking(name: str) -> Callable[..., Any]:
    def special(self: Any, *given: Any, **named: Any) -> Any:
        return type(self)._peer.ask("special", self, name, *given, **named)

    return special


def _exiting(name: str) -> Callable[..., Any]:
    def special(self: Any, kind: Any, error: Any, _trace: Any) -> Any:
        return type(self)._peer.ask("special", self, name, kind, error, None)

    return special


def _comparing(name: str) -> Callable[..., Any]:
    def special(self: Any, other: Any) -> Any:
        if is_standin(other):
            return type(self)._peer.ask("special", self, name, other)
        base = values.plain_base(type(self))
        if base is None:
            return NotImplemented
        return getattr(base, name)(type(self)._peer.ask("plain", self), other)

    return special


SPECIAL_METHODS: Final[dict[str, Callable[..., Any]]] = {
    **{name: _asking(name) for name in SPECIAL},
    **{name: _comparing(name) for name in _COMPARISONS},
    **{name: _exiting(name) for name in ("__exit__", "__aexit__")},
}


class Maker:
    """Builds what stands for objects of the other side.

    Args:
        peer: The line to that side.
        is_strict: Whether objects of classes that the other side wrote itself can do nothing here but be shown. So it
            is where plain data is asked for: an object could say of itself whatever an operator asks.
    """

    def __init__(self, peer: Peer, *, is_strict: bool) -> None:
        self._peer = peer
        self._is_strict = is_strict
        self._faces: dict[type, type] = {}

    def make(self, number: int, about: dict[str, Any], value: Callable[[Any], Any]) -> Any:
        """Return what stands for their object `number`, of which they said `about`."""
        if about["is"] == "class":
            return self._class(number, about, value)
        kind = value(about["type"])
        if about["is"] == "error":
            return self._error(number, kind, about, value)
        if type(kind) is not Meta:
            return object.__new__(self.face(kind))
        base = values.plain_base(kind)
        plain = base(value(about["plain"][0])) if base else None
        if self._is_strict:
            return plain if base else object.__new__(self._sealed(kind))
        return _with_plain(kind, base, plain) if base else object.__new__(kind)

    def face(self, kind: type) -> type:
        """Return the class of what stands for their objects of `kind`, a type that every Python has."""
        if kind not in self._faces:
            special = [name for name in SPECIAL if getattr(kind, name, None) is not getattr(object, name, None)]
            inside = {**self._methods(special, is_hashable=kind.__hash__ is not None), "__class__": property(lambda _: kind)}
            self._faces[kind] = Meta(kind.__name__, (Standin,), {**inside, "_peer": self._peer, "__module__": kind.__module__})
        return self._faces[kind]

    def _class(self, number: int, about: dict[str, Any], value: Callable[[Any], Any]) -> Any:
        bases = [value(base) for base in about["bases"]]
        kept = [base for base in bases if type(base) is Meta or base in values.PLAIN_BASES or issubclass(base, BaseException)]
        inner = [values.plain_base(base) for base in bases if base not in kept]  # an IntEnum is an int here too
        kept += [base for base in inner if base and not any(issubclass(one, base) for one in kept)]
        is_error = any(issubclass(base, BaseException) for base in kept)
        if not any(type(base) is Meta for base in kept):
            kept.insert(0, StandinError if is_error else Standin)
        inside: dict[str, Any] = {} if self._is_strict else self._methods(about["special"], about["is_hashable"])
        inside |= {name: _Inherited(name) for name in about["names"] if name not in inside and name != "__new__"}
        if is_error:
            inside = {name: method for name, method in inside.items() if name in ("__str__", "__eq__", "__hash__")}
        inside |= {"_peer": self._peer, "__module__": str(about["module"]), "__doc__": about["doc"]}
        try:
            return Meta(str(about["name"]), tuple(kept), inside)
        except TypeError:  # bases that do not go together here
            return Meta(str(about["name"]), (StandinError, Exception) if is_error else (Standin,), inside)

    def _methods(self, special: list[str], is_hashable: bool) -> dict[str, Any]:
        methods: dict[str, Any] = {name: SPECIAL_METHODS[name] for name in special if name in SPECIAL}
        if not is_hashable:
            methods["__hash__"] = None
        elif "__eq__" in methods and "__hash__" not in methods:
            methods["__hash__"] = object.__hash__
        return methods

    def _sealed(self, kind: type) -> type:
        return Meta(kind.__name__, (Sealed,), {"_peer": self._peer, "__module__": kind.__module__})

    def _error(self, number: int, kind: type, about: dict[str, Any], value: Callable[[Any], Any]) -> BaseException:
        if not issubclass(kind, BaseException):
            raise values.Garbled(f"{kind!r} is no exception")
        given = [value(one) for one in about["args"]]
        try:
            error = kind.__new__(kind, *given) if type(kind) is Meta else kind(*given)
        except TypeError:  # one that wants more than it keeps
            error = kind.__new__(kind)
        error.args = tuple(given)
        for name, told in about["fields"].items():
            if name in _ERROR_FIELDS:
                _set(error, name, value(told))
        error.__cause__ = value(about["cause"])
        return error


class Sealed(Standin):
    """An object of a class that the other side wrote, where plain data is asked for."""

    def __getattribute__(self, name: str) -> Any:
        if name in _HERE:
            return object.__getattribute__(self, name)
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")


class _Inherited:
    """A function in a class of the other side, as `super()` finds it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __set_name__(self, owner: type, _name: str) -> None:
        self._owner = owner

    def __get__(self, thing: Any, _kind: type | None = None) -> Any:
        function = Meta.__getattr__(self._owner, self._name)  # type: ignore[arg-type]
        return function if thing is None else lambda *given, **named: function(thing, *given, **named)


def _with_plain(kind: Any, base: type, plain: Any) -> Any:
    if base in (list, dict, set):
        made = base.__new__(kind)
        {list: list.extend, dict: dict.update, set: set.update}[base](made, plain)
        return made
    return base.__new__(kind, plain)


def _set(error: BaseException, name: str, value: Any) -> None:
    try:
        BaseException.__setattr__(error, name, value)
    except (AttributeError, TypeError):
        return
