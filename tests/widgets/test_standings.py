"""What the bar above a lesson's notebook says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aralify_kernel.domain.class_talk import Due, LessonTalk
from aralify_kernel.domain.session import LessonStatus, Run
from aralify_kernel.i18n import translator
from aralify_kernel.widgets.standings import Clock, Date, standing_of
from tests.widgets.fake_session import FakeSession

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
EN = translator("en")


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


@pytest.fixture
def session():
    return FakeSession()


@pytest.fixture
def lesson(session):
    return session.lesson(session.courses()[0].levels[0].lessons[0].ref)


def with_limit(lesson, run):
    return replace(lesson, card=replace(lesson.card, time_limit_sec=1200), run=run)


def test_it_says_whether_there_is_a_teacher_to_ask(session, lesson):
    in_class = replace(lesson, talk=LessonTalk(has_teacher=True))
    shown = [
        standing_of(one, session.profile(), NOW, EN).has_teacher
        for one in (in_class, replace(lesson, talk=LessonTalk()))
    ]
    assert shown == [True, False]


def test_each_activity_is_passed_tried_or_untouched_in_words_of_the_reader(session, lesson):
    first, second, *others = lesson.activities
    lesson = replace(
        lesson,
        activities=(
            replace(first, best_points=first.points, is_tried=True),
            replace(second, best_points=0, is_tried=True),
            *(replace(one, best_points=0, is_tried=False) for one in others),
        ),
    )
    shown = standing_of(lesson, session.profile(), NOW, EN)
    assert [step.state for step in shown.steps] == ["passed", "progress"] + ["open"] * len(others)
    assert shown.steps[1].words == "tried, not yet right"
    assert standing_of(lesson, session.profile(), NOW, translator("fil")).steps[0].words == "pasado"


def test_the_score_says_what_is_needed_until_the_lesson_is_passed(session, lesson):
    card = replace(lesson.card, score=40, pass_score=80, status=LessonStatus.IN_PROGRESS)
    assert standing_of(replace(lesson, card=card), session.profile(), NOW, EN).score == "Score 40 · 80 to pass"
    card = replace(card, score=95, status=LessonStatus.COMPLETED)
    assert standing_of(replace(lesson, card=card), session.profile(), NOW, EN).score == "Passed · score 95"


@pytest.mark.parametrize(
    ("run", "clock"),
    [
        (None, Clock(is_running=False, seconds_left=None, whole_secs=1200)),
        (Run(1, NOW - minutes(5), NOW + minutes(15)), Clock(is_running=True, seconds_left=900, whole_secs=1200)),
        (Run(1, NOW - minutes(5), NOW + minutes(25)), Clock(is_running=True, seconds_left=1500, whole_secs=1800)),
        (Run(1, NOW - minutes(30), NOW - minutes(10)), Clock(is_running=True, seconds_left=-600, whole_secs=1200)),
        (Run(1, NOW, None), Clock(is_running=True, seconds_left=None, whole_secs=1200)),
    ],
    ids=["not begun", "running", "with more time", "over", "without a limit"],
)
def test_the_clock_is_the_server_s(session, lesson, run, clock):
    assert standing_of(with_limit(lesson, run), session.profile(), NOW, EN).clock == clock


def test_a_lesson_without_a_limit_has_no_clock(session, lesson):
    lesson = replace(lesson, card=replace(lesson.card, time_limit_sec=None))
    assert standing_of(lesson, session.profile(), NOW, EN).clock is None


def test_dates_name_the_class_where_there_are_several_and_say_when_they_are_over(session, lesson):
    profile = replace(session.profile(), timezone="UTC")
    early, late = Due("7-A", NOW - minutes(60), is_extended=False), Due("7-B", NOW + minutes(60), is_extended=True)
    lesson = replace(lesson, talk=LessonTalk(has_teacher=True, due=(early, late)))
    assert standing_of(lesson, profile, NOW, EN).dates == (
        Date("7-A: due 07:00", is_over=True),
        Date("7-B: due 09:00 · you have more time", is_over=False),
    )


def test_it_is_said_from_when_the_model_solutions_of_a_class_are_shown(session, lesson):
    profile = replace(session.profile(), timezone="UTC")
    due = Due("7-A", NOW + minutes(60), is_extended=False, holds_solutions=True)
    lesson = replace(lesson, talk=LessonTalk(has_teacher=True, due=(due,)))
    told = [date.words for date in standing_of(lesson, profile, NOW, EN).dates]
    assert told == ["due 09:00", "model solutions from 09:00"]
    assert len(standing_of(lesson, profile, NOW + minutes(60), EN).dates) == 1
