"""Where a learner stands in a lesson, in words: for the bar that JupyterLab shows above the lesson's notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aralify_kernel.app.checking import whose_copy
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.i18n import in_language
from aralify_kernel.widgets.class_talk import due_words

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.session import ActivityCard, OpenLesson, Profile
    from aralify_kernel.i18n import Translator


@dataclass(frozen=True, slots=True)
class Step:
    """An exercise or quiz of a lesson: `state` is `passed`, `progress` (tried) or `open`, and `words` says it.

    `solution` is the author's, once there is nothing left to earn with it.
    """

    id: str
    kind: str
    title: str
    state: str
    words: str
    has_hints: bool
    solution: str | None


@dataclass(frozen=True, slots=True)
class Date:
    """When a lesson is due, in words, and whether that moment is over."""

    words: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of a lesson with a time limit, by the server's clock.

    `seconds_left` is None while it does not run, and for a learner without a limit; below 0 the time is over.
    """

    is_running: bool
    seconds_left: float | None
    whole_secs: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the bar above a lesson's notebook.

    `whose` says whose notebook it is, where it is somebody else's.
    `has_teacher`: the learner is in a class that takes the course, so there is somebody to ask.
    """

    score: str
    steps: tuple[Step, ...]
    dates: tuple[Date, ...]
    clock: Clock | None
    whose: str
    has_teacher: bool


def standing_of(
    lesson: OpenLesson, profile: Profile, now: datetime, _: Translator, *, owner: str | None = None
) -> Standing:
    """Return where a learner stands in a lesson; `owner` is whose working copy it is shown in."""
    card = lesson.card
    score = (
        _("Passed · score {score}", score=card.score)
        if card.status is LessonStatus.COMPLETED
        else _("Score {score} · {goal} to pass", score=card.score, goal=card.pass_score)
    )
    return Standing(
        score=score,
        steps=tuple(_step(activity, _) for activity in lesson.activities),
        dates=tuple(Date(*date) for date in due_words(lesson.talk, profile.timezone, now, _)),
        clock=_clock(lesson, now),
        whose=whose_copy(owner, profile.username, _),
        has_teacher=lesson.talk.has_teacher,
    )


def title_of(activity: ActivityCard, _: Translator) -> str:
    """Return what an activity is called in a list of them."""
    return _("Quiz") if activity.kind == "quiz" else in_language(activity.title, _.language)


def standing_in(activity: ActivityCard, _: Translator) -> tuple[str, str]:
    """Return how an activity stands: the name of its mark (`passed`, `progress`, `open`), and the words for it."""
    if activity.best_points >= activity.points:
        return "passed", _("passed")
    return ("progress", _("tried, not yet right")) if activity.is_tried else ("open", _("not tried yet"))


def _step(activity: ActivityCard, _: Translator) -> Step:
    state, words = standing_in(activity, _)
    has_hints = activity.hints_total > 0
    return Step(activity.id, activity.kind, title_of(activity, _), state, words, has_hints, activity.solution)


def _clock(lesson: OpenLesson, now: datetime) -> Clock | None:
    limit, run = lesson.card.time_limit_sec, lesson.run
    if not limit:
        return None
    if run is None:
        return Clock(is_running=False, seconds_left=None, whole_secs=limit)
    if run.ends_at is None:
        return Clock(is_running=True, seconds_left=None, whole_secs=limit)
    whole = round((run.ends_at - run.started_at).total_seconds())
    return Clock(is_running=True, seconds_left=(run.ends_at - now).total_seconds(), whole_secs=whole)
