"""Queries behind marks and the figures about lessons: of everybody who learns in a class at present."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, func, select

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
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from aralify_kernel.store.database import Transaction

_AT_A_TIME: Final = 500
"""How many people one statement names."""


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

    username: str
    display_name: str
    time_spent_secs: int
    lessons_completed: int
    score_sum: int
    lessons: int


def learners(tx: Transaction, classroom_id: int) -> dict[int, Marked]:
    """Return who learns in a class by their ids, in the order of their names."""
    query = select(UserRow.id, UserRow.username, UserRow.display_name, UserRow.email)
    query = query.join(ClassroomMemberRow, ClassroomMemberRow.user_id == UserRow.id)
    query = query.where(ClassroomMemberRow.classroom_id == classroom_id, *LEARNS)
    rows = tx.execute(query.order_by(UserRow.display_name, UserRow.username))
    return {row.id: Marked(row.username, row.display_name, row.email) for row in rows}


def reached(tx: Transaction, classroom_id: int, lessons: Collection[int]) -> dict[tuple[int, int], LessonProgress]:
    """Return how far the learners of a class are in some lessons, by user id and lesson id."""
    query = _of_class(select(LessonProgressRow), LessonProgressRow, classroom_id, lessons)
    return {(row.user_id, row.lesson_id): value(LessonProgress, row) for row in tx.scalars(query)}


def tried(tx: Transaction, classroom_id: int, lessons: Collection[int]) -> list[Tried]:
    """Return where the learners of a class stand at the activities of some lessons."""
    columns = [getattr(LearnerActivityRow, name) for name in Tried.__slots__]
    query = _of_class(select(*columns), LearnerActivityRow, classroom_id, lessons)
    return [Tried(*row) for row in tx.execute(query)]


def tried_lessons(
    tx: Transaction, classroom_id: int, lessons: Collection[int], *, gone_since: datetime
) -> dict[int, list[TriedLesson]]:
    """Return what each learner of a class did in each lesson they answered something in, by lesson id.

    The database adds up what was done at the activities, in the order of its index: `lessons` are chosen afterwards.
    """
    this, progress = LearnerActivityRow, LessonProgressRow
    tried = (
        select(
            ClassroomMemberRow.user_id,
            this.lesson_id,
            func.sum(case((this.passed_at == 1, 1), else_=0)).label("first_try"),
            func.count().label("tried"),
            func.max(this.hints).label("hints"),
            func.max(this.last_at).label("last_at"),
        )
        .join(this, this.user_id == ClassroomMemberRow.user_id)
        .where(ClassroomMemberRow.classroom_id == classroom_id, *LEARNS, this.attempts > 0)
        .group_by(ClassroomMemberRow.user_id, this.lesson_id)
        .subquery("tried")
    )
    has_gone = and_(progress.status != LessonStatus.COMPLETED, tried.c.last_at < gone_since)
    columns = (tried.c.first_try, tried.c.tried, tried.c.hints > 0, has_gone, progress.time_spent_secs)
    query = select(progress.lesson_id, progress.user_id, progress.score, *columns).join(
        tried, and_(progress.user_id == tried.c.user_id, progress.lesson_id == tried.c.lesson_id)
    )
    found: dict[int, list[TriedLesson]] = defaultdict(list)
    for lesson_id, *row in tx.execute(query.where(progress.lesson_id.in_(lessons))):
        found[lesson_id].append(TriedLesson(*row))
    return found


def attempts_to_pass(tx: Transaction, classroom_id: int, lessons: Collection[int]) -> dict[int, list[int]]:
    """Return with which answer the learners of a class passed each activity they passed, by lesson id."""
    columns = (LearnerActivityRow.lesson_id, LearnerActivityRow.passed_at)
    member = LearnerActivityRow.user_id == ClassroomMemberRow.user_id
    query = select(*columns, func.count()).select_from(ClassroomMemberRow).join(LearnerActivityRow, member)
    query = query.where(ClassroomMemberRow.classroom_id == classroom_id, *LEARNS, columns[1].is_not(None))
    found: dict[int, list[int]] = defaultdict(list)
    for lesson_id, passed_at, times in tx.execute(query.group_by(*columns)):
        if lesson_id in lessons:
            found[lesson_id] += [passed_at or 0] * times
    return found


def in_course(tx: Transaction, classroom_id: int, lessons: Collection[int]) -> list[InCourse]:
    """Return what the learners of a class did in some lessons together, by name; only who opened one."""
    of, is_completed = LessonProgressRow, LessonProgressRow.status == LessonStatus.COMPLETED
    sums = (
        func.sum(of.time_spent_secs).label("time_spent_secs"),
        func.sum(case((is_completed, 1), else_=0)).label("lessons_completed"),
        func.sum(of.score).label("score_sum"),
        func.count().label("lessons"),
    )
    columns: list[Any] = [of.user_id, *sums]
    summed = _of_class(select(*columns), of, classroom_id, lessons)
    added = summed.group_by(of.user_id).subquery("added")
    query = select(UserRow.username, UserRow.display_name, *(added.c[one.name] for one in sums))
    query = query.join(added, added.c.user_id == UserRow.id).order_by(UserRow.display_name, UserRow.username)
    return [InCourse(*row) for row in tx.execute(query)]


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


def _of_class(query: Select[Any], row: Any, classroom_id: int, lessons: Collection[int]) -> Select[Any]:
    member = and_(ClassroomMemberRow.user_id == row.user_id, *LEARNS)
    return query.join(ClassroomMemberRow, member).where(
        ClassroomMemberRow.classroom_id == classroom_id, row.lesson_id.in_(lessons)
    )
