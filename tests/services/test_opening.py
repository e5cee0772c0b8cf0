from __future__ import annotations

import pytest

from aralify_kernel.domain.content import Exercise, Quiz
from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.errors import LevelLocked, NotFound
from tests.factories import a_course, a_level, an_exercise

EASY = LessonRef.parse("demo/one/easy")


def test_opening_starts_the_course_and_puts_the_lesson_in_progress(world):
    ana = world.learner()
    opened = ana.open_lesson(EASY)
    assert (opened.card.status, opened.level_index, opened.course_title["en"]) == (LessonStatus.IN_PROGRESS, 0, "Demo")
    assert world.rows("SELECT type, course_ref, lesson_ref, local_date FROM learner_events") == [
        ("COURSE_STARTED", "demo", None, "2024-06-03"),
        ("LESSON_OPENED", "demo", "demo/one/easy", "2024-06-03"),
    ]
    assert world.rows("SELECT status, score FROM user_lesson_progress") == [("IN_PROGRESS", 0)]


def test_opening_again_keeps_what_was_reached(world):
    ana = world.learner()
    world.complete(ana, "demo/one/easy")
    assert ana.open_lesson(EASY).card.status is LessonStatus.COMPLETED


def test_reading_a_lesson_records_nothing(world):
    ana = world.learner()
    assert ana.lesson(EASY).card.status is LessonStatus.NOT_STARTED
    assert world.counts() == {"users": 1}


def test_nothing_that_must_stay_on_the_server_leaves_it(world):
    for block in world.learner().lesson(EASY).content.blocks:
        if isinstance(block, Exercise):
            assert (block.reference, block.hints, [check.hidden for check in block.checks]) == ("", (), [False, False])
        if isinstance(block, Quiz):
            assert (block.answers, block.explanation, [option.correct for option in block.options]) == (
                (),
                {},
                [False] * 2,
            )


def test_the_model_solution_is_there_once_every_point_is_earned(world):
    ana = world.learner()
    assert {card.solution for card in ana.lesson(EASY).activities} == {None}
    world.complete(ana, "demo/one/easy")
    solutions = {card.id: card.solution for card in ana.lesson(EASY).activities}
    assert solutions["area"] == an_exercise().reference
    assert {card.solution for card in ana.lesson(EASY).activities if card.kind == "quiz"} == {None}
    assert {card.solution for card in world.learner("ben").lesson(EASY).activities} == {None}


def test_the_starters_are_those_of_every_version_and_language(world):
    from aralify_kernel.domain.difficulty import Difficulty
    from tests.factories import a_lesson, a_quiz

    newer = an_exercise()
    object.__setattr__(newer, "starter", {"en": "newer"})
    world.publish(a_course(a_level("one", 0, [a_lesson(Difficulty.EASY, newer, a_quiz())])))
    starters = world.learner().lesson(EASY).starters
    assert starters == {"area": {"# your code here\n...", "# ang code mo rito\n...", "newer"}}


def test_where_the_learner_stands_at_each_activity(world):
    ana, ben = world.learner("ana"), world.learner("ben")
    world.submit(ben, content="of somebody else")
    world.submit(ana, content="c1 c2")
    world.submit(ana, content="c1")
    ana.next_hint(EASY, "area")
    area, choice = ana.lesson(EASY).activities
    assert (area.kind, area.points, area.best_points, area.is_tried, area.last_source) == ("exercise", 3, 2, True, "c1")
    assert (area.hints_taken, area.hints_total) == (1, 2)
    assert (choice.kind, choice.points, choice.best_points, choice.is_tried) == ("quiz", 1, 0, False)


def test_a_locked_lesson_cannot_even_be_read(world):
    with pytest.raises(LevelLocked):
        world.learner().lesson(LessonRef.parse("demo/two/easy"))


def test_a_moderator_looks_at_a_draft_and_leaves_no_trace(world):
    world.publish(a_course(a_level("one", 0), a_level("draft", 1, is_published=False)))
    moderator = world.learner("mod", Role.MODERATOR)
    ref = LessonRef.parse("demo/draft/easy")
    assert not moderator.open_lesson(ref).card.is_published
    moderator.next_hint(ref, "area")
    moderator.show_answer(ref, "choice")
    moderator.start_run(LessonRef.parse("demo/draft/hard"))
    assert world.counts() == {"users": 1}
    with pytest.raises(NotFound):
        world.learner("ana").open_lesson(ref)


def test_time_spent_is_active_time(world):
    ana = world.learner()
    ana.open_lesson(EASY)
    world.clock.turn(minutes=5)
    world.submit(ana)
    world.clock.turn(minutes=5, seconds=1)
    world.submit(ana)
    world.clock.turn(seconds=30)
    ana.open_lesson(LessonRef.parse("demo/one/medium"))
    spent = "SELECT lesson_id, time_spent_secs FROM user_lesson_progress ORDER BY lesson_id"
    assert world.rows(spent) == [(1, 300), (2, 30)]
    assert world.one("SELECT time_spent_secs FROM user_course_progress") == 330
