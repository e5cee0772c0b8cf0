"""Submitting an answer: judged outside of any transaction, recorded with all that follows in one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain import quizzes
from aralify_kernel.domain.active_time import gap_secs
from aralify_kernel.domain.client_times import moment_of
from aralify_kernel.domain.content import Exercise, Quiz
from aralify_kernel.domain.facts import EventType, content_hash
from aralify_kernel.domain.judging import Judgement, Verdict, judge_task
from aralify_kernel.domain.runs import is_late
from aralify_kernel.domain.scores import FULL, best_points, judged, lesson_score, raised, timed_score
from aralify_kernel.domain.session import LessonStatus, SubmitResult
from aralify_kernel.domain.sources import admitted
from aralify_kernel.domain.streaks import LocalDay, StreakState, extend, local_day
from aralify_kernel.domain.user_levels import level
from aralify_kernel.domain.xp import lesson_xp
from aralify_kernel.errors import N_, InvalidValue, JudgeUnavailable, KeyConflict, NotSignedIn
from aralify_kernel.services import class_talk, events, lessons, results, runs, standings, starters, summaries
from aralify_kernel.store import (
    activity_days,
    attempts,
    learner_events,
    progress,
    upserts,
    users,
    versions,
    xp_events,
)
from aralify_kernel.store.retrying import retried, retried_by_key
from aralify_kernel.store.submitting import Asked, Before, look
from aralify_kernel.store.values import columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aralify_kernel.domain.content import Activity, LessonContent
    from aralify_kernel.domain.session import Run, Submission
    from aralify_kernel.grading import Grader
    from aralify_kernel.services.lessons import Place
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.attempts import Attempt, NewAttempt
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.progress import CourseProgress, LessonProgress
    from aralify_kernel.store.users import Figures, User


@dataclass(frozen=True, slots=True)
class _Found:
    """What an answer is to be judged against, and for whom."""

    user: User
    place: Place
    content: LessonContent
    version: int
    activity: Activity


@dataclass(frozen=True, slots=True)
class _Judged:
    """A judged answer, and what it was judged against."""

    submission: Submission
    found: _Found
    judgement: Judgement
    moment: datetime
    """The moment on whose local date it counts."""


@dataclass(frozen=True, slots=True)
class _Reached:
    """What a learner has reached with an answer, and what it earned."""

    lesson: LessonProgress
    course: CourseProgress
    opened: tuple[str, ...]
    xp: int
    completes: bool


def submit(
    db: Database,
    who: Who,
    submission: Submission,
    *,
    grader: Callable[[], Grader],
    now: datetime,
    signed_in: datetime | None = None,
) -> SubmitResult:
    """Judge an answer and record it; a moderator's preview is judged and not recorded.

    Args:
        db: The database.
        who: Finds the learner.
        submission: The answer. With a key that was used before, nothing is judged: the stored result comes back.
        grader: Returns what judges code; called only when there is code to judge.
        now: When the answer arrived: how long judging takes is not the learner's time.
        signed_in: When the sign-in began with which it came: what its `client_time` is compared with.

    Raises:
        SourceRefused: It cannot be judged at all.
        NotFound: There is no such lesson or activity for this person.
        WrongKindOfAnswer: An exercise was sent an answer, or a quiz code.
        UnchangedStarter: It is still the starting code.
        EmptyAnswer: There is nothing in it.
        LevelLocked: The topic is locked.
        InvalidValue: A quiz was answered with something that is no answer.
        KeyConflict: The key was used for another answer.
        JudgeUnavailable: It could not be judged (`JudgeBusy`: not now); nothing is recorded.
    """
    _refuse_unjudgeable(submission)
    found = _find(db, who, submission)
    if isinstance(found, SubmitResult):
        return found
    judgement = _judge(found.content, found.activity, submission, grader, found.user.username)
    if found.place.is_preview:
        return results.preview(found.user, found.place, submission, found.activity, judgement)
    moment = moment_of(submission.client_time, received=now, signed_in=signed_in)
    result = _keep(db, _Judged(submission, found, judgement, moment), now=now)
    return _with_talk(db, found, result) if result.judgement.signature else result


@retried
def _with_talk(db: Database, found: _Found, result: SubmitResult) -> SubmitResult:
    """Return a result with what teachers tell about it: read when it is recorded, so that nobody's writing waits."""
    with db.read() as tx:
        return class_talk.told_about(tx, found.user.id, found.place.lesson.id, result)


