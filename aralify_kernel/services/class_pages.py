"""What the pages of a class show, for those who may see it.

Each answer names lessons by their references and people by their user names: nothing of it is a row's number but
attempts, questions and notes, which are looked up again in the class they are asked for in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from aralify_kernel.domain import needs_help as rules
from aralify_kernel.domain.classrooms import due_for
from aralify_kernel.domain.needs_help import Signs
from aralify_kernel.domain.permissions import Permission
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.teaching import (
    Act,
    Asked,
    AttemptLine,
    AttemptSeen,
    FailureGroup,
    LearnerPage,
    MatrixCell,
    MatrixRow,
    NeedsHelp,
    Person,
)
from aralify_kernel.errors import N_, NotFound
from aralify_kernel.services import accounts, class_talk, classrooms, results
from aralify_kernel.store import attempts, class_acts, class_notes, class_pages, courses, help_requests, learner_events
from aralify_kernel.store import classrooms as stored
from aralify_kernel.store.class_notes import Group

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from aralify_kernel.domain.class_talk import TeacherNote
    from aralify_kernel.domain.content import Text
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.attempts import Attempt
    from aralify_kernel.store.class_pages import StuckAt, WrongAnswers
    from aralify_kernel.store.classrooms import Classroom
    from aralify_kernel.store.courses import StoredCourse
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.help_requests import HelpRequest
    from aralify_kernel.store.progress import LessonProgress
    from aralify_kernel.store.users import User

ATTEMPTS_SHOWN = 200
"""How many answers of a learner are listed."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A class in one of its courses, and the references of that course's lessons by their ids."""

    classroom: Classroom
    course: StoredCourse
    refs: Mapping[int, LessonRef]


def look(tx: Transaction, actor: Who | None, slug: str, course_slug: str) -> Looked:
    """Return a class that `actor` may see, in one of its courses.

    Raises:
        NotFound: There is no such class for this person, or it does not take the course.
    """
    found = classrooms.find(tx, actor, slug, Permission.SEE_CLASS)
    course = courses.find(tx, course_slug)
    if course is None or course.id not in stored.courses_of(tx, found.id):
        raise NotFound(kind=N_("course"), name=course_slug[:64])
    refs = {
        lesson.id: LessonRef(course.slug, level.slug, lesson.difficulty.slug)
        for level in course.levels
        for lesson in level.lessons
    }
    return Looked(found, course, refs)


def needs_help(db: Database, actor: Who | None, slug: str, course_slug: str, *, now: datetime) -> tuple[NeedsHelp, ...]:
    """Return whom to sit beside now, with the rules that put them there; who asked for help comes first.

    Raises:
        NotFound: There is no such class for this person, or it does not take the course.
    """
    with db.read() as tx:
        at = look(tx, actor, slug, course_slug)
        waiting: dict[int, list[HelpRequest]] = {}
        for request in help_requests.waiting(tx, at.classroom.id, at.course.id):
            waiting.setdefault(request.user_id, []).append(request)
        idle_since = now - timedelta(days=at.classroom.idle_days)
        rows = class_pages.needs_help(tx, at.classroom.id, at.course.id, idle_since=idle_since, asked=waiting.keys())
        return tuple(_in_need(at, row, waiting.get(row.user_id, []), now) for row in rows)


def failures(
    db: Database, actor: Who | None, slug: str, course_slug: str, lessons: Collection[LessonRef] = ()
) -> tuple[FailureGroup, ...]:
    """Return how a class fails in a course (in some `lessons` of it): the largest groups of equal failures.

    Raises:
        NotFound: There is no such class for this person, or it does not take the course.
    """
    with db.read() as tx:
        at = look(tx, actor, slug, course_slug)
        ids = [id_ for id_, ref in at.refs.items() if ref in lessons]
        if lessons and not ids:
            return ()
        groups = class_pages.wrong_answers(tx, at.classroom.id, at.course.id, lessons=ids)
        examples = attempts.some(tx, [group.example_id for group in groups if group.example_id is not None])
        notes = class_notes.of_groups(tx, at.classroom.id, {group.lesson_id for group in groups})
        return tuple(_group(at, group, examples, notes) for group in groups)


