"""Queries about what teachers did that concerns one learner, who may look it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from aralify_kernel.domain.class_talk import Reader
from aralify_kernel.domain.teaching import Act, ActDone
from aralify_kernel.store import upserts
from aralify_kernel.store.models import ClassActRow, ClassroomRow, UserRow
from aralify_kernel.store.values import table_of

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.store.database import Transaction

_ACTS = table_of(ClassActRow)


def note(
    tx: Transaction, classroom_id: int, user_id: int, actor_id: int | None, act: Act, about: str, *, now: datetime
) -> None:
    """Insert that a teacher (the operator: None) did something that concerns a learner."""
    row = {"classroom_id": classroom_id, "user_id": user_id, "actor_id": actor_id, "act": act, "about": about}
    upserts.insert(tx, _ACTS, row | {"done_at": now})


def readers(tx: Transaction, user_id: int, ref: LessonRef) -> tuple[Reader, ...]:
    """Return who read the code of a learner in a lesson, and when they last did, last first."""
    last = func.max(ClassActRow.done_at)
    query = (
        select(UserRow.display_name, last)
        .select_from(ClassActRow)
        .outerjoin(UserRow, UserRow.id == ClassActRow.actor_id)
        .where(
            ClassActRow.user_id == user_id,
            ClassActRow.act == Act.CODE_READ,
            ClassActRow.about.startswith(f"{ref}#", autoescape=True),
        )
        .group_by(ClassActRow.actor_id, UserRow.display_name)
        .order_by(last.desc())
    )
    return tuple(Reader(name or "", at) for name, at in tx.execute(query))


def of_learner(tx: Transaction, user_id: int, limit: int = 100) -> tuple[ActDone, ...]:
    """Return what teachers did that concerns a learner, newest first."""
    query = (
        select(ClassActRow.act, UserRow.display_name, ClassroomRow.name, ClassActRow.about, ClassActRow.done_at)
        .join(ClassroomRow, ClassroomRow.id == ClassActRow.classroom_id)
        .outerjoin(UserRow, UserRow.id == ClassActRow.actor_id)
        .where(ClassActRow.user_id == user_id)
        .order_by(ClassActRow.id.desc())
        .limit(limit)
    )
    return tuple(
        ActDone(row.act, row.display_name or "", row.name, row.about, row.done_at) for row in tx.execute(query)
    )
