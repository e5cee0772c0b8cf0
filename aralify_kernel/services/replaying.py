"""Replaying one learner's facts, event by event: what the tables that follow from them should hold.

The rules are the domain's, and the facts are the only thing looked at: attempts, learner events in commit order, and
what was published when. What the services wrote step by step must come out again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain import summaries
from aralify_kernel.domain.active_time import gap_secs
from aralify_kernel.domain.completion import completion_pct, is_complete, mastery_pct
from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.facts import EventType
from aralify_kernel.domain.scores import Earned, best_points, judged, lesson_score, opened, raised, timed_score
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.domain.streaks import LocalDay, StreakState, extend
from aralify_kernel.domain.summaries import CourseTries, Tries
from aralify_kernel.domain.unlocking import LevelState, new_unlocks
from aralify_kernel.domain.user_levels import level
from aralify_kernel.domain.xp import lesson_xp
from aralify_kernel.services.summaries import answer
from aralify_kernel.store import attempts, courses, learner_events, versions
from aralify_kernel.store.values import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from aralify_kernel.domain.content import LessonContent
    from aralify_kernel.store.attempts import Attempt
    from aralify_kernel.store.database import Transaction
    from aralify_kernel.store.learner_events import LearnerEvent
    from aralify_kernel.store.users import User
    from aralify_kernel.store.versions import CourseVersion

Table = dict[Any, dict[str, Any]]
"""Rows by what identifies them, such as a lesson's reference or the rest of their primary key."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything about one learner that follows from facts, table by table."""

    users: Table = field(default_factory=dict)
    user_course_progress: Table = field(default_factory=dict)
    user_level_unlocks: Table = field(default_factory=dict)
    user_lesson_progress: Table = field(default_factory=dict)
    xp_events: Table = field(default_factory=dict)
    activity_days: Table = field(default_factory=dict)
    learner_activities: Table = field(default_factory=dict)
    learner_courses: Table = field(default_factory=dict)
    learner_failures: Table = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shares:
    """What one learner adds to the tables of their classes; the tables are the sums over all learners."""

    class_days: Table = field(default_factory=dict)
    class_activities: Table = field(default_factory=dict)
    class_failures: Table = field(default_factory=dict)

    def add(self, other: Shares) -> None:
        """Add what another learner adds."""
        for table in Shares.__slots__:
            for key, counts in getattr(other, table).items():
                _add(getattr(self, table), key, counts)


class Published:
    """What was published when. Read once, shared by the replays of all learners."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._courses: dict[str, list[Outline]] = {}
        self._lessons: dict[tuple[str, int], Lesson] = {}
        all_levels = (f"{course.slug}/{level.slug}" for course in courses.all_courses(tx) for level in course.levels)
        self.levels = frozenset(all_levels)
        """The references of all levels that are not deleted."""

    def outlines(self, course: str) -> list[Outline]:
        """Return every published version of a course, oldest first."""
        if course not in self._courses:
            self._courses[course] = [Outline(version) for version in versions.of_course(self._tx, course)]
        return self._courses[course]

    def lesson(self, ref: str, version: int) -> Lesson:
        """Return one published version of a lesson."""
        if (ref, version) not in self._lessons:
            self._lessons[ref, version] = Lesson(versions.content_of(self._tx, ref, version))
        return self._lessons[ref, version]


class Outline:
    """What a course consisted of from a moment on."""

    def __init__(self, version: CourseVersion) -> None:
        self.number = version.version
        self.published_at = version.published_at
        self.levels: Sequence[Mapping[str, Any]] = version.outline["levels"]
        self.lessons: dict[str, Mapping[str, Any]] = {
            f"{version.course_ref}/{topic['slug']}/{lesson['tier']}": lesson
            for topic in self.levels
            for lesson in topic["lessons"]
        }


class Lesson:
    """What of a lesson's content decides about scores."""

    def __init__(self, content: LessonContent) -> None:
        self.content = content
        self.pass_score = content.pass_score
        self.points = {activity.id: activity.points for activity in content.activities}
        self.hashes = content.hashes


