"""`LearnerSession`: the one interface that widgets, magics and the lab extension are written against.

Two implementations: in-process (`services`) and, for a class server, over HTTP (`client`). All that crosses it is frozen values.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from aralify_kernel.domain.class_learning import ClassLearning
from aralify_kernel.domain.class_talk import NO_TALK, LessonTalk, Question, TeacherNote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aralify_kernel.domain.content import LessonContent, Text
    from aralify_kernel.domain.difficulty import Difficulty
    from aralify_kernel.domain.facts import ActivityKind
    from aralify_kernel.domain.hints import Hint
    from aralify_kernel.domain.judging import Judgement
    from aralify_kernel.domain.kept_answers import Delivery, KeptAnswer, Waiting
    from aralify_kernel.domain.permissions import Role
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.sign_ins import Admission, Entrance


class LessonStatus(Enum):
    """How far a learner is in a lesson; never goes back."""

    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"


@dataclass(frozen=True, slots=True)
class Profile:
    """Who is signed in and what they have earned.

    `streak_current` is the streak as shown today (expired already); `level_xp` and `next_level_xp` are the XP at which
    this and the next level begin. `time_factor` is 1, 1.5, 2 or None for "no limit".
    """

    username: str
    display_name: str
    email: str | None
    bio: str
    avatar_url: str | None
    language: str
    timezone: str
    role: Role
    is_guest: bool
    is_verified: bool
    has_password: bool
    time_factor: float | None
    xp_total: int
    level: int
    level_xp: int
    next_level_xp: int
    streak_current: int
    streak_longest: int
    today_counts: bool
    week: tuple[bool, ...]
    """Monday to Sunday of the learner's present week: was the day active? Days ahead are False."""
    weekday: int
    """Today's place in `week`."""


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What to change of a profile; None leaves a field as it is. `time_factor` 0 means "no limit"."""

    display_name: str | None = None
    bio: str | None = None
    avatar_url: str | None = None
    language: str | None = None
    timezone: str | None = None
    time_factor: float | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class LessonCard:
    """One tier of one topic as the navigator and the picker show it."""

    ref: LessonRef
    difficulty: Difficulty
    title: Text
    xp: int
    """XP with the multiplier."""
    est_time_mins: int
    time_limit_sec: int | None
    pass_score: int
    status: LessonStatus
    score: int
    xp_earned: int
    is_published: bool = True


@dataclass(frozen=True, slots=True)
class LevelCard:
    """One topic. `opens_after` is the title of the topic that opens it, when it is locked."""

    slug: str
    title: Text
    is_open: bool
    is_complete: bool
    opens_after: Text | None
    lessons: tuple[LessonCard, ...]
    is_published: bool = True


@dataclass(frozen=True, slots=True)
class CourseCard:
    """One course with the learner's progress in it."""

    slug: str
    language: str
    title: Text
    description: Text
    icon_url: str | None
    color: str
    estimated_hours: float
    is_started: bool
    is_completed: bool
    completion_pct: float
    mastery_pct: float
    total_xp_earned: int
    is_published: bool
    levels: tuple[LevelCard, ...]
    started_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def next_lesson(self) -> LessonCard | None:
        """The lesson to go on with: one in progress in an open topic, else the easiest of the first incomplete one."""
        open_levels = [level for level in self.levels if level.is_open and level.lessons]
        for level in open_levels:
            for lesson in level.lessons:
                if lesson.status is LessonStatus.IN_PROGRESS and not level.is_complete:
                    return lesson
        first = next((level for level in open_levels if not level.is_complete), None)
        return first.lessons[0] if first else None


@dataclass(frozen=True, slots=True)
class ActivityCard:
    """An activity, of `kind` `exercise` or `quiz`; `solution` is its author's, once every point is earned."""

    id: str
    kind: str
    title: Text
    points: int
    best_points: int
    is_tried: bool
    hints_taken: int = 0
    hints_total: int = 0
    last_source: str | None = None
    """The last judged source, so that an unchanged one is not judged again."""
    solution: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A timed run; `ends_at` is None for a learner without a limit."""

    id: int
    started_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenLesson:
    """A lesson a learner has open: its public content and where they stand in it."""

    card: LessonCard
    course_title: Text
    level_title: Text
    level_index: int
    """The topic's place in its course, from 0."""
    content: LessonContent
    content_version: int
    starters: Mapping[str, frozenset[str]]
    """By exercise: every starter of every stored version and language."""
    activities: tuple[ActivityCard, ...]
    run: Run | None
    talk: LessonTalk = NO_TALK


