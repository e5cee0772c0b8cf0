"""What one person can do with their classes, in-process: the services, called as whoever is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.services import (
    class_pages,
    class_settings,
    class_talk,
    classrooms,
    given_levels,
    lesson_quality,
    marks,
    password_codes,
    rosters,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from aralify_kernel.domain.classrooms import ClassRole, Counts, Roster
    from aralify_kernel.domain.lesson_quality import LessonQuality
    from aralify_kernel.domain.marks import MarksFormat
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.rosters import RosterLine
    from aralify_kernel.domain.teaching import (
        AttemptLine,
        AttemptSeen,
        ClassCard,
        ClassTopic,
        Effort,
        FailureGroup,
        LearnerPage,
        LetIn,
        MatrixRow,
        NeedsHelp,
        PasswordCode,
        TeacherSession,
        Week,
    )
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.database import Database


class LocalTeaching:
    """The classes of one person. Who that is, is asked on every call."""

    def __init__(self, database: Database, clock: Callable[[], datetime], who: Callable[[datetime], Who]) -> None:
        self._db = database
        self._clock = clock
        self._who = who

    def now(self) -> datetime:
        """Return the time (aware UTC)."""
        return self._clock()

    def classes(self) -> tuple[ClassCard, ...]:
        """Return the classes that this person teaches."""
        return class_settings.classes(self._db, self._who(self._clock()))

    def needs_help(self, slug: str, course: str) -> tuple[NeedsHelp, ...]:
        """Return whom to sit beside now, with the rules that put them there."""
        now = self._clock()
        return class_pages.needs_help(self._db, self._who(now), slug, course, now=now)

    def failures(self, slug: str, course: str, lessons: Sequence[LessonRef] = ()) -> tuple[FailureGroup, ...]:
        """Return how a class fails (in some `lessons` of the course): the largest groups of equal failures."""
        return class_pages.failures(self._db, self._who(self._clock()), slug, course, lessons)

    def matrix(self, slug: str, course: str, page: int) -> tuple[MatrixRow, ...]:
        """Return a page of learners by lessons."""
        return class_pages.matrix(self._db, self._who(self._clock()), slug, course, page=page)

    def quality(self, slug: str, course: str) -> tuple[LessonQuality, ...]:
        """Return the figures of each lesson, those to mend first."""
        now = self._clock()
        return lesson_quality.lessons(self._db, self._who(now), slug, course, now=now)

    def efforts(self, slug: str, course: str) -> tuple[Effort, ...]:
        """Return the time and the result of each learner who has begun the course."""
        return lesson_quality.efforts(self._db, self._who(self._clock()), slug, course)

    def weeks(self, slug: str, course: str, since: date) -> tuple[Week, ...]:
        """Return what a class did week by week, from the one in which `since` is."""
        return lesson_quality.weeks(self._db, self._who(self._clock()), slug, course, since=since)

    def learner(self, slug: str, course: str, username: str) -> LearnerPage:
        """Return one learner of a class in one course."""
        return class_pages.learner(self._db, self._who(self._clock()), slug, course, username)

    def answers(self, slug: str, ref: LessonRef, username: str) -> tuple[AttemptLine, ...]:
        """Return the answers of one learner in one lesson while they were in the class, newest first."""
        return class_pages.answers(self._db, self._who(self._clock()), slug, ref, username)

    def attempt(self, slug: str, attempt_id: int) -> AttemptSeen:
        """Return an answer with its code; that it was looked at is kept for its author to see."""
        now = self._clock()
        return class_pages.attempt(self._db, self._who(now), slug, attempt_id, now=now)

    def write_note(self, slug: str, ref: LessonRef, activity: str, signature: str, text: str) -> int:
        """Write to everybody whose answers fail in one way, now and later; return the note's number."""
        now = self._clock()
        return class_talk.write_note(self._db, self._who(now), slug, ref, activity, signature, text, now=now)

    def withdraw_note(self, slug: str, note_id: int) -> None:
        """Let a note reach nobody any more."""
        now = self._clock()
        class_talk.withdraw_note(self._db, self._who(now), slug, note_id, now=now)

    def reply(self, slug: str, question_id: int, text: str) -> None:
        """Answer a learner's question."""
        now = self._clock()
        class_talk.reply(self._db, self._who(now), slug, question_id, text, now=now)

    def marks(self, slug: str, form: MarksFormat, language: str) -> bytes:
        """Return the marks of a class as a file."""
        return marks.export(self._db, self._who(self._clock()), slug, form, language=language)

    # ---- running a class

    def new_class(self, name: str, courses: Sequence[str]) -> ClassCard:
        """Make a class that takes these courses, taught by this person."""
        now = self._clock()
        made = classrooms.new(self._db, self._who(now), name, courses, now=now)
        return class_settings.card(self._db, self._who(now), made.slug)

    def configure(
        self,
        slug: str,
        *,
        counts: Counts | None = None,
        idle_days: int | None = None,
        holds_solutions: bool | None = None,
    ) -> ClassCard:
        """Set which answers decide about marks, when somebody is idle, and whether solutions wait."""
        who = self._who(self._clock())
        return class_settings.configure(
            self._db, who, slug, counts=counts, idle_days=idle_days, holds_solutions=holds_solutions
        )

    def set_archived(self, slug: str, *, archived: bool) -> ClassCard:
        """Put a class away, or bring it back."""
        now = self._clock()
        return class_settings.set_archived(self._db, self._who(now), slug, archived=archived, now=now)

    def set_join_code(self, slug: str, *, is_open: bool) -> ClassCard:
        """Make a new code by which learners come in, or (not `is_open`) let nobody in that way."""
        return class_settings.set_join_code(self._db, self._who(self._clock()), slug, is_open=is_open)

    def roster(self, slug: str) -> Roster:
        """Return a class with everybody who is or was in it."""
        return classrooms.roster(self._db, self._who(self._clock()), slug)

    def add(self, slug: str, usernames: Sequence[str], role: ClassRole, courses: Sequence[str] = ()) -> Roster:
        """Let people into a class, and let it take more courses; all of it or nothing."""
        now = self._clock()
        return classrooms.add(self._db, self._who(now), slug, usernames, role, courses, now=now)

    def remove_member(self, slug: str, username: str) -> Roster:
        """Let somebody out of a class. What they did in it stays in its figures."""
        now = self._clock()
        return classrooms.remove_member(self._db, self._who(now), slug, username, now=now)

    def preview_roster(self, slug: str, data: bytes) -> tuple[RosterLine, ...]:
        """Return what each line of a CSV file would do to a class; nothing is changed."""
        return rosters.preview(self._db, self._who(self._clock()), slug, data)

    def let_in(self, slug: str, data: bytes) -> LetIn:
        """Let everybody on a CSV file into a class, or nobody; new accounts read this person's language."""
        now = self._clock()
        who = self._who(now)
        with self._db.read() as tx:
            like = who(tx)
        return rosters.let_in(self._db, who, slug, data, language=like.locale, timezone=like.timezone, now=now)

    def password_code(self, slug: str, username: str) -> PasswordCode:
        """Make a code with which a learner of the class sets a new password once; they can look up who did."""
        now = self._clock()
        return password_codes.give(self._db, self._who(now), slug, username, now=now)

    def topics(self, slug: str) -> tuple[ClassTopic, ...]:
        """Return the topics of a class, with when they are due."""
        return class_settings.topics(self._db, self._who(self._clock()), slug)

    def set_due(self, slug: str, topic: str, due_at: datetime | None) -> None:
        """Say when a class should have finished a topic (`course/level`); None takes the date away."""
        classrooms.set_due(self._db, self._who(self._clock()), slug, topic, due_at)

    def extend_due(self, slug: str, topic: str, username: str, due_at: datetime) -> None:
        """Give one learner more time for a topic; they can look up who did."""
        now = self._clock()
        classrooms.extend_due(self._db, self._who(now), slug, topic, username, due_at, now=now)

    def give_level(self, slug: str, topic: str, username: str | None = None) -> int:
        """Open a topic for everybody who learns in a class, or one of them; return for how many it was locked."""
        now = self._clock()
        return given_levels.give(self._db, self._who(now), slug, topic, username, now=now)


if TYPE_CHECKING:

    def _fulfils(teaching: LocalTeaching) -> TeacherSession:
        return teaching