def matrix(db: Database, actor: Who | None, slug: str, course_slug: str, *, page: int = 0) -> tuple[MatrixRow, ...]:
    """Return a page of learners by lessons, by name.

    Raises:
        NotFound: There is no such class for this person, or it does not take the course.
    """
    with db.read() as tx:
        at = look(tx, actor, slug, course_slug)
        rows = class_pages.matrix(tx, at.classroom.id, at.course.id, page=max(0, page))
        stuck = class_pages.stuck_at(tx, [row.user_id for row in rows], at.course.id)
        dates = _Dates(tx, at)
        return tuple(
            MatrixRow(
                Person(row.username, row.display_name),
                tuple(_cell(at, row.user_id, cell, stuck.get(row.user_id, []), dates) for cell in row.lessons.values()),
            )
            for row in rows
        )


def learner(db: Database, actor: Who | None, slug: str, course_slug: str, username: str) -> LearnerPage:
    """Return one learner of a class in one course.

    Raises:
        NotFound: There is no such class for this person, it does not take the course, or nobody of this name was ever
            a learner in it.
    """
    with db.read() as tx:
        at = look(tx, actor, slug, course_slug)
        user, stays = _learner(tx, at, username)
        found = class_pages.learner(tx, user.id, at.course.id)
        stuck = class_pages.stuck_at(tx, [user.id], at.course.id).get(user.id, [])
        dates, reached = _Dates(tx, at), found.progress
        answers = attempts.in_lessons(tx, user.id, at.refs.keys(), ATTEMPTS_SHOWN)
        asked = help_requests.of_learner(tx, user.id, at.course.id)
        return LearnerPage(
            learner=Person(user.username, user.display_name),
            started_at=reached.started_at if reached else None,
            last_at=max((one.last_at for one in found.activities if one.last_at), default=None),
            completion_pct=reached.completion_pct if reached else 0.0,
            mastery_pct=reached.mastery_pct if reached else 0.0,
            time_spent_secs=reached.time_spent_secs if reached else 0,
            lessons=tuple(_cell(at, user.id, cell, stuck, dates) for cell in found.lessons),
            attempts=_lines(tx, answers, stays),
            asked=tuple(_asked(at, one) for one in asked if _within(one.asked_at, stays)),
        )


def answers(db: Database, actor: Who | None, slug: str, ref: LessonRef, username: str) -> tuple[AttemptLine, ...]:
    """Return the answers of one learner in one lesson while they were in the class, newest first.

    Raises:
        NotFound: There is no such class for this person, its courses have no such lesson, or nobody of this name was
            ever a learner in it.
    """
    with db.read() as tx:
        at = look(tx, actor, slug, ref.course)
        lesson = next((id_ for id_, found in at.refs.items() if found == ref), None)
        if lesson is None:
            raise NotFound(kind=N_("lesson"), name=str(ref))
        user, stays = _learner(tx, at, username)
        found = attempts.in_lessons(tx, user.id, [lesson], ATTEMPTS_SHOWN)
        return _lines(tx, found, stays)


def attempt(db: Database, actor: Who | None, slug: str, attempt_id: int, *, now: datetime) -> AttemptSeen:
    """Return an answer of a learner, given while they were in the class; that it was looked at is kept for them to see.

    Raises:
        NotFound: There is no such class for this person, or no such answer in it.
    """
    with db.write() as tx:
        found = classrooms.find(tx, actor, slug, Permission.SEE_CLASS)
        this = attempts.get(tx, attempt_id)
        stays = stored.stays(tx, found.id, this.user_id) if this else []
        if (
            this is None
            or this.lesson_id not in class_talk.courses_of(tx, found)
            or not _within(this.created_at, stays)
        ):
            raise NotFound(kind=N_("answer"), name=str(attempt_id))
        about, reader = f"{this.lesson_ref}#{this.activity}", classrooms.id_of(tx, actor)
        class_acts.note(tx, found.id, this.user_id, reader, Act.CODE_READ, about, now=now)
        user = accounts.by_id(tx, this.user_id)
        seen = results.judgement(this)
        (line,) = _lines(tx, [this], stays)
        return AttemptSeen(line, Person(user.username, user.display_name), this.content, seen)


class _Dates:
    """When the levels of a course are due for the learners of a class; read once."""

    def __init__(self, tx: Transaction, at: Looked) -> None:
        self._of_class = stored.due_dates(tx, at.classroom.id)
        self._own = stored.all_extensions(tx, at.classroom.id) if self._of_class else {}
        self._levels = {lesson.id: level.id for level in at.course.levels for lesson in level.lessons}

    def due(self, user_id: int, lesson_id: int) -> datetime | None:
        """Return when a learner should have finished the level of a lesson."""
        level_id = self._levels[lesson_id]
        due_at = self._of_class.get(level_id)
        return None if due_at is None else due_for(due_at, self._own.get((user_id, level_id)))


