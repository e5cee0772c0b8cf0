"""Queries about classes: their courses, who is in them, when something is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from aralify_kernel.domain.classrooms import ClassRole, Counts, Member
from aralify_kernel.domain.needs_help import IDLE_DAYS
from aralify_kernel.store import upserts
from aralify_kernel.store.models import (
    ClassroomCourseRow,
    ClassroomMemberRow,
    ClassroomRow,
    ClassroomSettingsRow,
    CourseRow,
    DueDateExtensionRow,
    DueDateRow,
    UserRow,
)
from aralify_kernel.store.values import table_of, value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from aralify_kernel.store.database import Transaction

LEARNS = (ClassroomMemberRow.left_at.is_(None), ClassroomMemberRow.role == ClassRole.LEARNER)
"""Tells the stays of those who learn in a class at present."""


@dataclass(frozen=True, slots=True)
class Classroom:
    """A class, and what its teachers set for it."""

    id: int
    slug: str
    name: str
    created_at: datetime
    join_code: str | None = None
    counts: Counts = Counts.BEST_EVER
    idle_days: int = IDLE_DAYS
    holds_solutions: bool = False
    archived_at: datetime | None = None


_SETTINGS = (
    ClassroomSettingsRow.join_code,
    ClassroomSettingsRow.counts,
    ClassroomSettingsRow.idle_days,
    ClassroomSettingsRow.holds_solutions,
    ClassroomSettingsRow.archived_at,
)
_ALL = select(ClassroomRow.id, ClassroomRow.slug, ClassroomRow.name, ClassroomRow.created_at, *_SETTINGS).outerjoin(
    ClassroomSettingsRow, ClassroomSettingsRow.classroom_id == ClassroomRow.id
)


def add(tx: Transaction, slug: str, name: str, *, now: datetime) -> Classroom:
    """Insert a class."""
    row = ClassroomRow(slug=slug, name=name, created_at=now, updated_at=now)
    tx.add(row)
    tx.flush()
    return Classroom(row.id, slug, name, now)


def find(tx: Transaction, slug: str) -> Classroom | None:
    """Return the class called `slug`."""
    row = tx.execute(_ALL.where(ClassroomRow.slug == slug)).one_or_none()
    return None if row is None else _classroom(row)


def by_join_code(tx: Transaction, code: str) -> Classroom | None:
    """Return the class that learners come into by this code."""
    row = tx.execute(_ALL.where(ClassroomSettingsRow.join_code == code)).one_or_none()
    return None if row is None else _classroom(row)


def all_classes(tx: Transaction) -> list[Classroom]:
    """Return every class, by name."""
    return [_classroom(row) for row in tx.execute(_ALL.order_by(ClassroomRow.name, ClassroomRow.id))]


def of_member(tx: Transaction, user_id: int, role: ClassRole) -> list[Classroom]:
    """Return the classes in which a person teaches, or learns, at present, by name."""
    query = _ALL.join(ClassroomMemberRow, ClassroomMemberRow.classroom_id == ClassroomRow.id).where(
        ClassroomMemberRow.user_id == user_id, ClassroomMemberRow.left_at.is_(None), ClassroomMemberRow.role == role
    )
    return [_classroom(row) for row in tx.execute(query.order_by(ClassroomRow.name, ClassroomRow.id))]


def save_settings(tx: Transaction, classroom: Classroom) -> None:
    """Keep what is set for a class."""
    names = ("join_code", "counts", "idle_days", "holds_solutions", "archived_at")
    row = {"classroom_id": classroom.id} | {name: getattr(classroom, name) for name in names}
    upserts.replace(tx, ClassroomSettingsRow, row)


def _classroom(row: Any) -> Classroom:
    if row.counts is None:
        return Classroom(row.id, row.slug, row.name, row.created_at)
    return value(Classroom, row)


def add_course(tx: Transaction, classroom_id: int, course_id: int, *, now: datetime) -> None:
    """Let a class take a course; nothing changes when it does already."""
    if tx.get(ClassroomCourseRow, (classroom_id, course_id)) is None:
        tx.add(ClassroomCourseRow(classroom_id=classroom_id, course_id=course_id, added_at=now))
        tx.flush()


def courses_of(tx: Transaction, classroom_id: int) -> dict[int, str]:
    """Return the courses that a class takes, in order: their slugs by id."""
    query = select(CourseRow.id, CourseRow.slug).join(ClassroomCourseRow, ClassroomCourseRow.course_id == CourseRow.id)
    query = query.where(ClassroomCourseRow.classroom_id == classroom_id)
    return {row.id: row.slug for row in tx.execute(query.order_by(CourseRow.order_index, CourseRow.slug))}


def members(tx: Transaction, classroom_id: int) -> list[Member]:
    """Return who is or was in a class, teachers first, then by name."""
    columns = (
        UserRow.username,
        UserRow.display_name,
        ClassroomMemberRow.role,
        ClassroomMemberRow.joined_at,
        ClassroomMemberRow.left_at,
    )
    query = select(*columns).join(UserRow, UserRow.id == ClassroomMemberRow.user_id)
    order = (ClassroomMemberRow.role.desc(), UserRow.display_name, UserRow.username, ClassroomMemberRow.id)
    found = tx.execute(query.where(ClassroomMemberRow.classroom_id == classroom_id).order_by(*order))
    return [Member(*row) for row in found]


def role_in(tx: Transaction, classroom_id: int, user_id: int) -> ClassRole | None:
    """Return what a person is in a class at present; None when they are not in it."""
    query = select(ClassroomMemberRow.role).where(
        ClassroomMemberRow.classroom_id == classroom_id,
        ClassroomMemberRow.user_id == user_id,
        ClassroomMemberRow.left_at.is_(None),
    )
    return tx.scalar(query)


def join(
    tx: Transaction, classroom_id: int, user_id: int, role: ClassRole, *, is_entrusted: bool = False, now: datetime
) -> None:
    """Let a person who is not in it into a class; `is_entrusted` when its teachers may let them set a password."""
    row = {"classroom_id": classroom_id, "user_id": user_id, "role": role, "joined_at": now, "left_at": None}
    tx.add(ClassroomMemberRow(**row, is_entrusted=is_entrusted))
    tx.flush()


def join_all(
    tx: Transaction, classroom_id: int, user_ids: Iterable[int], entrusted: Collection[int], *, now: datetime
) -> None:
    """Let learners who are not in it into a class."""
    row = {"classroom_id": classroom_id, "role": ClassRole.LEARNER, "joined_at": now, "left_at": None}
    rows = [row | {"user_id": user_id, "is_entrusted": user_id in entrusted} for user_id in user_ids]
    if rows:
        tx.connection().execute(table_of(ClassroomMemberRow).insert(), rows)


def stays(tx: Transaction, classroom_id: int, user_id: int) -> list[tuple[datetime, datetime | None]]:
    """Return from when until when somebody learned in a class, oldest first; None while it lasts."""
    query = select(ClassroomMemberRow.joined_at, ClassroomMemberRow.left_at).where(
        ClassroomMemberRow.classroom_id == classroom_id,
        ClassroomMemberRow.user_id == user_id,
        ClassroomMemberRow.role == ClassRole.LEARNER,
    )
    return [(row.joined_at, row.left_at) for row in tx.execute(query.order_by(ClassroomMemberRow.id))]


def is_entrusted(tx: Transaction, classroom_id: int, user_id: int) -> bool:
    """Whether the teachers of a class may let a learner, who is in it at present, set a new password."""
    query = select(ClassroomMemberRow.is_entrusted).where(
        ClassroomMemberRow.classroom_id == classroom_id, ClassroomMemberRow.user_id == user_id, *LEARNS
    )
    return tx.scalar(query) is True


def learners(tx: Transaction, classroom_id: int) -> list[int]:
    """Return the ids of who learns in a class at present, in order."""
    query = select(ClassroomMemberRow.user_id).where(ClassroomMemberRow.classroom_id == classroom_id, *LEARNS)
    return list(tx.scalars(query.order_by(ClassroomMemberRow.user_id)))


def count_learners(tx: Transaction, classroom_id: int) -> int:
    """Return how many learn in a class at present."""
    query = select(func.count()).select_from(ClassroomMemberRow)
    return tx.scalar(query.where(ClassroomMemberRow.classroom_id == classroom_id, *LEARNS)) or 0


def teachers(tx: Transaction, classroom_id: int) -> tuple[str, ...]:
    """Return the names of who teaches in a class at present, as they are shown."""
    query = select(UserRow.display_name).join(ClassroomMemberRow, ClassroomMemberRow.user_id == UserRow.id)
    query = query.where(
        ClassroomMemberRow.classroom_id == classroom_id,
        ClassroomMemberRow.left_at.is_(None),
        ClassroomMemberRow.role == ClassRole.TEACHER,
    )
    return tuple(tx.scalars(query.order_by(UserRow.display_name, UserRow.id)))


def taught_by(tx: Transaction, user_id: int) -> bool:
    """Whether a person teaches in any class at present."""
    query = select(ClassroomMemberRow.id).where(
        ClassroomMemberRow.user_id == user_id,
        ClassroomMemberRow.left_at.is_(None),
        ClassroomMemberRow.role == ClassRole.TEACHER,
    )
    return tx.scalar(query.limit(1)) is not None


def leave(tx: Transaction, classroom_id: int, user_id: int, *, now: datetime) -> None:
    """End a person's stay in a class. Where the clock was set back, it ends when it began."""
    row = tx.scalar(
        select(ClassroomMemberRow).where(
            ClassroomMemberRow.classroom_id == classroom_id,
            ClassroomMemberRow.user_id == user_id,
            ClassroomMemberRow.left_at.is_(None),
        )
    )
    if row is not None:
        row.left_at = max(now, row.joined_at)
        tx.flush()


