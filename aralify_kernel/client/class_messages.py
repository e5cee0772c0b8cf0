"""What travels about classes beside the values of `TeacherSession`: bodies, and lists, which JSON has in an object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aralify_kernel.client.messages import Failure
from aralify_kernel.domain.rosters import Entry, RosterLine
from aralify_kernel.errors import InvalidValue
from aralify_kernel.i18n import sentence

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.classrooms import ClassRole, Counts
    from aralify_kernel.domain.lesson_quality import LessonQuality
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.teaching import (
        AttemptLine,
        ClassCard,
        ClassTopic,
        Effort,
        FailureGroup,
        MatrixRow,
        NeedsHelp,
        PasswordCode,
        Week,
    )


@dataclass(frozen=True, slots=True)
class ClassList:
    """The classes that somebody teaches."""

    items: tuple[ClassCard, ...]


@dataclass(frozen=True, slots=True)
class InNeed:
    """Whom to sit beside."""

    items: tuple[NeedsHelp, ...]


@dataclass(frozen=True, slots=True)
class FailureGroups:
    """How a class fails."""

    items: tuple[FailureGroup, ...]


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """Some learners by lessons."""

    items: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class Qualities:
    """The figures of lessons."""

    items: tuple[LessonQuality, ...]


@dataclass(frozen=True, slots=True)
class Efforts:
    """Time and result of learners."""

    items: tuple[Effort, ...]


@dataclass(frozen=True, slots=True)
class Weeks:
    """What a class did week by week."""

    items: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class AnswersOf:
    """The answers of one learner in one lesson."""

    items: tuple[AttemptLine, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of a class."""

    items: tuple[ClassTopic, ...]


@dataclass(frozen=True, slots=True)
class NewClass:
    """Makes a class."""

    name: str
    courses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassChange:
    """What to change about a class; null leaves as it is."""

    counts: Counts | None = None
    idle_days: int | None = None
    holds_solutions: bool | None = None
    is_archived: bool | None = None


@dataclass(frozen=True, slots=True)
class NewMembers:
    """People to let into a class in a role, and courses for it to take besides."""

    role: ClassRole
    usernames: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A CSV file, as base64."""

    file: bytes


@dataclass(frozen=True, slots=True)
class LineOfRoster:
    """One line of a roster, with what is wrong with it as every refusal is told."""

    number: int
    username: str
    display_name: str
    email: str | None
    entry: Entry
    problem: Failure | None


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """What each line of a roster would do."""

    lines: tuple[LineOfRoster, ...]


@dataclass(frozen=True, slots=True)
class RosterDone:
    """What each line of a roster did, and the codes of who is new."""

    lines: tuple[LineOfRoster, ...]
    codes: tuple[PasswordCode, ...]


@dataclass(frozen=True, slots=True)
class DueDate:
    """When a topic is due; null takes the date away."""

    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class MoreTime:
    """When a topic is due for one learner."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens a topic (`course/level`) for one learner, or for the whole class when `username` is null."""

    topic: str
    username: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """For how many learners a topic was locked until now."""

    count: int


@dataclass(frozen=True, slots=True)
class NewNote:
    """Writes to everybody whose answers fail in one way."""

    lesson: LessonRef
    activity: str
    signature: str
    text: str


@dataclass(frozen=True, slots=True)
class NoteWritten:
    """The number by which a note can be withdrawn."""

    id: int


@dataclass(frozen=True, slots=True)
class ReplyToQuestion:
    """Answers a learner's question."""

    text: str


def sent(line: RosterLine, language: str) -> LineOfRoster:
    """Return a line as it travels, what is wrong with it told in `language`."""
    error = line.problem
    problem = Failure(error.code, sentence(error, language), error.details) if error else None
    return LineOfRoster(line.number, line.username, line.display_name, line.email, line.entry, problem)


def received(line: LineOfRoster) -> RosterLine:
    """Return a line as it was before it travelled."""
    problem = InvalidValue(**line.problem.details) if line.problem else None
    return RosterLine(line.number, line.username, line.display_name, line.email, line.entry, problem)
