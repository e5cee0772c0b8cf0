"""How a row becomes the frozen value that leaves the store, and such a value the columns of a row."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import JSON, func

T = TypeVar("T")

if TYPE_CHECKING:
    from collections.abc import Hashable

    from sqlalchemy import ColumnElement, Row, Table

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


def list_of(dialect: str, *columns: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the one value that lists what all rows have in these columns: a list of values, or of lists of them."""
    in_all, each = ("json_agg", "json_build_array") if dialect == "postgresql" else ("json_group_array", "json_array")
    listed = columns[0] if len(columns) == 1 else getattr(func, each)(*columns)
    found: ColumnElement[Any] = getattr(func, in_all)(listed, type_=JSON)
    return found


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
