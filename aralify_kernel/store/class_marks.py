"""Queries behind marks and the figures about lessons: of everybody who learns in a class at present."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, case, func, select

from aralify_kernel.domain.lesson_quality import TriedLesson
from aralify_kernel.domain.marks import Marked
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.store.attempts import BestPoints
from aralify_kernel.store.classrooms import LEARNS
from aralify_kernel.store.models import (
    AttemptRow,
    ClassroomMemberRow,
    LearnerActivityRow,
    LessonProgressRow,
    UserRow,
)
from aralify_kernel.store.progress import LessonProgress
from aralify_kernel.store.values import value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from aralify_kernel.store.database import Transaction

_AT_A_TIME: Final = 500
"""How many people one statement names."""

_ADDED_UP: Final = 5_000
"""How many people's lessons one statement adds up: of ten thousand it would take a database too long in one go."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One learner at one activity."""

    user_id: int
    lesson_id: int
    activity: str
    attempts: int
    passed_at: int | None
    hints: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class InCourse:
    """What one learner of a class did in all lessons of a course that they opened."""

    time_spent_secs: int
    lessons_completed: int
    score_sum: int
    lessons: int


def _of_class(columns: Iterable[Any], row: Any, classroom_id: Any) -> Select[Any]:
    """Return a query of rows of those who learn in a class; by whom, in the order of the index of members."""
    member = and_(ClassroomMemberRow.user_id == row.user_id, *LEARNS)
    query = select(*columns).select_from(ClassroomMemberRow).join(row, member)
    return query.where(ClassroomMemberRow.classroom_id == classroom_id)


def _in_lesson(row: Any, *columns: Any) -> Select[Any]:
    return _of_class(columns, row, bindparam("classroom")).where(row.lesson_id == bindparam("lesson"))


_LEARNER: Final = ClassroomMemberRow.user_id
_REACHED: Final = _in_lesson(
    LessonProgressRow,
    _LEARNER,
    LessonProgressRow.score,
    LessonProgressRow.time_spent_secs,
    LessonProgressRow.status,
)
_TRIED: Final = (
    # Without the progress: joined to it in one statement, a database takes half as long again.
    _in_lesson(
        LearnerActivityRow,
        _LEARNER,
        func.sum(case((LearnerActivityRow.passed_at == 1, 1), else_=0)),
        func.count(),
        func.max(LearnerActivityRow.hints),
        func.max(LearnerActivityRow.last_at) < bindparam("gone_since"),
    )
    .where(LearnerActivityRow.attempts > 0)
    .group_by(_LEARNER)
)
_PASSED: Final = (
    _in_lesson(LearnerActivityRow, LearnerActivityRow.passed_at, func.count())
    .where(LearnerActivityRow.passed_at.is_not(None))
    .group_by(LearnerActivityRow.passed_at)
)


def learners(tx: Transaction, classroom_id: int) -> dict[int, Marked]:
    """Return who learns in a class by their ids, in the order of their names."""
    query = select(UserRow.id, UserRow.username, UserRow.display_name, UserRow.email)
    query = query.join(ClassroomMemberRow, ClassroomMemberRow.user_id == UserRow.id)
    query = query.where(ClassroomMemberRow.classroom_id == classroom_id, *LEARNS)
    rows = tx.execute(query.order_by(UserRow.display_name, UserRow.username))
    return {row.id: Marked(row.username, row.display_name, row.email) for row in rows}


def reached(tx: Transaction, classroom_id: int, lessons: Collection[int]) -> dict[tuple[int, int], LessonProgress]:
    """Return how far the learners of a class are in some lessons, by user id and lesson id."""
    query = _of_class([LessonProgressRow], LessonProgressRow, classroom_id)
    return {
        (row.user_id, row.lesson_id): value(LessonProgress, row)
        for row in tx.scalars(query.where(LessonProgressRow.lesson_id.in_(lessons)))
    }


def tried(tx: Transaction, classroom_id: int, lessons: Collection[int]) -> list[Tried]:
    """Return where the learners of a class stand at the activities of some lessons."""
    columns = [getattr(LearnerActivityRow, name) for name in Tried.__slots__]
    query = _of_class(columns, LearnerActivityRow, classroom_id).where(LearnerActivityRow.lesson_id.in_(lessons))
    return [Tried(*row) for row in tx.execute(query)]


def tried_lesson(tx: Transaction, classroom_id: int, lesson_id: int, *, gone_since: datetime) -> list[TriedLesson]:
    """Return what each learner of a class did in a lesson they answered something in."""
    of = {"classroom": classroom_id, "lesson": lesson_id}
    reached = {user: row for user, *row in tx.connection().execute(_REACHED, of).all()}
    found = []
    rows = tx.connection().execute(_TRIED, of | {"gone_since": gone_since}).all()
    for user, first_try, tried, hints, is_long_ago in rows:
        if user in reached:
            score, seconds, status = reached[user]
            has_gone = bool(is_long_ago) and status is not LessonStatus.COMPLETED
            found.append(TriedLesson(user, score, first_try, tried, hints > 0, has_gone, seconds))
    return found


def attempts_to_pass(tx: Transaction, classroom_id: int, lesson_id: int) -> list[int]:
    """Return with which answer the learners of a class passed each activity of a lesson they passed."""
    found: list[int] = []
    for passed_at, times in tx.connection().execute(_PASSED, {"classroom": classroom_id, "lesson": lesson_id}):
        found += [passed_at] * times
    return found


def in_course(
    tx: Transaction, classroom_id: int, lessons: Collection[int], user_ids: Collection[int]
) -> dict[int, InCourse]:
    """Return what learners of a class did in some lessons together, by user id; only who opened one."""
    of = LessonProgressRow
    columns: list[Any] = [
        _LEARNER,
        func.sum(of.time_spent_secs),
        func.sum(case((of.status == LessonStatus.COMPLETED, 1), else_=0)),
        func.sum(of.score),
        func.count(),
    ]
    query = _of_class(columns, of, classroom_id).where(of.lesson_id.in_(lessons)).group_by(_LEARNER)
    ordered, found = sorted(user_ids), {}
    for start in range(0, len(ordered), _ADDED_UP):
        some = ordered[start : start + _ADDED_UP]
        rows = tx.connection().execute(query.where(_LEARNER.between(some[0], some[-1])))
        found.update({user: InCourse(*row) for user, *row in rows})
    return found


def points_before(
    tx: Transaction, user_ids: Sequence[int], lesson_id: int, due_at: datetime
) -> dict[int, list[BestPoints]]:
    """Return the most that people earned in a lesson with answers that came in until `due_at`, by user id."""
    earning = (AttemptRow.user_id, AttemptRow.activity, AttemptRow.activity_hash, AttemptRow.run_id)
    query = select(*earning, func.max(AttemptRow.points)).group_by(*earning)
    query = query.where(AttemptRow.lesson_id == lesson_id, AttemptRow.created_at <= due_at)
    found: dict[int, list[BestPoints]] = {}
    for start in range(0, len(user_ids), _AT_A_TIME):
        some = query.where(AttemptRow.user_id.in_(user_ids[start : start + _AT_A_TIME]))
        for user_id, activity, activity_hash, run_id, points in tx.execute(some):
            found.setdefault(user_id, []).append(BestPoints(activity, activity_hash, run_id, points or 0))
    return found
