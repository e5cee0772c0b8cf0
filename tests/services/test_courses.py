from __future__ import annotations

import pytest

from aralify_kernel.domain.permissions import Role
from aralify_kernel.errors import NotFound
from aralify_kernel.services import courses
from tests.factories import a_course, a_level


def test_a_course_shows_its_topics_with_what_opens_them(world):
    card = world.learner().course("demo")
    assert [(level.slug, level.is_open, level.opens_after and level.opens_after["en"]) for level in card.levels] == [
        ("one", True, None),
        ("two", False, "One"),
        ("three", False, "Two"),
    ]
    hard = card.levels[0].lessons[2]
    assert (str(hard.ref), hard.xp, hard.time_limit_sec, hard.pass_score) == ("demo/one/hard", 150, 600, 80)


def test_looking_writes_nothing(world):
    ana = world.learner()
    ana.courses(), ana.course("demo"), ana.progress(), ana.profile()
    assert world.counts() == {"users": 1}


def test_starting_a_course_opens_its_first_topic_and_twice_changes_nothing(world):
    ana = world.learner()
    started = ana.start_course("demo")
    world.clock.turn(hours=1)
    assert (started.is_started, ana.start_course("demo")) == (True, started)
    assert world.counts() == {"users": 1, "learner_events": 1, "user_course_progress": 1, "user_level_unlocks": 1}


def test_an_unknown_course_is_named(world):
    with pytest.raises(NotFound, match="There is no course named “nothing”"):
        world.learner().start_course("nothing")


def test_what_is_unpublished_is_seen_by_moderators_only(world):
    world.publish(a_course(a_level("one", 0), a_level("draft", 1, is_published=False), a_level("empty", 2, [])))
    world.publish(a_course(slug="hidden", is_published=False))
    seen = world.learner("ana").courses()
    assert [(card.slug, [level.slug for level in card.levels]) for card in seen] == [("demo", ["one"])]
    moderator = world.learner("mod", Role.MODERATOR)
    all_seen = {card.slug: card for card in moderator.courses()}
    assert [(level.slug, level.is_open, level.is_published) for level in all_seen["demo"].levels] == [
        ("one", True, True),
        ("two", True, False),
        ("draft", True, False),
        ("three", True, False),
        ("empty", True, True),
    ], "what left the folder is still there for them"
    assert not all_seen["hidden"].levels[0].lessons[0].is_published
    moderator.start_course("hidden")
    assert "user_course_progress" not in world.counts()


def test_the_next_lesson_is_the_one_in_progress_else_the_easiest_of_the_next_topic(world):
    ana = world.learner()
    world.submit(ana, "demo/one/medium")
    assert str(ana.course("demo").next_lesson.ref) == "demo/one/medium"
    world.complete(ana, "demo/one/medium")
    assert str(ana.course("demo").next_lesson.ref) == "demo/two/easy"


def test_the_operator_sees_every_course_as_nobody_in_particular(world):
    world.publish(a_course(slug="hidden", is_published=False))
    assert [(card.slug, card.is_published, card.is_started) for card in courses.all_courses(world.database)] == [
        ("demo", True, False),
        ("hidden", False, False),
    ]
