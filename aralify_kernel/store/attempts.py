"""Queries about judged answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, null, select, update

from aralify_kernel.domain.judging import Verdict
from aralify_kernel.store import upserts
from aralify_kernel.store.models import AttemptRow
from aralify_kernel.store.models.attempts import WITH_SOURCE
from aralify_kernel.store.values import columns, list_of, table_of, value

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import ScalarSelect

    from aralify_kernel.domain.facts import ActivityKind
    from aralify_kernel.domain.judging import Isolation
    from aralify_kernel.store.database import Transaction

_ATTEMPTS = table_of(AttemptRow)
_OF_USER = _ATTEMPTS.c.user_id == bindparam("user")
_BY_KEY = select(_ATTEMPTS).where(_OF_USER, _ATTEMPTS.c.attempt_key == bindparam("key"))
_EARNING = (_ATTEMPTS.c.activity, _ATTEMPTS.c.activity_hash, _ATTEMPTS.c.run_id)
_BEST = select(*_EARNING, func.max(_ATTEMPTS.c.points).label("points")).group_by(*_EARNING)
_BEST = _BEST.where(_OF_USER, _ATTEMPTS.c.lesson_id == bindparam("lesson"))


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """A judged answer on its way into the store."""

    user_id: int
    lesson_id: int | None
    lesson_ref: str
    activity: str
    kind: ActivityKind
    content: str
    content_hash: str
    verdict: Verdict
    points: int
    max_points: int
    checks: list[dict[str, Any]]
    error: dict[str, Any] | None
    error_class: str | None
    stdout: str
    signature: str
    isolation: Isolation
    duration_ms: float
    activity_hash: str
    content_version: int
    run_id: int | None
    late: bool
    attempt_key: str
    created_at: datetime
    local_date: dt.date
    utc_offset_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt(NewAttempt):
    """A judged answer as stored; `outcome` is what was told to the learner about what followed."""

    id: int
    outcome: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BestPoints:
    """The most one learner earned at one activity, as it was at that time, in one run (or outside of any)."""

    activity: str
    activity_hash: str
    run_id: int | None
    points: int


def add(tx: Transaction, attempt: Attempt) -> None:
    """Insert an attempt under the id it has, which was the next one."""
    upserts.put(tx, _ATTEMPTS, columns(attempt))


def highest_id(tx: Transaction) -> int:
    """Return the highest id in use; 0 when there is none."""
    return tx.scalar(select(func.max(_ATTEMPTS.c.id))) or 0


def add_all(tx: Transaction, attempts: Iterable[Attempt]) -> None:
    """Insert attempts under the ids they have; for a writer who is alone."""
    upserts.insert_all(tx, _ATTEMPTS, [columns(one) for one in attempts])


def by_key(tx: Transaction, user_id: int, attempt_key: str) -> Attempt | None:
    """Return the attempt a learner's client made under this key."""
    row = tx.connection().execute(_BY_KEY, {"user": user_id, "key": attempt_key}).one_or_none()
    return None if row is None else value(Attempt, row)


def last(tx: Transaction, user_id: int, lesson_id: int, activity: str) -> Attempt | None:
    """Return the newest attempt of a learner at one activity."""
    query = select(AttemptRow).where(
        AttemptRow.user_id == user_id, AttemptRow.lesson_id == lesson_id, AttemptRow.activity == activity
    )
    row = tx.scalar(query.order_by(AttemptRow.id.desc()).limit(1))
    return None if row is None else value(Attempt, row)


def newest_moment(tx: Transaction, user_id: int, lesson_id: int) -> datetime | None:
    """Return when a learner's newest attempt in a lesson came in; None before the first."""
    newest = select(func.max(AttemptRow.id)).where(AttemptRow.user_id == user_id, AttemptRow.lesson_id == lesson_id)
    return tx.scalar(select(AttemptRow.created_at).where(AttemptRow.id == newest.scalar_subquery()))


def get(tx: Transaction, attempt_id: int) -> Attempt | None:
    """Return the attempt with this id."""
    row = tx.get(AttemptRow, attempt_id)
    return None if row is None else value(Attempt, row)


