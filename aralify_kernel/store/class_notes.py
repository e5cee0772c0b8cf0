"""Queries about the notes that teachers write to all learners whose answers fail in one way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, select, update

from aralify_kernel.domain.class_talk import TeacherNote
from aralify_kernel.store import upserts
from aralify_kernel.store.classrooms import LEARNS
from aralify_kernel.store.models import ClassNoteRow, ClassroomMemberRow, LearnerActivityRow, UserRow
from aralify_kernel.store.values import columns, table_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from aralify_kernel.store.database import Transaction

_NOTES = table_of(ClassNoteRow)
_SHOWN = select(ClassNoteRow.text, UserRow.display_name, ClassNoteRow.created_at)
_SHOWN = _SHOWN.outerjoin(UserRow, UserRow.id == ClassNoteRow.author_id).where(ClassNoteRow.withdrawn_at.is_(None))
_TO_LEARNER = (
    _SHOWN.join(ClassroomMemberRow, ClassroomMemberRow.classroom_id == ClassNoteRow.classroom_id)
    .where(
        ClassNoteRow.lesson_id == bindparam("lesson_id"),
        ClassNoteRow.activity == bindparam("activity"),
        ClassNoteRow.signature == bindparam("signature"),
        ClassroomMemberRow.user_id == bindparam("user"),
        *LEARNS,
    )
    .order_by(ClassNoteRow.id)
)


@dataclass(frozen=True, slots=True)
class Group:
    """Answers that fail in the same way."""

    lesson_id: int
    activity: str
    signature: str


def write(tx: Transaction, classroom_id: int, group: Group, author_id: int | None, text: str, *, now: datetime) -> int:
    """Insert a note to a group of a class, in the place of the one it has; return its id."""
    this = (
        ClassNoteRow.lesson_id == group.lesson_id,
        ClassNoteRow.activity == group.activity,
        ClassNoteRow.signature == group.signature,
        ClassNoteRow.classroom_id == classroom_id,
    )
    tx.execute(update(ClassNoteRow).where(*this, ClassNoteRow.withdrawn_at.is_(None)).values(withdrawn_at=now))
    row = {
        "classroom_id": classroom_id,
        "author_id": author_id,
        "text": text,
        "created_at": now,
        "withdrawn_at": None,
    }
    return upserts.insert(tx, _NOTES, row | columns(group))


def withdraw(tx: Transaction, classroom_id: int, note_id: int, *, now: datetime) -> bool:
    """Let a note reach nobody any more; return whether the class had it."""
    this = (ClassNoteRow.id == note_id, ClassNoteRow.classroom_id == classroom_id, ClassNoteRow.withdrawn_at.is_(None))
    return tx.connection().execute(update(ClassNoteRow).where(*this).values(withdrawn_at=now)).rowcount > 0


def to_learner(tx: Transaction, user_id: int, group: Group) -> tuple[TeacherNote, ...]:
    """Return the notes that reach a learner whose answer is in a group, oldest first."""
    found = tx.connection().execute(_TO_LEARNER, {"user": user_id} | columns(group))
    return tuple(TeacherNote(text, author or "", at) for text, author, at in found)


def about_newest(tx: Transaction, user_id: int, most: int) -> list[tuple[Group, TeacherNote]]:
    """Return the notes about how a learner's newest answers fail, wherever that is, newest first."""
    group = (ClassNoteRow.lesson_id, ClassNoteRow.activity, ClassNoteRow.signature)
    failing = (
        LearnerActivityRow.lesson_id == ClassNoteRow.lesson_id,
        LearnerActivityRow.activity == ClassNoteRow.activity,
        LearnerActivityRow.signature == ClassNoteRow.signature,
        LearnerActivityRow.user_id == ClassroomMemberRow.user_id,
        LearnerActivityRow.failing_answers > 0,
    )
    query = (
        _SHOWN.add_columns(*group)
        .join(ClassroomMemberRow, ClassroomMemberRow.classroom_id == ClassNoteRow.classroom_id)
        .join(LearnerActivityRow, and_(*failing))
        .where(ClassroomMemberRow.user_id == user_id, *LEARNS)
        .order_by(ClassNoteRow.id.desc())
        .limit(most)
    )
    return [
        (Group(lesson_id, activity, signature), TeacherNote(text, author or "", at))
        for text, author, at, lesson_id, activity, signature in tx.connection().execute(query)
    ]


def of_groups(tx: Transaction, classroom_id: int, lessons: Collection[int]) -> dict[Group, tuple[int, TeacherNote]]:
    """Return the notes of a class in some lessons with their ids, by the group they are for."""
    group = (ClassNoteRow.lesson_id, ClassNoteRow.activity, ClassNoteRow.signature)
    query = _SHOWN.add_columns(*group, ClassNoteRow.id).where(
        ClassNoteRow.classroom_id == classroom_id, ClassNoteRow.lesson_id.in_(lessons)
    )
    return {
        Group(lesson_id, activity, signature): (id_, TeacherNote(text, author or "", at))
        for text, author, at, lesson_id, activity, signature, id_ in tx.connection().execute(query)
    }
