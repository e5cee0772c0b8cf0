"""How a row becomes the frozen value that leaves the store, and such a value the columns of a row."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

T = TypeVar("T")

if TYPE_CHECKING:
    from collections.abc import Hashable

    from sqlalchemy import Row, Table

    from aralify_kernel.store.models import Base


def value(kind: type[T], row: Base | Row[Any], **others: Any) -> T:
    """Return `row` as the frozen dataclass `kind`: equally named columns, and `others`."""
    names = _names(cast("Hashable", kind))
    return kind(**{name: others[name] if name in others else getattr(row, name) for name in names})


def columns(of: Any) -> dict[str, Any]:
    """Return the fields of a frozen dataclass by name, not looking into them."""
    return {name: getattr(of, name) for name in _names(cast("Hashable", type(of)))}


def table_of(kind: type[Base]) -> Table:
    """Return the table of a kind of row: on the path of every answer, rows are read and written without an object."""
    return cast("Table", kind.__table__)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
