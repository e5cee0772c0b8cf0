"""Tasks, judgements and errors as plain JSON data, and back."""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from aralify_kernel.domain.content import Check, Mistake, Rule, Text
from aralify_kernel.domain.judging import CheckOutcome, Judgement, JudgeTask, LearnerError
from aralify_kernel.errors import AralifyError, JudgeBusy, JudgeUnavailable, SourceRefused

Made = TypeVar("Made")

_ERRORS: Final = {error.code: error for error in (SourceRefused, JudgeBusy)}
_NAMES: Final = {"Mapping": Mapping, "Check": Check, "Mistake": Mistake, "Rule": Rule, "Text": Text}
"""What the annotations of tasks and judgements name that their own module imports for type checkers only."""
_FIELDS: Final[dict[type, dict[str, Any]]] = {
    kind: get_type_hints(kind, localns=_NAMES)
    for kind in (JudgeTask, Check, Mistake, Rule, Judgement, CheckOutcome, LearnerError)
}


def as_data(value: JudgeTask | Judgement) -> dict[str, Any]:
    """Return `value` as data that JSON can carry."""
    return dataclasses.asdict(value, dict_factory=_entries)


def task(data: Mapping[str, Any]) -> JudgeTask:
    """Return the task that `as_data` wrote.

    Raises:
        ValueError: It is none.
    """
    return _made(JudgeTask, data)


def judgement(data: Mapping[str, Any]) -> Judgement:
    """Return the judgement that `as_data` wrote.

    Raises:
        ValueError: It is none.
    """
    return _made(Judgement, data)


def error_as_data(error: Exception) -> dict[str, Any]:
    """Return `error` as data that JSON can carry; what is no error of `Grader.judge` is that it could not judge."""
    if isinstance(error, AralifyError) and error.code in _ERRORS:
        return {"code": error.code, "details": json.loads(json.dumps(error.details, default=str))}
    return {"code": JudgeUnavailable.code, "details": {}}


def error(data: Mapping[str, Any]) -> AralifyError:
    """Return the error that `error_as_data` wrote."""
    return _ERRORS.get(data.get("code", ""), JudgeUnavailable)(**data.get("details", {}))


def _entries(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value.value if isinstance(value, Enum) else value for name, value in pairs}


def _made(kind: type[Made], data: Any) -> Made:
    try:
        return kind(**{name: _read(hint, data[name]) for name, hint in _FIELDS[kind].items()})
    except (LookupError, TypeError) as problem:
        raise ValueError(f"no {kind.__name__}: {problem!r}") from None


def _read(hint: Any, value: Any) -> Any:
    """Return `value`, which JSON brought, as what the annotation says."""
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (one for one in get_args(hint) if one is not type(None))
        return None if value is None else _read(hint, value)
    if get_origin(hint) is tuple:
        return tuple(_read(get_args(hint)[0], one) for one in value)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _made(hint, value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return value
