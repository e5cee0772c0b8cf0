"""Queries behind marks and the figures about lessons: of everybody who learns in a class at present."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, select

from aralify_kernel.domain.marks import Marked
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
