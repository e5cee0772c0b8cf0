"""The conversation of the two sides: one asks, the other answers, and may ask back before it does."""

from __future__ import annotations

import copy
import functools
import threading
import types
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.grading.inside.codec import Codec
from aralify_kernel.grading.inside.frames import Gone, TooLarge
from aralify_kernel.grading.inside.standins import SPECIAL, Bound, Maker, Meta, describe, is_standin
from aralify_kernel.grading.inside.values import PLAIN_BASES, Garbled, plain_base

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.grading.inside.frames import Line

_GUARDED_PREFIXES: Final = ("_", "f_", "gi_", "cr_", "ag_", "tb_", "co_", "func_")
_SHOWN: Final = ("__name__", "__qualname__", "__doc__", "__module__")
_NEVER_GIVEN: Final = (types.ModuleType, types.FrameType, types.CodeType, types.TracebackType)
_PROPERTIES: Final = {property: ("fget", "fset", "fdel"), staticmethod: ("__func__",), classmethod: ("__func__",)}


def _special(thing: Any, name: str, *given: Any, **named: Any) -> Any:
    if name not in SPECIAL:
        raise AttributeError(name)
    return getattr(type(thing), name)(thing, *given, **named)


def _plain(thing: Any) -> Any:
    base = plain_base(type(thing))
    return PLAIN_BASES[base](thing) if base else None


def _call(function: Any, *given: Any, **named: Any) -> Any:
    return function(*given, **named)


def _method(owner: Any, name: str, *given: Any, **named: Any) -> Any:
    return getattr(owner, name)(*given, **named)


QUESTIONS: Final[dict[str, Callable[..., Any]]] = {
    "call": _call,
    "method": _method,
    "special": _special,
    "get": getattr,
    "set": setattr,
    "delete": delattr,
    "plain": _plain,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}
"""What one side may ask the other about an object of its own."""


