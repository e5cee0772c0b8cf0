"""What a teacher sees of a class, as frozen values that travel as JSON, and `TeacherSession`, which gives them.

A teacher sees their own classes only, and in them only the courses that the class takes; an ADMIN sees all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from aralify_kernel.domain.lesson_quality import HIDDEN_UNDER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from aralify_kernel.domain.class_talk import Question, TeacherNote
    from aralify_kernel.domain.classrooms import ClassRole, Counts, Roster
    from aralify_kernel.domain.content import Text
    from aralify_kernel.domain.judging import Judgement
    from aralify_kernel.domain.lesson_quality import LessonQuality
    from aralify_kernel.domain.marks import MarksFormat
    from aralify_kernel.domain.needs_help import Reason
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.rosters import RosterLine
    from aralify_kernel.domain.session import LessonStatus


class Act(Enum):
    """Something a teacher did that concerns one learner. Stored by name."""

    CODE_READ = "code_read"
    LEVEL_GIVEN = "level_given"
    MORE_TIME = "more_time"
    PASSWORD_CODE = "password_code"  # noqa: S105 - the name of an act


@dataclass(frozen=True, slots=True)
class ClassCard:
    """A class in a list: `teachers` by the names that are shown, how many learn in it, and what is set for it."""

    slug: str
    name: str
    courses: tuple[str, ...]
    teachers: tuple[str, ...]
    learners: int
    join_code: str | None
    counts: Counts
    idle_days: int
    holds_solutions: bool
    """Whether model solutions wait until a topic is due."""
    is_archived: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A learner as a class page names them."""

    username: str
    display_name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A learner's question with the number by which a reply names it, and the answer it is about."""

    id: int
    attempt: int
    question: Question


