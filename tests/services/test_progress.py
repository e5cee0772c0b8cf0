from __future__ import annotations

from datetime import UTC, datetime

from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import ProfileChange


def test_a_learner_who_did_nothing_has_an_empty_page(world):
    found = world.learner().progress()
    assert (found.xp, found.days, found.recent, found.active_secs_this_week, found.today) == (
        (),
        (),
        (),
        0,
        "2024-06-03",
    )
    assert (found.profile.streak_current, found.profile.today_counts, found.profile.weekday) == (0, False, 0)
    assert [card.slug for card in found.courses] == ["demo"]


def test_the_page_shows_what_was_done(world):
    ana, ben = world.learner("ana"), world.learner("ben")
    world.complete(ben, "demo/one/medium")
    world.complete(ana, "demo/one/easy")
    world.clock.turn(days=1, minutes=2)
    world.complete(ana, "demo/two/medium")
    world.clock.turn(minutes=3)
    world.submit(ana, "demo/two/easy", content="RAISE")
    found = ana.progress()

    assert [(point.amount, point.total, point.lesson) for point in found.xp] == [
        (50, 50, "demo/one/easy"),
        (100, 150, "demo/two/medium"),
    ]
    assert [(day.date, day.attempts) for day in found.days] == [("2024-06-03", 2), ("2024-06-04", 3)]
    assert [(str(one.lesson), one.title["en"], one.verdict, one.points) for one in found.recent[:3]] == [
        ("demo/two/easy", "Exercise area", "ERROR", 0),
        ("demo/two/medium", "Which?", "PASSED", 1),
        ("demo/two/medium", "Exercise area", "PASSED", 3),
    ]
    assert len(found.recent) == 5
    assert found.active_secs_this_week == 180
    profile = found.profile
    assert (profile.xp_total, profile.level, profile.level_xp, profile.next_level_xp) == (150, 2, 100, 282)
    assert (profile.streak_current, profile.today_counts, profile.weekday) == (2, True, 1)
    assert profile.week == (True, True, False, False, False, False, False)


def test_a_missed_day_ends_the_shown_streak_and_keeps_the_longest(world):
    ana = world.learner()
    world.submit(ana)
    world.clock.turn(days=1)
    assert (ana.profile().streak_current, ana.profile().today_counts) == (1, False)
    world.clock.turn(days=1)
    profile = ana.profile()
    assert (profile.streak_current, profile.streak_longest) == (0, 1)
    assert world.one("SELECT streak_current FROM users") == 1


def test_the_week_begins_on_the_learner_s_own_monday(world):
    ana = world.learner()
    world.clock.now = datetime(2024, 6, 2, 15, 58, tzinfo=UTC)  # Sunday 23:58 in Manila
    ana.open_lesson(LessonRef.parse("demo/one/easy"))
    world.clock.turn(minutes=3)
    world.submit(ana)
    world.clock.turn(minutes=2)
    world.submit(ana)
    found = ana.progress()
    assert (found.today, found.profile.week[0], found.active_secs_this_week) == ("2024-06-03", True, 120)


def test_a_change_of_zone_rewrites_no_day(world):
    ana = world.learner()
    world.submit(ana)
    ana.update_profile(ProfileChange(timezone="Pacific/Honolulu"))
    assert [day.date for day in ana.progress().days] == ["2024-06-03"]
    assert ana.progress().today == "2024-06-02"


def test_an_attempt_keeps_the_title_it_had_when_it_was_made(world):
    from tests.factories import a_course, a_lesson, a_level, a_quiz

    ana = world.learner()
    world.submit(ana)
    world.publish(a_course(a_level("one", 0, [a_lesson(next(iter(a_level("x", 0).lessons)).difficulty, a_quiz())])))
    assert ana.progress().recent[0].title["en"] == "Exercise area"