class Peer:
    """One side of the line.

    Args:
        line: The line.
        is_judge: Whether this is the judge's side, which gives away nothing of its objects but what operators and
            public names reach.
        is_strict: See `Maker`.
    """

    def __init__(self, line: Line, *, is_judge: bool, is_strict: bool = False) -> None:
        self._line = line
        self._is_judge = is_judge
        self._is_strict = is_strict
        self._lock = threading.RLock()
        self._asked = 0
        self._maker = Maker(self, is_strict=is_strict)
        self.codec = Codec(
            1 if is_judge else 2,
            makes=self._maker.make,
            describes=functools.partial(describe, with_names=not is_judge),
            is_standin=is_standin,
            bound_parts=self._bound_parts,
            bind=self._bind,
        )
        self.questions: dict[str, Callable[..., Any]] = dict(QUESTIONS)

    def ask(self, question: str, *given: Any, **named: Any) -> Any:
        """Return the other side's answer.

        Raises:
            Exception: What the other side raised; `told` of it is kept in `aralify_told`.
            Gone: The other side has ended.
            Garbled: It gave no answer.
        """
        with self._lock:
            self._asked += 1
            asked = self._asked
            message = self.codec.write({"ask": question, "number": asked}, given, named)
            if self._is_judge and (surplus := self.codec.surplus()):
                message["forget"] = surplus
                self.codec.forget(surplus)
            self._line.send(message)
            while True:
                answer = self._line.receive()
                if "ask" in answer:
                    self._answer(answer)
                elif answer.get("number") == asked:
                    return self._taken(answer)
                else:
                    raise Garbled("an answer to another question")

    def serve(self) -> None:
        """Answer questions until the other side ends.

        Raises:
            Gone: It has.
        """
        while True:
            question = self._line.receive()
            with self._lock:
                self._answer(question)

    def get(self, thing: Any, name: str) -> Any:
        """Return an attribute of an object of the other side."""
        found = self.ask("get", thing, name)
        if self._is_strict and (is_standin(found) or isinstance(found, Bound)) and not hasattr(thing.__class__, name):
            raise AttributeError(f"'{thing.__class__.__name__}' object has no attribute '{name}'")
        return found

    def subclass(self, kind: type, bases: tuple[type, ...], inside: dict[str, Any]) -> None:
        """Have the other side derive a class like `kind`, which stands for it here from now on."""
        members = {}
        for name, member in inside.items():
            if name in ("__module__", "__qualname__", "__classcell__", "__dict__", "__weakref__"):
                continue
            parts = _PROPERTIES.get(type(member))
            members[name] = [type(member), *(getattr(member, part) for part in parts)] if parts else [None, member]
        number = self.ask("subclass", kind.__name__, bases, members)
        self.codec.register(number, kind)

    def derive(self, name: str, bases: tuple[type, ...], members: dict[str, list[Any]]) -> int:
        """Return the number of a new class whose functions are the other side's."""
        inside = {key: _member(how, *parts) for key, (how, *parts) in members.items()}
        kind = types.new_class(name, bases, {}, lambda namespace: namespace.update(inside))
        return self.codec.number(kind)[0]

    def _answer(self, question: dict[str, Any]) -> None:
        """Do what was asked and send what came of it."""
        name, number = question.get("ask"), question.get("number")
        given, named = self.codec.read(question)
        action = self.questions.get(str(name))
        if action is None:
            raise Garbled(f"no question {name!r}")
        try:
            if self._is_judge:
                self._guard(str(name), given)
            result = action(*given, **named)
            if self._is_judge and isinstance(result, _NEVER_GIVEN):
                raise AttributeError("this object is not shown")
            answer = self.codec.write({"number": number}, [result])
        except Exception as error:  # noqa: BLE001 - whatever it raised is the answer
            answer = self.codec.write({"number": number, "error": self.tell(error)}, [error])
        except BaseException as error:
            if self._is_judge or isinstance(error, Gone):
                raise
            answer = self.codec.write({"number": number, "error": self.tell(error)}, [error])
        try:
            self._line.send(answer)
        except TooLarge:
            self._line.send({"number": number, "given": [None], "error": {"limit": "memory"}})

    def tell(self, error: BaseException) -> dict[str, Any]:
        """Return what else is known of an exception; the learner's side knows the line."""
        return dict(getattr(error, "aralify_told", {}))

    def _taken(self, answer: dict[str, Any]) -> Any:
        (value, *_), _named = self.codec.read(answer)
        told = answer.get("error")
        if told is None:
            return value
        if not isinstance(told, dict):
            raise Garbled("no account of an error")
        if not isinstance(value, BaseException):
            raise Garbled("raised what is no exception")
        if told:
            value.aralify_told = told  # type: ignore[attr-defined]
        raise value

    def _guard(self, name: str, given: list[Any]) -> None:
        attribute = str(given[1]) if name in ("get", "set", "delete", "method") else ""
        if attribute.startswith(_GUARDED_PREFIXES) and not (name == "get" and attribute in _SHOWN):
            raise AttributeError(attribute)

    def _bind(self, owner: Any, name: str) -> Any:
        return Bound(self, owner, name) if is_standin(owner) else getattr(owner, name)

    def _bound_parts(self, thing: Any) -> tuple[Any, str] | None:
        if type(thing) is types.MethodType:
            owner, name = thing.__self__, thing.__name__
            return (owner, name) if getattr(type(owner), name, None) is thing.__func__ and not is_standin(owner) else None
        if type(thing) is Bound:
            return thing.__self__, thing.__name__
        return None


def _member(how: type | None, *parts: Any) -> Any:
    functions = [_function(part) if is_standin(part) and type(part) is not Meta else part for part in parts]
    return how(*functions) if how else functions[0]


def _function(standin: Any) -> Callable[..., Any]:
    def function(*given: Any, **named: Any) -> Any:
        return standin(*given, **named)

    return function
