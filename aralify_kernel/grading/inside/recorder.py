"""Watches the asserts of checks: what was asked, what was expected, what came.

The host rewrites `assert area(n) == 6` into `assert <recorder>.test(3, <recorder>.begin(3, lambda: {"n": n}), area(n), 6,
"value", lambda left, right: left == right)`, so that each side is evaluated exactly once, in its old order.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` costs 14 ms to import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

LENGTH = 400
DEPTH = 12


class Recorder:
    """The last assert that began, the check's own names in it, and what it saw if it failed."""

    def __init__(self) -> None:
        self.is_silent = False
        self.clear()

    def clear(self) -> None:
        """Forget the asserts of an earlier check."""
        self.index: int | None = None
        self.names: dict[str, str] = {}
        self.names_after: dict[str, str] = {}
        self._look: Callable[[], dict[str, Any]] | None = None
        self.left: str | None = None
        self.right: str | None = None

    def begin(self, index: int, names: Callable[[], dict[str, Any]]) -> None:
        """An assert begins; the names are looked at before the learner's code could change them."""
        self.clear()
        self.index = index
        if self.is_silent:
            return
        self.names = _looked_at(names)
        self._look = names

    def test(self, index: int, _began: None, left: Any, right: Any, show: str, test: Callable[[Any, Any], Any]) -> bool:
        """Return whether the assert holds; keep both sides when it does not."""
        is_true = bool(test(left, right))
        if not is_true and not self.is_silent:
            self.index = index
            self.names_after = _looked_at(self._look) if self._look else {}
            if show == "type":
                self.left, self.right = type(left).__name__, _type_names(right)
            else:
                self.left, self.right = brief(left), brief(right)
        return is_true


def _looked_at(names: Callable[[], dict[str, Any]]) -> dict[str, str]:
    try:
        return {name: brief(value) for name, value in names().items()}
    except NameError:  # not bound yet, or in a scope that a lambda cannot see
        return {}


def _type_names(types: Any) -> str:
    if isinstance(types, tuple):
        return " | ".join(_type_names(one) for one in types)
    return getattr(types, "__name__", None) or brief(types)


def brief(value: Any) -> str:
    """Return `repr(value)`, cut at 400 characters, also for values that are endless, deep or refuse to be shown."""
    text = ""
    try:
        for piece in _pieces(value, 0):
            text += piece
            if len(text) > LENGTH:
                return text[:LENGTH] + "…"
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a learner's __repr__ may raise anything
        return f"<{type(value).__name__}>"
    return text


def _pieces(value: Any, depth: int) -> Iterator[str]:
    kind = type(value)
    if kind in (list, tuple, set, frozenset, dict) and value and depth > DEPTH:
        yield "…"
    elif kind is dict:
        yield from _joined("{", ([key, value[key]] for key in value), "}", depth)
    elif kind is list:
        yield from _joined("[", ([item] for item in value), "]", depth)
    elif kind is tuple:
        yield from _joined("(", ([item] for item in value), ",)" if len(value) == 1 else ")", depth)
    elif kind is set and value:
        yield from _joined("{", ([item] for item in value), "}", depth)
    elif kind is frozenset and value:
        yield from _joined("frozenset({", ([item] for item in value), "})", depth)
    elif kind in (str, bytes) and len(value) > LENGTH:
        yield repr(value[:LENGTH])[:-1] + "…"
    elif kind is int and value.bit_length() > 4 * LENGTH:
        yield f"{value >> (value.bit_length() - 64):d}…"[:8] + f" ({value.bit_length()} bits)"
    else:
        yield repr(value)


def _joined(opening: str, items: Iterable[list[Any]], closing: str, depth: int) -> Iterator[str]:
    yield opening
    for number, item in enumerate(items):
        yield ", " if number else ""
        for place, part in enumerate(item):
            yield ": " if place else ""
            yield from _pieces(part, depth + 1)
    yield closing
