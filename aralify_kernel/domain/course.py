"""A course as its author wrote it: what a course folder says once it has been read without a mistake."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aralify_kernel.i18n import translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.domain.content import LessonContent, Text
    from aralify_kernel.domain.difficulty import Difficulty


@dataclass(frozen=True, slots=True)
class Lesson:
    """One tier of a level. `notebook` is its author notebook, relative to the course folder."""

    difficulty: Difficulty
    title: Text
    xp_reward: int
    """XP before the multiplier."""
    est_time_mins: int
    time_limit_sec: int | None
    pass_score: int
    is_published: bool
    notebook: str
    content: LessonContent


@dataclass(frozen=True, slots=True)
class Level:
    """One topic. `order_index` is its place in the course, from 0; lessons stand from easy to hard."""

    slug: str
    title: Text
    order_index: int
    is_published: bool
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A whole course. `icon_url` is a `data:` URI; `language` is the programming language that is taught."""

    slug: str
    language: str
    title: Text
    description: Text
    icon_url: str | None
    color: str
    order_index: int
    estimated_hours: float
    is_published: bool
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a course folder: the file, the key or cell in it, and the sentence that says what to do.

    `message` is a template marked for translation, `values` what its placeholders stand for.
    """

    file: str
    key: str
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def line(self, language: str) -> str:
        """Return where it is and what to do, as one line."""
        return ": ".join(filter(None, (self.file, self.key, self.sentence(language))))

    def sentence(self, language: str) -> str:
        """Return what is wrong and what to do about it, in `language`.

        >>> Problem("course.toml", "color", "“{value}” is no colour.", {"value": "blue"}).sentence("en")
        '“blue” is no colour.'
        """
        return translator(language)(self.message, **self.values)

    def as_json(self, language: str) -> dict[str, str]:
        """Return `{"file", "key", "message"}`, the message in `language`."""
        return {"file": self.file, "key": self.key, "message": self.sentence(language)}
