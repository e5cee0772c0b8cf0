"""What the pages of a class show, kept up to date answer by answer so that no page has to look at the attempts.

There are two kinds. Where one learner stands (`Tries` at an activity, `CourseTries` in a course) is a state that each
answer replaces. What a class adds up to (`ClassCounts`) is nothing but a sum over its learners: each answer adds to it,
in the classes its author was in when it came. Erasing a learner therefore takes exactly their part away again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date, datetime

STUCK_AFTER: Final = 3
"""So many different wrong answers in a row, or the same failure so often, mean that somebody needs help."""

HINTED_LESSONS: Final = 2
"""So many lessons in a row in which the last hint was taken mean the same."""

_REMEMBERED: Final = 20
"""How many wrong answers are told apart; an older one that comes again counts as another."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the summaries look at of a judged answer. `signature` is "" when it passed."""

    attempt_id: int
    content_hash: str
    signature: str
    passed: bool
    at: datetime
    date: date
    completes_lesson: bool
    lesson_ref: str


@dataclass(frozen=True, slots=True)
class Tries:
    """One learner at one activity."""

    attempts: int = 0
    passed_at: int | None = None
    """Which attempt, from 1, was the first that passed."""
    failing_answers: int = 0
    """How many different wrong answers came since the last right one."""
    failing_hashes: tuple[str, ...] = ()
    same_failure: int = 0
    """How often in a row the newest answer failed in the same way."""
    signature: str = ""
    hints: int = 0
    """The highest rung of the ladder that was taken."""
    last_attempt_id: int | None = None
    last_at: datetime | None = None

    @property
    def is_stuck(self) -> bool:
        """Whether somebody should sit down beside this learner."""
        return self.failing_answers >= STUCK_AFTER or self.same_failure >= STUCK_AFTER


@dataclass(frozen=True, slots=True)
class CourseTries:
    """One learner in one course."""

    attempts: int = 0
    passed: int = 0
    stuck: int = 0
    """At how many activities they are stuck now."""
    lessons_completed: int = 0
    hinted_lessons: int = 0
    """In how many lessons in a row, with none completed otherwise in between, the last hint was taken."""
    hinted_lesson: str | None = None
    last_on: date | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DayCounts:
    """What a class did in a course on a local date of its learners."""

    attempts: int = 0
    passed: int = 0
    learners: int = 0
    """Learners active on this date."""
    new_in_week: int = 0
    """Those among them who were not active earlier in the same week, so that a week's days add up to its learners."""
    lessons_completed: int = 0


@dataclass(frozen=True, slots=True)
class ActivityCounts:
    """What a class did at an activity. Learners count where they tried, passed or took a hint for the first time."""

    attempts: int = 0
    learners: int = 0
    passed: int = 0
    passed_first_try: int = 0
    attempts_to_pass: int = 0
    """Attempts that those who passed needed, all together."""
    hinted: int = 0


@dataclass(frozen=True, slots=True)
class FailureCounts:
    """How often a class failed in one way, and how many learners did."""

    attempts: int = 0
    learners: int = 0


@dataclass(frozen=True, slots=True)
class ClassCounts:
    """What one answer adds to a class. `failure` is None when it passed."""

    day: DayCounts
    activity: ActivityCounts
    failure: FailureCounts | None


def tried(before: Tries, answer: Answer) -> Tries:
    """Return where a learner stands at an activity after an answer."""
    attempts = before.attempts + 1
    latest = answer.at if before.last_at is None else max(answer.at, before.last_at)
    after = replace(before, attempts=attempts, last_attempt_id=answer.attempt_id, last_at=latest)
    if answer.passed:
        passed_at = before.passed_at or attempts
        return replace(after, passed_at=passed_at, failing_answers=0, failing_hashes=(), same_failure=0, signature="")
    this = answer.content_hash[:8]
    is_new = this not in before.failing_hashes
    return replace(
        after,
        failing_answers=before.failing_answers + is_new,
        failing_hashes=(*before.failing_hashes, this)[-_REMEMBERED:] if is_new else before.failing_hashes,
        same_failure=before.same_failure + 1 if answer.signature == before.signature else 1,
        signature=answer.signature,
    )


def tried_in_course(before: CourseTries, was: Tries, now: Tries, answer: Answer) -> CourseTries:
    """Return where a learner stands in a course after an answer that led from `was` to `now` at its activity."""
    forgets = answer.completes_lesson and answer.lesson_ref != before.hinted_lesson
    return CourseTries(
        attempts=before.attempts + 1,
        passed=before.passed + answer.passed,
        stuck=before.stuck + now.is_stuck - was.is_stuck,
        lessons_completed=before.lessons_completed + answer.completes_lesson,
        hinted_lessons=0 if forgets else before.hinted_lessons,
        hinted_lesson=None if forgets else before.hinted_lesson,
        last_on=answer.date if before.last_on is None else max(answer.date, before.last_on),
        last_at=answer.at if before.last_at is None else max(answer.at, before.last_at),
    )


def hinted(before: Tries, rung: int) -> Tries:
    """Return where a learner stands at an activity after taking a hint."""
    return replace(before, hints=max(before.hints, rung))


def hinted_in_course(before: CourseTries, lesson_ref: str) -> CourseTries:
    """Return where a learner stands in a course after taking the last hint there is in a lesson."""
    if before.hinted_lesson == lesson_ref:
        return before
    return replace(before, hinted_lessons=before.hinted_lessons + 1, hinted_lesson=lesson_ref)


def counts(course: CourseTries, was: Tries, now: Tries, answer: Answer, *, failed_so_before: int) -> ClassCounts:
    """Return what an answer adds to the classes of its author.

    Args:
        course: How the learner stood in the course before.
        was: How they stood at the activity before.
        now: And after it.
        answer: The answer.
        failed_so_before: How often they had failed at the activity with the same signature before.
    """
    moved_on = course.last_on is None or answer.date > course.last_on
    in_week = course.last_on is not None and answer.date.isocalendar()[:2] == course.last_on.isocalendar()[:2]
    passes = now.passed_at is not None and was.passed_at is None
    return ClassCounts(
        DayCounts(1, int(answer.passed), int(moved_on), int(moved_on and not in_week), int(answer.completes_lesson)),
        ActivityCounts(
            attempts=1,
            learners=int(was.attempts == 0),
            passed=int(passes),
            passed_first_try=int(passes and now.passed_at == 1),
            attempts_to_pass=(now.passed_at or 0) if passes else 0,
        ),
        None if answer.passed else FailureCounts(1, int(failed_so_before == 0)),
    )


def hint_counts(was: Tries) -> ActivityCounts:
    """Return what a hint, taken where the learner stood as in `was`, adds to the classes of the learner."""
    return ActivityCounts(hinted=int(was.hints == 0))
