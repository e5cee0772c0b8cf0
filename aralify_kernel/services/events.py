"""Recording what learners do, and the active time that goes with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain.active_time import gap_secs
from aralify_kernel.domain.facts import EventType
from aralify_kernel.domain.streaks import local_date
from aralify_kernel.store import learner_events, progress, versions

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.services.lessons import Place
    from aralify_kernel.store.courses import StoredCourse
    from aralify_kernel.store.database import Transaction
    from aralify_kernel.store.learner_events import LearnerEvent
    from aralify_kernel.store.users import User


def note(tx: Transaction, user: User, kind: EventType, place: Place, *, now: datetime, **details: Any) -> LearnerEvent:
    """Record something that a learner did in a lesson they have entered; the time since their last event counts."""
    return _note(tx, user, kind, place.standing.course, place, now, details)


def note_course_started(tx: Transaction, user: User, course: StoredCourse, *, now: datetime) -> LearnerEvent:
    """Record that a learner started a course."""
    return _note(tx, user, EventType.COURSE_STARTED, course, None, now, {})


def _note(
    tx: Transaction,
    user: User,
    kind: EventType,
    course: StoredCourse,
    place: Place | None,
    now: datetime,
    details: dict[str, Any],
) -> LearnerEvent:
    before = learner_events.last(tx, user.id)
    event = learner_events.NewEvent(
        user_id=user.id,
        type=kind,
        created_at=now,
        local_date=local_date(now, user.timezone),
        course_id=course.id,
        lesson_id=place.lesson.id if place else None,
        course_ref=course.slug,
        lesson_ref=str(place.ref) if place else None,
        course_version=versions.latest_number_of_course(tx, course.slug),
        details=details,
    )
    _spend(tx, user.id, course.id, place, now, gap_secs(before.created_at if before else None, now))
    return learner_events.add(tx, event)


def _spend(tx: Transaction, user_id: int, course_id: int, place: Place | None, now: datetime, secs: int) -> None:
    """Count active time where it ends: in the course and the lesson of the event that follows it."""
    in_course = progress.of_course(tx, user_id, course_id)
    if in_course is not None:
        latest = max(now, in_course.last_activity_at)
        spent = in_course.time_spent_secs + secs
        progress.save_course(tx, replace(in_course, time_spent_secs=spent, last_activity_at=latest))
    in_lesson = progress.of_lesson(tx, user_id, place.lesson.id) if place else None
    if in_lesson is not None and secs:
        progress.save_lesson(tx, user_id, replace(in_lesson, time_spent_secs=in_lesson.time_spent_secs + secs))
