"""How the frozen values of the domain and of `client/*messages.py` travel as JSON, the same on both sides.

Every dataclass has a *carrier*, made here from its annotations: a msgspec struct with the same fields, which checks
what arrives and describes itself for OpenAPI. Names are the fields' own, enums travel by value, times as UTC, a lesson
as `course/level/tier`, and a lesson's content as `LessonContent.as_json` writes it. A field that one side does not know
yet is passed over; one that the other does not send takes its default.
"""

from __future__ import annotations

import dataclasses
import sys
import types
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from aralify_kernel.domain import (
    class_learning,
    class_talk,
    classrooms,
    content,
    difficulty,
    facts,
    hints,
    judging,
    lesson_quality,
    needs_help,
    permissions,
    references,
    rosters,
    session,
    teaching,
)
from aralify_kernel.domain.content import LessonContent
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.errors import InvalidValue

T = TypeVar("T")

LESSON: Final = Annotated[
    str,
    msgspec.Meta(
        description="A lesson: course/level/tier.",
        pattern="^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*/(easy|medium|hard)$",
        max_length=136,
        examples=["python-basics/variables/easy"],
    ),
]
"""How a `LessonRef` is carried."""

MOMENT: Final = Annotated[datetime, msgspec.Meta(tz=True)]
"""How a time is carried: one without a zone is refused."""

_BLOCKS: Final = (content.Prose, content.Example, content.Exercise, content.Quiz)
_MODULES: Final = (
    class_learning,
    class_talk,
    classrooms,
    content,
    difficulty,
    facts,
    hints,
    judging,
    lesson_quality,
    needs_help,
    permissions,
    references,
    rosters,
    session,
    teaching,
)
_NAMES: Final = {name: value for module in _MODULES for name, value in vars(module).items()} | {
    "Any": Any,
    "Mapping": Mapping,
    "date": date,
    "datetime": datetime,
}
"""What annotations may name: many modules import it for type checkers only."""


class NotOnTheWire(ValueError):
    """What arrived is no such value; says where and why, in English, for developers."""


def encode(value: Any) -> bytes:
    """Return the JSON of a value, or of a mapping or list of values."""
    return msgspec.json.encode(plain(value))


def decode(kind: type[T], data: bytes | str, *, closed: bool = False) -> T:
    """Return the value of this `kind` that `encode` wrote.

    Args:
        kind: One of the dataclasses.
        data: The JSON.
        closed: Whether names that `kind` does not have are refused.

    Raises:
        NotOnTheWire: It is no JSON, or not that of such a value.
    """
    try:
        restored: T = _restored(kind, msgspec.json.decode(data, type=carrier(kind, closed=closed)))
    except (msgspec.DecodeError, InvalidValue, UnicodeError, RecursionError) as error:
        raise NotOnTheWire(str(error)) from error
    return restored


def plain(value: Any) -> Any:
    """Return a value as dicts and lists, with leaves that msgspec knows."""
    match value:
        case LessonRef():
            return str(value)
        case LessonContent():
            return value.as_json()
        case Mapping():
            return {key: plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case frozenset():
            return sorted(value)
        case _:
            pass
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value


def carrier(hint: Any, *, closed: bool = False) -> Any:
    """Return what msgspec is to read for a dataclass or an annotation; a `closed` one refuses names it does not know."""
    if hint is LessonRef:
        return LESSON
    if hint is datetime:
        return MOMENT
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _struct(hint, closed)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return Union[tuple(carrier(of) for of in arguments)]  # noqa: UP007 - of as many as there are
    if origin in (tuple, frozenset, Mapping):
        return origin[tuple(carrier(of) for of in arguments)]
    return hint


@cache
def _struct(kind: Any, closed: bool) -> type[msgspec.Struct]:
    fields: list[Any] = []
    for field in dataclasses.fields(kind):
        of = carrier(_hints(kind)[field.name])
        if field.default is not dataclasses.MISSING:
            fields.append((field.name, of, field.default))
        elif field.default_factory is not dataclasses.MISSING:
            fields.append((field.name, of, msgspec.field(default_factory=field.default_factory)))
        else:
            fields.append((field.name, of))
    if kind is LessonContent:
        fields.append(("format", int, 1))
    role = {"tag_field": "role", "tag": kind.__name__.lower()} if kind in _BLOCKS else {}
    return msgspec.defstruct(
        kind.__name__, fields, frozen=True, kw_only=True, forbid_unknown_fields=closed, module=__name__, **role
    )


@cache
def _hints(kind: Any) -> dict[str, Any]:
    own = vars(sys.modules[kind.__module__])  # first: two modules each have a Rule
    return get_type_hints(kind, localns=_NAMES | own)


def _restored(hint: Any, carried: Any) -> Any:
    """Return the value that was carried for an annotation; msgspec has seen to it that it fits."""
    if hint is LessonRef:
        return LessonRef.parse(carried)
    if hint is LessonContent:
        return LessonContent.from_json(msgspec.to_builtins(carried))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return hint(**{name: _restored(of, getattr(carried, name)) for name, of in _hints(hint).items()})
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        one = next(of for of in arguments if of is not types.NoneType)
        return None if carried is None else _restored(one, carried)
    if origin is tuple:
        return tuple(_restored(arguments[0], item) for item in carried)
    if origin is Mapping:
        return {key: _restored(arguments[1], item) for key, item in carried.items()}
    return carried