def _learner(tx: Transaction, at: Looked, username: str) -> tuple[User, list[tuple[datetime, datetime | None]]]:
    """Return somebody who is or was a learner in a class, and when they were."""
    user = accounts.find(tx, username)
    stays = stored.stays(tx, at.classroom.id, user.id)
    if not stays:
        raise NotFound(kind=N_("member of the class"), name=username[:64])
    return user, stays


def _in_need(at: Looked, row: class_pages.NeedsHelp, waiting: list[HelpRequest], now: datetime) -> NeedsHelp:
    signs = Signs(
        questions=len(waiting),
        same_failure=[where.same_failure for where in row.stuck_at],
        failing_answers=[where.failing_answers for where in row.stuck_at],
        hinted_lessons=row.hinted_lessons,
        completed=row.lessons_completed,
        median_completed=row.median_completed,
        seen_at=row.idle_since,
    )
    reasons = rules.reasons(signs, now=now, idle_days=at.classroom.idle_days)
    person = Person(row.username, row.display_name)
    asked = tuple(_asked(at, request) for request in waiting)
    places: list[StuckAt | HelpRequest] = [*waiting, *row.stuck_at]
    where = places[0] if places else None
    if where is None:
        return NeedsHelp(person, reasons, row.last_at, None, None, None, asked)
    newest = where.attempt_id if isinstance(where, help_requests.HelpRequest) else where.last_attempt_id
    return NeedsHelp(person, reasons, row.last_at, at.refs.get(where.lesson_id), where.activity, newest, asked)


def _group(
    at: Looked,
    group: WrongAnswers,
    examples: Mapping[int, Attempt],
    notes: Mapping[Group, tuple[int, TeacherNote]],
) -> FailureGroup:
    example = examples.get(group.example_id or 0)
    checks = results.judgement(example).checks if example else ()
    failing = next((check for check in checks if not check.passed), None)
    note_id, note = notes.get(Group(group.lesson_id, group.activity, group.signature), (None, None))
    return FailureGroup(
        lesson=at.refs[group.lesson_id],
        activity=group.activity,
        signature=group.signature,
        learners=group.learners,
        attempts=group.attempts,
        attempt=example.id if example else None,
        example=example.content if example else "",
        call=failing.call if failing else None,
        expected=failing.expected if failing else None,
        got=failing.got if failing else None,
        said=_said(example, failing.message or failing.name if failing else {}),
        note=note,
        note_id=note_id,
    )


def _said(example: Attempt | None, message: Text) -> Text:
    if example is None or not example.error:
        return message
    said = f"{example.error['type']}: {example.error['message']}"
    return {"en": said, "fil": said}


def _cell(at: Looked, user_id: int, cell: LessonProgress, stuck: Collection[StuckAt], dates: _Dates) -> MatrixCell:
    due_at = dates.due(user_id, cell.lesson_id)
    return MatrixCell(
        lesson=at.refs[cell.lesson_id],
        status=cell.status,
        score=cell.score,
        is_late=due_at is not None and cell.completed_at is not None and cell.completed_at > due_at,
        is_stuck=any(one.lesson_id == cell.lesson_id for one in stuck),
    )


def _lines(
    tx: Transaction, found: Sequence[Attempt], stays: Collection[tuple[datetime, datetime | None]]
) -> tuple[AttemptLine, ...]:
    """Return the answers of one learner that were given while they were in the class."""
    mine = [one for one in found if _within(one.created_at, stays)]
    claims = learner_events.claims(tx, mine[0].user_id, min(one.created_at for one in mine)) if mine else {}
    return tuple(_line(one, claims.get(one.id)) for one in mine)


def _line(this: Attempt, claimed_at: datetime | None) -> AttemptLine:
    return AttemptLine(
        id=this.id,
        at=this.created_at,
        lesson=LessonRef.parse(this.lesson_ref),
        activity=this.activity,
        verdict=this.verdict.name,
        points=this.points,
        max_points=this.max_points,
        late=this.late,
        claimed_at=claimed_at,
    )


def _asked(at: Looked, request: HelpRequest) -> Asked:
    return Asked(request.id, request.attempt_id, class_talk.question(request, at.refs[request.lesson_id]))


def _within(moment: datetime, stays: Collection[tuple[datetime, datetime | None]]) -> bool:
    return any(since <= moment and (until is None or moment <= until) for since, until in stays)
