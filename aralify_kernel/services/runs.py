"""Timed runs: the clock of a lesson with a time limit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from aralify_kernel.domain.facts import EventType
from aralify_kernel.domain.runs import run_end
from aralify_kernel.domain.session import Run
from aralify_kernel.errors import NoTimeLimit
from aralify_kernel.services import events, lessons, sign_ins
from aralify_kernel.store import learner_events
from aralify_kernel.store.retrying import retried

if TYPE_CHECKING:
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.services.lessons import Place
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.learner_events import LearnerEvent
    from aralify_kernel.store.users import User


@retried
def start_run(db: Database, who: Who, ref: LessonRef, *, now: datetime) -> Run:
    """Start the clock of a lesson anew.

    Raises:
        NoTimeLimit: The lesson has none.
    """
    with db.write() as tx:
        user = sign_ins.locked(tx, who)
        place = lessons.find_open(tx, user, ref)
        if place.lesson.time_limit_sec is None:
            raise NoTimeLimit
        if place.is_preview:
            return Run(0, now, run_end(now, place.lesson.time_limit_sec, user.time_factor))
        lessons.enter(tx, user, place, now=now)
        return begin(tx, user, place, now=now)


def begin(tx: Transaction, user: User, place: Place, *, now: datetime) -> Run:
    """Start a run of a lesson that the learner has entered. Its end stays, whatever becomes of the limit."""
    ends_at = run_end(now, place.lesson.time_limit_sec or 0, user.time_factor)
    ends = ends_at.isoformat() if ends_at else None
    return run_of(events.note(tx, user, EventType.RUN_STARTED, place, now=now, ends_at=ends))


def current(tx: Transaction, user: User, place: Place) -> Run | None:
    """Return the learner's newest run of a lesson; None when there is none, or the lesson has no time limit."""
    if place.lesson.time_limit_sec is None:
        return None
    started = learner_events.of_lesson(tx, user.id, place.lesson.id, EventType.RUN_STARTED)
    return run_of(started[-1]) if started else None


def run_of(event: LearnerEvent) -> Run:
    """Return the run that a RUN_STARTED event began."""
    ends_at = event.details["ends_at"]
    return Run(event.id, event.created_at, datetime.fromisoformat(ends_at) if ends_at else None)