def some(tx: Transaction, ids: Collection[int]) -> dict[int, Attempt]:
    """Return the attempts with these ids."""
    found = tx.scalars(select(AttemptRow).where(AttemptRow.id.in_(ids)))
    return {row.id: value(Attempt, row) for row in found}


def in_lessons(tx: Transaction, user_id: int, lesson_ids: Collection[int], limit: int) -> list[Attempt]:
    """Return a learner's newest attempts in some lessons, newest first."""
    query = select(AttemptRow).where(AttemptRow.user_id == user_id, AttemptRow.lesson_id.in_(lesson_ids))
    # By their numbers, SQLite would go through everybody's answers to the lesson, which its index has in that order.
    newest = query.order_by(AttemptRow.created_at.desc(), AttemptRow.id.desc())
    return [value(Attempt, row) for row in tx.scalars(newest.limit(limit))]


def best_points_in_one(dialect: str) -> ScalarSelect[Any]:
    """Return the query, of one value, of the arguments of each `BestPoints` of a learner (`user`) in a `lesson`.

    Those of no points, as most answers have, are left out.
    """
    best = _BEST.where(_ATTEMPTS.c.points > 0).subquery("b")
    return select(list_of(dialect, *best.c)).scalar_subquery()


def best_points(tx: Transaction, user_id: int, lesson_id: int) -> list[BestPoints]:
    """Return the most a learner earned in a lesson, by activity, its hash and run."""
    rows = tx.connection().execute(_BEST, {"user": user_id, "lesson": lesson_id})
    return [BestPoints(*row) for row in rows]


def last_contents(tx: Transaction, user_id: int, lesson_id: int) -> dict[str, str]:
    """Return by activity the content a learner's newest attempt had."""
    newest = select(func.max(AttemptRow.id)).where(AttemptRow.user_id == user_id, AttemptRow.lesson_id == lesson_id)
    query = select(AttemptRow.activity, AttemptRow.content).where(
        AttemptRow.id.in_(newest.group_by(AttemptRow.activity))
    )
    return {activity: content for activity, content in tx.execute(query)}  # noqa: C416 - rows are no pairs to mypy


def recent(tx: Transaction, user_id: int, limit: int, *, before: int | None = None) -> list[Attempt]:
    """Return a learner's newest attempts, newest first; with `before`, those that are older than the one with this id."""
    query = select(AttemptRow).where(AttemptRow.user_id == user_id)
    if before is not None:
        query = query.where(AttemptRow.id < before)
    return [value(Attempt, row) for row in tx.scalars(query.order_by(AttemptRow.id.desc()).limit(limit))]


def passed(tx: Transaction, user_id: int) -> list[Attempt]:
    """Return a learner's passed attempts whose answer is still kept, oldest first."""
    is_passed = (AttemptRow.user_id == user_id, AttemptRow.verdict == Verdict.PASSED, AttemptRow.content != "")
    return [value(Attempt, row) for row in tx.scalars(select(AttemptRow).where(*is_passed).order_by(AttemptRow.id))]


def of_user(tx: Transaction, user_id: int) -> dict[int, Attempt]:
    """Return every attempt of a learner by its id."""
    query = select(AttemptRow).where(AttemptRow.user_id == user_id).order_by(AttemptRow.id)
    return {row.id: value(Attempt, row) for row in tx.scalars(query)}


def has_source_before(tx: Transaction, moment: datetime) -> bool:
    """Whether there is code of an answer given before a moment."""
    return tx.scalar(select(_ATTEMPTS.c.id).where(WITH_SOURCE, _ATTEMPTS.c.created_at < moment).limit(1)) is not None


def empty_sources(tx: Transaction, before: datetime, limit: int) -> int:
    """Empty the code of some answers given before a moment, and what it printed or raised; return of how many."""
    oldest = select(_ATTEMPTS.c.id).where(WITH_SOURCE, _ATTEMPTS.c.created_at < before)
    oldest = oldest.order_by(_ATTEMPTS.c.created_at).limit(limit)
    change = update(_ATTEMPTS).where(_ATTEMPTS.c.id.in_(oldest)).values(content="", stdout="", error=null())
    return tx.connection().execute(change).rowcount
