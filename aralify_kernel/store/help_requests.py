"""Queries about questions that learners ask their teachers, and the replies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, select

from aralify_kernel.domain.class_talk import TeacherNote
from aralify_kernel.store import upserts
from aralify_kernel.store.classrooms import LEARNS
from aralify_kernel.store.models import (
    ClassroomMemberRow,
    HelpReplyRow,
    HelpRequestRow,
    LearnerActivityRow,
    LessonRow,
    LevelRow,
    UserRow,
)
from aralify_kernel.store.values import columns, table_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select

    from aralify_kernel.store.database import Transaction

_REQUESTS, _REPLIES = table_of(HelpRequestRow), table_of(HelpReplyRow)


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A question on its way into the store."""

    user_id: int
    lesson_id: int
    activity: str
    attempt_id: int
    question: str
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpRequest(NewRequest):
    """A question with the reply to it; None until there is one."""

    id: int
    reply: TeacherNote | None


_ALL = select(_REQUESTS, _REPLIES.c.text, _REPLIES.c.replied_at, UserRow.display_name.label("author"))
_ALL = _ALL.outerjoin(_REPLIES, _REPLIES.c.request_id == _REQUESTS.c.id).outerjoin(
    UserRow, UserRow.id == _REPLIES.c.author_id
)
_NEWEST = _ALL.where(
    _REQUESTS.c.user_id == bindparam("user"),
    _REQUESTS.c.lesson_id == bindparam("lesson"),
    _REQUESTS.c.activity == bindparam("activity"),
)
_NEWEST = _NEWEST.order_by(_REQUESTS.c.id.desc()).limit(1)


def add(tx: Transaction, request: NewRequest) -> HelpRequest:
    """Insert a question."""
    row = columns(request)
    return HelpRequest(**row, id=upserts.insert(tx, _REQUESTS, row), reply=None)


def forget_waiting(tx: Transaction, user_id: int, lesson_id: int, activity: str) -> None:
    """Delete the questions of a learner about an activity that nobody has replied to."""
    replied = select(_REPLIES.c.request_id).where(_REPLIES.c.request_id == _REQUESTS.c.id).exists()
    this = (_REQUESTS.c.user_id == user_id, _REQUESTS.c.lesson_id == lesson_id, _REQUESTS.c.activity == activity)
    tx.connection().execute(delete(_REQUESTS).where(*this, ~replied))


def reply(tx: Transaction, request_id: int, author_id: int | None, text: str, *, now: datetime) -> None:
    """Keep the reply to a question, in the place of an earlier one."""
    row = {"request_id": request_id, "author_id": author_id, "text": text, "replied_at": now}
    upserts.replace(tx, HelpReplyRow, row)


def newest(tx: Transaction, user_id: int, lesson_id: int, activity: str) -> HelpRequest | None:
    """Return the newest question of a learner about an activity; None when they asked none."""
    found = _found(tx, _NEWEST, {"user": user_id, "lesson": lesson_id, "activity": activity})
    return found[0] if found else None


def of_lesson(tx: Transaction, user_id: int, lesson_id: int) -> list[HelpRequest]:
    """Return the questions of a learner about a lesson, oldest first."""
    query = _ALL.where(_REQUESTS.c.user_id == user_id, _REQUESTS.c.lesson_id == lesson_id)
    return _found(tx, query.order_by(_REQUESTS.c.id))


def replied(tx: Transaction, user_id: int, most: int) -> list[HelpRequest]:
    """Return the questions of a learner that teachers replied to, the newest reply first."""
    query = _ALL.where(_REQUESTS.c.user_id == user_id, _REPLIES.c.request_id.is_not(None))
    return _found(tx, query.order_by(_REPLIES.c.replied_at.desc(), _REQUESTS.c.id.desc()).limit(most))


def of_learner(tx: Transaction, user_id: int, course_id: int) -> list[HelpRequest]:
    """Return the questions of a learner in a course, oldest first."""
    query = _ALL.where(_REQUESTS.c.user_id == user_id, _REQUESTS.c.lesson_id.in_(_lessons(course_id)))
    return _found(tx, query.order_by(_REQUESTS.c.id))


def waiting(tx: Transaction, classroom_id: int, course_id: int) -> list[HelpRequest]:
    """Return the questions of a class in a course that wait for a reply, oldest first.

    One whose learner has passed the activity since waits no longer.
    """
    passed_since = (
        select(LearnerActivityRow.user_id)
        .where(
            LearnerActivityRow.user_id == _REQUESTS.c.user_id,
            LearnerActivityRow.lesson_id == _REQUESTS.c.lesson_id,
            LearnerActivityRow.activity == _REQUESTS.c.activity,
            LearnerActivityRow.failing_answers == 0,
            LearnerActivityRow.last_at > _REQUESTS.c.asked_at,
        )
        .exists()
    )
    member = and_(ClassroomMemberRow.user_id == _REQUESTS.c.user_id, *LEARNS)
    query = _ALL.join(ClassroomMemberRow, member).where(
        ClassroomMemberRow.classroom_id == classroom_id,
        _REQUESTS.c.lesson_id.in_(_lessons(course_id)),
        _REPLIES.c.request_id.is_(None),
        ~passed_since,
    )
    return _found(tx, query.order_by(_REQUESTS.c.id))


def get(tx: Transaction, request_id: int) -> HelpRequest | None:
    """Return the question with this id."""
    found = _found(tx, _ALL.where(_REQUESTS.c.id == request_id))
    return found[0] if found else None


def _lessons(course_id: int) -> Select[int]:
    return select(LessonRow.id).join(LevelRow, LevelRow.id == LessonRow.level_id).where(LevelRow.course_id == course_id)


def _found(tx: Transaction, query: Select[Any], values: dict[str, Any] | None = None) -> list[HelpRequest]:
    return [
        HelpRequest(
            user_id=row.user_id,
            lesson_id=row.lesson_id,
            activity=row.activity,
            attempt_id=row.attempt_id,
            question=row.question,
            asked_at=row.asked_at,
            id=row.id,
            reply=None if row.text is None else TeacherNote(row.text, row.author or "", row.replied_at),
        )
        for row in tx.connection().execute(query, values or {})
    ]
