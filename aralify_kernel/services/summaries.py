"""Keeping the summaries that the pages of a class read, in the transaction of what they sum up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aralify_kernel.domain import summaries
from aralify_kernel.domain.facts import EventType
from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.summaries import Answer
from aralify_kernel.services import events
from aralify_kernel.store import summaries as stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aralify_kernel.services.lessons import Place
    from aralify_kernel.store.attempts import Attempt
    from aralify_kernel.store.database import Transaction
    from aralify_kernel.store.submitting import Before
    from aralify_kernel.store.users import User


def in_classes(classes: Sequence[int]) -> dict[str, Any]:
    """Return what an event says of the classes in which it happened: who was where when is a fact."""
    return {"classes": list(classes)} if classes else {}


def answer(attempt: Attempt, *, completes_lesson: bool) -> Answer:
    """Return what the summaries look at of an attempt."""
    return Answer(
        attempt_id=attempt.id,
        content_hash=attempt.content_hash,
        signature=attempt.signature,
        passed=attempt.verdict is Verdict.PASSED,
        at=attempt.created_at,
        date=attempt.local_date,
        completes_lesson=completes_lesson,
        lesson_ref=attempt.lesson_ref,
    )


def follow(tx: Transaction, place: Place, attempt: Attempt, before: Before, *, completes_lesson: bool) -> None:
    """Write what follows from an attempt. The rows that a class shares come last: they are locked for the least time."""
    user_id, lesson_id, activity = attempt.user_id, place.lesson.id, attempt.activity
    course_id = place.standing.course.id
    this, was, course = answer(attempt, completes_lesson=completes_lesson), before.tries, before.course_tries
    now = summaries.tried(was, this)
    stored.save_tries(tx, user_id, lesson_id, activity, now)
    stored.save_course_tries(tx, user_id, course_id, summaries.tried_in_course(course, was, now, this))
    if not this.passed:
        key, so_often = (user_id, lesson_id, activity, this.signature), before.failures + 1
        stored.save_failures(tx, *key, attempts=so_often, last_id=attempt.id)
    if before.classes:
        adds = summaries.counts(course, was, now, this, failed_so_before=before.failures)
        stored.count_day(tx, before.classes, course_id, this.date, adds.day)
        stored.count_activity(tx, before.classes, lesson_id, activity, adds.activity)
        if adds.failure:
            stored.count_class_failure(tx, before.classes, lesson_id, activity, this.signature, adds.failure)


def note_hint(
    tx: Transaction, user: User, place: Place, activity: str, rung: int, *, is_last: bool, now: datetime
) -> None:
    """Record that a learner took a rung of the ladder, and write what follows."""
    kind, course_id = EventType.HINT_TAKEN, place.standing.course.id
    classes = stored.classes_of(tx, user.id, course_id)
    details = {"activity": activity, "rung": rung, "is_last": is_last} | in_classes(classes)
    events.note(tx, user, kind, place, now=now, **details)
    was = stored.tries(tx, user.id, place.lesson.id, activity)
    stored.save_tries(tx, user.id, place.lesson.id, activity, summaries.hinted(was, rung))
    if is_last:
        course = stored.course_tries(tx, user.id, course_id)
        stored.save_course_tries(tx, user.id, course_id, summaries.hinted_in_course(course, str(place.ref)))
    if classes:
        stored.count_activity(tx, classes, place.lesson.id, activity, summaries.hint_counts(was))
