"""Hints, rung by rung."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.domain.content import Exercise
from aralify_kernel.domain.facts import EventType
from aralify_kernel.domain.hints import Hint
from aralify_kernel.errors import N_, NotFound
from aralify_kernel.services import lessons, sign_ins, summaries
from aralify_kernel.store import learner_events, versions
from aralify_kernel.store.retrying import retried

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.database import Database


@retried
def next_hint(db: Database, who: Who, ref: LessonRef, exercise: str, *, now: datetime) -> Hint:
    """Return the next rung of an exercise's ladder and record that it was taken; at the top, the last rung again.

    Raises:
        NotFound: There is no such exercise, or it has no hints.
    """
    with db.write() as tx:
        user = sign_ins.locked(tx, who)
        place = lessons.find_open(tx, user, ref)
        activity = lessons.find_activity(versions.present_content(tx, str(ref)), ref, exercise)
        hints = activity.hints if isinstance(activity, Exercise) else ()
        if not hints:
            raise NotFound(kind=N_("hint"), name=f"{ref}#{exercise}")
        taken = learner_events.of_lesson(tx, user.id, place.lesson.id, EventType.HINT_TAKEN)
        highest = max((event.details["rung"] for event in taken if event.details["activity"] == exercise), default=0)
        rung = min(highest + 1, len(hints))
        if rung > highest and not place.is_preview:
            lessons.enter(tx, user, place, now=now)
            summaries.note_hint(tx, user, place, exercise, rung, is_last=rung == len(hints), now=now)
        return Hint(rung, rung == len(hints), hints[rung - 1])
