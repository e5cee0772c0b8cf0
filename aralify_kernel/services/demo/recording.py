"""What one made-up learner does, turned into facts, with what follows from each kept beside them.

Whatever a service would refuse or record, this refuses or records: the rules are the same functions of `domain`, and
where the learner stands comes from the same replay that a rebuild uses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain.content import Exercise
from aralify_kernel.domain.facts import ActivityKind, EventType, content_hash
from aralify_kernel.domain.runs import is_late, run_end
from aralify_kernel.domain.session import LessonStatus, Run
from aralify_kernel.domain.streaks import local_day
from aralify_kernel.domain.user_levels import level
from aralify_kernel.services import results
from aralify_kernel.services.replaying import Replay
from aralify_kernel.store.attempts import Attempt
from aralify_kernel.store.learner_events import LearnerEvent
from aralify_kernel.store.progress import CourseProgress, LessonProgress

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from aralify_kernel.domain.unlocking import LevelState
    from aralify_kernel.services.demo.answers import Answer, Answers
    from aralify_kernel.services.replaying import Lesson, Published
    from aralify_kernel.store.courses import StoredCourse, StoredLesson


@dataclass(frozen=True, slots=True)
class Setting:
    """The course that is learned, as it is published now, and the class that learns it.

    `misconception` is the exercise, if any, that nearly all begin with the same wrong answer.
    """

    course: StoredCourse
    course_version: int
    lessons: Mapping[str, StoredLesson]
    contents: Mapping[str, Lesson]
    content_versions: Mapping[str, int]
    answers: Mapping[tuple[str, str], Answers]
    misconception: tuple[str, str] | None
    classes: tuple[int, ...]
    published: Published


@dataclass(frozen=True, slots=True)
class Numbers:
    """The next free row ids."""

    attempts: Iterator[int]
    events: Iterator[int]

    @classmethod
    def after(cls, attempt_id: int, event_id: int) -> Numbers:
        """Return the ids that follow those in use."""
        return cls(count(attempt_id + 1), count(event_id + 1))


@dataclass
class Recorder:
    """One learner's facts so far."""

    setting: Setting
    user_id: int
    timezone: str
    numbers: Numbers
    events: list[LearnerEvent] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.replay = Replay(self.setting.published)
        self._runs: dict[str, Run] = {}
        self._xp = 0

    def levels(self) -> list[LevelState]:
        """Return the course as the rules of unlocking look at it."""
        return self.replay.levels(self.setting.course.slug)

    def status(self, lesson: str) -> LessonStatus:
        """Return how far the learner is in a lesson."""
        row = self.replay.figures.user_lesson_progress.get(lesson)
        return row["status"] if row else LessonStatus.NOT_STARTED

    def run(self, lesson: str) -> Run | None:
        """Return the learner's newest run of a lesson."""
        return self._runs.get(lesson)

    def start_course(self, at: datetime) -> None:
        """Begin the course."""
        self._note(EventType.COURSE_STARTED, None, at, {})

    def open_lesson(self, lesson: str, at: datetime) -> None:
        """Open a lesson."""
        self._note(EventType.LESSON_OPENED, lesson, at, {})

    def start_run(self, lesson: str, at: datetime) -> Run:
        """Start the clock of a lesson with a time limit."""
        ends_at = run_end(at, self.setting.lessons[lesson].time_limit_sec or 0, 1.0)
        details = {"ends_at": ends_at.isoformat() if ends_at else None}
        event = self._note(EventType.RUN_STARTED, lesson, at, details)
        self._runs[lesson] = Run(event.id, at, ends_at)
        return self._runs[lesson]

    def take_hint(self, lesson: str, exercise: Exercise, rung: int, at: datetime) -> None:
        """Take the next rung of the ladder."""
        details = {"activity": exercise.id, "rung": rung, "is_last": rung == len(exercise.hints)}
        self._note(EventType.HINT_TAKEN, lesson, at, details | self._classes())

    def submit(self, lesson: str, activity: str, answer: Answer, content: str, key: str, at: datetime) -> Attempt:
        """Give an answer; in a lesson with a time limit the first one starts a run."""
        run = self._runs.get(lesson)
        if run is None and self.setting.lessons[lesson].time_limit_sec is not None:
            run = self.start_run(lesson, at)
        attempt = self._attempt(lesson, activity, answer, content, key, at, run)
        awards, opened = len(self.replay.figures.xp_events), len(self.replay.figures.user_level_unlocks)
        details = {"attempt_id": attempt.id} | self._classes()
        self._note(EventType.ATTEMPT_JUDGED, lesson, at, details, attempt)
        self._tell(attempt, run, is_paid=len(self.replay.figures.xp_events) > awards, opened=opened)
        self.attempts.append(attempt)
        return attempt

    def _attempt(
        self, lesson: str, activity: str, answer: Answer, content: str, key: str, at: datetime, run: Run | None
    ) -> Attempt:
        judgement, today = answer.judgement, local_day(at, self.timezone)
        asked = self.setting.contents[lesson]
        late = run is not None and is_late(at, run.ends_at)
        is_exercise = isinstance(asked.content.activity(activity), Exercise)
        return Attempt(
            id=next(self.numbers.attempts),
            outcome={},
            user_id=self.user_id,
            lesson_id=self.setting.lessons[lesson].id,
            lesson_ref=lesson,
            activity=activity,
            kind=ActivityKind.EXERCISE if is_exercise else ActivityKind.QUIZ,
            content=content,
            content_hash=content_hash(content),
            verdict=judgement.verdict,
            points=0 if late else judgement.points,
            max_points=judgement.max_points,
            checks=answer.parts["checks"],
            error=answer.parts["error"],
            error_class=judgement.error.type[:200] if judgement.error else None,
            stdout=judgement.stdout,
            signature=judgement.signature,
            isolation=judgement.isolation,
            duration_ms=judgement.duration_ms,
            activity_hash=asked.hashes[activity],
            content_version=self.setting.content_versions[lesson],
            run_id=run.id if run else None,
            late=late,
            attempt_key=key,
            created_at=at,
            local_date=today.date,
            utc_offset_min=today.utc_offset_min,
        )

    def _note(
        self, kind: EventType, lesson: str | None, at: datetime, details: dict[str, Any], attempt: Attempt | None = None
    ) -> LearnerEvent:
        event = LearnerEvent(
            id=next(self.numbers.events),
            user_id=self.user_id,
            type=kind,
            created_at=at,
            local_date=local_day(at, self.timezone).date,
            course_id=self.setting.course.id,
            lesson_id=self.setting.lessons[lesson].id if lesson else None,
            course_ref=self.setting.course.slug,
            lesson_ref=lesson,
            course_version=self.setting.course_version,
            details=details,
        )
        self.events.append(event)
        self.replay.happen(event, attempt)
        return event

    def _classes(self) -> dict[str, Any]:
        return {"classes": list(self.setting.classes)} if self.setting.classes else {}

    def _tell(self, attempt: Attempt, run: Run | None, *, is_paid: bool, opened: int) -> None:
        """Keep with an attempt what its author was told about what followed."""
        figures, course = self.replay.figures, self.setting.course
        before = self._xp
        self._xp += figures.xp_events[attempt.lesson_ref]["amount"] if is_paid else 0
        in_lesson = figures.user_lesson_progress[attempt.lesson_ref]
        followed = results.outcome(
            LessonProgress(self.setting.lessons[attempt.lesson_ref].id, **in_lesson),
            CourseProgress(self.user_id, course.id, **figures.user_course_progress[course.slug]),
            run,
            xp_awarded=self._xp - before,
            xp_total=self._xp,
            level_before=level(before),
            level=level(self._xp),
            streak=self.replay.streak,
            unlocked=list(figures.user_level_unlocks)[opened:],
        )
        attempt.outcome.update(followed)
