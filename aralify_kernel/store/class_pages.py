"""What the pages of a class show, from the summaries: each query costs the same however many attempts there are.

Attempts themselves are looked at by their number only. An index keeps every query to the rows of its class.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, or_, select, true

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.needs_help import BEHIND
from aralify_kernel.domain.summaries import HINTED_LESSONS, STUCK_AFTER
from aralify_kernel.store.models import (
    AttemptRow,
    ClassActivityRow,
    ClassDayRow,
    ClassFailureRow,
    ClassroomMemberRow,
    CourseProgressRow,
    LearnerActivityRow,
    LearnerCourseRow,
    LearnerFailureRow,
    LessonProgressRow,
    LessonRow,
    LevelRow,
    UserRow,
)
from aralify_kernel.store.progress import CourseProgress, LessonProgress
from aralify_kernel.store.values import table_of, value

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import CTE, ColumnElement, FromClause, ScalarSelect, Select, Subquery

    from aralify_kernel.store.database import Transaction

PAGE: Final = 50
"""How many learners a page of the matrix shows."""


@dataclass(frozen=True, slots=True)
class ClassDay:
    """What a class did in a course on a date; `new_in_week` adds up to the learners of a week."""

    date: dt.date
    attempts: int
    passed: int
    learners: int
    new_in_week: int
    lessons_completed: int


@dataclass(frozen=True, slots=True)
class ClassActivity:
    """What a class did at an activity."""

    lesson_id: int
    activity: str
    attempts: int
    learners: int
    passed: int
    passed_first_try: int
    attempts_to_pass: int
    hinted: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A class in one course: how many learn in it, its days, its activities."""

    learners: int
    days: tuple[ClassDay, ...]
    activities: tuple[ClassActivity, ...]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One learner of the matrix, with the lessons they have opened by lesson id."""

    user_id: int
    username: str
    display_name: str
    lessons: dict[int, LessonProgress] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StuckAt:
    """An activity at which a learner needs help, and their newest attempt at it."""

    lesson_id: int
    activity: str
    failing_answers: int
    same_failure: int
    last_attempt_id: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class NeedsHelp:
    """A learner whom somebody should sit down beside. `last_at` is None when they have not tried anything yet."""

    user_id: int
    username: str
    display_name: str
    stuck: int
    hinted_lessons: int
    lessons_completed: int
    median_completed: int
    last_at: datetime | None
    idle_since: datetime
    stuck_at: tuple[StuckAt, ...] = ()


@dataclass(frozen=True, slots=True)
class WrongAnswers:
    """Answers of a class that failed in the same way, and one of them by somebody who is in the class."""

    lesson_id: int
    activity: str
    signature: str
    learners: int
    attempts: int
    example_id: int | None
    example: str | None


@dataclass(frozen=True, slots=True)
class LearnerActivity:
    """One learner at one activity."""

    lesson_id: int
    activity: str
    attempts: int
    passed_at: int | None
    failing_answers: int
    same_failure: int
    hints: int
    last_attempt_id: int | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """One learner in one course; `progress` is None before they start it."""

    progress: CourseProgress | None
    lessons: tuple[LessonProgress, ...]
    activities: tuple[LearnerActivity, ...]


def overview(tx: Transaction, classroom_id: int, course_id: int, *, since: dt.date) -> Overview:
    """Return a class in one course, its days since a date."""
    days = _select(ClassDay, ClassDayRow).where(
        ClassDayRow.classroom_id == classroom_id, ClassDayRow.course_id == course_id, ClassDayRow.date >= since
    )
    activities = _select(ClassActivity, ClassActivityRow).where(
        ClassActivityRow.classroom_id == classroom_id, ClassActivityRow.lesson_id.in_(_lessons(course_id))
    )
    order = (ClassActivityRow.lesson_id, ClassActivityRow.activity)
    return Overview(
        _count(tx, classroom_id),
        tuple(ClassDay(*row) for row in tx.execute(days.order_by(ClassDayRow.date))),
        tuple(ClassActivity(*row) for row in tx.execute(activities.order_by(*order))),
    )


def matrix(tx: Transaction, classroom_id: int, course_id: int, *, page: int) -> tuple[MatrixRow, ...]:
    """Return a page (from 0) of a class's learners by name, with how far each is in every lesson of a course."""
    learners = (
        select(UserRow.id, UserRow.username, UserRow.display_name)
        .join(ClassroomMemberRow, ClassroomMemberRow.user_id == UserRow.id)
        .where(*_learns_in(classroom_id))
        .order_by(UserRow.display_name, UserRow.username)
        .limit(PAGE)
        .offset(page * PAGE)
    )
    rows = {id_: MatrixRow(id_, username, name) for id_, username, name in tx.execute(learners)}
    cells = (
        select(LessonProgressRow.user_id, *_columns(LessonProgress, LessonProgressRow))
        .where(LessonProgressRow.user_id.in_(rows), LessonProgressRow.lesson_id.in_(_lessons(course_id)))
        .order_by(LessonProgressRow.lesson_id)
    )
    for user_id, *cell in tx.execute(cells):
        reached = LessonProgress(*cell)
        rows[user_id].lessons[reached.lesson_id] = reached
    return tuple(rows.values())


