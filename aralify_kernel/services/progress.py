"""Everything the progress page shows of one learner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from aralify_kernel.domain.active_time import active_secs
from aralify_kernel.domain.content import Quiz
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import ActiveDay, Progress, RecentAttempt, XpPoint
from aralify_kernel.domain.streaks import local_date
from aralify_kernel.domain.time_zones import zone
from aralify_kernel.services import courses, profiles
from aralify_kernel.store import activity_days, attempts, learner_events, versions, xp_events

if TYPE_CHECKING:
    from aralify_kernel.domain.content import Text
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.attempts import Attempt
    from aralify_kernel.store.database import Database, Transaction

RECENT = 20


@dataclass(frozen=True, slots=True)
class Attempts:
    """Some of a learner's attempts, newest first, and before which the older ones are: None when there are none."""

    items: tuple[RecentAttempt, ...]
    next_before: int | None


def attempts_before(db: Database, who: Who, before: int | None, limit: int) -> Attempts:
    """Return at most `limit` of a learner's attempts that are older than the one with the id `before`."""
    with db.read() as tx:
        found = attempts.recent(tx, who(tx).id, limit + 1, before=before)
        page = found[:limit]
        return Attempts(_recent(tx, page), page[-1].id if len(found) > limit else None)


def progress(db: Database, who: Who, *, now: datetime) -> Progress:
    """Return a learner's progress as of `now`, days and weeks by their own calendar."""
    with db.read() as tx:
        user = who(tx)
        today = local_date(now, user.timezone)
        monday = today - timedelta(days=today.weekday())
        week_began = datetime.combine(monday, time(), zone(user.timezone))
        ledger = xp_events.of_user(tx, user.id)
        totals = accumulate(award.amount for award in ledger)
        return Progress(
            profile=profiles.profile(tx, user, now=now),
            courses=courses.cards(tx, user),
            xp=tuple(
                XpPoint(award.created_at, award.amount, total, award.lesson_ref)
                for award, total in zip(ledger, totals, strict=True)
            ),
            days=tuple(ActiveDay(day.date.isoformat(), day.attempts) for day in activity_days.of_user(tx, user.id)),
            recent=_recent(tx, attempts.recent(tx, user.id, RECENT)),
            active_secs_this_week=active_secs(learner_events.moments_since(tx, user.id, week_began)),
            today=today.isoformat(),
        )


def _recent(tx: Transaction, newest: list[Attempt]) -> tuple[RecentAttempt, ...]:
    lessons = {(attempt.lesson_ref, attempt.content_version) for attempt in newest}
    contents = {lesson: versions.content_of(tx, *lesson) for lesson in lessons}

    def title(attempt: Attempt) -> Text:
        activity = contents[attempt.lesson_ref, attempt.content_version].activity(attempt.activity)
        if activity is None:
            return {"en": attempt.activity}
        return activity.question if isinstance(activity, Quiz) else activity.title

    return tuple(
        RecentAttempt(
            at=attempt.created_at,
            lesson=LessonRef.parse(attempt.lesson_ref),
            activity=attempt.activity,
            title=title(attempt),
            verdict=attempt.verdict.value,
            points=attempt.points,
            max_points=attempt.max_points,
            late=attempt.late,
        )
        for attempt in newest
    )
