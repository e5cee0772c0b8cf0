"""Results of queries: what they look like, and how two of them differ."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Cell = str | int | float | bytes | None
Row = tuple[Cell, ...]

_ROWS_SHOWN: Final = 10
_WIDTH_SHOWN: Final = 30
_TOLERANCE: Final = 1e-9
_FEW: Final = 500


@dataclass(frozen=True, slots=True)
class Table:
    """A result: the names of its columns and its rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def __str__(self) -> str:
        """Return it as text in columns, cut where it is long.

        >>> print(Table(("name", "age"), (("Ana", 31), ("Ben", None))))
        name | age
        -----+-----
        Ana  | 31
        Ben  | NULL
        """
        shown = [tuple(map(_cut, self.columns)), *(tuple(_cut(text_of(c)) for c in r) for r in self.rows[:_ROWS_SHOWN])]
        widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
        lines = [" | ".join(text.ljust(w) for text, w in zip(r, widths, strict=True)).rstrip() for r in shown]
        lines.insert(1, "-+-".join("-" * width for width in widths))
        left = len(self.rows) - _ROWS_SHOWN
        return "\n".join([*lines, f"… (+{left})"] if left > 0 else lines)


def text_of(cell: Cell) -> str:
    """Return a value as SQL shows it."""
    if cell is None:
        return "NULL"
    if isinstance(cell, bytes):
        return f"x'{cell.hex()}'"
    return cell if isinstance(cell, str) else repr(cell)


def table_of(data: Any) -> Table | None:
    """Return the table in plain data `{"columns": …, "rows": …}`; None when there is none.

    Raises:
        ValueError: It has another form.
    """
    if data is None:
        return None
    try:
        columns = tuple(str(name) for name in data["columns"])
        rows = tuple(tuple(_cell(cell) for cell in row) for row in data["rows"])
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(str(error)) from None
    if any(len(row) != len(columns) for row in rows):
        raise ValueError("a row has another number of columns")
    return Table(columns, rows)


Difference = Literal["nothing", "columns", "names", "more", "fewer", "rows", "order"]


def difference(expected: Table | None, got: Table | None, options: frozenset[str]) -> Difference | None:
    """Return the first way in which a result is not what was expected, or None.

    Args:
        expected: What should have come; None is no result at all.
        got: What came.
        options: `ordered` compares the order of the rows, `names` what the columns are called.
    """
    if expected is None or got is None:
        return None if expected is got else "nothing"
    if len(expected.columns) != len(got.columns):
        return "columns"
    if "names" in options and [n.lower() for n in expected.columns] != [n.lower() for n in got.columns]:
        return "names"
    if len(expected.rows) != len(got.rows):
        return "more" if len(got.rows) > len(expected.rows) else "fewer"
    if _same_in_order(expected.rows, got.rows):
        return None
    if not _same_in_any_order(expected.rows, got.rows):
        return "rows"
    return "order" if "ordered" in options else None


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        return bytes.fromhex(value["blob"])
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(type(value).__name__)


def _cut(text: str) -> str:
    text = text.replace("\n", "⏎")
    return text if len(text) <= _WIDTH_SHOWN else text[: _WIDTH_SHOWN - 1] + "…"


def _same(one: Cell, other: Cell) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        if not isinstance(one, int | float) or not isinstance(other, int | float):
            return False
        return math.isclose(one, other, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
    return type(one) is type(other) and one == other


def _same_row(one: Row, other: Row) -> bool:
    return all(map(_same, one, other))


def _same_in_order(expected: Sequence[Row], got: Sequence[Row]) -> bool:
    return all(map(_same_row, expected, got))


def _same_in_any_order(expected: Sequence[Row], got: Sequence[Row]) -> bool:
    exact = Counter(map(_key, expected))
    exact_got = Counter(map(_key, got))
    if exact == exact_got:
        return True
    # What is left may still be equal: fractions that differ where nobody looks.
    left = _without(expected, exact_got)
    right = _without(got, exact)
    if len(left) != len(right) or len(left) > _FEW:
        return False
    for row in left:
        match = next((other for other in right if _same_row(row, other)), None)
        if match is None:
            return False
        right.remove(match)
    return True


def _without(rows: Sequence[Row], others: Mapping[tuple[object, ...], int]) -> list[Row]:
    room = dict(others)
    left = []
    for row in rows:
        if room.get(_key(row), 0):
            room[_key(row)] -= 1
        else:
            left.append(row)
    return left


def _key(row: Row) -> tuple[object, ...]:
    return tuple(
        (isinstance(cell, int | float), type(cell) if isinstance(cell, str | bytes) else None, cell) for cell in row
    )
