from __future__ import annotations

import pytest

from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.errors import NotFound
from tests.factories import a_course, a_lesson, a_level, a_quiz, an_exercise

EASY = LessonRef.parse("demo/one/easy")


def test_a_shown_answer_says_everything_and_the_quiz_earns_no_more_points(world):
    ana = world.learner()
    shown = ana.show_answer(EASY, "choice")
    assert (shown.correct_options, shown.explanation["en"]) == (("a",), "Because.")
    after = world.submit(ana, activity="choice", content="a")
    assert (after.judgement.verdict, after.judgement.points, after.lesson_score) == (Verdict.PASSED, 0, 0)
    assert world.submit(ana).lesson_score == 75, "the exercise still earns"


def test_points_from_before_stay(world):
    ana = world.learner()
    world.submit(ana, activity="choice", content="a")
    ana.show_answer(EASY, "choice")
    assert world.submit(ana, activity="choice", content="b").lesson_score == 25


def test_a_quiz_that_was_rewritten_since_is_another_question(world):
    ana = world.learner()
    ana.show_answer(EASY, "choice")
    world.publish(a_course(a_level("one", 0, [a_lesson(Difficulty.EASY, an_exercise(), a_quiz(points=2))])))
    assert world.submit(ana, activity="choice", content="a").judgement.points == 2


def test_somebody_else_s_giving_up_costs_nothing(world):
    world.learner("ben").show_answer(EASY, "choice")
    assert world.submit(world.learner("ana"), activity="choice", content="a").judgement.points == 1


@pytest.mark.parametrize(("activity", "kind"), [("nothing", "exercise"), ("area", "quiz")])
def test_only_a_quiz_shows_its_answer(world, activity, kind):
    with pytest.raises(NotFound, match=f"no {kind} named"):
        world.learner().show_answer(EASY, activity)
