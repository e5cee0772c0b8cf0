"""Opening a lesson, and showing where a learner stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.domain.class_talk import solutions_held_until
from aralify_kernel.domain.content import Exercise
from aralify_kernel.domain.facts import EventType
from aralify_kernel.domain.scores import best_points
from aralify_kernel.domain.session import ActivityCard, OpenLesson
from aralify_kernel.services import class_talk, events, lessons, runs, sign_ins, starters
from aralify_kernel.store import attempts, learner_events, versions
from aralify_kernel.store.retrying import retried

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.content import Activity, LessonContent
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import Run
    from aralify_kernel.services.lessons import Place
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.users import User


@retried
def open_lesson(db: Database, who: Who, ref: LessonRef, *, now: datetime) -> OpenLesson:
    """Open a lesson: the course is started, the lesson IN_PROGRESS. A moderator's preview records nothing."""
    with db.write() as tx:
        user = sign_ins.locked(tx, who)
        place = lessons.find_open(tx, user, ref)
        if place.is_preview:
            return show(tx, user, place, now=now)
        lessons.enter(tx, user, place, now=now)
        events.note(tx, user, EventType.LESSON_OPENED, place, now=now)
        return show(tx, user, lessons.find(tx, user, ref), now=now)


def lesson(db: Database, who: Who, ref: LessonRef, *, now: datetime) -> OpenLesson:
    """Return an open lesson and record nothing."""
    with db.read() as tx:
        user = who(tx)
        return show(tx, user, lessons.find_open(tx, user, ref), now=now)


def show(tx: Transaction, user: User, place: Place, *, now: datetime) -> OpenLesson:
    """Return a lesson with the learner's state in it, and nothing of it that a learner's machine may not hold."""
    published = versions.of_lesson(tx, str(place.ref))
    content = versions.content(tx, published[-1])
    course = place.standing.course
    run = runs.current(tx, user, place)
    talk = class_talk.of_lesson(tx, user, place)
    is_held = solutions_held_until(talk.due, now) is not None
    return OpenLesson(
        card=lessons.card(place),
        course_title=course.title,
        level_title=place.level.title,
        level_index=course.levels.index(place.level),
        content=content.public(),
        content_version=published[-1].version,
        starters=starters.of_lesson(tx, published),
        activities=_activities(tx, user, place, content, run, has_solutions=not is_held),
        run=run,
        talk=talk,
    )


def _activities(
    tx: Transaction, user: User, place: Place, content: LessonContent, run: Run | None, *, has_solutions: bool
) -> tuple[ActivityCard, ...]:
    all_earned = lessons.earned(content, attempts.best_points(tx, user.id, place.lesson.id))
    best = best_points(one for one in all_earned if run is None or one.run == run.id)
    sources = attempts.last_contents(tx, user.id, place.lesson.id)
    hints: dict[str, int] = {}
    for event in learner_events.of_lesson(tx, user.id, place.lesson.id, EventType.HINT_TAKEN):
        hints[event.details["activity"]] = max(hints.get(event.details["activity"], 0), event.details["rung"])
    return tuple(
        ActivityCard(
            id=activity.id,
            kind=lessons.kind_of(activity).value,
            title=activity.title if isinstance(activity, Exercise) else activity.question,
            points=activity.points,
            best_points=min(best.get(activity.id, 0), activity.points),
            is_tried=activity.id in sources,
            hints_taken=hints.get(activity.id, 0),
            hints_total=len(activity.hints) if isinstance(activity, Exercise) else 0,
            last_source=sources.get(activity.id) or None,
            solution=_solution(activity, best.get(activity.id, 0)) if has_solutions else None,
        )
        for activity in content.activities
    )


def _solution(activity: Activity, best: int) -> str | None:
    """Return the author's solution to an exercise for whoever has every point of it."""
    return activity.reference if isinstance(activity, Exercise) and best >= activity.points else None