def _refuse_unjudgeable(submission: Submission) -> None:
    if not 1 <= len(submission.attempt_key) <= 64 or not submission.attempt_key.isprintable():
        reason = N_("Give 1 to 64 characters, best a new UUID for every answer.")
        raise InvalidValue(field="attempt_key", value=submission.attempt_key[:64], reason=reason)
    admitted(submission.content)


@retried
def _find(db: Database, who: Who, submission: Submission) -> _Found | SubmitResult:
    """Return what an answer is to be judged against; the stored result when its key was used before."""
    with db.read() as tx:
        user = who(tx)
        earlier = _earlier(tx, user, submission)
        if earlier is not None:
            return results.stored(tx, earlier)
        place = lessons.find_open(tx, user, submission.lesson)
        published = versions.of_lesson(tx, str(submission.lesson))
        content = versions.content(tx, published[-1])
        activity = lessons.find_activity(content, submission.lesson, submission.activity, submission.kind)
        if isinstance(activity, Exercise):
            starters.refuse_unchanged(tx, published, activity.id, submission.content)
        return _Found(user, place, content, published[-1].version, activity)


@retried_by_key
def _keep(db: Database, done: _Judged, *, now: datetime) -> SubmitResult:
    """Record a judged answer with all that follows, in one transaction, unless its key has been used meanwhile."""
    with db.write() as tx:
        user = users.lock(tx, done.found.user.id)
        if user is None:
            raise NotSignedIn
        before = _look(tx, user, done.found.place, done)
        earlier = _earlier(tx, user, done.submission) if before.is_repeated else None
        return results.stored(tx, earlier) if earlier else _record(tx, user, done, before, now=now)


def _look(tx: Transaction, user: User, place: Place, done: _Judged, attempt_id: int | None = None) -> Before:
    """Return what there is before an answer in a lesson."""
    asked = Asked(
        user=user.id,
        key=done.submission.attempt_key,
        course=place.standing.course.id,
        course_ref=place.ref.course,
        lesson=place.lesson.id,
        activity=done.found.activity.id,
        signature=done.judgement.signature,
        day=local_day(done.moment, user.timezone).date,
        attempt_id=attempt_id,
    )
    return look(tx, asked)


def _earlier(tx: Transaction, user: User, submission: Submission) -> Attempt | None:
    earlier = attempts.by_key(tx, user.id, submission.attempt_key)
    if earlier is None:
        return None
    same = (str(submission.lesson), submission.activity, content_hash(submission.content))
    if (earlier.lesson_ref, earlier.activity, earlier.content_hash) != same:
        raise KeyConflict(attempt_key=submission.attempt_key)
    return earlier


def _judge(
    content: LessonContent, activity: Activity, submission: Submission, grader: Callable[[], Grader], learner: str
) -> Judgement:
    if isinstance(activity, Quiz):
        return quizzes.judge(activity, submission.content).judgement
    judgement = grader().judge(judge_task(content, activity, submission.content, learner))
    if judgement.verdict is Verdict.UNGRADED:
        raise JudgeUnavailable
    return judgement