@dataclass(frozen=True, slots=True)
class NeedsHelp:
    """A learner to sit beside, why, and where: `attempt` is the newest answer there, None when there is none."""

    learner: Person
    reasons: tuple[Reason, ...]
    last_at: datetime | None
    lesson: LessonRef | None
    activity: str | None
    attempt: int | None
    questions: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Answers that failed in the same way; the largest groups come first.

    `example` is one of them, from somebody who is in the class, with what its first failing check expected and got;
    `said` is that check's message, or the error. `note` is what a teacher wrote to the group.
    """

    lesson: LessonRef
    activity: str
    signature: str
    learners: int
    attempts: int
    attempt: int | None
    example: str
    call: str | None
    expected: str | None
    got: str | None
    said: Text
    note: TeacherNote | None = None
    note_id: int | None = None


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One learner in one lesson they have opened."""

    lesson: LessonRef
    status: LessonStatus
    score: int
    is_late: bool
    """Completed after it was due for them."""
    is_stuck: bool


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One learner in all lessons they have opened."""

    learner: Person
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """An answer in a list.

    `at` is when it came in, `claimed_at` when it was given by the learner's own computer, where it had to wait.
    """

    id: int
    at: datetime
    lesson: LessonRef
    activity: str
    verdict: str
    points: int
    max_points: int
    late: bool
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AttemptSeen:
    """An answer with its code (empty when it has been let go of), each check's outcome and the error."""

    line: AttemptLine
    learner: Person
    content: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """One learner in one course of a class. `attempts` are those from when they were in it, newest first."""

    learner: Person
    started_at: datetime | None
    last_at: datetime | None
    completion_pct: float
    mastery_pct: float
    time_spent_secs: int
    lessons: tuple[MatrixCell, ...]
    attempts: tuple[AttemptLine, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Effort:
    """The time one learner spent on a course, and what came of it: the mean of their scores in lessons they opened."""

    learner: Person
    time_spent_secs: int
    lessons_completed: int
    mean_score: float


@dataclass(frozen=True, slots=True)
class Week:
    """What a class did in a course in the week from this Monday."""

    monday: date
    learners: int
    attempts: int
    passed: int
    lessons_completed: int

    @property
    def may_expose(self) -> bool:
        """Whether so few learners are behind the figures that they would say something about one of them."""
        return 0 < self.learners < HIDDEN_UNDER


@dataclass(frozen=True, slots=True)
class ActDone:
    """One line of what teachers did that concerns a learner. `by` is "" for the operator."""

    act: Act
    by: str
    classroom: str
    about: str
    done_at: datetime


@dataclass(frozen=True, slots=True)
class PasswordCode:
    """What is printed and handed over. The code is kept nowhere else."""

    username: str
    display_name: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LetIn:
    """What became of a roster: its lines, and a code for the first password of everybody who is new."""

    lines: tuple[RosterLine, ...]
    codes: tuple[PasswordCode, ...]


@dataclass(frozen=True, slots=True)
class Extension:
    """More time for one learner of a class."""

    learner: Person
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ClassTopic:
    """A published topic of a course that a class takes, when it is due there, and who has more time."""

    course: str
    level: str
    title: Text
    due_at: datetime | None
    extensions: tuple[Extension, ...] = ()

    @property
    def ref(self) -> str:
        """Its name: `course/level`."""
        return f"{self.course}/{self.level}"


class TeacherSession(Protocol):
    """What one person can do with their classes. Every method may raise an `AralifyError`."""

    def now(self) -> datetime:
        """Return the time (aware UTC)."""

    def classes(self) -> tuple[ClassCard, ...]:
        """Return the classes that this person teaches."""

    def needs_help(self, slug: str, course: str) -> tuple[NeedsHelp, ...]:
        """Return whom to sit beside now, with the rules that put them there."""

    def failures(self, slug: str, course: str, lessons: Sequence[LessonRef] = ()) -> tuple[FailureGroup, ...]:
        """Return how a class fails (in some `lessons` of the course): the largest groups of equal failures."""

    def matrix(self, slug: str, course: str, page: int) -> tuple[MatrixRow, ...]:
        """Return a page of learners by lessons."""

    def quality(self, slug: str, course: str) -> tuple[LessonQuality, ...]:
        """Return the figures of each lesson, those to mend first."""

    def efforts(self, slug: str, course: str) -> tuple[Effort, ...]:
        """Return the time and the result of each learner who has begun the course."""

    def weeks(self, slug: str, course: str, since: date) -> tuple[Week, ...]:
        """Return what a class did week by week, from the one in which `since` is."""

    def learner(self, slug: str, course: str, username: str) -> LearnerPage:
        """Return one learner of a class in one course."""

    def answers(self, slug: str, ref: LessonRef, username: str) -> tuple[AttemptLine, ...]:
        """Return the answers of one learner in one lesson while they were in the class, newest first."""

    def attempt(self, slug: str, attempt_id: int) -> AttemptSeen:
        """Return an answer with its code; that it was looked at is kept for its author to see."""

    def write_note(self, slug: str, ref: LessonRef, activity: str, signature: str, text: str) -> int:
        """Write to everybody whose answers fail in one way, now and later; return the note's number."""

    def withdraw_note(self, slug: str, note_id: int) -> None:
        """Let a note reach nobody any more."""

    def reply(self, slug: str, question_id: int, text: str) -> None:
        """Answer a learner's question."""

    def marks(self, slug: str, form: MarksFormat, language: str) -> bytes:
        """Return the marks of a class as a file."""

    # ---- running a class

    def new_class(self, name: str, courses: Sequence[str]) -> ClassCard:
        """Make a class that takes these courses, taught by this person."""

    def configure(
        self,
        slug: str,
        *,
        counts: Counts | None = None,
        idle_days: int | None = None,
        holds_solutions: bool | None = None,
    ) -> ClassCard:
        """Set which answers decide about marks, after how many days somebody is idle, and whether solutions wait.

        None leaves as it is.
        """

    def set_archived(self, slug: str, *, archived: bool) -> ClassCard:
        """Put a class away, or bring it back."""

    def set_join_code(self, slug: str, *, is_open: bool) -> ClassCard:
        """Make a new code by which learners come in, or (not `is_open`) let nobody in that way."""

    def roster(self, slug: str) -> Roster:
        """Return a class with everybody who is or was in it."""

    def add(self, slug: str, usernames: Sequence[str], role: ClassRole, courses: Sequence[str] = ()) -> Roster:
        """Let people into a class, and let it take more courses; all of it or nothing."""

    def remove_member(self, slug: str, username: str) -> Roster:
        """Let somebody out of a class. What they did in it stays in its figures."""

    def preview_roster(self, slug: str, data: bytes) -> tuple[RosterLine, ...]:
        """Return what each line of a CSV file would do to a class; nothing is changed."""

    def let_in(self, slug: str, data: bytes) -> LetIn:
        """Let everybody on a CSV file into a class, or nobody; new accounts read this person's language."""

    def password_code(self, slug: str, username: str) -> PasswordCode:
        """Make a code with which a learner of the class sets a new password once; they can look up who did."""

    def topics(self, slug: str) -> tuple[ClassTopic, ...]:
        """Return the topics of a class, with when they are due."""

    def set_due(self, slug: str, topic: str, due_at: datetime | None) -> None:
        """Say when a class should have finished a topic (`course/level`); None takes the date away."""

    def extend_due(self, slug: str, topic: str, username: str, due_at: datetime) -> None:
        """Give one learner more time for a topic; they can look up who did."""

    def give_level(self, slug: str, topic: str, username: str | None = None) -> int:
        """Open a topic for everybody who learns in a class, or one of them; return for how many it was locked."""
