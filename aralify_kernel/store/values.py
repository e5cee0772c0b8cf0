"""How a row becomes the frozen value that leaves the store."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

T = TypeVar("T")

if TYPE_CHECKING:
    from collections.abc import Hashable

    from aralify_kernel.store.models import Base


def value(kind: type[T], row: Base, **others: Any) -> T:
    """Return `row` as the frozen dataclass `kind`: equally named columns, and `others`."""
    names = _names(cast("Hashable", kind))
    return kind(**{name: others[name] if name in others else getattr(row, name) for name in names})


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