def _record(tx: Transaction, user: User, done: _Judged, before: Before, *, now: datetime) -> SubmitResult:
    """Insert the attempt and everything that follows from it.

    First all that must be known is read, then the rules are asked, then everything is written: few statements, since
    this is what a class does all at once.
    """
    place, content, run, before = _entered(tx, user, done, before, now=now)
    if before.course is None or before.lesson is None:
        raise KeyError(str(place.ref))
    today = local_day(done.moment, user.timezone)
    late = run is not None and is_late(now, run.ends_at)
    earns = not late and not _answer_was_shown(tx, user, place, done)
    attempt = _attempt(user, place, done, run, today, now, late=late, earns=earns)
    secs = gap_secs(before.last_event_at, now)
    in_course = events.spent_in_course(before.course, secs, now)
    in_lesson = replace(before.lesson, score=_score(place, content, before, before.lesson.score, attempt))
    in_lesson = events.spent_in_lesson(in_lesson, secs)
    reached = _reach(tx, user, place, in_lesson, in_course, content.pass_score, now=now)
    streak = extend(StreakState(user.streak_current, user.streak_longest, before.last_day), today)
    total = user.xp_total + reached.xp
    figures = users.Figures(total, level(total), streak.current, streak.longest)
    outcome = results.outcome(
        reached.lesson,
        reached.course,
        run,
        xp_awarded=reached.xp,
        xp_total=total,
        level=figures.level,
        level_before=user.level,
        streak=streak.current,
        unlocked=[f"{place.ref.course}/{slug}" for slug in reached.opened],
    )
    stored = attempts.Attempt(id=before.attempt_id, outcome=outcome, **columns(attempt))
    with upserts.together(tx):
        _write(tx, user, place, stored, before, reached, figures, _claim(done.submission))
    return results.of(stored, done.found.activity, repeated=False)


def _write(
    tx: Transaction,
    user: User,
    place: Place,
    stored: Attempt,
    before: Before,
    reached: _Reached,
    figures: Figures,
    claim: dict[str, Any],
) -> None:
    """Write an attempt and all that follows from it."""
    now, course = stored.created_at, place.standing.course
    attempts.add(tx, stored)
    kind, day, details = EventType.ATTEMPT_JUDGED, stored.local_date, summaries.in_classes(before.classes) | claim
    events.put(tx, user, kind, place.standing, place, now=now, day=day, attempt_id=stored.id, **details)
    if figures != user.figures:
        users.change(tx, user.id, now=now, **columns(figures))
    progress.change_course(tx, reached.course)
    if reached.lesson != before.lesson:
        progress.change_lesson(tx, user.id, reached.lesson)
    standings.unlock(tx, user.id, course, reached.opened, now=now)
    _count_day(tx, stored, before)
    if reached.xp:
        xp_events.add(tx, user.id, xp_events.XpEvent(place.lesson.id, str(place.ref), stored.id, reached.xp, now))
    summaries.follow(tx, place, stored, before, completes_lesson=reached.completes)


def _claim(submission: Submission) -> dict[str, Any]:
    """Return what is kept of the time that the learner's computer gave, beside the time of arrival."""
    return {"client_time": submission.client_time.isoformat()} if submission.client_time else {}


def _entered(
    tx: Transaction, user: User, done: _Judged, before: Before, *, now: datetime
) -> tuple[Place, LessonContent, Run | None, Before]:
    """Return the lesson as it is now, begun by the learner, its content, the run that the answer belongs to.

    A topic that was open when the answer came still is, unless something was published while it was judged.
    """
    place, content = done.found.place, done.found.content
    if before.course_version != place.standing.version:
        place = lessons.find_open(tx, user, done.submission.lesson)
        content = versions.present_content(tx, str(place.ref))
        before = _look(tx, user, place, done, before.attempt_id)
    run = runs.current(tx, user, place)
    begins_run = run is None and place.lesson.time_limit_sec is not None
    if begins_run or before.lesson is None:
        place = replace(place, standing=standings.standing(tx, user.id, place.standing.course))
        lessons.enter(tx, user, place, now=now)
        run = runs.begin(tx, user, place, now=now) if begins_run else run
        before = _look(tx, user, place, done, before.attempt_id)
    return place, content, run, before


