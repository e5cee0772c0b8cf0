"""What an answer finds, read in one statement: when a class submits all at once, each statement more is felt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, bindparam, func, select, true

from aralify_kernel.domain.streaks import LocalDay
from aralify_kernel.domain.summaries import CourseTries, Tries
from aralify_kernel.store import upserts
from aralify_kernel.store.attempts import BestPoints, best_points_in_one
from aralify_kernel.store.learner_events import LAST_MOMENT
from aralify_kernel.store.models import (
    ActivityDayRow,
    AttemptRow,
    CourseProgressRow,
    CourseVersionRow,
    LearnerActivityRow,
    LearnerCourseRow,
    LearnerFailureRow,
    LessonProgressRow,
    UserRow,
)
from aralify_kernel.store.progress import CourseProgress, LessonProgress
from aralify_kernel.store.summaries import CLASSES
from aralify_kernel.store.values import list_of, table_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, FromClause, Row, Select

    from aralify_kernel.store.database import Transaction
    from aralify_kernel.store.models import Base


@dataclass(frozen=True, slots=True)
class Asked:
    """By what to look for all that an answer finds."""

    user: int
    key: str
    course: int
    course_ref: str
    lesson: int
    activity: str
    signature: str
    day: dt.date
    attempt_id: int | None = None
    """Which id the answer will have, when it has been asked for before: a database counts it as taken."""


@dataclass(frozen=True, slots=True)
class Before:
    """What there was before an answer. Progress is None before a course is started, a lesson opened."""

    attempt_id: int
    """Which id the answer will have, unless it is repeated."""
    is_repeated: bool
    """Whether its key has been used."""
    course_version: int
    last_event_at: datetime | None
    last_day: LocalDay | None
    attempts_on_day: int
    classes: tuple[int, ...]
    """In which classes its author learns the course at present, in order."""
    failures: int
    """How often its author failed at the activity with the same signature."""
    best_points: tuple[BestPoints, ...]
    """The most they earned in the lesson."""
    course: CourseProgress | None
    lesson: LessonProgress | None
    tries: Tries
    course_tries: CourseTries


def look(tx: Transaction, asked: Asked) -> Before:
    """Return what there is before an answer; its author's row must be locked."""
    connection = tx.connection()
    query, values = _everything(connection.dialect.name), {name: getattr(asked, name) for name in Asked.__slots__}
    row = connection.execute(query, values).one()
    tries = _part(row, Tries)
    return Before(
        attempt_id=row.attempt_id,
        is_repeated=row.same_key is not None,
        course_version=row.course_version or 0,
        last_event_at=row.last_event_at,
        last_day=None if row.last_date is None else LocalDay(row.last_date, row.last_offset),
        attempts_on_day=row.attempts_on_day or 0,
        classes=tuple(sorted(row.classes or ())),
        failures=row.failures or 0,
        best_points=tuple(BestPoints(*one) for one in row.best_points or ()),
        course=_part(row, CourseProgress),
        lesson=_part(row, LessonProgress),
        tries=Tries() if tries is None else replace(tries, failing_hashes=tuple(tries.failing_hashes)),
        course_tries=_part(row, CourseTries) or CourseTries(),
    )


_JOINED: dict[type[Any], tuple[str, type[Base], tuple[str, ...]]] = {
    CourseProgress: ("c", CourseProgressRow, ("course_id",)),
    LessonProgress: ("l", LessonProgressRow, ("lesson_id",)),
    Tries: ("t", LearnerActivityRow, ("lesson_id", "activity")),
    CourseTries: ("s", LearnerCourseRow, ("course_id",)),
}
"""What is in one row of a table or in none, under which name, and which columns, after the learner's, tell in which."""


def _part(row: Row[Any], kind: type[Any]) -> Any:
    """Return what was joined of a table; None when there was no row."""
    alias = _JOINED[kind][0]
    values = {name: row._mapping[f"{alias}_{name}"] for name in kind.__slots__}
    return None if values[kind.__slots__[0]] is None else kind(**values)


@cache
def _everything(dialect: str) -> Select[*tuple[Any, ...]]:
    """Return the query of one row: what stands alone, the last day, and one row of each joined table."""
    days, of_user = table_of(ActivityDayRow), {"user_id": "user"}
    day = select(days.c.date, days.c.utc_offset_min).where(*_these(days, of_user))
    last_day = day.order_by(days.c.date.desc()).limit(1).subquery("last_day")
    alone, known = _alone(dialect), bindparam("attempt_id", type_=Integer)
    next_id = upserts.next_id(dialect, table_of(AttemptRow))
    query = select(
        func.coalesce(known, next_id).label("attempt_id"),
        *(one.scalar_subquery().label(name) for name, one in alone.items()),
        best_points_in_one(dialect).label("best_points"),
        last_day.c.date.label("last_date"),
        last_day.c.utc_offset_min.label("last_offset"),
    )
    query = query.select_from(UserRow).where(UserRow.id == bindparam("user")).outerjoin(last_day, true())
    for kind, (alias, row, key) in _JOINED.items():
        table = table_of(row).alias(alias)
        names = {"user_id": "user"} | {column: column.removesuffix("_id") for column in key}
        query = query.outerjoin(table, and_(*_these(table, names)))
        query = query.add_columns(*(table.c[name].label(f"{alias}_{name}") for name in kind.__slots__))
    return query


def _alone(dialect: str) -> dict[str, Select[Any]]:
    """Return the queries of one value each."""
    attempts, days, failures = table_of(AttemptRow), table_of(ActivityDayRow), table_of(LearnerFailureRow)
    versions = table_of(CourseVersionRow)
    this_failure = {"user_id": "user", "lesson_id": "lesson", "activity": "activity", "signature": "signature"}
    return {
        "same_key": select(attempts.c.id).where(*_these(attempts, {"user_id": "user", "attempt_key": "key"})),
        "course_version": select(func.max(versions.c.version)).where(*_these(versions, {"course_ref": "course_ref"})),
        "last_event_at": LAST_MOMENT,
        "attempts_on_day": select(days.c.attempts).where(*_these(days, {"user_id": "user", "date": "day"})),
        "failures": select(failures.c.attempts).where(*_these(failures, this_failure)),
        "classes": CLASSES.with_only_columns(list_of(dialect, CLASSES.selected_columns[0])),
    }


def _these(table: FromClause, names: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """Return the conditions that columns have the values of these names."""
    return [table.c[column] == bindparam(name) for column, name in names.items()]
