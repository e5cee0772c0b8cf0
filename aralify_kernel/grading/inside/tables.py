"""Arrays of numpy and tables of pandas as plain data, where the learner's code has loaded them."""

from __future__ import annotations

import base64
import sys
from typing import Any, Final

from aralify_kernel.grading.inside import values

_RAW_KINDS: Final = "biufcSUMm"
"""Kinds of numpy types that are nothing but bytes."""
_CELL_BYTES: Final = 8


def _numpy() -> Any:
    return sys.modules.get("numpy")


def _pandas() -> Any:
    pandas = sys.modules.get("pandas")
    return pandas if hasattr(pandas, "DataFrame") else None  # while it is being imported it has not


def is_table(thing: Any) -> bool:
    """Return whether `thing` is an array or a table that can change."""
    numpy, pandas = _numpy(), _pandas()
    if numpy is not None and type(thing) is numpy.ndarray:
        return thing.dtype.kind in _RAW_KINDS + "O"
    return pandas is not None and type(thing) in (pandas.DataFrame, pandas.Series)


def size(container: Any) -> int:
    """Return about how many cells it costs to compare a container that can change."""
    if type(container) in values.MUTABLE:
        return len(container)
    return int(container.size)


def snapshot(container: Any) -> Any:
    """Return what is in `container` now, to be compared with `is_same`."""
    return values.snapshot(container) if type(container) in values.MUTABLE else container.copy()


def is_same(container: Any, before: Any) -> bool:
    """Return whether nothing changed in `container` since the snapshot; also when there was none."""
    if before is None:
        return True
    if type(container) in values.MUTABLE:
        return values.is_same(container, before)
    numpy = _numpy()
    if type(container) is numpy.ndarray:
        if container.dtype.kind == "O":
            return bool(container.shape == before.shape) and values.is_same(
                container.ravel().tolist(), before.ravel().tolist()
            )
        return bool(container.shape == before.shape and container.tobytes() == before.tobytes())
    return bool(container.equals(before)) and _labels(container) == _labels(before)


def _labels(table: Any) -> list[Any]:
    return [repr(index) for index in (table.index, getattr(table, "columns", None), getattr(table, "name", None))]


def contents(thing: Any, encode: Any) -> list[Any]:
    """Return the kind of an array or table and what is in it."""
    numpy = _numpy()
    if type(thing) is numpy.ndarray:
        if thing.dtype.kind == "O":
            return ["objects", list(thing.shape), [encode(item) for item in thing.ravel().tolist()]]
        return ["array", [thing.dtype.str, list(thing.shape)], [_raw(thing)]]
    if type(thing) is _pandas().Series:
        return ["series", [], [encode(thing.name), _index(thing.index, encode), _column(thing, encode)]]
    columns = [_column(thing.iloc[:, place], encode) for place in range(thing.shape[1])]
    return ["frame", [], [_index(thing.index, encode), _index(thing.columns, encode), columns]]


def new(kind: str, extra: list[Any]) -> Any:
    """Return an array or table for `fill`."""
    numpy = _numpy()
    if kind == "array":
        return numpy.empty([int(length) for length in extra[1]], _dtype(extra[0]))
    if kind == "objects":
        return numpy.empty([int(length) for length in extra], dtype=object)
    return {"series": _pandas().Series, "frame": _pandas().DataFrame}[kind](dtype=object)


def fill(container: Any, items: list[Any], decode: Any) -> None:
    """Make `items` all that is in `container`."""
    numpy, pandas = _numpy(), _pandas()
    if type(container) is numpy.ndarray:
        if container.dtype.kind == "O":
            container.ravel()[:] = [None] * container.size
            for place, item in enumerate(items):
                container.flat[place] = decode(item)
        else:
            container[...] = numpy.frombuffer(base64.b64decode(items[0]), container.dtype).reshape(container.shape)
    elif type(container) is pandas.Series:
        name, index, column = items
        made = pandas.Series(_to_column(column, decode), index=_to_index(index, decode), name=decode(name))
        container._update_inplace(made)
        container.name = made.name
    else:
        index, labels, columns = items
        made_index = _to_index(index, decode)
        made = pandas.DataFrame(
            {place: _to_column(column, decode) for place, column in enumerate(columns)}, index=made_index
        )
        made.columns = _to_index(labels, decode)
        container._update_inplace(made)


