"""Queries about classes: their courses, who is in them, when something is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from aralify_kernel.domain.classrooms import ClassRole, Member
from aralify_kernel.store.models import (
    ClassroomCourseRow,
    ClassroomMemberRow,
    ClassroomRow,
    CourseRow,
    DueDateExtensionRow,
    DueDateRow,
    UserRow,
)
from aralify_kernel.store.values import value

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Classroom:
    """A class."""

    id: int
    slug: str
    name: str
    created_at: datetime


def add(tx: Transaction, slug: str, name: str, *, now: datetime) -> Classroom:
    """Insert a class."""
    row = ClassroomRow(slug=slug, name=name, created_at=now, updated_at=now)
    tx.add(row)
    tx.flush()
    return value(Classroom, row)


def find(tx: Transaction, slug: str) -> Classroom | None:
    """Return the class called `slug`."""
    row = tx.scalar(select(ClassroomRow).where(ClassroomRow.slug == slug))
    return None if row is None else value(Classroom, row)


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


def join(tx: Transaction, classroom_id: int, user_id: int, role: ClassRole, *, now: datetime) -> None:
    """Let a person who is not in it into a class."""
    tx.add(ClassroomMemberRow(classroom_id=classroom_id, user_id=user_id, role=role, joined_at=now, left_at=None))
    tx.flush()


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
