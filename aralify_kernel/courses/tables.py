"""Tables of keys, as in course.toml, a quiz or a cell's metadata: read once, every mistake noted, none raised."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aralify_kernel.domain.course import Problem
from aralify_kernel.errors import N_
from aralify_kernel.i18n import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aralify_kernel.domain.content import Text

T = TypeVar("T")
LARGEST: Final = 1_000_000
"""No number of a course needs to be larger, and every database can hold it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the course folder something stands, and the list that takes the mistakes found there."""

    file: str
    key: str
    found: list[Problem]

    def at(self, key: str) -> Place:
        """Return the place of `key` inside this one."""
        return Place(self.file, f"{self.key}.{key}" if self.key else key, self.found)

    def report(self, message: str, **values: Any) -> None:
        """Note a mistake; `message` is a template marked for translation."""
        self.found.append(Problem(self.file, self.key, message, values))


class Table:
    """The keys of one table. A getter whose key has a mistake notes it and returns a harmless value of its type.

    Getters with a `default` make the key optional.
    """

    def __init__(self, data: Any, known: Sequence[str], place: Place) -> None:
        self.place = place
        self._is_table = isinstance(data, dict)
        self._data: Mapping[str, Any] = data if isinstance(data, dict) else {}
        if not self._is_table:
            place.report(N_("This must be a table of keys and values."))
        for name in self._data:
            if name not in known:
                place.at(name).report(N_("Nothing reads this key. Known here: {known}."), known=", ".join(known))

    def __contains__(self, name: str) -> bool:
        return name in self._data

    def raw(self, name: str) -> Any:
        """Return the value as it stands there, or None; a required key that is missing is noted."""
        if name not in self._data and self._is_table:
            self.place.at(name).report(N_("This key is missing."))
        return self._data.get(name)

    def string(self, name: str, default: str | None = None) -> str:
        """Return a text that is not translated."""
        return self._value(name, default, "", lambda value: isinstance(value, str), N_("This must be a text."))

    def text(self, name: str, default: Text | None = None) -> Text:
        """Return a text by language; a plain string stands for every language."""
        if name not in self._data and default is not None:
            return default
        value = self.raw(name)
        return {} if value is None else read_text(value, self.place.at(name))

    def integer(self, name: str, default: int | None = None, *, minimum: int, maximum: int = LARGEST) -> int:
        """Return a whole number from `minimum` to `maximum`."""
        return self._value(
            name,
            default,
            minimum,
            lambda value: type(value) is int and minimum <= value <= maximum,
            N_("This must be a whole number from {minimum} to {maximum}."),
            minimum=minimum,
            maximum=maximum,
        )

    def integer_or_none(self, name: str, *, minimum: int) -> int | None:
        """Return a whole number of at least `minimum`, or None where the key is left out."""
        return self.integer(name, minimum=minimum) if name in self._data else None

    def number(self, name: str, default: float) -> float:
        """Return a number from 0."""

        def fits(value: Any) -> bool:
            return type(value) in {int, float} and math.isfinite(value) and 0 <= value <= LARGEST

        return float(self._value(name, default, 0.0, fits, N_("This must be a number from 0.")))

    def boolean(self, name: str, default: bool) -> bool:
        """Return true or false."""
        return self._value(
            name, default, default, lambda value: isinstance(value, bool), N_("This must be true or false.")
        )

    def strings(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; none where the key is left out."""

        def fits(value: Any) -> bool:
            return isinstance(value, list) and all(isinstance(item, str) for item in value)

        return tuple(self._value(name, [], [], fits, N_("This must be a list of texts.")))

    def choice(self, name: str, options: Sequence[str], default: str | None = None) -> str:
        """Return one of `options`."""
        return self._value(
            name,
            default,
            options[0],
            lambda value: isinstance(value, str) and value in options,
            N_("This must be one of: {options}."),
            options=", ".join(options),
        )

    def tables(self, name: str) -> list[Any]:
        """Return a list of tables, which may be missing; what is in it has yet to be looked at."""
        return self._value(name, [], [], lambda value: isinstance(value, list), N_("This must be a list of tables."))

    def _value(
        self, name: str, default: T | None, harmless: T, fits: Callable[[Any], bool], message: str, **values: Any
    ) -> T:
        if name not in self._data and default is not None:
            return default
        value = self.raw(name)
        if name not in self._data:
            return harmless
        if not fits(value):
            self.place.at(name).report(message, **values)
            return harmless
        fitting: T = value
        return fitting


def read_text(value: Any, place: Place) -> Text:
    """Return `value` as a text by language; a plain string stands for every language, an empty text is a mistake."""
    if isinstance(value, str):
        value = dict.fromkeys(LANGUAGES, value)
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        example = "{ " + ", ".join(f'{language} = "…"' for language in LANGUAGES) + " }"
        place.report(N_("This must be a text, or one text for each language: {example}."), example=example)
        return {}
    for language in value.keys() - set(LANGUAGES):
        place.at(language).report(N_("Nothing reads this key. Known here: {known}."), known=", ".join(LANGUAGES))
    if not any(text.strip() for text in value.values()):
        place.report(N_("This must not be empty."))
    return {language: value[language] for language in LANGUAGES if value.get(language, "").strip()}
