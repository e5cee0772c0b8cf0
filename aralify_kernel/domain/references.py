"""How content is named from outside: by slugs, never by row ids."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.errors import N_, InvalidValue

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ACTIVITY_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
WINDOWS_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
)


def is_slug(text: str) -> bool:
    """Whether `text` can name a course or a level (COURSE_FORMAT: letters, digits, hyphens; no Windows device).

    >>> is_slug("python-basics"), is_slug("Python"), is_slug("aux"), is_slug("a" * 65)
    (True, False, False, False)
    """
    return len(text) <= 64 and _SLUG.fullmatch(text) is not None and text not in WINDOWS_DEVICES


def is_activity_id(text: str) -> bool:
    """Whether `text` can name an exercise or a quiz within its lesson."""
    return _ACTIVITY_ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, order=True)
class LessonRef:
    """A lesson's public identity, written `course/level/tier`."""

    course: str
    level: str
    tier: str

    @classmethod
    def parse(cls, text: str) -> LessonRef:
        """Return the reference written in `text`.

        >>> LessonRef.parse("python-basics/loops/hard").difficulty
        <Difficulty.HARD: 3>

        Raises:
            InvalidValue: `text` is not of the form `course/level/tier`.
        """
        parts = text.strip().split("/")
        if len(parts) == 3 and is_slug(parts[0]) and is_slug(parts[1]) and parts[2].upper() in Difficulty.__members__:
            return cls(parts[0], parts[1], Difficulty[parts[2].upper()].slug)
        raise InvalidValue(
            field="lesson",
            value=text[:100],
            reason=N_("“{value}” is no lesson. Write course/level/tier, as in python-basics/variables/easy."),
        )

    @property
    def difficulty(self) -> Difficulty:
        """The tier as a value."""
        return Difficulty.from_slug(self.tier)

    @property
    def level_ref(self) -> str:
        """The level's public identity, `course/level`."""
        return f"{self.course}/{self.level}"

    def __str__(self) -> str:
        return f"{self.course}/{self.level}/{self.tier}"
