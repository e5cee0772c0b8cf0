"""The values that cross the `LearnerSession`."""

from dataclasses import replace

import pytest

from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.judging import CheckOutcome, Isolation, Judgement, Verdict
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import (
    CourseCard,
    CourseTotals,
    LessonCard,
    LessonStatus,
    LevelCard,
    SubmitResult,
)

NEW, BEGUN, DONE = LessonStatus.NOT_STARTED, LessonStatus.IN_PROGRESS, LessonStatus.COMPLETED


def topic(slug, *statuses, is_open=True):
    lessons = tuple(
        LessonCard(
            ref=LessonRef("python-basics", slug, tier.slug),
            difficulty=tier,
            title={"en": slug},
            xp=50,
            est_time_mins=10,
            time_limit_sec=None,
            pass_score=80,
            status=status,
            score=0,
            xp_earned=0,
        )
        for tier, status in zip(Difficulty, statuses, strict=False)
    )
    return LevelCard(slug, {"en": slug}, is_open, DONE in statuses, None, lessons)


def next_lesson(*topics):
    course = CourseCard(
        slug="python-basics",
        language="python",
        title={"en": "Python Basics"},
        description={},
        icon_url=None,
        color="#3776AB",
        estimated_hours=20,
        is_started=True,
        is_completed=False,
        completion_pct=0.0,
        mastery_pct=0.0,
        total_xp_earned=0,
        is_published=True,
        levels=topics,
    )
    return str(course.next_lesson.ref).removeprefix("python-basics/") if course.next_lesson else None


@pytest.mark.parametrize(
    ("topics", "expected"),
    [
        pytest.param([topic("a", NEW, NEW), topic("b", NEW, is_open=False)], "a/easy", id="the first, at the start"),
        pytest.param([topic("a", NEW, BEGUN), topic("b", NEW, is_open=False)], "a/medium", id="the one begun"),
        pytest.param([topic("a", DONE, BEGUN), topic("b", NEW, NEW)], "b/easy", id="on, once a topic is complete"),
        pytest.param([topic("a", NEW), topic("b", BEGUN)], "b/easy", id="the one begun in a later open topic"),
        pytest.param([topic("a", DONE), topic("b", BEGUN, is_open=False)], None, id="never into a locked topic"),
        pytest.param([topic("a", DONE), topic("b", DONE)], None, id="nothing, when all is done"),
        pytest.param([topic("a"), topic("b", NEW)], "b/easy", id="past a topic without lessons"),
        pytest.param([], None, id="nothing, where there is nothing"),
    ],
)
def test_the_lesson_to_go_on_with(topics, expected):
    assert next_lesson(*topics) == expected


RESULT = SubmitResult(
    lesson=LessonRef("python-basics", "variables", "easy"),
    activity="area",
    judgement=Judgement(
        verdict=Verdict.FAILED,
        points=2,
        max_points=3,
        checks=(CheckOutcome({"en": "Small", "fil": "Maliit"}, passed=False, hidden=False, points=1),),
        isolation=Isolation.LIMITS,
    ),
    attempt=17,
    attempt_key="0b5e",
    repeated=False,
    late=False,
    lesson_status=LessonStatus.IN_PROGRESS,
    lesson_score=67,
    xp_awarded=0,
    xp_total=50,
    level=1,
    leveled_up=False,
    streak_current=1,
    unlocked=("python-basics/control-flow",),
    course=CourseTotals(25.0, 8.33, completed=False),
)


def test_a_result_prints_exactly_the_keys_of_the_course_format():
    grade = "lesson exercise verdict points max_points isolation checks error stdout signature duration_ms"
    submit = "attempt attempt_key repeated late lesson_status lesson_score xp_awarded xp_total level streak_current unlocked course"
    printed = RESULT.as_json("en")
    assert " ".join(printed) == f"{grade} {submit}"
    assert set(printed["course"]) == {"completion_pct", "mastery_pct", "completed"}
    assert " ".join(printed["checks"][0]) == "name passed hidden points message call expected got shape"


def test_a_result_speaks_the_readers_language():
    assert RESULT.as_json("fil")["checks"][0]["name"] == "Maliit"
    assert RESULT.as_json("en")["checks"][0]["name"] == "Small"


def test_values_that_cross_the_session_cannot_be_changed():
    with pytest.raises(AttributeError):
        RESULT.xp_total = 10**6
    assert replace(RESULT, late=True).late
