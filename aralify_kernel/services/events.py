"""Recording what learners do, and the active time that goes with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain.active_time import gap_secs
from aralify_kernel.domain.facts import EventType
from aralify_kernel.domain.streaks import local_date
from aralify_kernel.store import learner_events, progress
from aralify_kernel.store.learner_events import NewEvent

if TYPE_CHECKING:
    from datetime import date, datetime

    from aralify_kernel.services.lessons import Place
    from aralify_kernel.services.standings import Standing
    from aralify_kernel.store.database import Transaction
    from aralify_kernel.store.learner_events import LearnerEvent
    from aralify_kernel.store.progress import CourseProgress, LessonProgress
    from aralify_kernel.store.users import User


def note(tx: Transaction, user: User, kind: EventType, place: Place, *, now: datetime, **details: Any) -> LearnerEvent:
    """Record something that a learner did in a lesson they have entered; the time since their last event counts."""
    secs, where = active_secs(tx, user, now), place.standing
    in_course = progress.of_course(tx, user.id, where.course.id)
    if in_course is not None:
        progress.save_course(tx, spent_in_course(in_course, secs, now))
    in_lesson = progress.of_lesson(tx, user.id, place.lesson.id)
    if in_lesson is not None and secs:
        progress.save_lesson(tx, user.id, spent_in_lesson(in_lesson, secs))
    return learner_events.add(tx, _event(user, kind, where, place, now, details))


def note_course_started(tx: Transaction, user: User, where: Standing, *, now: datetime) -> LearnerEvent:
    """Record that a learner started a course; the time since their last event counts in it."""
    secs = active_secs(tx, user, now)
    in_course = progress.of_course(tx, user.id, where.course.id)
    if in_course is not None:
        progress.save_course(tx, spent_in_course(in_course, secs, now))
    return learner_events.add(tx, _event(user, EventType.COURSE_STARTED, where, None, now, {}))


def note_level_given(tx: Transaction, user: User, where: Standing, level: str, *, now: datetime) -> LearnerEvent:
    """Record that a teacher opened a level for a learner. It is no doing of theirs, and costs and earns no time."""
    return learner_events.add(tx, _event(user, EventType.LEVEL_GIVEN, where, None, now, {"level": level}))


def put(
    tx: Transaction,
    user: User,
    kind: EventType,
    where: Standing,
    place: Place,
    *,
    now: datetime,
    day: date,
    **details: Any,
) -> None:
    """Record an event in a lesson that counts for `day`; nobody asks for its id, and nothing follows from it."""
    event = _event(user, kind, where, place, now, details)
    learner_events.put(tx, replace(event, local_date=day))


def active_secs(tx: Transaction, user: User, now: datetime) -> int:
    """Return how much active time has passed since a learner's last event. It counts where it ends."""
    return gap_secs(learner_events.last_moment(tx, user.id), now)


def spent_in_course(before: CourseProgress, secs: int, now: datetime) -> CourseProgress:
    """Return the progress in a course after an event in it."""
    latest = max(now, before.last_activity_at)
    return replace(before, time_spent_secs=before.time_spent_secs + secs, last_activity_at=latest)


def spent_in_lesson(before: LessonProgress, secs: int) -> LessonProgress:
    """Return the progress in a lesson after an event in it."""
    return replace(before, time_spent_secs=before.time_spent_secs + secs)


def _event(
    user: User, kind: EventType, where: Standing, place: Place | None, now: datetime, details: dict[str, Any]
) -> NewEvent:
    return NewEvent(
        user_id=user.id,
        type=kind,
        created_at=now,
        local_date=local_date(now, user.timezone),
        course_id=where.course.id,
        lesson_id=place.lesson.id if place else None,
        course_ref=where.course.slug,
        lesson_ref=str(place.ref) if place else None,
        course_version=where.version,
        details=details,
    )