def needs_help(
    tx: Transaction,
    classroom_id: int,
    course_id: int,
    *,
    idle_since: datetime,
    asked: Collection[int] = (),
    limit: int = PAGE,
) -> tuple[NeedsHelp, ...]:
    """Return the learners of a class who need help in a course, most urgent first; before all, those who `asked`.

    They are stuck (`Tries.is_stuck`), took the last hint in lesson after lesson, fell behind the class's median, or
    have not tried anything since `idle_since`.
    """
    members = _members(tx.connection().dialect.name, classroom_id, course_id).cte("members")
    urgent = _who_need_help(members, idle_since, asked).order_by(*_urgency(members, asked)).limit(limit).cte("urgent")
    people = select(UserRow.username, UserRow.display_name, urgent).join(urgent, urgent.c.user_id == UserRow.id)
    rows = tx.connection().execute(people.order_by(*_urgency(urgent, asked))).all()
    where = stuck_at(tx, [row.user_id for row in rows], course_id)
    return tuple(NeedsHelp(**row._asdict(), stuck_at=tuple(where.get(row.user_id, ()))) for row in rows)


def wrong_answers(
    tx: Transaction, classroom_id: int, course_id: int, *, lessons: Collection[int] = (), limit: int = 20
) -> tuple[WrongAnswers, ...]:
    """Return the largest groups of answers that failed in the same way in a course (in `lessons` of it), largest first.

    How many answers a group has is counted from when its authors were in the class.
    """
    largest = (
        select(
            ClassFailureRow.lesson_id,
            ClassFailureRow.activity,
            ClassFailureRow.signature,
            ClassFailureRow.learners,
            ClassFailureRow.attempts,
        )
        .where(
            ClassFailureRow.classroom_id == classroom_id,
            ClassFailureRow.lesson_id.in_(lessons or _lessons(course_id)),
        )
        .order_by(
            ClassFailureRow.learners.desc(),
            ClassFailureRow.attempts.desc(),
            ClassFailureRow.lesson_id,
            ClassFailureRow.activity,
            ClassFailureRow.signature,
        )
        .limit(limit)
        .subquery("largest")
    )
    order = (largest.c.learners.desc(), largest.c.attempts.desc(), largest.c.lesson_id, largest.c.activity)
    groups = select(*largest.c, _example(classroom_id, largest).label("example_id"))
    rows = tx.execute(groups.order_by(*order, largest.c.signature)).all()
    ids = [row.example_id for row in rows if row.example_id is not None]
    found = tx.execute(select(AttemptRow.id, AttemptRow.content).where(AttemptRow.id.in_(ids)))
    contents = {row.id: row.content for row in found}
    return tuple(WrongAnswers(**row._asdict(), example=contents.get(row.example_id)) for row in rows)


def learner(tx: Transaction, user_id: int, course_id: int) -> LearnerPage:
    """Return one learner in one course."""
    progress = tx.scalar(
        select(CourseProgressRow).where(CourseProgressRow.user_id == user_id, CourseProgressRow.course_id == course_id)
    )
    lessons = _select(LessonProgress, LessonProgressRow).where(
        LessonProgressRow.user_id == user_id, LessonProgressRow.lesson_id.in_(_lessons(course_id))
    )
    activities = _select(LearnerActivity, LearnerActivityRow).where(
        LearnerActivityRow.user_id == user_id, LearnerActivityRow.lesson_id.in_(_lessons(course_id))
    )
    order = (LearnerActivityRow.lesson_id, LearnerActivityRow.activity)
    return LearnerPage(
        None if progress is None else value(CourseProgress, progress),
        tuple(LessonProgress(*row) for row in tx.execute(lessons.order_by(LessonProgressRow.lesson_id))),
        tuple(LearnerActivity(*row) for row in tx.execute(activities.order_by(*order))),
    )


def _learns_in(classroom_id: int) -> tuple[Any, ...]:
    return (
        ClassroomMemberRow.classroom_id == classroom_id,
        ClassroomMemberRow.role == ClassRole.LEARNER,
        ClassroomMemberRow.left_at.is_(None),
    )


