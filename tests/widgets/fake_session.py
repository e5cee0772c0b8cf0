"""A `LearnerSession` in memory: one course of three topics, and whatever happens in it is told by the tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aralify_kernel.domain.class_talk import NO_TALK, Question
from aralify_kernel.domain.class_talk import question as checked
from aralify_kernel.domain.content import Check, Exercise, LessonContent, Option, Quiz, QuizKind
from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.hints import Hint
from aralify_kernel.domain.judging import CheckOutcome, Isolation, Judgement, LearnerError, Verdict
from aralify_kernel.domain.kept_answers import Delivery, KeptAnswer
from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.quizzes import full_feedback, judge
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import (
    ActivityCard,
    CourseCard,
    CourseTotals,
    LessonCard,
    LessonStatus,
    LevelCard,
    OpenLesson,
    Profile,
    ProfileChange,
    Run,
    Submission,
    SubmitResult,
)
from aralify_kernel.domain.user_levels import level, threshold
from aralify_kernel.errors import LevelLocked, NameTaken, NotSignedIn, WrongPassword

if TYPE_CHECKING:
    from aralify_kernel.domain.sign_ins import Admission, Entrance

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
PASSED, BEGUN, NEW = LessonStatus.COMPLETED, LessonStatus.IN_PROGRESS, LessonStatus.NOT_STARTED

EASY = LessonRef("python-basics", "variables", "easy")
HARD = LessonRef("python-basics", "variables", "hard")
LOOPS = LessonRef("python-basics", "loops", "easy")

CHOICE = Quiz(
    id="one",
    kind=QuizKind.MULTIPLE_CHOICE,
    question={"en": "What will this print?", "fil": "Ano ang ipi-print nito?"},
    code="for i in range(2, 8, 3):\n    print(i)",
    options=(
        Option("1", {"en": "`2 3 4`"}, why={"en": "That is `range(2, 5)`.", "fil": "`range(2, 5)` iyon."}),
        Option("2", {"en": "`2 5`"}, correct=True, why={"en": "2, then 2 + 3.", "fil": "2, saka 2 + 3."}),
        Option("3", {"en": "`2 5 8`"}, why={"en": "It stops before 8.", "fil": "Humihinto ito bago mag-8."}),
    ),
)
SEVERAL = Quiz(
    id="several",
    kind=QuizKind.MULTIPLE_CHOICE,
    question={"en": "Which give 4?"},
    options=(
        Option("1", {"en": "`2 + 2`"}, correct=True),
        Option("2", {"en": "`2 * 3`"}, why={"en": "That is 6."}),
        Option("3", {"en": "`8 // 2`"}, correct=True),
    ),
)
TRUE_FALSE = Quiz(
    id="truth",
    kind=QuizKind.TRUE_FALSE,
    question={"en": "`5` is a text.", "fil": "Text ang `5`."},
    options=(
        Option("true", {"en": "True", "fil": "Tama"}, why={"en": "It has no quotes."}),
        Option("false", {"en": "False", "fil": "Mali"}, correct=True),
    ),
)
BLANK = Quiz(
    id="blank",
    kind=QuizKind.FILL_BLANK,
    question={"en": "Which word leaves a loop?", "fil": "Anong salita ang lumalabas sa loop?"},
    answers=("break",),
    explanation={"en": "`break` leaves the loop at once."},
)
OUTPUT = Quiz(
    id="output",
    kind=QuizKind.PREDICT_OUTPUT,
    question={"en": "What does it show?"},
    code="for day in range(2, 4):\n    print(day)",
    answers=("2\n3",),
)
AREA = Exercise(
    id="area",
    title={"en": "Sum of evens", "fil": "Suma ng mga even"},
    starter={"en": "def sum_even(n):\n    ..."},
    reference="def sum_even(n):\n    return sum(range(0, n + 1, 2))",
    checks=(Check("a", {"en": "zero"}, ""), Check("b", {"en": "ten"}, ""), Check("c", {"en": "big"}, "", hidden=True)),
)
MATCH = replace(AREA, id="match", title={"en": "First match", "fil": "Unang tugma"})
CONTENT = LessonContent((AREA, MATCH, CHOICE, SEVERAL, TRUE_FALSE, BLANK, OUTPUT))
HINTS = {
    "area": (
        {"en": "Write down what `range(10)` gives.", "fil": "Isulat ang ibinibigay ng `range(10)`."},
        {"en": "Use `range(n + 1)`.", "fil": "Gamitin ang `range(n + 1)`."},
    )
}


def lesson_card(ref: LessonRef, status: LessonStatus = NEW, score: int = 0) -> LessonCard:
    difficulty = ref.difficulty
    titles = {
        "easy": {"en": "Hello, variable", "fil": "Kumusta, variable"},
        "medium": {"en": "Counting and adding up", "fil": "Pagbilang at pagsuma"},
        "hard": {"en": "Prime time", "fil": "Oras ng prime"},
    }
    return LessonCard(
        ref=ref,
        difficulty=difficulty,
        title=titles[ref.tier],
        xp=50 * difficulty.multiplier,
        est_time_mins=10 * difficulty.value,
        time_limit_sec=1200 if difficulty is Difficulty.HARD else None,
        pass_score=80,
        status=status,
        score=score,
        xp_earned=50 * difficulty.multiplier if status is PASSED else 0,
    )


def level_card(
    slug: str, titles: dict[str, str], statuses=(NEW, NEW, NEW), *, opens_after=None, is_open=True
) -> LevelCard:
    scores = {PASSED: 100, BEGUN: 40, NEW: 0}
    lessons = tuple(
        lesson_card(LessonRef("python-basics", slug, tier), status, scores[status])
        for tier, status in zip(("easy", "medium", "hard"), statuses, strict=True)
    )
    return LevelCard(slug, titles, is_open, PASSED in statuses, opens_after, lessons)


VARIABLES = {"en": "Variables", "fil": "Mga variable"}
FLOW = {"en": "Control flow", "fil": "Control flow"}


def course_card(*, statuses=(NEW, NEW, NEW), is_started: bool = True) -> CourseCard:
    done = PASSED in statuses
    levels = (
        level_card("variables", VARIABLES, statuses),
        level_card("control-flow", FLOW, is_open=done, opens_after=None if done else VARIABLES),
        level_card("loops", {"en": "Loops", "fil": "Mga loop"}, is_open=False, opens_after=FLOW),
    )
    return CourseCard(
        slug="python-basics",
        language="python",
        title={"en": "Python Basics", "fil": "Mga Batayan ng Python"},
        description={"en": "From your first variable to your own functions.", "fil": "Mula sa unang variable."},
        icon_url=None,
        color="#3776AB",
        estimated_hours=20.0,
        is_started=is_started,
        is_completed=False,
        completion_pct=33.33 if done else 0.0,
        mastery_pct=11.11 if done else 0.0,
        total_xp_earned=50 if done else 0,
        is_published=True,
        levels=levels,
    )


ANA = Profile(
    username="ana.reyes",
    display_name="Ana Reyes",
    email=None,
    bio="Grade 10 Rizal",
    avatar_url=None,
    language="en",
    timezone="Asia/Manila",
    role=Role.USER,
    is_guest=False,
    is_verified=False,
    has_password=False,
    time_factor=1.0,
    xp_total=740,
    level=4,
    level_xp=519,
    next_level_xp=800,
    streak_current=5,
    streak_longest=12,
    today_counts=True,
    week=(True, True, True, True, True, False, False),
    weekday=4,
)


def check(passed: bool, **values) -> CheckOutcome:
    name = {"en": "the last number counts too", "fil": "kasama ang huling number"}
    known = {"name": name, "passed": passed, "hidden": False, "points": 1}
    return CheckOutcome(**known | values)


def judged(verdict: Verdict, *checks: CheckOutcome, error: LearnerError | None = None, stdout: str = "") -> Judgement:
    points = sum(one.points for one in checks if one.passed)
    return Judgement(verdict, points, sum(one.points for one in checks), checks, Isolation.LIMITS, error, stdout)


def result_of(judgement: Judgement, *, lesson: LessonRef = EASY, activity: str = "area", **values) -> SubmitResult:
    xp_total = values.get("xp_total", 740)
    known = {
        **{"attempt": 3, "attempt_key": "k", "repeated": False, "late": False},
        "lesson_status": BEGUN,
        "lesson_score": 40,
        "xp_awarded": 0,
        "xp_total": xp_total,
        "level": level(xp_total),
        "leveled_up": False,
        "streak_current": 5,
        "unlocked": (),
        "course": CourseTotals(33.33, 11.11, completed=False),
    }
    return SubmitResult(lesson, activity, judgement, **known | values)


class FakeSession:
    """What a test does not set beforehand behaves like a fresh installation with Ana's account in it."""

    def __init__(self, user: str | None = "ana.reyes", **course) -> None:
        self.user = user
        self.people = {"ana.reyes": ANA, "jun": replace(ANA, username="jun", has_password=True)}
        self.passwords = {"jun": "mangga at bayabas"}
        self.card = course_card(**course)
        self.has_courses = True
        self.run: Run | None = None
        self.now = NOON
        self.best = dict.fromkeys((one.id for one in CONTENT.activities), 0)
        self.tried: set[str] = set()
        self.hints_taken = dict.fromkeys(HINTS, 0)
        self.results: list[SubmitResult] = []
        self.keys: list[str] = []
        self.talk = NO_TALK
        self.way_in: Entrance | None = None
        """How one gets in, where there is a class server."""
        self.admissions: list[Admission | None] = []
        self.keeps: KeptAnswer | None = None
        """What becomes of answers while the server is away; None: it is there."""
        self.delivery = Delivery()
        self.last: SubmitResult | None = None

    # ---- who

    def profile(self) -> Profile:
        if self.user is None:
            raise NotSignedIn
        return self.people[self.user]

    def _enter(self, profile: Profile) -> Profile:
        self.people[profile.username] = profile
        self.user = profile.username
        return profile

    def entrance(self):
        return self.way_in

    def sign_up(self, username, *, password, email, display_name, language, admission=None) -> Profile:
        self.admissions.append(admission)
        if username in self.people:
            raise NameTaken(name=username, suggestion=f"{username}26")
        return self._enter(
            replace(
                ANA,
                username=username,
                display_name=display_name or username,
                email=email,
                language=language,
                has_password=password is not None,
                xp_total=0,
                level=1,
                level_xp=0,
                next_level_xp=threshold(2),
                streak_current=0,
            )
        )

    def sign_in(self, username, password) -> Profile:
        if username not in self.people or self.passwords.get(username) != password:
            raise WrongPassword
        self.user = username
        return self.people[username]

    def continue_as_guest(self, language) -> Profile:
        return self._enter(replace(ANA, username="guest-1", display_name="Guest", is_guest=True, language=language))

    def sign_out(self) -> None:
        self.user = None

    def change_password(self, old, new) -> None:
        if self.passwords.get(self.user) != old:
            raise WrongPassword
        self.passwords[self.user] = new
        self.people[self.user] = replace(self.profile(), has_password=True)

    def update_profile(self, change: ProfileChange) -> Profile:
        given = {name: getattr(change, name) for name in ProfileChange.__slots__ if getattr(change, name) is not None}
        if given.get("time_factor") == 0:
            given["time_factor"] = None
        return self._enter(replace(self.profile(), **given))

    # ---- courses

    def courses(self):
        return (self.card,) if self.has_courses else ()

    def course(self, _slug):
        return self.card

    def start_course(self, _slug):
        self.card = replace(self.card, is_started=True)
        return self.card

    def publish_course(self, _slug):
        self.card = replace(self.card, is_published=True)
        return self.card

    def unpublish_course(self, _slug):
        self.card = replace(self.card, is_published=False)
        return self.card

    # ---- lessons

    def _lesson_card(self, ref: LessonRef) -> LessonCard:
        topic = next(one for one in self.card.levels if one.slug == ref.level)
        if not topic.is_open:
            raise LevelLocked(title=topic.title["en"], opens_after=topic.opens_after["en"])
        return next(lesson for lesson in topic.lessons if lesson.ref == ref)

    def open_lesson(self, ref) -> OpenLesson:
        return self.lesson(ref)

    def lesson(self, ref) -> OpenLesson:
        if self.user is None:
            raise NotSignedIn
        return OpenLesson(
            card=self._lesson_card(ref),
            course_title=self.card.title,
            level_title=VARIABLES,
            level_index=0,
            content=CONTENT.public(),
            content_version=1,
            starters={},
            activities=tuple(self._activity(one) for one in CONTENT.activities),
            run=self.run,
            talk=self.talk,
        )

    def _activity(self, activity) -> ActivityCard:
        is_exercise = isinstance(activity, Exercise)
        return ActivityCard(
            id=activity.id,
            kind="exercise" if is_exercise else "quiz",
            title=activity.title if is_exercise else activity.question,
            points=activity.points,
            best_points=self.best[activity.id],
            is_tried=activity.id in self.tried,
            hints_taken=self.hints_taken.get(activity.id, 0),
            hints_total=len(HINTS.get(activity.id, ())),
        )

    def submit(self, submission: Submission) -> SubmitResult:
        quiz = CONTENT.activity(submission.activity)
        judged_quiz = judge(quiz, submission.content)
        self.keys.append(submission.attempt_key)
        if self.keeps is not None:
            return replace(self.keeps, activity=quiz.id, attempt_key=submission.attempt_key)
        self.tried.add(quiz.id)
        self.best[quiz.id] = max(self.best[quiz.id], judged_quiz.judgement.points)
        key = submission.attempt_key
        return result_of(judged_quiz.judgement, activity=quiz.id, attempt_key=key, quiz=judged_quiz.feedback)

    def send_kept(self) -> Delivery:
        return self.delivery

    def last_result(self, _ref, _activity):
        return self.last

    def start_run(self, _ref) -> Run:
        self.run = Run(1, self.now, self.now + timedelta(minutes=20))
        return self.run

    def next_hint(self, _ref, exercise) -> Hint:
        rungs = HINTS[exercise]
        self.hints_taken[exercise] = taken = min(self.hints_taken[exercise] + 1, len(rungs))
        return Hint(taken, taken == len(rungs), rungs[taken - 1])

    def show_answer(self, _ref, quiz):
        return full_feedback(CONTENT.activity(quiz))

    def ask_teacher(self, ref, activity, question) -> Question:
        return Question(ref, activity, checked(question), self.now)

    def progress(self):
        raise NotImplementedError
