"""What comes next, for learners at every point of the way."""

from __future__ import annotations

import dataclasses

from aralify_kernel.dashboards.next_step import Reason, next_step
from tests.dashboards.made_progress import make_course, make_new_progress, make_progress

NOTHING, ALL = (None, None, None), (100, 100, 100)


def topics(*scores):
    return tuple((f"topic-{n}", f"Topic {n}", f"Paksa {n}", tiers) for n, tiers in enumerate(scores))


def step_of(*courses, recent=()):
    step = next_step(make_progress(courses=courses, recent=recent))
    return step and (str(step.lesson.ref), step.reason)


def test_a_newcomer_begins_with_the_easiest_lesson_of_the_first_topic():
    step = next_step(make_new_progress())
    assert (str(step.lesson.ref), step.reason) == ("python-basics/variables/easy", Reason.NEW_COURSE)


def test_the_lesson_worked_on_last_comes_first_even_in_a_topic_that_is_complete():
    step = next_step(make_progress())
    assert (str(step.lesson.ref), step.reason) == ("python-basics/loops/medium", Reason.BEGUN)


def test_a_lesson_begun_in_an_unfinished_topic_goes_before_a_new_one():
    assert step_of(make_course(topics(ALL, (None, 40, None)))) == ("python-basics/topic-1/medium", Reason.BEGUN)


def test_after_a_finished_topic_the_next_one_opens():
    assert step_of(make_course(topics(ALL, NOTHING))) == ("python-basics/topic-1/easy", Reason.NEXT_TOPIC)


def test_when_all_topics_are_complete_a_harder_tier_is_left():
    assert step_of(make_course(topics((100, None, None), ALL))) == ("python-basics/topic-0/medium", Reason.HARDER_TIER)


def test_a_locked_topic_is_never_suggested():
    course = make_course(topics(ALL, NOTHING))
    locked = dataclasses.replace(course.levels[1], is_open=False)
    assert step_of(dataclasses.replace(course, levels=(course.levels[0], locked))) is None


def test_another_course_comes_when_the_first_is_mastered():
    other = make_course(topics(NOTHING), slug="sql", is_started=False)
    step = next_step(make_progress(courses=(make_course(topics(ALL)), other), recent=()))
    assert (step.course.slug, step.reason) == ("sql", Reason.NEW_COURSE)


def test_an_unpublished_course_is_never_suggested():
    assert step_of(make_course(topics(NOTHING), is_published=False)) is None


def test_nothing_is_left_for_who_has_passed_everything():
    assert step_of(make_course(topics(ALL, ALL))) is None
    assert step_of() is None