def scalar(thing: Any, encode: Any) -> list[Any] | None:
    """Return the node of a single value, a type or an index of numpy or pandas; None for anything else."""
    numpy, pandas = _numpy(), _pandas()
    if numpy is not None:
        if isinstance(thing, numpy.generic) and thing.dtype.kind in _RAW_KINDS:
            return ["number", thing.dtype.str, base64.b64encode(thing.tobytes()).decode()]
        if isinstance(thing, numpy.dtype) and thing.kind in _RAW_KINDS + "O":
            return ["dtype", thing.str]
    if pandas is None:
        return None
    if thing is pandas.NaT or thing is pandas.NA:
        return ["missing", thing is pandas.NA]
    if type(thing) is pandas.Timestamp:
        return ["timestamp", thing.isoformat(), None if thing.tz is None else str(thing.tz)]
    if type(thing) is pandas.Timedelta:
        return ["duration", thing.isoformat()]
    return ["index", _index(thing, encode)] if isinstance(thing, pandas.Index) else None


def build(kind: str, told: list[Any]) -> Any:
    """Return what `scalar` told of.

    Raises:
        KeyError: There is no such kind.
    """
    numpy, pandas = _numpy(), _pandas()
    if kind == "number":
        return numpy.frombuffer(base64.b64decode(told[1]), _dtype(told[0]))[0]
    if kind == "dtype":
        return numpy.dtype("O") if told[0] == "|O" else _dtype(told[0])
    if kind == "missing":
        return pandas.NA if told[0] else pandas.NaT
    if kind == "timestamp":
        moment = pandas.Timestamp(told[0])
        return moment.tz_convert(told[1]) if told[1] else moment
    return {"duration": pandas.Timedelta, "index": lambda index: _to_index(index, lambda item: item)}[kind](told[0])


def _dtype(name: str) -> Any:
    found = _numpy().dtype(str(name))
    if found.kind not in _RAW_KINDS or found.fields:
        raise values.Garbled(f"no plain type {name!r}")
    return found


def _raw(array: Any) -> str:
    return base64.b64encode(_numpy().ascontiguousarray(array).tobytes()).decode()


def _column(column: Any, encode: Any) -> list[Any]:
    dtype = column.dtype
    if isinstance(dtype, _numpy().dtype) and dtype.kind in "biufcMm":
        return [dtype.str, _raw(column.to_numpy()), [], []]
    if isinstance(dtype, _pandas().CategoricalDtype):
        categories = [0, *(encode(category) for category in dtype.categories.tolist())]
        return ["category", bool(dtype.ordered), [0, *(encode(item) for item in column.tolist())], categories]
    return [str(dtype), None, [0, *(encode(item) for item in column.tolist())], []]


def _to_column(told: list[Any], decode: Any) -> Any:
    name, raw, items, categories = told
    items, categories = items[1:], categories[1:]  # a number stands before the items: ["#", "a"] would be a pointer
    pandas = _pandas()
    if name == "category":
        dtype = pandas.CategoricalDtype([decode(category) for category in categories], ordered=bool(raw))
        return pandas.Categorical([decode(item) for item in items], dtype=dtype)
    if raw is not None:
        return _numpy().frombuffer(base64.b64decode(raw), _dtype(name)).copy()
    return pandas.array([decode(item) for item in items], dtype=str(name)) if name != "object" else _objects(items, decode)


def _objects(items: list[Any], decode: Any) -> Any:
    array = _numpy().empty(len(items), dtype=object)
    for place, item in enumerate(items):
        array[place] = decode(item)
    return array


def _index(index: Any, encode: Any) -> list[Any]:
    pandas = _pandas()
    if type(index) is pandas.RangeIndex:
        return ["steps", encode(index.name), index.start, index.stop, index.step]
    if type(index) is pandas.MultiIndex:
        names = [0, *(encode(name) for name in index.names)]
        return ["multi", names, [[0, *(encode(part) for part in item)] for item in index.tolist()], 0, 0]
    return ["index", encode(index.name), _column(index, encode), 0, 0]


def _to_index(told: list[Any], decode: Any) -> Any:
    kind, name, *parts = told
    pandas = _pandas()
    if kind == "steps":
        return pandas.RangeIndex(*parts, name=decode(name))
    if kind == "multi":
        rows = [tuple(decode(part) for part in row[1:]) for row in parts[0]]
        return pandas.MultiIndex.from_tuples(rows, names=[decode(one) for one in name[1:]])
    return pandas.Index(_to_column(parts[0], decode), name=decode(name))
