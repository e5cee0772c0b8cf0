"""What to do next: one lesson, and why that one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from aralify_kernel.domain.session import LessonStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aralify_kernel.domain.session import CourseCard, LessonCard, LevelCard, Progress


class Reason(Enum):
    """Why a lesson comes next."""

    BEGUN = "begun"
    NEXT_TOPIC = "next topic"
    NEW_COURSE = "new course"
    HARDER_TIER = "harder tier"


@dataclass(frozen=True, slots=True)
class NextStep:
    """The lesson to go on with, where it stands, and why."""

    course: CourseCard
    level: LevelCard
    lesson: LessonCard
    reason: Reason


def courses_by_use(progress: Progress) -> list[CourseCard]:
    """Return the published courses, the one answered in last first, then other started ones, then the rest."""
    latest = progress.recent[0].lesson.course if progress.recent else None
    published = [card for card in progress.courses if card.is_published]
    return sorted(published, key=lambda card: (card.slug != latest, not card.is_started))


def next_step(progress: Progress) -> NextStep | None:
    """Return the lesson that comes next, or None when every published one has been passed.

    The one worked on last, if it is not passed; else an unfinished topic of the courses in use; else a harder tier of
    a finished topic; else a new course.
    """
    courses = courses_by_use(progress)
    started = [card for card in courses if card.is_started]
    new = [card for card in courses if not card.is_started]
    steps = (
        _worked_on_last(progress, started),
        *map(_unfinished, started),
        *map(_harder_tier, started),
        *map(_unfinished, new),
    )
    return next((step for step in steps if step), None)


def _worked_on_last(progress: Progress, courses: list[CourseCard]) -> NextStep | None:
    latest = progress.recent[0].lesson if progress.recent else None
    for course in courses:
        for level, lesson in _left(course):
            if lesson.ref == latest and lesson.status is LessonStatus.IN_PROGRESS:
                return NextStep(course, level, lesson, Reason.BEGUN)
    return None


def _unfinished(course: CourseCard) -> NextStep | None:
    lesson = course.next_lesson
    if lesson is None:
        return None
    if lesson.status is LessonStatus.IN_PROGRESS:
        reason = Reason.BEGUN
    else:
        reason = Reason.NEXT_TOPIC if course.is_started else Reason.NEW_COURSE
    level = next(level for level in course.levels if level.slug == lesson.ref.level)
    return NextStep(course, level, lesson, reason)


def _harder_tier(course: CourseCard) -> NextStep | None:
    begun_first = sorted(_left(course), key=lambda pair: pair[1].status is not LessonStatus.IN_PROGRESS)
    if not begun_first:
        return None
    level, lesson = begun_first[0]
    begun = lesson.status is LessonStatus.IN_PROGRESS
    return NextStep(course, level, lesson, Reason.BEGUN if begun else Reason.HARDER_TIER)


def _left(course: CourseCard) -> Iterator[tuple[LevelCard, LessonCard]]:
    for level in course.levels:
        for lesson in level.lessons:
            if level.is_open and lesson.is_published and lesson.status is not LessonStatus.COMPLETED:
                yield level, lesson
