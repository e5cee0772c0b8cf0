"""Replaying one learner's facts: what the tables that follow from them should hold.

The rules are the domain's, and the facts are the only thing read: attempts, learner events in commit order, and what
was published when. What the services wrote step by step must come out again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain.active_time import gap_secs
from aralify_kernel.domain.completion import completion_pct, is_complete, mastery_pct
from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.facts import EventType
from aralify_kernel.domain.scores import Earned, best_points, judged, lesson_score, opened, raised, timed_score
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.domain.streaks import LocalDay, rebuild
from aralify_kernel.domain.unlocking import LevelState, new_unlocks
from aralify_kernel.domain.user_levels import level
from aralify_kernel.domain.xp import lesson_xp
from aralify_kernel.store import activity_days, attempts, courses, learner_events, progress, users, versions, xp_events
from aralify_kernel.store.schema import broken_references

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from aralify_kernel.domain.content import LessonContent
    from aralify_kernel.store.attempts import Attempt
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.learner_events import LearnerEvent
    from aralify_kernel.store.users import User
    from aralify_kernel.store.versions import CourseVersion

Table = dict[str, dict[str, Any]]
"""Rows by what identifies them within one learner, such as a lesson's reference."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything about one learner that follows from facts."""

    users: Table = field(default_factory=dict)
    user_course_progress: Table = field(default_factory=dict)
    user_level_unlocks: Table = field(default_factory=dict)
    user_lesson_progress: Table = field(default_factory=dict)
    xp_events: Table = field(default_factory=dict)
    activity_days: Table = field(default_factory=dict)


def check(db: Database, on_progress: Callable[[int, int], None]) -> tuple[str, ...]:
    """Return every difference between what is stored and what the facts say, one line each; none when all is sound.

    Args:
        db: The database.
        on_progress: Called with the number of learners replayed, of all learners.
    """
    with db.read() as tx:
        found = list(broken_references(tx))
        everybody = users.all_users(tx)
        contents: dict[tuple[str, int], LessonContent] = {}
        for number, user in enumerate(everybody):
            on_progress(number, len(everybody))
            found += differences(user.username, stored(tx, user), replay(tx, user, contents))
        on_progress(len(everybody), len(everybody))
    return tuple(found)


def differences(username: str, is_stored: Figures, expected: Figures) -> list[str]:
    """Return a line for every value that is stored otherwise than `expected`."""
    lines = []
    for table in Figures.__slots__:
        have, want = getattr(is_stored, table), getattr(expected, table)
        for key in sorted(have.keys() | want.keys()):
            row, should = have.get(key, {}), want.get(key, {})
            lines += [
                f"{username}: {table} {key} {column}: {row.get(column)} is stored, {should.get(column)} follows"
                for column in sorted(row.keys() | should.keys())
                if row.get(column) != should.get(column)
            ]
    return lines


def stored(tx: Transaction, user: User) -> Figures:
    """Return what the tables hold about a learner."""
    levels: dict[int, str] = {}
    lessons: dict[int, str] = {}
    names: dict[int, str] = {}
    for course in courses.all_courses(tx):
        names[course.id] = course.slug
        for topic in course.levels:
            levels[topic.id] = f"{course.slug}/{topic.slug}"
            lessons |= {lesson.id: f"{levels[topic.id]}/{lesson.difficulty.slug}" for lesson in topic.lessons}
    return Figures(
        users={"": {key: getattr(user, key) for key in ("xp_total", "level", "streak_current", "streak_longest")}},
        user_course_progress={
            names[course_id]: _row(row, "user_id", "course_id")
            for course_id, row in progress.of_courses(tx, user.id).items()
        },
        user_level_unlocks={levels[id_]: _row(row, "level_id") for id_, row in progress.unlocks(tx, user.id).items()},
        user_lesson_progress={
            lessons[id_]: _row(row, "lesson_id") for id_, row in progress.of_lessons(tx, user.id).items()
        },
        xp_events={
            row.lesson_ref: {"amount": row.amount, "created_at": row.created_at, "attempt_id": row.attempt_id}
            for row in xp_events.of_user(tx, user.id)
        },
        activity_days={
            date.isoformat(): {"attempts": count} for date, count in activity_days.of_user(tx, user.id).items()
        },
    )


def replay(tx: Transaction, user: User, contents: dict[tuple[str, int], LessonContent] | None = None) -> Figures:
    """Return what follows from a learner's facts.

    Args:
        tx: The transaction.
        user: The learner.
        contents: Lesson contents by reference and version, shared between learners so that each is read once.
    """
    return _Replay(tx, user, {} if contents is None else contents).run()


