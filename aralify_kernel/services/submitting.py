"""Submitting an answer: judged outside of any transaction, recorded with all that follows in one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain import quizzes
from aralify_kernel.domain.content import Exercise, Quiz
from aralify_kernel.domain.facts import ActivityKind, EventType, content_hash
from aralify_kernel.domain.judging import Judgement, Verdict, judge_task
from aralify_kernel.domain.runs import is_late
from aralify_kernel.domain.scores import best_points, judged, lesson_score, raised, timed_score
from aralify_kernel.domain.session import LessonStatus, SubmitResult
from aralify_kernel.domain.streaks import LocalDay, StreakState, extend, local_day
from aralify_kernel.domain.user_levels import level
from aralify_kernel.domain.xp import lesson_xp
from aralify_kernel.errors import N_, InvalidValue, JudgeUnavailable, KeyConflict, NotSignedIn, SourceRefused
from aralify_kernel.services import events, lessons, results, runs, standings, summaries
from aralify_kernel.store import activity_days, attempts, courses, learner_events, progress, users, versions, xp_events
from aralify_kernel.store.retrying import retried, retried_by_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aralify_kernel.domain.content import Activity, LessonContent
    from aralify_kernel.domain.session import Run, Submission
    from aralify_kernel.grading import Grader
    from aralify_kernel.services.lessons import Place
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.attempts import Attempt
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.users import User

MAX_SOURCE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class _Found:
    """What an answer is to be judged against, and for whom."""

    user: User
    place: Place
    content: LessonContent
    version: int


@dataclass(frozen=True, slots=True)
class _Judged:
    """A judged answer, and what it was judged against."""

    submission: Submission
    content: LessonContent
    version: int
    activity: Activity
    judgement: Judgement


def submit(
    db: Database, who: Who, submission: Submission, *, grader: Callable[[], Grader], now: datetime
) -> SubmitResult:
    """Judge an answer and record it; a moderator's preview is judged and not recorded.

    Args:
        db: The database.
        who: Finds the learner.
        submission: The answer. With a key that was used before, nothing is judged: the stored result comes back.
        grader: Returns what judges code; called only when there is code to judge.
        now: When the answer arrived: how long judging takes is not the learner's time.

    Raises:
        SourceRefused: It cannot be judged at all.
        NotFound: There is no such lesson or activity for this person.
        LevelLocked: The topic is locked.
        InvalidValue: A quiz was answered with something that is no answer.
        KeyConflict: The key was used for another answer.
        JudgeUnavailable: It could not be judged; nothing is recorded.
    """
    _refuse_unjudgeable(submission)
    found = _find(db, who, submission)
    if isinstance(found, SubmitResult):
        return found
    activity = lessons.find_activity(found.content, submission.lesson, submission.activity)
    judgement = _judge(found.content, activity, submission, grader)
    if found.place.is_preview:
        return results.preview(found.user, found.place, submission, activity, judgement)
    return _keep(db, found.user.id, _Judged(submission, found.content, found.version, activity, judgement), now=now)


def _refuse_unjudgeable(submission: Submission) -> None:
    if not 1 <= len(submission.attempt_key) <= 64 or not submission.attempt_key.isprintable():
        reason = N_("Give 1 to 64 characters, best a new UUID for every answer.")
        raise InvalidValue(field="attempt_key", value=submission.attempt_key[:64], reason=reason)
    try:
        size = len(submission.content.encode())
    except UnicodeEncodeError:
        raise SourceRefused(reason=N_("it contains half a character. Type it again as plain text.")) from None
    if size > MAX_SOURCE_BYTES:
        reason = N_("it is larger than {limit_kib} KiB.")
        raise SourceRefused(size=size, limit_kib=MAX_SOURCE_BYTES // 1024, reason=reason)
    if "\0" in submission.content:
        raise SourceRefused(reason=N_("it contains a NUL character. Type it again as plain text."))


@retried
def _find(db: Database, who: Who, submission: Submission) -> _Found | SubmitResult:
    """Return what an answer is to be judged against; the stored result when its key was used before."""
    with db.read() as tx:
        user = who(tx)
        earlier = _earlier(tx, user, submission)
        if earlier is not None:
            return results.stored(tx, earlier, repeated=True)
        place = lessons.find_open(tx, user, submission.lesson)
        newest = versions.latest_of_lesson(tx, str(submission.lesson))
        return _Found(user, place, courses.content_of(tx, place.lesson.id), newest.version if newest else 0)


@retried_by_key
def _keep(db: Database, user_id: int, done: _Judged, *, now: datetime) -> SubmitResult:
    """Record a judged answer with all that follows, in one transaction, unless its key has been used meanwhile."""
    with db.write() as tx:
        user = users.lock(tx, user_id)
        if user is None:
            raise NotSignedIn
        earlier = _earlier(tx, user, done.submission)
        if earlier is not None:
            return results.stored(tx, earlier, repeated=True)
        return _record(tx, user, done, now=now)


def _earlier(tx: Transaction, user: User, submission: Submission) -> Attempt | None:
    earlier = attempts.by_key(tx, user.id, submission.attempt_key)
    if earlier is None:
        return None
    same = (str(submission.lesson), submission.activity, content_hash(submission.content))
    if (earlier.lesson_ref, earlier.activity, earlier.content_hash) != same:
        raise KeyConflict(attempt_key=submission.attempt_key)
    return earlier


def _judge(
    content: LessonContent, activity: Activity, submission: Submission, grader: Callable[[], Grader]
) -> Judgement:
    if isinstance(activity, Quiz):
        return quizzes.judge(activity, submission.content).judgement
    judgement = grader().judge(judge_task(content, activity, submission.content))
    if judgement.verdict is Verdict.UNGRADED:
        raise JudgeUnavailable
    return judgement


def _record(tx: Transaction, user: User, done: _Judged, *, now: datetime) -> SubmitResult:
    """Insert the attempt and everything that follows from it."""
    place = lessons.find_open(tx, user, done.submission.lesson)
    lessons.enter(tx, user, place, now=now)
    run = None
    if place.lesson.time_limit_sec is not None:
        run = runs.current(tx, user, place) or runs.begin(tx, user, place, now=now)
    today = local_day(now, user.timezone)
    late = run is not None and is_late(now, run.ends_at)
    earns = not late and not _answer_was_shown(tx, user, place, done)
    attempt = _attempt(user, place, done, run, today, now, late=late, earns=earns)
    attempt_id = attempts.add(tx, attempt)
    classes = summaries.classes_of(tx, user, place)
    events.note(tx, user, EventType.ATTEMPT_JUDGED, place, now=now, attempt_id=attempt_id, **classes.details)
    streak = _extend_streak(tx, user, today)
    before = progress.of_lesson(tx, user.id, place.lesson.id) or place.progress
    reached, xp = _reach(tx, user, place, before, attempt_id, now=now)
    total = user.xp_total + xp
    users.change(
        tx,
        user.id,
        now=now,
        xp_total=total,
        level=level(total),
        streak_current=streak.current,
        streak_longest=streak.longest,
    )
    course = place.standing.course
    unlocked = standings.settle(tx, user.id, course, now=now, xp=xp)
    outcome = results.outcome(
        reached,
        progress.of_course(tx, user.id, course.id),
        run,
        xp_awarded=xp,
        xp_total=total,
        level=level(total),
        level_before=user.level,
        streak=streak.current,
        unlocked=[f"{course.slug}/{slug}" for slug in unlocked],
    )
    attempts.set_outcome(tx, attempt_id, outcome)
    completes = reached.status is LessonStatus.COMPLETED and before.status is not LessonStatus.COMPLETED
    summaries.follow(tx, place, attempt, attempt_id, classes, completes_lesson=completes)
    stored = attempts.by_key(tx, user.id, done.submission.attempt_key)
    if stored is None:
        raise KeyError(attempt_id)
    return results.stored(tx, stored, repeated=False)


def _answer_was_shown(tx: Transaction, user: User, place: Place, done: _Judged) -> bool:
    """Whether the answer of this very quiz was shown; one whose question changed since is another."""
    if isinstance(done.activity, Exercise):
        return False
    shown = learner_events.of_lesson(tx, user.id, place.lesson.id, EventType.ANSWER_SHOWN)
    this = (done.activity.id, done.content.activity_hash(done.activity))
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
) -> attempts.NewAttempt:
    judgement = done.judgement
    parts: dict[str, Any] = results.plain(judgement)
    return attempts.NewAttempt(
        user_id=user.id,
        lesson_id=place.lesson.id,
        lesson_ref=str(place.ref),
        activity=done.activity.id,
        kind=ActivityKind.EXERCISE if isinstance(done.activity, Exercise) else ActivityKind.QUIZ,
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
        activity_hash=done.content.activity_hash(done.activity),
        content_version=done.version,
        run_id=run.id if run else None,
        late=late,
        attempt_key=done.submission.attempt_key,
        created_at=now,
        local_date=today.date,
        utc_offset_min=today.utc_offset_min,
    )


def _extend_streak(tx: Transaction, user: User, today: LocalDay) -> StreakState:
    before = StreakState(user.streak_current, user.streak_longest, activity_days.last(tx, user.id))
    activity_days.count(tx, user.id, today)
    return extend(before, today)


def _reach(
    tx: Transaction, user: User, place: Place, before: progress.LessonProgress, attempt_id: int, *, now: datetime
) -> tuple[progress.LessonProgress, int]:
    """Raise the lesson's score, complete it when that is enough, pay once; return its progress and the XP paid."""
    content = courses.content_of(tx, place.lesson.id)
    earned = lessons.earned(tx, user, place.lesson.id, content)
    points = {activity.id: activity.points for activity in content.activities}
    timed = place.lesson.time_limit_sec is not None
    score = raised(before.score, timed_score(earned, points) if timed else lesson_score(best_points(earned), points))
    after = replace(before, score=score, status=judged(before.status, score, content.pass_score))
    xp = 0
    if after.status is LessonStatus.COMPLETED and before.status is not LessonStatus.COMPLETED:
        if not xp_events.paid(tx, user.id, str(place.ref)):
            xp = lesson_xp(place.lesson.xp_reward, place.lesson.difficulty)
            award = xp_events.XpEvent(place.lesson.id, str(place.ref), attempt_id, xp, now)
            xp_events.add(tx, user.id, award)
        after = replace(after, completed_at=now, xp_earned=before.xp_earned + xp)
    if after != before:
        progress.save_lesson(tx, user.id, after)
    return after, xp
