"""Figures of a class about its lessons, about effort and result, and over the weeks."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from aralify_kernel.domain.lesson_quality import quality, rests
from aralify_kernel.domain.teaching import Effort, Person, Week
from aralify_kernel.services import class_pages
from aralify_kernel.store import class_marks
from aralify_kernel.store import class_pages as stored

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.lesson_quality import LessonQuality
    from aralify_kernel.domain.marks import Marked
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.class_marks import InCourse
    from aralify_kernel.store.class_pages import ClassDay
    from aralify_kernel.store.database import Database


def lessons(
    db: Database, actor: Who | None, slug: str, course_slug: str, *, now: datetime
) -> tuple[LessonQuality, ...]:
    """Return the figures of each lesson that a class has begun, those to mend first.

    Raises:
        NotFound: There is no such class for this person, or it does not take the course.
    """
    with db.read() as tx:
        at = class_pages.look(tx, actor, slug, course_slug)
        gone_since = now - timedelta(days=at.classroom.idle_days)
        # Lesson by lesson: no statement takes long, however large the class is.
        learners = {
            ref: class_marks.tried_lesson(tx, at.classroom.id, id_, gone_since=gone_since)
            for id_, ref in at.refs.items()
        }
        passed = {ref: class_marks.attempts_to_pass(tx, at.classroom.id, id_) for id_, ref in at.refs.items()}
    tried = {ref: of_lesson for ref, of_lesson in learners.items() if of_lesson}
    rest = rests(tried)
    found = [quality(ref, of_lesson, rest[ref], passed[ref]) for ref, of_lesson in tried.items()]
    return tuple(sorted(found, key=lambda one: (not one.is_to_mend, _first_try(one))))


def efforts(db: Database, actor: Who | None, slug: str, course_slug: str) -> tuple[Effort, ...]:
    """Return the time and the result of each learner of a class who has begun a course, by name.

    Raises:
        NotFound: There is no such class for this person, or it does not take the course.
    """
    with db.read() as tx:
        at = class_pages.look(tx, actor, slug, course_slug)
        names = class_marks.learners(tx, at.classroom.id)
        found = class_marks.in_course(tx, at.classroom.id, at.refs.keys(), names)
    return tuple(_effort(name, found[user]) for user, name in names.items() if user in found)


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


def _effort(learner: Marked, found: InCourse) -> Effort:
    person, mean = Person(learner.username, learner.display_name), found.score_sum / found.lessons
    return Effort(person, found.time_spent_secs, found.lessons_completed, round(mean, 2))


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
