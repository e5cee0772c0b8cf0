"""Browsing and starting courses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.domain.permissions import Permission, may
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import CourseCard, LevelCard
from aralify_kernel.domain.unlocking import open_levels, opened_by
from aralify_kernel.errors import N_, NotFound
from aralify_kernel.services import lessons, sign_ins
from aralify_kernel.services.standings import Standing, standing
from aralify_kernel.store import courses
from aralify_kernel.store.retrying import retried

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.courses import StoredCourse, StoredLevel
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.users import User


def browse(db: Database, who: Who) -> tuple[CourseCard, ...]:
    """Return the courses a person may see, in order, with their progress."""
    with db.read() as tx:
        user = who(tx)
        return cards(tx, user)


def cards(tx: Transaction, user: User) -> tuple[CourseCard, ...]:
    """Return the courses a person may see, in order, with their progress."""
    sees_all = may(user.role, Permission.PREVIEW_UNPUBLISHED)
    found = [course for course in courses.all_courses(tx) if course.is_published or sees_all]
    return tuple(card(standing(tx, user.id, course), sees_all=sees_all) for course in found)


def course(db: Database, who: Who, slug: str) -> CourseCard:
    """Return one course that a person may see.

    Raises:
        NotFound: There is none of this name for them.
    """
    with db.read() as tx:
        user = who(tx)
        return card(_find(tx, user, slug), sees_all=may(user.role, Permission.PREVIEW_UNPUBLISHED))


@retried
def start(db: Database, who: Who, slug: str, *, now: datetime) -> CourseCard:
    """Begin a course: its first topic opens. Starting twice changes nothing, and a moderator's preview begins nothing.

    Raises:
        NotFound: There is no course of this name for the person.
    """
    with db.write() as tx:
        user = sign_ins.locked(tx, who)
        where = _find(tx, user, slug)
        if where.course.is_published:
            lessons.start(tx, user, where, now=now)
        return card(_find(tx, user, slug), sees_all=may(user.role, Permission.PREVIEW_UNPUBLISHED))


def all_courses(db: Database) -> tuple[CourseCard, ...]:
    """Return every course, unpublished ones too, as somebody who has begun none sees it."""
    with db.read() as tx:
        found = courses.all_courses(tx)
    return tuple(card(Standing(course, 0, None, frozenset(), {}), sees_all=True) for course in found)


def card(where: Standing, *, sees_all: bool) -> CourseCard:
    """Return a course as the navigator shows it; with `sees_all`, unpublished topics and lessons too."""
    course, reached = where.course, where.progress
    counting = {state.slug for state in where.levels if state.counts}
    return CourseCard(
        slug=course.slug,
        language=course.language,
        title=course.title,
        description=course.description,
        icon_url=course.icon_url,
        color=course.color,
        estimated_hours=course.estimated_hours,
        is_started=reached is not None,
        is_completed=reached is not None and reached.completed_at is not None,
        completion_pct=reached.completion_pct if reached else 0.0,
        mastery_pct=reached.mastery_pct if reached else 0.0,
        total_xp_earned=reached.total_xp_earned if reached else 0,
        is_published=course.is_published,
        levels=tuple(
            _level_card(where, level, sees_all=sees_all)
            for level in course.levels
            if sees_all or level.slug in counting
        ),
        started_at=reached.started_at if reached else None,
        completed_at=reached.completed_at if reached else None,
    )


def _level_card(where: Standing, level: StoredLevel, *, sees_all: bool) -> LevelCard:
    states = where.levels
    before = opened_by(level.slug, states)
    previous = where.course.level(before.slug) if before else None
    state = next(state for state in states if state.slug == level.slug)
    return LevelCard(
        slug=level.slug,
        title=level.title,
        is_open=level.slug in open_levels(states) or (sees_all and not state.counts),
        is_complete=state.is_complete,
        opens_after=previous.title if previous else None,
        lessons=tuple(
            lessons.lesson_card(
                LessonRef(where.course.slug, level.slug, lesson.difficulty.slug),
                lesson,
                where.lessons.get(lesson.id),
                is_published=where.course.is_published and level.is_published and lesson.is_published,
            )
            for lesson in level.lessons
            if sees_all or lesson.is_published
        ),
        is_published=where.course.is_published and level.is_published,
    )


def _find(tx: Transaction, user: User, slug: str) -> Standing:
    found: StoredCourse | None = courses.find(tx, slug)
    if found is None or not (found.is_published or may(user.role, Permission.PREVIEW_UNPUBLISHED)):
        raise NotFound(kind=N_("course"), name=slug[:64])
    return standing(tx, user.id, found)
