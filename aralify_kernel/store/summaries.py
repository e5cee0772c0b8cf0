"""Queries about the summaries that follow from each answer: read before it, written after it, taken away again."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, insert, select

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.summaries import CourseTries, Tries
from aralify_kernel.store import upserts
from aralify_kernel.store.models import (
    ClassActivityRow,
    ClassDayRow,
    ClassFailureRow,
    ClassroomCourseRow,
    ClassroomMemberRow,
    LearnerActivityRow,
    LearnerCourseRow,
    LearnerFailureRow,
)
from aralify_kernel.store.values import columns

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from aralify_kernel.domain.summaries import ActivityCounts, DayCounts, FailureCounts
    from aralify_kernel.store.database import Transaction
    from aralify_kernel.store.models import Base

Rows = dict[tuple[Any, ...], dict[str, Any]]
"""The rest of each row by its key."""

LEARNER_TABLES: dict[str, type[Base]] = {
    row.__tablename__: row for row in (LearnerActivityRow, LearnerCourseRow, LearnerFailureRow)
}
"""The tables with rows of one learner; their keys here are without the learner."""

CLASS_TABLES: dict[str, type[Base]] = {
    row.__tablename__: row for row in (ClassDayRow, ClassActivityRow, ClassFailureRow)
}
"""The tables whose rows are sums over the learners of a class."""

CLASSES = (
    select(ClassroomMemberRow.classroom_id)
    .join(ClassroomCourseRow, ClassroomCourseRow.classroom_id == ClassroomMemberRow.classroom_id)
    .where(
        ClassroomMemberRow.user_id == bindparam("user"),
        ClassroomMemberRow.left_at.is_(None),
        ClassroomMemberRow.role == ClassRole.LEARNER,
        ClassroomCourseRow.course_id == bindparam("course"),
    )
)
"""The ids of the classes in which `user` learns `course` at present."""
_TRIES = select(*(getattr(LearnerActivityRow, field.name) for field in fields(Tries))).where(
    LearnerActivityRow.user_id == bindparam("user"),
    LearnerActivityRow.lesson_id == bindparam("lesson"),
    LearnerActivityRow.activity == bindparam("activity"),
)
_COURSE_TRIES = select(*(getattr(LearnerCourseRow, field.name) for field in fields(CourseTries))).where(
    LearnerCourseRow.user_id == bindparam("user"), LearnerCourseRow.course_id == bindparam("course")
)


def classes_of(tx: Transaction, user_id: int, course_id: int) -> list[int]:
    """Return the ids of the classes in which somebody learns a course at present, in order."""
    return sorted(tx.connection().scalars(CLASSES, {"user": user_id, "course": course_id}))


def tries(tx: Transaction, user_id: int, lesson_id: int, activity: str) -> Tries:
    """Return where a learner stands at an activity."""
    this = {"user": user_id, "lesson": lesson_id, "activity": activity}
    row = tx.connection().execute(_TRIES, this).one_or_none()
    return Tries() if row is None else Tries(**(row._asdict() | {"failing_hashes": tuple(row.failing_hashes)}))


def save_tries(tx: Transaction, user_id: int, lesson_id: int, activity: str, tries: Tries) -> None:
    """Keep where a learner stands at an activity."""
    key = {"user_id": user_id, "lesson_id": lesson_id, "activity": activity}
    upserts.replace(tx, LearnerActivityRow, key | columns(tries))


def course_tries(tx: Transaction, user_id: int, course_id: int) -> CourseTries:
    """Return where a learner stands in a course."""
    row = tx.connection().execute(_COURSE_TRIES, {"user": user_id, "course": course_id}).one_or_none()
    return CourseTries() if row is None else CourseTries(**row._asdict())


def save_course_tries(tx: Transaction, user_id: int, course_id: int, tries: CourseTries) -> None:
    """Keep where a learner stands in a course."""
    upserts.replace(tx, LearnerCourseRow, {"user_id": user_id, "course_id": course_id} | columns(tries))


def save_failures(
    tx: Transaction, user_id: int, lesson_id: int, activity: str, signature: str, *, attempts: int, last_id: int
) -> None:
    """Keep how often a learner failed with this signature, and in which attempt the last time."""
    key = {"user_id": user_id, "lesson_id": lesson_id, "activity": activity, "signature": signature}
    upserts.replace(tx, LearnerFailureRow, key | {"attempts": attempts, "last_attempt_id": last_id})


def count_day(tx: Transaction, classes: Iterable[int], course_id: int, date: dt.date, counts: DayCounts) -> None:
    """Add to what classes did in a course on a date."""
    key = {"course_id": course_id, "date": date}
    upserts.add(tx, ClassDayRow, [{"classroom_id": one} | key | columns(counts) for one in classes])


def count_activity(
    tx: Transaction, classes: Iterable[int], lesson_id: int, activity: str, counts: ActivityCounts
) -> None:
    """Add to what classes did at an activity."""
    key = {"lesson_id": lesson_id, "activity": activity}
    upserts.add(tx, ClassActivityRow, [{"classroom_id": one} | key | columns(counts) for one in classes])


def count_class_failure(
    tx: Transaction, classes: Iterable[int], lesson_id: int, activity: str, signature: str, counts: FailureCounts
) -> None:
    """Add to how often classes failed in one way."""
    key = {"lesson_id": lesson_id, "activity": activity, "signature": signature}
    upserts.add(tx, ClassFailureRow, [{"classroom_id": one} | key | columns(counts) for one in classes])


def of_learner(tx: Transaction, table: str, user_id: int) -> Rows:
    """Return a learner's rows in one of the LEARNER_TABLES."""
    kind = LEARNER_TABLES[table]
    return _rows(tx, kind, _key(kind)[1:], kind.__table__.c.user_id == user_id, without={"user_id"})


