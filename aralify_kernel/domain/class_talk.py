"""What teachers and learners tell each other: notes to all who make one mistake, questions with their replies, dates."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aralify_kernel.errors import N_, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from aralify_kernel.domain.references import LessonRef

LONGEST_NOTE: Final = 2000
LONGEST_QUESTION: Final = 300

_TURNS_THE_TEXT: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class TeacherNote:
    """What a teacher wrote. `author` is their name as it is shown, "" when it came from the operator's shell."""

    text: str
    author: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """What a learner asked about an answer; `reply` is None until a teacher has answered."""

    lesson: LessonRef
    activity: str
    text: str
    asked_at: datetime
    reply: TeacherNote | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """When a class should have finished a topic, for one learner: `is_extended` when they have more time.

    `holds_solutions` when the class lets nobody see a model solution before.
    """

    classroom: str
    due_at: datetime
    is_extended: bool
    holds_solutions: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """A teacher who opened a learner's code, and when they last did. `name` is "" for the operator."""

    name: str
    read_at: datetime


@dataclass(frozen=True, slots=True)
class LessonTalk:
    """What concerns a learner's classes in a lesson: whether they have a teacher to ask, dates, what came in, replies."""

    has_teacher: bool = False
    due: tuple[Due, ...] = ()
    received_at: datetime | None = None
    """When the newest answer to the lesson came in, by the server's clock."""
    questions: tuple[Question, ...] = ()
    readers: tuple[Reader, ...] = ()
    """Who opened an answer of theirs to the lesson, last first."""


NO_TALK: Final = LessonTalk()


def solutions_held_until(due: Iterable[Due], now: datetime) -> datetime | None:
    """Return until when a learner's classes hold model solutions back; None when none does, or no longer.

    Somebody with more time waits longer: until then their answer can still be bettered.

    >>> from datetime import UTC, datetime
    >>> friday, monday = datetime(2024, 6, 21, tzinfo=UTC), datetime(2024, 6, 24, tzinfo=UTC)
    >>> due = Due("Rizal", monday, is_extended=True, holds_solutions=True)
    >>> solutions_held_until([due], friday) == monday, solutions_held_until([due], monday)
    (True, None)
    """
    return max((one.due_at for one in due if one.holds_solutions and now < one.due_at), default=None)


def note(text: str) -> str:
    """Return a note or a reply as it is kept: trimmed, of at most 2000 characters.

    Raises:
        InvalidValue: It is empty, longer, or has characters that cannot be shown.
    """
    return _words("note", text, LONGEST_NOTE)


def question(text: str) -> str:
    """Return a learner's question as it is kept: one line of at most 300 characters.

    Raises:
        InvalidValue: It is empty, longer, or has characters that cannot be shown.
    """
    return _words("question", " ".join(text.split()), LONGEST_QUESTION)


def _words(field: str, text: str, most: int) -> str:
    words = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    if not 1 <= len(words) <= most:
        reason = N_("Write 1 to {most} characters.")
        raise InvalidValue(field=field, value=words[:60], most=most, reason=reason)
    shown = words.replace("\n", " ").replace("\t", " ")
    if any(unicodedata.category(char) in {"Cc", "Cs"} or char in _TURNS_THE_TEXT for char in shown):
        reason = N_("This has characters that cannot be shown. Type it again as plain text.")
        raise InvalidValue(field=field, value="", reason=reason)
    return words
