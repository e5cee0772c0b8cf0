"""What one person can do with their classes, in-process: the services, called as whoever is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.services import class_pages, class_settings, class_talk, lesson_quality, marks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from aralify_kernel.domain.lesson_quality import LessonQuality
    from aralify_kernel.domain.marks import MarksFormat
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.teaching import (
        AttemptLine,
        AttemptSeen,
        ClassCard,
        Effort,
        FailureGroup,
        LearnerPage,
        MatrixRow,
        NeedsHelp,
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


if TYPE_CHECKING:

    def _fulfils(teaching: LocalTeaching) -> TeacherSession:
        return teaching
