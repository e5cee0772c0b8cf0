"""`TeacherSession` over HTTP: a class server asked about one person's classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote

from aralify_kernel.client import class_messages as messages
from aralify_kernel.client.connection import Request
from aralify_kernel.domain.classrooms import Roster
from aralify_kernel.domain.teaching import AttemptSeen, ClassCard, LearnerPage, LetIn, PasswordCode
from aralify_kernel.errors import NotSignedIn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    import httpx

    from aralify_kernel.client.connection import Connection
    from aralify_kernel.domain.classrooms import ClassRole, Counts
    from aralify_kernel.domain.lesson_quality import LessonQuality
    from aralify_kernel.domain.marks import MarksFormat
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.rosters import RosterLine
    from aralify_kernel.domain.sign_ins import SharedSignIn, SignInHolder
    from aralify_kernel.domain.teaching import (
        AttemptLine,
        ClassTopic,
        Effort,
        FailureGroup,
        MatrixRow,
        NeedsHelp,
        TeacherSession,
        Week,
    )

T = TypeVar("T")

OF_MANY_SEC: Final = 60.0
"""How long an answer about everybody in a class may take: it may have ten thousand learners."""


class HttpTeaching:
    """The classes of whoever is signed in. Who that is, is asked on every call."""

    def __init__(self, connection: Connection, holder: SignInHolder, clock: Callable[[], datetime]) -> None:
        self._connection = connection
        self._holder = holder
        self._clock = clock

    def now(self) -> datetime:
        """Return the time (aware UTC)."""
        return self._clock()

    def classes(self) -> tuple[ClassCard, ...]:
        """Return the classes that this person teaches."""
        return self._get(messages.ClassList, "/classes").items

    # ---- the page of a class

    def needs_help(self, slug: str, course: str) -> tuple[NeedsHelp, ...]:
        """Return whom to sit beside now, with the rules that put them there."""
        return self._get(messages.InNeed, _at("classes", slug, "courses", course, "needs_help")).items

    def failures(self, slug: str, course: str, lessons: Sequence[LessonRef] = ()) -> tuple[FailureGroup, ...]:
        """Return how a class fails (in some `lessons` of the course): the largest groups of equal failures."""
        chosen = {"lessons": ",".join(map(str, lessons))} if lessons else {}
        return self._get(messages.FailureGroups, _at("classes", slug, "courses", course, "failures"), **chosen).items

    def matrix(self, slug: str, course: str, page: int) -> tuple[MatrixRow, ...]:
        """Return a page of learners by lessons."""
        path = _at("classes", slug, "courses", course, "matrix")
        return self._get(messages.MatrixPage, path, page=max(0, page)).items

    def quality(self, slug: str, course: str) -> tuple[LessonQuality, ...]:
        """Return the figures of each lesson, those to mend first."""
        return self._get(messages.Qualities, _at("classes", slug, "courses", course, "quality")).items

    def efforts(self, slug: str, course: str) -> tuple[Effort, ...]:
        """Return the time and the result of each learner who has begun the course."""
        return self._get(messages.Efforts, _at("classes", slug, "courses", course, "efforts")).items

    def weeks(self, slug: str, course: str, since: date) -> tuple[Week, ...]:
        """Return what a class did week by week, from the one in which `since` is."""
        path = _at("classes", slug, "courses", course, "weeks")
        return self._get(messages.Weeks, path, since=since.isoformat()).items

    def learner(self, slug: str, course: str, username: str) -> LearnerPage:
        """Return one learner of a class in one course."""
        return self._get(LearnerPage, _at("classes", slug, "courses", course, "learners", username))

    def answers(self, slug: str, ref: LessonRef, username: str) -> tuple[AttemptLine, ...]:
        """Return the answers of one learner in one lesson while they were in the class, newest first."""
        path = f"{_at('classes', slug, 'learners', username)}/lessons/{ref}"
        return self._get(messages.AnswersOf, path).items

    def attempt(self, slug: str, attempt_id: int) -> AttemptSeen:
        """Return an answer with its code; that it was looked at is kept for its author to see."""
        return self._get(AttemptSeen, _at("classes", slug, "attempts", str(attempt_id)))

    def write_note(self, slug: str, ref: LessonRef, activity: str, signature: str, text: str) -> int:
        """Write to everybody whose answers fail in one way, now and later; return the note's number."""
        note = messages.NewNote(ref, activity, signature, text)
        return self._read(messages.NoteWritten, Request("POST", _at("classes", slug, "notes"), note)).id

    def withdraw_note(self, slug: str, note_id: int) -> None:
        """Let a note reach nobody any more."""
        self._send(Request("DELETE", _at("classes", slug, "notes", str(note_id))))

    def reply(self, slug: str, question_id: int, text: str) -> None:
        """Answer a learner's question."""
        path = _at("classes", slug, "questions", str(question_id), "reply")
        self._send(Request("POST", path, messages.ReplyToQuestion(text)))

    def marks(self, slug: str, form: MarksFormat, language: str) -> bytes:
        """Return the marks of a class as a file."""
        params = {"format": form.value, "language": language}
        path = _at("classes", slug, "marks")
        return self._send(Request("GET", path, params=params, repeatable=True, read_sec=OF_MANY_SEC)).content

    # ---- running a class

    def new_class(self, name: str, courses: Sequence[str]) -> ClassCard:
        """Make a class that takes these courses, taught by this person."""
        return self._read(ClassCard, Request("POST", "/classes", messages.NewClass(name, tuple(courses))))

    def configure(
        self,
        slug: str,
        *,
        counts: Counts | None = None,
        idle_days: int | None = None,
        holds_solutions: bool | None = None,
    ) -> ClassCard:
        """Set which answers decide about marks, when somebody is idle, and whether solutions wait."""
        return self._change(slug, messages.ClassChange(counts, idle_days, holds_solutions))

    def set_archived(self, slug: str, *, archived: bool) -> ClassCard:
        """Put a class away, or bring it back."""
        return self._change(slug, messages.ClassChange(is_archived=archived))

    def set_join_code(self, slug: str, *, is_open: bool) -> ClassCard:
        """Make a new code by which learners come in, or (not `is_open`) let nobody in that way."""
        return self._read(ClassCard, Request("POST" if is_open else "DELETE", _at("classes", slug, "join_code")))

    def roster(self, slug: str) -> Roster:
        """Return a class with everybody who is or was in it."""
        request = Request("GET", _at("classes", slug, "members"), repeatable=True, read_sec=OF_MANY_SEC)
        return self._read(Roster, request)

    def add(self, slug: str, usernames: Sequence[str], role: ClassRole, courses: Sequence[str] = ()) -> Roster:
        """Let people into a class, and let it take more courses; all of it or nothing."""
        body = messages.NewMembers(role, tuple(usernames), tuple(courses))
        return self._read(Roster, Request("POST", _at("classes", slug, "members"), body))

    def remove_member(self, slug: str, username: str) -> Roster:
        """Let somebody out of a class. What they did in it stays in its figures."""
        return self._read(Roster, Request("DELETE", _at("classes", slug, "members", username)))

    def preview_roster(self, slug: str, data: bytes) -> tuple[RosterLine, ...]:
        """Return what each line of a CSV file would do to a class; nothing is changed."""
        path = _at("classes", slug, "roster", "preview")
        request = Request("POST", path, messages.RosterFile(data), repeatable=True, read_sec=OF_MANY_SEC)
        return tuple(map(messages.received, self._read(messages.RosterPreview, request).lines))

    def let_in(self, slug: str, data: bytes) -> LetIn:
        """Let everybody on a CSV file into a class, or nobody; new accounts read this person's language."""
        body = messages.RosterFile(data)
        request = Request("POST", _at("classes", slug, "roster"), body, read_sec=OF_MANY_SEC)
        done = self._read(messages.RosterDone, request)
        return LetIn(tuple(map(messages.received, done.lines)), done.codes)

    def password_code(self, slug: str, username: str) -> PasswordCode:
        """Make a code with which a learner of the class sets a new password once; they can look up who did."""
        return self._read(PasswordCode, Request("POST", _at("classes", slug, "members", username, "password_code")))

    def topics(self, slug: str) -> tuple[ClassTopic, ...]:
        """Return the topics of a class, with when they are due."""
        return self._get(messages.Topics, _at("classes", slug, "topics")).items

    def set_due(self, slug: str, topic: str, due_at: datetime | None) -> None:
        """Say when a class should have finished a topic (`course/level`); None takes the date away."""
        path = _at("classes", slug, "topics", *_topic(topic), "due_date")
        self._send(Request("PUT", path, messages.DueDate(due_at), repeatable=True))

    def extend_due(self, slug: str, topic: str, username: str, due_at: datetime) -> None:
        """Give one learner more time for a topic; they can look up who did."""
        path = _at("classes", slug, "topics", *_topic(topic), "extensions", username)
        self._send(Request("PUT", path, messages.MoreTime(due_at)))

    def give_level(self, slug: str, topic: str, username: str | None = None) -> int:
        """Open a topic for everybody who learns in a class, or one of them; return for how many it was locked."""
        body = messages.Opening(topic, username)
        return self._read(messages.Opened, Request("POST", _at("classes", slug, "openings"), body)).count

    # ---- how

    def _get(self, kind: type[T], path: str, **params: Any) -> T:
        return self._read(kind, Request("GET", path, params=params or None, repeatable=True))

    def _change(self, slug: str, change: messages.ClassChange) -> ClassCard:
        return self._read(ClassCard, Request("PATCH", _at("classes", slug), change, repeatable=True))

    def _read(self, kind: type[T], request: Request) -> T:
        return self._connection.read(kind, request, self._signed_in())

    def _send(self, request: Request) -> httpx.Response:
        return self._connection.send(request, self._signed_in())

    def _signed_in(self) -> SharedSignIn:
        shared = self._holder.read()
        if shared.token is None:
            raise NotSignedIn
        return shared


def _at(*parts: str) -> str:
    """Return an address, whatever characters a name in it has."""
    return "".join(f"/{quote(part, safe='')}" for part in parts)


def _topic(ref: str) -> tuple[str, str]:
    course, _, level = ref.partition("/")
    return course, level


if TYPE_CHECKING:

    def _fulfils(teaching: HttpTeaching) -> TeacherSession:
        return teaching
