"""Finding a lesson a person may see, opening it, and showing where they stand in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aralify_kernel.domain.content import Exercise
from aralify_kernel.domain.facts import ActivityKind
from aralify_kernel.domain.permissions import Permission, may
from aralify_kernel.domain.scores import Earned, opened
from aralify_kernel.domain.session import LessonCard, LessonStatus
from aralify_kernel.domain.unlocking import open_levels, opened_by
from aralify_kernel.domain.xp import lesson_xp
from aralify_kernel.errors import N_, LevelLocked, NotFound, WrongKindOfAnswer
from aralify_kernel.services import events
from aralify_kernel.services.standings import Standing, settle, standing
from aralify_kernel.store import attempts, courses, progress

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from aralify_kernel.domain.content import Activity, LessonContent
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.store.courses import StoredLesson, StoredLevel
    from aralify_kernel.store.database import Transaction
    from aralify_kernel.store.users import User


@dataclass(frozen=True, slots=True)
class Place:
    """A lesson that a person may see, where it stands, and how they stand in its course."""

    ref: LessonRef
    level: StoredLevel
    lesson: StoredLesson
    standing: Standing

    @property
    def is_preview(self) -> bool:
        """Whether learners cannot see it: looked at by a moderator, nothing in it is recorded or paid."""
        return not (self.standing.course.is_published and self.level.is_published and self.lesson.is_published)

    @property
    def progress(self) -> progress.LessonProgress:
        """How far the learner is in it."""
        found = self.standing.lessons.get(self.lesson.id)
        return found or progress.LessonProgress(self.lesson.id, LessonStatus.NOT_STARTED, 0, 0, 0, None, None)


def find(tx: Transaction, user: User, ref: LessonRef) -> Place:
    """Return a lesson that `user` may see.

    Raises:
        NotFound: There is no such course, topic or lesson, or not for this person.
    """
    sees_all = may(user.role, Permission.PREVIEW_UNPUBLISHED)
    course = courses.find(tx, ref.course)
    if course is None or not (course.is_published or sees_all):
        raise NotFound(kind=N_("course"), name=ref.course)
    level = course.level(ref.level)
    if level is None or not (level.is_published or sees_all):
        raise NotFound(kind=N_("topic"), name=ref.level_ref)
    lesson = next((lesson for lesson in level.lessons if lesson.difficulty is ref.difficulty), None)
    if lesson is None or not (lesson.is_published or sees_all):
        raise NotFound(kind=N_("lesson"), name=str(ref))
    return Place(ref, level, lesson, standing(tx, user.id, course))


def find_open(tx: Transaction, user: User, ref: LessonRef) -> Place:
    """Return a lesson that `user` may work on: seen by them, in an open topic (or looked at by a moderator).

    Raises:
        NotFound: There is no such lesson for this person.
        LevelLocked: Its topic is locked; says what opens it.
    """
    place = find(tx, user, ref)
    require_open(place)
    return place


def require_open(place: Place) -> None:
    """Return when the topic of a lesson is open (or looked at by a moderator).

    Raises:
        LevelLocked: It is locked; says what opens it.
    """
    levels = place.standing.levels
    if place.is_preview or place.level.slug in open_levels(levels):
        return
    before = opened_by(place.level.slug, levels)
    previous = place.standing.course.level(before.slug) if before else None
    raise LevelLocked(
        level=place.ref.level_ref,
        title=place.level.title,
        opens_after=previous.title if previous else place.ref.course,
    )


def find_activity(
    content: LessonContent, ref: LessonRef, activity_id: str, kind: ActivityKind | None = None
) -> Activity:
    """Return an exercise or quiz of a lesson; `kind` is what a person said it is, if they did.

    Raises:
        NotFound: The lesson has no such activity.
        WrongKindOfAnswer: It is of the other kind.
    """
    activity = content.activity(activity_id)
    if activity is None:
        raise NotFound(kind=N_("exercise"), name=f"{ref}#{activity_id[:64]}")
    if kind not in {None, kind_of(activity)}:
        is_exercise = isinstance(activity, Exercise)
        reason = (
            N_("it is an exercise, which takes code.") if is_exercise else N_("it is a quiz, which takes an answer.")
        )
        raise WrongKindOfAnswer(name=activity_id, reason=reason)
    return activity


def kind_of(activity: Activity) -> ActivityKind:
    """Return what an activity is."""
    return ActivityKind.EXERCISE if isinstance(activity, Exercise) else ActivityKind.QUIZ


def enter(tx: Transaction, user: User, place: Place, *, now: datetime) -> None:
    """Make sure that course and lesson are begun before something that happens in them is recorded."""
    start(tx, user, place.standing, now=now)
    status = opened(place.progress.status)
    if status is not place.progress.status:
        progress.save_lesson(tx, user.id, replace(place.progress, status=status, started_at=now))


def start(tx: Transaction, user: User, where: Standing, *, now: datetime) -> None:
    """Begin a course unless that has been done: its progress row, its first topic open."""
    if where.progress is not None:
        return
    course = where.course
    begun = progress.CourseProgress(user.id, course.id, 0.0, 0.0, 0, 0, now, None, now)
    progress.save_course(tx, begun)
    events.note_course_started(tx, user, where, now=now)
    settle(tx, user.id, standing(tx, user.id, course), now=now)


def card(place: Place) -> LessonCard:
    """Return the lesson as the navigator shows it."""
    return lesson_card(place.ref, place.lesson, place.progress, is_published=not place.is_preview)


def lesson_card(
    ref: LessonRef, lesson: StoredLesson, reached: progress.LessonProgress | None, *, is_published: bool
) -> LessonCard:
    """Return a lesson as the navigator shows it, with what the learner has `reached` in it."""
    return LessonCard(
        ref=ref,
        difficulty=lesson.difficulty,
        title=lesson.title,
        xp=lesson_xp(lesson.xp_reward, lesson.difficulty),
        est_time_mins=lesson.est_time_mins,
        time_limit_sec=lesson.time_limit_sec,
        pass_score=lesson.pass_score,
        status=reached.status if reached else LessonStatus.NOT_STARTED,
        score=reached.score if reached else 0,
        xp_earned=reached.xp_earned if reached else 0,
        is_published=is_published,
    )


def earned(content: LessonContent, reached: Iterable[attempts.BestPoints]) -> list[Earned]:
    """Return what of what a learner reached counts at the activities of a lesson as they are now.

    An attempt at an activity whose checks, points or rules were others then is kept, but earns nothing any more.
    """
    return [
        Earned(best.activity, best.points, best.run_id)
        for best in reached
        if content.hashes.get(best.activity) == best.activity_hash
    ]