def _answer_was_shown(tx: Transaction, user: User, place: Place, done: _Judged) -> bool:
    """Whether the answer of this very quiz was shown; one whose question changed since is another."""
    if isinstance(done.found.activity, Exercise):
        return False
    shown = learner_events.of_lesson(tx, user.id, place.lesson.id, EventType.ANSWER_SHOWN)
    activity = done.found.activity
    this = (activity.id, done.found.content.hashes[activity.id])
    return any((event.details["activity"], event.details["activity_hash"]) == this for event in shown)


def _attempt(
    user: User,
    place: Place,
    done: _Judged,
    run: Run | None,
    today: LocalDay,
    now: datetime,
    *,
    late: bool,
    earns: bool,
) -> NewAttempt:
    judgement = done.judgement
    parts: dict[str, Any] = results.plain(judgement)
    return attempts.NewAttempt(
        user_id=user.id,
        lesson_id=place.lesson.id,
        lesson_ref=str(place.ref),
        activity=done.found.activity.id,
        kind=lessons.kind_of(done.found.activity),
        content=done.submission.content,
        content_hash=content_hash(done.submission.content),
        verdict=judgement.verdict,
        points=judgement.points if earns else 0,
        max_points=judgement.max_points,
        checks=parts["checks"],
        error=parts["error"],
        error_class=judgement.error.type[:200] if judgement.error else None,
        stdout=judgement.stdout,
        signature=judgement.signature,
        isolation=judgement.isolation,
        duration_ms=judgement.duration_ms,
        activity_hash=done.found.content.hashes[done.found.activity.id],
        content_version=done.found.version,
        run_id=run.id if run else None,
        late=late,
        attempt_key=done.submission.attempt_key,
        created_at=now,
        local_date=today.date,
        utc_offset_min=today.utc_offset_min,
    )


def _count_day(tx: Transaction, attempt: Attempt, before: Before) -> None:
    """Count an attempt on its date; the last date tells where the learner's clock is, also when this is an earlier one."""
    today, last = LocalDay(attempt.local_date, attempt.utc_offset_min), before.last_day
    is_past = last is not None and last.date > today.date
    activity_days.count(tx, attempt.user_id, today, before.attempts_on_day, keep_offset=is_past)
    if last is not None and is_past and last.utc_offset_min != today.utc_offset_min:
        activity_days.set_offset(tx, attempt.user_id, replace(today, date=last.date))


def _reach(
    tx: Transaction,
    user: User,
    place: Place,
    in_lesson: LessonProgress,
    in_course: CourseProgress,
    pass_score: int,
    *,
    now: datetime,
) -> _Reached:
    """Return how far the learner is with this score: whether the lesson is complete, paid once, and the course."""
    before, status = in_lesson.status, judged(in_lesson.status, in_lesson.score, pass_score)
    in_lesson = replace(in_lesson, status=status)
    if status is before or status is not LessonStatus.COMPLETED:
        return _Reached(in_lesson, in_course, (), 0, completes=False)
    xp = 0
    if not xp_events.paid(tx, user.id, str(place.ref)):
        xp = lesson_xp(place.lesson.xp_reward, place.lesson.difficulty)
    in_lesson = replace(in_lesson, completed_at=now, xp_earned=in_lesson.xp_earned + xp)
    in_course = replace(in_course, total_xp_earned=in_course.total_xp_earned + xp)
    where = standings.standing(tx, user.id, place.standing.course)
    after = replace(where, lessons={**where.lessons, place.lesson.id: in_lesson})
    in_course, opened = standings.settled(after, in_course, now=now)
    return _Reached(in_lesson, in_course, opened, xp, completes=True)


def _score(place: Place, content: LessonContent, before: Before, score: int, attempt: NewAttempt) -> int:
    """Return the lesson's score with this attempt. It never falls, so that a full one needs no reckoning."""
    if score == FULL:
        return score
    this = attempts.BestPoints(attempt.activity, attempt.activity_hash, attempt.run_id, attempt.points)
    earned = lessons.earned(content, (*before.best_points, this))
    points = {activity.id: activity.points for activity in content.activities}
    timed = place.lesson.time_limit_sec is not None
    return raised(score, timed_score(earned, points) if timed else lesson_score(best_points(earned), points))
