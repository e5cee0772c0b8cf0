"""Figures of a class about its lessons, about effort and result, and over the weeks."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from aralify_kernel.domain.lesson_quality import TriedLesson, quality, rests
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.domain.teaching import Effort, Person, Week
from aralify_kernel.services import class_pages
from aralify_kernel.store import class_marks
from aralify_kernel.store import class_pages as stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aralify_kernel.domain.lesson_quality import LessonQuality
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.services.class_pages import Looked
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.class_marks import Tried
    from aralify_kernel.store.class_pages import ClassDay
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.progress import LessonProgress


def lessons(
    db: Database, actor: Who | None, slug: str, course_slug: str, *, now: datetime
) -> tuple[LessonQuality, ...]:
    """Return the figures of each lesson that a class has begun, those to mend first.

    Raises:
        NotFound: There is no such class for this person, or it does not take the course.
    """
    with db.read() as tx:
        at = class_pages.look(tx, actor, slug, course_slug)
        tried = _tried(tx, at, now)
    rest = rests(tried)
    found = [quality(ref, learners, rest[ref]) for ref, learners in tried.items()]
    return tuple(sorted(found, key=lambda one: (not one.is_to_mend, _first_try(one))))


def efforts(db: Database, actor: Who | None, slug: str, course_slug: str) -> tuple[Effort, ...]:
    """Return the time and the result of each learner of a class who has begun a course, by name.

    Raises:
        NotFound: There is no such class for this person, or it does not take the course.
    """
    with db.read() as tx:
        at = class_pages.look(tx, actor, slug, course_slug)
        people = class_marks.learners(tx, at.classroom.id)
        reached = class_marks.reached(tx, at.classroom.id, at.refs.keys())
    of: dict[int, list[LessonProgress]] = defaultdict(list)
    for (user_id, _), progress in reached.items():
        of[user_id].append(progress)
    return tuple(_effort(Person(who.username, who.display_name), of[id_]) for id_, who in people.items() if id_ in of)


def weeks(db: Database, actor: Who | None, slug: str, course_slug: str, *, since: date) -> tuple[Week, ...]:
    """Return what a class did in a course week by week, from the one in which `since` is; weeks without anything too.

    Raises:
        NotFound: There is no such class for this person, or it does not take the course.
    """
    monday = since - timedelta(days=since.weekday())
    with db.read() as tx:
        at = class_pages.look(tx, actor, slug, course_slug)
        days = stored.overview(tx, at.classroom.id, at.course.id, since=monday).days
    by_week: dict[date, list[ClassDay]] = defaultdict(list)
    for day in days:
        by_week[day.date - timedelta(days=day.date.weekday())].append(day)
    if not by_week:
        return ()
    last = max(by_week)
    every = (monday + timedelta(weeks=number) for number in range((last - monday).days // 7 + 1))
    return tuple(_week(start, by_week.get(start, [])) for start in every)


def _tried(tx: Transaction, at: Looked, now: datetime) -> dict[LessonRef, Sequence[TriedLesson]]:
    """Return what each learner did in each lesson of a course in which somebody answered something."""
    gone_since = now - timedelta(days=at.classroom.idle_days)
    reached = class_marks.reached(tx, at.classroom.id, at.refs.keys())
    by_lesson: dict[int, dict[int, list[Tried]]] = defaultdict(lambda: defaultdict(list))
    for one in class_marks.tried(tx, at.classroom.id, at.refs.keys()):
        if one.attempts:
            by_lesson[one.lesson_id][one.user_id].append(one)
    return {
        ref: [
            _in_lesson(user_id, activities, reached[user_id, lesson_id], gone_since)
            for user_id, activities in by_lesson[lesson_id].items()
        ]
        for lesson_id, ref in at.refs.items()
        if lesson_id in by_lesson
    }


def _in_lesson(user_id: int, tried: list[Tried], progress: LessonProgress, gone_since: datetime) -> TriedLesson:
    is_completed = progress.status is LessonStatus.COMPLETED
    last = max(one.last_at for one in tried if one.last_at is not None)
    return TriedLesson(
        learner=user_id,
        score=progress.score,
        first_try=sum(one.passed_at == 1 for one in tried),
        tried=len(tried),
        attempts_to_pass=tuple(one.passed_at for one in tried if one.passed_at is not None),
        is_hinted=any(one.hints for one in tried),
        is_completed=is_completed,
        has_gone=not is_completed and last < gone_since,
        time_spent_secs=progress.time_spent_secs,
    )


def _effort(person: Person, reached: list[LessonProgress]) -> Effort:
    completed = [one for one in reached if one.status is LessonStatus.COMPLETED]
    mean = sum(one.score for one in reached) / len(reached)
    return Effort(person, sum(one.time_spent_secs for one in reached), len(completed), round(mean, 2))


def _week(monday: date, days: list[ClassDay]) -> Week:
    return Week(
        monday=monday,
        learners=sum(day.new_in_week for day in days),
        attempts=sum(day.attempts for day in days),
        passed=sum(day.passed for day in days),
        lessons_completed=sum(day.lessons_completed for day in days),
    )


def _first_try(one: LessonQuality) -> float:
    return 2.0 if one.first_try is None else one.first_try
