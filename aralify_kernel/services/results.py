"""The result of an attempt: what is kept of it, and how it is told again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain import quizzes
from aralify_kernel.domain.content import Quiz
from aralify_kernel.domain.facts import ActivityKind
from aralify_kernel.domain.judging import CheckOutcome, Judgement, LearnerError
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import CourseTotals, LessonStatus, Run, SubmitResult
from aralify_kernel.services import class_talk, lessons
from aralify_kernel.store import attempts, versions
from aralify_kernel.store.values import columns

if TYPE_CHECKING:
    from aralify_kernel.domain.content import Activity
    from aralify_kernel.domain.session import Submission
    from aralify_kernel.services.lessons import Place
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.attempts import Attempt
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.progress import CourseProgress, LessonProgress
    from aralify_kernel.store.users import User


def last_result(db: Database, who: Who, ref: LessonRef, activity: str) -> SubmitResult | None:
    """Return the result of a learner's newest attempt at an activity, to be shown again; None when there is none."""
    with db.read() as tx:
        user = who(tx)
        place = lessons.find(tx, user, ref)
        newest = attempts.last(tx, user.id, place.lesson.id, activity)
        return stored(tx, newest) if newest else None


def plain(judgement: Judgement) -> dict[str, Any]:
    """Return checks and error of a judgement as JSON data, texts in every language."""
    return {
        "checks": [columns(check) for check in judgement.checks],
        "error": columns(judgement.error) if judgement.error else None,
    }


def outcome(
    lesson: LessonProgress,
    course: CourseProgress | None,
    run: Run | None,
    *,
    xp_awarded: int,
    xp_total: int,
    level_before: int,
    level: int,
    streak: int,
    unlocked: list[str],
) -> dict[str, Any]:
    """Return what followed from an attempt, as JSON data to be kept with it."""
    return {
        "lesson_status": lesson.status.name,
        "lesson_score": lesson.score,
        "xp_awarded": xp_awarded,
        "xp_total": xp_total,
        "level": level,
        "leveled_up": level > level_before,
        "streak_current": streak,
        "unlocked": unlocked,
        "course": {
            "completion_pct": course.completion_pct if course else 0.0,
            "mastery_pct": course.mastery_pct if course else 0.0,
            "completed": bool(course and course.completed_at),
        },
        "run": run
        and {
            "id": run.id,
            "started_at": run.started_at.isoformat(),
            "ends_at": run.ends_at.isoformat() if run.ends_at else None,
        },
    }


def stored(tx: Transaction, attempt: Attempt) -> SubmitResult:
    """Return the result of a stored attempt again, word for word as it was told first, with what teachers wrote since."""
    quiz = None
    if attempt.kind is ActivityKind.QUIZ:
        quiz = versions.content_of(tx, attempt.lesson_ref, attempt.content_version).activity(attempt.activity)
    return class_talk.told_about(tx, attempt.user_id, attempt.lesson_id, of(attempt, quiz, repeated=True))


def of(attempt: Attempt, activity: Activity | None, *, repeated: bool) -> SubmitResult:
    """Return the result of an attempt at an activity as it was then."""
    followed = dict(attempt.outcome)
    run, course = followed.pop("run"), followed.pop("course")
    return SubmitResult(
        lesson=LessonRef.parse(attempt.lesson_ref),
        activity=attempt.activity,
        judgement=judgement(attempt),
        attempt=attempt.id,
        attempt_key=attempt.attempt_key,
        repeated=repeated,
        late=attempt.late,
        lesson_status=LessonStatus[followed.pop("lesson_status")],
        unlocked=tuple(followed.pop("unlocked")),
        course=CourseTotals(**course),
        run=_run(run) if run else None,
        quiz=quizzes.judge(activity, attempt.content).feedback if isinstance(activity, Quiz) else None,
        **followed,
    )


def preview(user: User, place: Place, submission: Submission, activity: Activity, judgement: Judgement) -> SubmitResult:
    """Return the result of an answer that is not recorded: a moderator tries what learners cannot see yet."""
    course = place.standing.progress
    return SubmitResult(
        lesson=submission.lesson,
        activity=submission.activity,
        judgement=judgement,
        attempt=0,
        attempt_key=submission.attempt_key,
        repeated=False,
        late=False,
        lesson_status=place.progress.status,
        lesson_score=place.progress.score,
        xp_awarded=0,
        xp_total=user.xp_total,
        level=user.level,
        leveled_up=False,
        streak_current=user.streak_current,
        unlocked=(),
        course=CourseTotals(
            course.completion_pct if course else 0.0,
            course.mastery_pct if course else 0.0,
            bool(course and course.completed_at),
        ),
        quiz=quizzes.judge(activity, submission.content).feedback if isinstance(activity, Quiz) else None,
    )


def judgement(attempt: Attempt) -> Judgement:
    """Return how a stored attempt was judged."""
    return Judgement(
        verdict=attempt.verdict,
        points=attempt.points,
        max_points=attempt.max_points,
        checks=tuple(CheckOutcome(**check) for check in attempt.checks),
        isolation=attempt.isolation,
        error=_error(attempt.error) if attempt.error else None,
        stdout=attempt.stdout,
        signature=attempt.signature,
        duration_ms=attempt.duration_ms,
    )


def _error(data: dict[str, Any]) -> LearnerError:
    span = data.get("span")
    return LearnerError(**{**data, "span": tuple(span) if span else None})


def _run(data: dict[str, Any]) -> Run:
    ends_at = data["ends_at"]
    return Run(
        data["id"], datetime.fromisoformat(data["started_at"]), datetime.fromisoformat(ends_at) if ends_at else None
    )