def _lessons(course_id: int) -> Select[int]:
    return select(LessonRow.id).join(LevelRow, LevelRow.id == LessonRow.level_id).where(LevelRow.course_id == course_id)


def _count(tx: Transaction, classroom_id: int) -> int:
    return tx.scalar(select(func.count()).select_from(ClassroomMemberRow).where(*_learns_in(classroom_id))) or 0


def _members(dialect: str, classroom_id: int, course_id: int) -> Select[*tuple[Any, ...]]:
    """Return the query of where each learner of a class stands in a course."""
    found: FromClause = table_of(LearnerCourseRow)
    this: ColumnElement[bool] = and_(found.c.user_id == ClassroomMemberRow.user_id, found.c.course_id == course_id)
    if dialect == "postgresql":
        # It would rather go through the learners of a whole school than look up those of a class; the offset forbids it.
        found, this = select(found).where(this).offset(0).lateral("found"), true()
    counts = (found.c.stuck, found.c.hinted_lessons, found.c.lessons_completed)
    query = select(
        ClassroomMemberRow.user_id,
        *(func.coalesce(count, 0).label(count.key) for count in counts),
        found.c.last_at,
        func.coalesce(found.c.last_at, ClassroomMemberRow.joined_at).label("idle_since"),
    )
    return query.select_from(ClassroomMemberRow).outerjoin(found, this).where(*_learns_in(classroom_id))


def _who_need_help(members: CTE, idle_since: datetime, asked: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Return the query of those who need help, each with the (lower) median of completed lessons.

    It is one statement: each one more would go through the whole class again.
    """
    middle = select(func.count() - 1).select_from(members).scalar_subquery() // 2
    median = select(members.c.lessons_completed.label("median_completed")).order_by(members.c.lessons_completed)
    half = median.limit(1).offset(middle).cte("half")
    reasons = (
        members.c.stuck > 0,
        members.c.hinted_lessons >= HINTED_LESSONS,
        members.c.lessons_completed <= half.c.median_completed - BEHIND,
        members.c.idle_since < idle_since,
    )
    return select(members, half).where(or_(*_first(members, asked), *reasons))


def _urgency(of: CTE, asked: Collection[int]) -> list[ColumnElement[Any]]:
    """Return by what those who need help are ordered: who asked, who is stuck most, who got least far."""
    members = (of.c.stuck.desc(), of.c.lessons_completed, of.c.hinted_lessons.desc(), of.c.idle_since, of.c.user_id)
    return [*(one.desc() for one in _first(of, asked)), *members]


def _first(of: CTE, asked: Collection[int]) -> list[ColumnElement[bool]]:
    """Return the condition that somebody asked; with nobody in it, SQLite would look for them in the whole table."""
    return [of.c.user_id.in_(asked)] if asked else []


def stuck_at(tx: Transaction, user_ids: Sequence[int], course_id: int) -> dict[int, list[StuckAt]]:
    """Return where learners are stuck in a course, by their ids."""
    query = select(LearnerActivityRow.user_id, *_columns(StuckAt, LearnerActivityRow)).where(
        LearnerActivityRow.user_id.in_(user_ids),
        LearnerActivityRow.lesson_id.in_(_lessons(course_id)),
        or_(LearnerActivityRow.failing_answers >= STUCK_AFTER, LearnerActivityRow.same_failure >= STUCK_AFTER),
    )
    found: dict[int, list[StuckAt]] = {}
    for user_id, *row in tx.connection().execute(query.order_by(LearnerActivityRow.last_at.desc())):
        found.setdefault(user_id, []).append(StuckAt(*row))
    return found


def _example(classroom_id: int, groups: Subquery) -> ScalarSelect[int]:
    """Return the newest attempt in a group of the first learner found in it who is in the class.

    One member is asked after the other, by a subquery of their own that no database makes a join of: it might then go
    through the group, which may be a thousand times as large in the whole school as in a class.
    """
    of_member = (
        select(LearnerFailureRow.last_attempt_id)
        .where(
            LearnerFailureRow.user_id == ClassroomMemberRow.user_id,
            LearnerFailureRow.lesson_id == groups.c.lesson_id,
            LearnerFailureRow.activity == groups.c.activity,
            LearnerFailureRow.signature == groups.c.signature,
        )
        .correlate(ClassroomMemberRow, groups)
        .scalar_subquery()
    )
    members = select(of_member).select_from(ClassroomMemberRow).where(*_learns_in(classroom_id))
    return members.where(of_member.is_not(None)).limit(1).correlate(groups).scalar_subquery()


def _columns(kind: type[Any], row: type[Any]) -> list[Any]:
    return [getattr(row, name) for name in kind.__slots__]


def _select(kind: type[Any], row: type[Any]) -> Select[Any]:
    return select(*_columns(kind, row))