def of_classes(tx: Transaction, table: str) -> Rows:
    """Return all rows of one of the CLASS_TABLES."""
    kind = CLASS_TABLES[table]
    return _rows(tx, kind, _key(kind))


def replace_of_learner(tx: Transaction, table: str, user_id: int, rows: Mapping[tuple[Any, ...], Any]) -> None:
    """Make `rows` a learner's rows in one of the LEARNER_TABLES."""
    kind = LEARNER_TABLES[table]
    tx.execute(delete(kind).where(kind.__table__.c.user_id == user_id))
    key = _key(kind)
    _insert_all(tx, kind, [dict(zip(key, (user_id, *of), strict=True)) | row for of, row in rows.items()])


def replace_of_classes(tx: Transaction, table: str, rows: Mapping[tuple[Any, ...], Any]) -> None:
    """Make `rows` all there are in one of the CLASS_TABLES."""
    kind = CLASS_TABLES[table]
    tx.execute(delete(kind))
    key = _key(kind)
    _insert_all(tx, kind, [dict(zip(key, of, strict=True)) | row for of, row in rows.items()])


def add_to_classes(tx: Transaction, table: str, rows: Mapping[tuple[Any, ...], dict[str, int]]) -> None:
    """Add counts to one of the CLASS_TABLES."""
    key = _key(CLASS_TABLES[table])
    if rows:
        upserts.add(tx, CLASS_TABLES[table], [dict(zip(key, of, strict=True)) | counts for of, counts in rows.items()])


def take_from_classes(tx: Transaction, table: str, rows: Mapping[tuple[Any, ...], dict[str, int]]) -> None:
    """Take counts away from one of the CLASS_TABLES; what comes to nothing goes."""
    kind = CLASS_TABLES[table]
    less = {of: {name: -count for name, count in counts.items()} for of, counts in rows.items()}
    add_to_classes(tx, table, less)
    nothing = and_(*(column == 0 for name, column in kind.__table__.c.items() if name not in _key(kind)))
    tx.execute(delete(kind).where(kind.__table__.c.classroom_id.in_({of[0] for of in rows}), nothing))


def _rows(
    tx: Transaction, kind: type[Base], key: Sequence[str], *conditions: Any, without: set[str] | None = None
) -> Rows:
    found: Rows = {}
    for row in tx.connection().execute(select(kind.__table__).where(*conditions)).mappings():
        rest = {name: row[name] for name in row if name not in key and name not in (without or set())}
        found[tuple(row[name] for name in key)] = rest
    return found


def _insert_all(tx: Transaction, kind: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        tx.connection().execute(insert(kind), rows)


def _key(kind: type[Base]) -> list[str]:
    return [column.name for column in kind.__table__.primary_key]