@dataclass(frozen=True, slots=True)
class Submission:
    """An answer on its way, source of an exercise or answer of a quiz, and the client's own key for it.

    `kind` is what the person meant to answer, where they said; then anything else is refused. `client_time` is when
    they gave it, where it had to wait for the server (`client_times`).
    """

    lesson: LessonRef
    activity: str
    content: str
    attempt_key: str
    kind: ActivityKind | None = None
    client_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuizFeedback:
    """What may be told once an answer is in: `why` by option id, and the explanation when right."""

    why: Mapping[str, Text] = field(default_factory=dict)
    correct_options: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    explanation: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CourseTotals:
    """A course's figures after a submission."""

    completion_pct: float
    mastery_pct: float
    completed: bool


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """An attempt as recorded, and everything that followed from it."""

    lesson: LessonRef
    activity: str
    judgement: Judgement
    attempt: int
    attempt_key: str
    repeated: bool
    late: bool
    lesson_status: LessonStatus
    lesson_score: int
    xp_awarded: int
    xp_total: int
    level: int
    leveled_up: bool
    streak_current: int
    unlocked: tuple[str, ...]
    course: CourseTotals
    run: Run | None = None
    quiz: QuizFeedback | None = None
    notes: tuple[TeacherNote, ...] = ()
    question: Question | None = None

    def as_json(self, language: str) -> dict[str, Any]:
        """Return the object `aralify submit --json` prints (COURSE_FORMAT), texts in `language`."""
        attempt = ("attempt", "attempt_key", "repeated", "late")
        standing = ("lesson_score", "xp_awarded", "xp_total", "level", "streak_current")
        return {
            "lesson": str(self.lesson),
            "exercise": self.activity,
            **self.judgement.as_json(language),
            **{name: getattr(self, name) for name in attempt},
            "lesson_status": self.lesson_status.value,
            **{name: getattr(self, name) for name in standing},
            "unlocked": list(self.unlocked),
            "course": asdict(self.course),
        }


@dataclass(frozen=True, slots=True)
class XpPoint:
    """The total after one award."""

    at: datetime
    amount: int
    total: int
    lesson: str


@dataclass(frozen=True, slots=True)
class ActiveDay:
    """How many answers were judged on one local date (ISO)."""

    date: str
    attempts: int


@dataclass(frozen=True, slots=True)
class RecentAttempt:
    """One row of "recent attempts"."""

    at: datetime
    lesson: LessonRef
    activity: str
    title: Text
    verdict: str
    points: int
    max_points: int
    late: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything the progress page shows of one learner."""

    profile: Profile
    courses: tuple[CourseCard, ...]
    xp: tuple[XpPoint, ...]
    days: tuple[ActiveDay, ...]
    recent: tuple[RecentAttempt, ...]
    active_secs_this_week: int
    today: str
    """The learner's local date (ISO)."""


class LearnerSession(ClassLearning, Protocol):
    """What one person can do. Every method may raise an `AralifyError`; nothing else is a person's fault."""

    @property
    def user(self) -> str | None:
        """The signed-in user name, or None. Cheap; re-read on each use, as another kernel may have signed out."""

    def profile(self) -> Profile:
        """Return the signed-in person's profile."""

    def entrance(self) -> Entrance | None:
        """Return how one gets in at the class server; None where everything stays on this computer."""

    def sign_up(
        self,
        username: str,
        *,
        password: str | None,
        email: str | None,
        display_name: str | None,
        language: str,
        admission: Admission | None = None,
    ) -> Profile:
        """Make an account (a guest keeps what they earned) and sign in; a class server wants an `admission`."""

    def sign_in(self, username: str, password: str | None) -> Profile:
        """Sign in; `password` may be None where the account has none (local mode)."""

    def continue_as_guest(self, language: str) -> Profile:
        """Sign in as a new guest."""

    def sign_out(self) -> None:
        """End this sign-in, on the server too."""

    def change_password(self, old: str | None, new: str) -> None:
        """Set a new password; every other sign-in of the account ends."""

    def update_profile(self, change: ProfileChange) -> Profile:
        """Change what is given and return the new profile."""

    def courses(self) -> tuple[CourseCard, ...]:
        """Return the courses this person may see, in order."""

    def course(self, slug: str) -> CourseCard:
        """Return one course."""

    def start_course(self, slug: str) -> CourseCard:
        """Begin a course: its first topic opens. Starting twice changes nothing."""

    def publish_course(self, slug: str) -> CourseCard:
        """Let learners see a course of this installation again: for a MODERATOR."""

    def unpublish_course(self, slug: str) -> CourseCard:
        """Hide a course from learners, who keep what they earned: for a MODERATOR."""

    def set_role(self, username: str, role: Role | None, *, is_verified: bool | None = None) -> Profile:
        """Give somebody another role, or mark them as verified or not (None leaves as it is): for an ADMIN."""

    def open_lesson(self, ref: LessonRef) -> OpenLesson:
        """Open a lesson: it is IN_PROGRESS from now on. Starts the course when that has not been done."""

    def lesson(self, ref: LessonRef) -> OpenLesson:
        """Return a lesson that may be open already, without recording anything."""

    def submit(self, submission: Submission) -> SubmitResult | KeptAnswer:
        """Judge an answer and record it with everything that follows; keep it while the class server is away."""

    def send_kept(self) -> Delivery:
        """Send what this computer keeps for the server; return what has come of it since this was last called."""

    def waiting(self) -> Waiting:
        """Return how things stand with the class server, without asking it."""

    def last_result(self, ref: LessonRef, activity: str) -> SubmitResult | None:
        """Return the result of the last attempt at an activity, to be shown again; None when there is none."""

    def start_run(self, ref: LessonRef) -> Run:
        """Start the clock of a lesson with a time limit anew."""

    def next_hint(self, ref: LessonRef, exercise: str) -> Hint:
        """Return the next rung of the ladder (the last one again when all are taken) and record that it was taken."""

    def show_answer(self, ref: LessonRef, quiz: str) -> QuizFeedback:
        """Give a quiz up: returns the answer; the quiz earns no more points."""

    def progress(self) -> Progress:
        """Return everything the progress page shows."""