class _Replay:
    def __init__(self, tx: Transaction, user: User, contents: dict[tuple[str, int], LessonContent]) -> None:
        self._tx = tx
        self._events = learner_events.of_user(tx, user.id)
        self._attempts = attempts.of_user(tx, user.id)
        self._contents = contents
        self._published: dict[str, list[CourseVersion]] = {}
        self._version: dict[str, int] = {}
        self._earned: dict[str, list[tuple[str, Earned]]] = {}
        self._figures = Figures()

    def run(self) -> Figures:
        before: LearnerEvent | None = None
        for event in self._events:
            if event.course_id is not None and event.course_ref is not None:
                self._publish(event.course_ref, event.course_version)
                self._apply(event, gap_secs(before.created_at if before else None, event.created_at))
            before = event
        for course in list(self._version):
            self._publish(course, None)
        self._sum_up()
        return self._figures

    def _publish(self, course: str, until: int | None) -> None:
        """Let everything happen to a course that was published up to the version `until`."""
        if course not in self._published:
            self._published[course] = versions.of_course(self._tx, course)
        since = self._version.get(course)
        for version in self._published[course]:
            if until is not None and version.version > until:
                break
            if since is not None and version.version > since:
                self._version[course] = version.version
                self._settle(course, version.published_at)
        if until is not None:
            self._version[course] = until

    def _outline(self, course: str) -> Mapping[str, Any]:
        return next(v.outline for v in self._published[course] if v.version == self._version[course])

    def _apply(self, event: LearnerEvent, gap: int) -> None:
        course, lesson, now = event.course_ref or "", event.lesson_ref, event.created_at
        if event.type is EventType.COURSE_STARTED:
            self._figures.user_course_progress[course] = {
                "completion_pct": 0.0,
                "mastery_pct": 0.0,
                "total_xp_earned": 0,
                "time_spent_secs": 0,
                "started_at": now,
                "completed_at": None,
                "last_activity_at": now,
            }
        in_course = self._figures.user_course_progress[course]
        in_course["time_spent_secs"] += gap
        in_course["last_activity_at"] = max(in_course["last_activity_at"], now)
        if lesson is not None:
            in_lesson = self._figures.user_lesson_progress.setdefault(lesson, _begun(now))
            in_lesson["time_spent_secs"] += gap
        if event.type is EventType.ATTEMPT_JUDGED and lesson is not None:
            self._judge(course, lesson, self._attempts[event.details["attempt_id"]], now)
        if event.type is EventType.LEVEL_GIVEN:
            self._figures.user_level_unlocks[f"{course}/{event.details['level']}"] = {"unlocked_at": now}
        if event.type in {EventType.COURSE_STARTED, EventType.ATTEMPT_JUDGED}:
            self._settle(course, now)

    def _judge(self, course: str, lesson: str, attempt: Attempt, now: datetime) -> None:
        tier = lesson.rsplit("/", 1)[1]
        outline = next(
            each
            for topic in self._outline(course)["levels"]
            for each in topic["lessons"]
            if f"{course}/{topic['slug']}/{each['tier']}" == lesson
        )
        content = self._content(lesson, outline["version"])
        of_attempt = Earned(attempt.activity, attempt.points, attempt.run_id, attempt.late)
        self._earned.setdefault(lesson, []).append((attempt.activity_hash, of_attempt))
        hashes = {activity.id: content.activity_hash(activity) for activity in content.activities}
        earned = [one for decides, one in self._earned[lesson] if hashes.get(one.activity) == decides]
        points = {activity.id: activity.points for activity in content.activities}
        timed = outline["time_limit_sec"] is not None
        row = self._figures.user_lesson_progress[lesson]
        score = timed_score(earned, points) if timed else lesson_score(best_points(earned), points)
        row["score"] = raised(row["score"], score)
        was, row["status"] = row["status"], judged(row["status"], row["score"], content.pass_score)
        day = self._figures.activity_days.setdefault(attempt.local_date.isoformat(), {"attempts": 0})
        day["attempts"] += 1
        if row["status"] is LessonStatus.COMPLETED and was is not LessonStatus.COMPLETED:
            row["completed_at"] = now
            row["xp_earned"] = lesson_xp(outline["xp_reward"], Difficulty.from_slug(tier))
            self._figures.user_course_progress[course]["total_xp_earned"] += row["xp_earned"]
            award = {"amount": row["xp_earned"], "created_at": now, "attempt_id": attempt.id}
            self._figures.xp_events[lesson] = award

    def _settle(self, course: str, now: datetime) -> None:
        levels = [self._level(course, topic) for topic in self._outline(course)["levels"]]
        for slug in new_unlocks(levels, started=True):
            self._figures.user_level_unlocks[f"{course}/{slug}"] = {"unlocked_at": now}
        row = self._figures.user_course_progress[course]
        row["completion_pct"], row["mastery_pct"] = completion_pct(levels), mastery_pct(levels)
        if row["completed_at"] is None and is_complete(levels):
            row["completed_at"] = now

    def _level(self, course: str, topic: Mapping[str, Any]) -> LevelState:
        ref = f"{course}/{topic['slug']}"
        completed = {
            Difficulty.from_slug(lesson.rsplit("/", 1)[1])
            for lesson, row in self._figures.user_lesson_progress.items()
            if lesson.startswith(f"{ref}/") and row["status"] is LessonStatus.COMPLETED
        }
        published = {Difficulty.from_slug(each["tier"]) for each in topic["lessons"] if each["is_published"]}
        return LevelState(
            slug=topic["slug"],
            order_index=topic["order_index"],
            is_published=topic["is_published"],
            published=frozenset(published),
            completed=frozenset(completed),
            unlocked=ref in self._figures.user_level_unlocks,
        )

    def _content(self, lesson: str, version: int) -> LessonContent:
        if (lesson, version) not in self._contents:
            self._contents[lesson, version] = versions.content(self._tx, lesson, version)
        return self._contents[lesson, version]

    def _sum_up(self) -> None:
        total = sum(award["amount"] for award in self._figures.xp_events.values())
        streak = rebuild(LocalDay(attempt.local_date, attempt.utc_offset_min) for attempt in self._attempts.values())
        self._figures.users[""] = {
            "xp_total": total,
            "level": level(total),
            "streak_current": streak.current,
            "streak_longest": streak.longest,
        }


def _begun(now: datetime) -> dict[str, Any]:
    return {
        "status": opened(LessonStatus.NOT_STARTED),
        "score": 0,
        "xp_earned": 0,
        "time_spent_secs": 0,
        "started_at": now,
        "completed_at": None,
    }


def _row(value: Any, *without: str) -> dict[str, Any]:
    return {name: getattr(value, name) for name in type(value).__slots__ if name not in without}