def replay(tx: Transaction, user: User, published: Published) -> tuple[Figures, Shares]:
    """Return what follows from a learner's facts, and what it adds to their classes."""
    of_user = attempts.of_user(tx, user.id)
    learner = Replay(published)
    for event in learner_events.of_user(tx, user.id):
        judged_in = event.details["attempt_id"] if event.type is EventType.ATTEMPT_JUDGED else None
        learner.happen(event, of_user[judged_in] if judged_in is not None else None)
    return learner.finish()


class Replay:
    """One learner, to whom one event after the other happens."""

    def __init__(self, published: Published) -> None:
        self.figures = Figures()
        self._published = published
        self._outline: dict[str, Outline] = {}
        self._best: dict[str, dict[tuple[str, str, int | None], int]] = defaultdict(dict)
        self._tries: dict[tuple[str, str], Tries] = {}
        self._courses: dict[str, CourseTries] = {}
        self._ids: dict[str, int | None] = {}
        self._streak = StreakState()
        self._shares = Shares()
        self._before: datetime | None = None

    @property
    def streak(self) -> int:
        """The run of days that ends on the last active one."""
        return self._streak.current

    def happen(self, event: LearnerEvent, attempt: Attempt | None) -> None:
        """Apply an event; one of the type ATTEMPT_JUDGED comes with its attempt.

        What a teacher gave is no doing of the learner's: no time ends or begins with it.
        """
        if event.course_ref is not None:
            self._recognise(event)
            self._publish(event.course_ref, event.course_version)
            if event.type is EventType.LEVEL_GIVEN:
                given = f"{event.course_ref}/{event.details['level']}"
                self.figures.user_level_unlocks[given] = {"unlocked_at": event.created_at}
                return
            self._apply(event, attempt, gap_secs(self._before, event.created_at))
        if attempt is not None:
            self._streak = extend(self._streak, LocalDay(attempt.local_date, attempt.utc_offset_min))
        self._before = event.created_at

    def finish(self) -> tuple[Figures, Shares]:
        """Return everything, after what was published since the last event; of what was deleted, what remains."""
        for course in list(self._outline):
            self._publish(course, None)
        self._let_go()
        total = sum(award["amount"] for award in self.figures.xp_events.values())
        self.figures.users[""] = {
            "xp_total": total,
            "level": level(total),
            "streak_current": self._streak.current,
            "streak_longest": self._streak.longest,
        }
        for (lesson, activity), tries in self._tries.items():
            row = columns(tries) | {"failing_hashes": list(tries.failing_hashes)}
            self.figures.learner_activities[self._ids[lesson], activity] = row
        for course, course_tries in self._courses.items():
            self.figures.learner_courses[self._ids[course],] = columns(course_tries)
        return self.figures, self._shares

    def _let_go(self) -> None:
        """Forget everything that is deleted now."""
        for ref in [ref for ref, id_ in self._ids.items() if id_ is None]:
            self._forget(ref)
        for ref in self.figures.user_level_unlocks.keys() - self._published.levels:
            del self.figures.user_level_unlocks[ref]
        by_lesson = (self.figures.learner_failures, *(getattr(self._shares, table) for table in Shares.__slots__))
        for rows in by_lesson:
            for key in [key for key in rows if None in key]:
                del rows[key]

    def _recognise(self, event: LearnerEvent) -> None:
        """Keep under which ids a course and a lesson are; one that was deleted and came back begins anew."""
        course = event.course_ref or ""
        if event.type is EventType.COURSE_STARTED or self._ids.get(course, event.course_id) != event.course_id:
            self._forget(course)
        self._ids[course] = event.course_id
        if event.lesson_ref is not None:
            if self._ids.get(event.lesson_ref, event.lesson_id) != event.lesson_id:
                self._forget(event.lesson_ref)
            self._ids[event.lesson_ref] = event.lesson_id

    def _forget(self, deleted: str) -> None:
        """Let go what goes with a course or lesson that is deleted: not its XP, and not the days it was learned on."""

        def within(ref: str) -> bool:
            return ref == deleted or ref.startswith(f"{deleted}/")

        figures = self.figures
        reached = (figures.user_course_progress, figures.user_level_unlocks, figures.user_lesson_progress)
        by_ref: tuple[dict[str, Any], ...] = (self._outline, self._best, self._courses, *reached)
        for rows in by_ref:
            for ref in [ref for ref in rows if within(ref)]:
                del rows[ref]
        for at in [at for at in self._tries if within(at[0])]:
            del self._tries[at]

    def _publish(self, course: str, until: int | None) -> None:
        """Let everything happen to a course that was published up to the version `until`."""
        since = self._outline.get(course)
        if since is not None and since.number == until:
            return
        for outline in self._published.outlines(course):
            if until is not None and outline.number > until:
                break
            if since is not None and outline.number > since.number:
                self._outline[course] = outline
                self._settle(course, outline.published_at)
            elif outline.number == until:
                self._outline[course] = outline

    def _apply(self, event: LearnerEvent, attempt: Attempt | None, gap: int) -> None:
        course, lesson, now = event.course_ref or "", event.lesson_ref, event.created_at
        if event.type is EventType.COURSE_STARTED:
            self.figures.user_course_progress[course] = _started(now)
        in_course = self.figures.user_course_progress[course]
        in_course["time_spent_secs"] += gap
        in_course["last_activity_at"] = max(in_course["last_activity_at"], now)
        if lesson is not None:
            self._ids[lesson] = event.lesson_id
            in_lesson = self.figures.user_lesson_progress.setdefault(lesson, _begun(now))
            in_lesson["time_spent_secs"] += gap
        completes = False
        if attempt is not None and lesson is not None:
            completes = self._judge(course, lesson, attempt, now)
            self._sum_up(course, attempt, event.details.get("classes", ()), completes_lesson=completes)
        if event.type is EventType.HINT_TAKEN and lesson is not None:
            self._hint(course, lesson, event.details)
        if event.type is EventType.COURSE_STARTED or completes:
            self._settle(course, now)

    def _judge(self, course: str, lesson: str, attempt: Attempt, now: datetime) -> bool:
        """Count an attempt where points, days and XP are concerned; return whether it completes its lesson."""
        outline = self._outline[course].lessons[lesson]
        content = self._published.lesson(lesson, outline["version"])
        best, this = self._best[lesson], (attempt.activity, attempt.activity_hash, attempt.run_id)
        best[this] = max(best.get(this, 0), attempt.points)
        earned = [
            Earned(activity, points, run)
            for (activity, decides, run), points in best.items()
            if content.hashes.get(activity) == decides
        ]
        timed = outline["time_limit_sec"] is not None
        score = timed_score(earned, content.points) if timed else lesson_score(best_points(earned), content.points)
        row = self.figures.user_lesson_progress[lesson]
        row["score"] = raised(row["score"], score)
        was, row["status"] = row["status"], judged(row["status"], row["score"], content.pass_score)
        days, offset = self.figures.activity_days, {"utc_offset_min": attempt.utc_offset_min}
        days.setdefault(attempt.local_date.isoformat(), {"attempts": 0} | offset)["attempts"] += 1
        days[max(days)] |= offset
        if row["status"] is was or row["status"] is not LessonStatus.COMPLETED:
            return False
        row["completed_at"] = now
        amount = lesson_xp(outline["xp_reward"], Difficulty.from_slug(lesson.rsplit("/", 1)[1]))
        if amount and lesson not in self.figures.xp_events:
            row["xp_earned"] = amount
            self.figures.user_course_progress[course]["total_xp_earned"] += amount
            self.figures.xp_events[lesson] = {"amount": amount, "created_at": now, "attempt_id": attempt.id}
        return True

    def _sum_up(self, course: str, attempt: Attempt, classes: Iterable[int], *, completes_lesson: bool) -> None:
        this = answer(attempt, completes_lesson=completes_lesson)
        at = (attempt.lesson_ref, attempt.activity)
        was, in_course = self._tries.get(at, Tries()), self._courses.get(course, CourseTries())
        now = self._tries[at] = summaries.tried(was, this)
        self._courses[course] = summaries.tried_in_course(in_course, was, now, this)
        lesson_id, before = self._ids[attempt.lesson_ref], 0
        failure = (lesson_id, attempt.activity, this.signature)
        if not this.passed:
            row = self.figures.learner_failures.setdefault(failure, {"attempts": 0, "last_attempt_id": 0})
            before = row["attempts"]
            row |= {"attempts": before + 1, "last_attempt_id": attempt.id}
        if not classes:
            return
        adds = summaries.counts(in_course, was, now, this, failed_so_before=before)
        for one in classes:
            _add(self._shares.class_days, (one, self._ids[course], this.date), columns(adds.day))
            _add(self._shares.class_activities, (one, lesson_id, attempt.activity), columns(adds.activity))
            if adds.failure:
                _add(self._shares.class_failures, (one, *failure), columns(adds.failure))

    def _hint(self, course: str, lesson: str, details: Mapping[str, Any]) -> None:
        at = (lesson, details["activity"])
        was = self._tries.get(at, Tries())
        self._tries[at] = summaries.hinted(was, details["rung"])
        if details.get("is_last"):
            in_course = self._courses.get(course, CourseTries())
            self._courses[course] = summaries.hinted_in_course(in_course, lesson)
        for one in details.get("classes", ()):
            key = (one, self._ids[lesson], details["activity"])
            _add(self._shares.class_activities, key, columns(summaries.hint_counts(was)))

    def levels(self, course: str) -> list[LevelState]:
        """Return a course that was started as the rules of unlocking look at it."""
        return [self._level(course, topic) for topic in self._outline[course].levels]

    def _settle(self, course: str, now: datetime) -> None:
        levels = self.levels(course)
        for slug in new_unlocks(levels, started=True):
            self.figures.user_level_unlocks[f"{course}/{slug}"] = {"unlocked_at": now}
        row = self.figures.user_course_progress[course]
        row["completion_pct"], row["mastery_pct"] = completion_pct(levels), mastery_pct(levels)
        if row["completed_at"] is None and is_complete(levels):
            row["completed_at"] = now

    def _level(self, course: str, topic: Mapping[str, Any]) -> LevelState:
        ref = f"{course}/{topic['slug']}"
        completed = {
            Difficulty.from_slug(lesson.rsplit("/", 1)[1])
            for lesson, row in self.figures.user_lesson_progress.items()
            if lesson.startswith(f"{ref}/") and row["status"] is LessonStatus.COMPLETED
        }
        published = {Difficulty.from_slug(each["tier"]) for each in topic["lessons"] if each["is_published"]}
        return LevelState(
            slug=topic["slug"],
            order_index=topic["order_index"],
            is_published=topic["is_published"],
            published=frozenset(published),
            completed=frozenset(completed),
            unlocked=ref in self.figures.user_level_unlocks,
        )


def _started(now: datetime) -> dict[str, Any]:
    return {
        "completion_pct": 0.0,
        "mastery_pct": 0.0,
        "total_xp_earned": 0,
        "time_spent_secs": 0,
        "started_at": now,
        "completed_at": None,
        "last_activity_at": now,
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


def _add(table: Table, key: Any, counts: Mapping[str, int]) -> None:
    row = table.setdefault(key, dict.fromkeys(counts, 0))
    for name, count in counts.items():
        row[name] += count