def set_due(tx: Transaction, classroom_id: int, level_id: int, due_at: datetime | None) -> None:
    """Keep when a class should have finished a level; None takes the date away."""
    row = tx.get(DueDateRow, (classroom_id, level_id))
    if row is not None and due_at is not None:
        row.due_at = due_at
    elif row is not None:
        tx.delete(row)
    elif due_at is not None:
        tx.add(DueDateRow(classroom_id=classroom_id, level_id=level_id, due_at=due_at))
    tx.flush()


def extend_due(tx: Transaction, classroom_id: int, level_id: int, user_id: int, due_at: datetime) -> None:
    """Keep a later date for one learner."""
    this = (
        DueDateExtensionRow.classroom_id == classroom_id,
        DueDateExtensionRow.level_id == level_id,
        DueDateExtensionRow.user_id == user_id,
    )
    row = tx.scalar(select(DueDateExtensionRow).where(*this))
    if row is None:
        tx.add(DueDateExtensionRow(classroom_id=classroom_id, level_id=level_id, user_id=user_id, due_at=due_at))
    else:
        row.due_at = due_at
    tx.flush()


def due_dates(tx: Transaction, classroom_id: int) -> dict[int, datetime]:
    """Return when a class should have finished what, by level id."""
    query = select(DueDateRow.level_id, DueDateRow.due_at).where(DueDateRow.classroom_id == classroom_id)
    return {row.level_id: row.due_at for row in tx.execute(query)}


def extensions_of(tx: Transaction, classroom_id: int, user_id: int) -> dict[int, datetime]:
    """Return a learner's own dates in a class, by level id."""
    query = select(DueDateExtensionRow.level_id, DueDateExtensionRow.due_at).where(
        DueDateExtensionRow.classroom_id == classroom_id, DueDateExtensionRow.user_id == user_id
    )
    return {row.level_id: row.due_at for row in tx.execute(query)}


def all_extensions(tx: Transaction, classroom_id: int) -> dict[tuple[int, int], datetime]:
    """Return every learner's own dates in a class, by user id and level id."""
    query = select(DueDateExtensionRow.user_id, DueDateExtensionRow.level_id, DueDateExtensionRow.due_at)
    query = query.where(DueDateExtensionRow.classroom_id == classroom_id)
    return {(row.user_id, row.level_id): row.due_at for row in tx.execute(query)}
