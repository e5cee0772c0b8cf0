"""Whatever learners do, and whatever is published meanwhile: the facts give the same rows again."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import ProfileChange
from aralify_kernel.errors import LevelLocked, NotFound
from aralify_kernel.services import classrooms, rebuild
from tests.databases import SQLITE_ONLY
from tests.factories import a_course, a_lesson, a_level, a_quiz, an_exercise, content

ZONES = ("Asia/Manila", "Pacific/Kiritimati", "Etc/GMT+12", "America/New_York")
COURSES = (
    a_course(),
    a_course(a_level("one", 0)),
    a_course(a_level("new", 0), a_level("one", 1), a_level("two", 2), a_level("three", 3)),
    a_course(a_level("one", 0, is_published=False), a_level("two", 1), a_level("three", 2, [])),
    a_course(
        a_level("one", 0, [a_lesson(Difficulty.EASY, an_exercise(points=2), a_quiz(points=3))]), a_level("two", 1)
    ),
    a_course(a_level("one", 0, [a_lesson(Difficulty.EASY, xp_reward=70, content=content(pass_score=20))])),
    a_course(is_published=False),
)


def check(world):
    return rebuild.check(world.database, lambda *_: None)


def mend(world):
    return rebuild.rebuild(world.database, lambda *_: None, now=world.clock())


def make_classes(world):
    """Two classes that take the course, so that somebody may be in both."""
    for name in ("Rizal", "Mabini"):
        classrooms.new(world.database, None, name, ["demo"], now=world.clock())


def come_or_go(world, username, slug):
    """Let somebody into a class, or out when they are in it."""
    try:
        classrooms.remove_member(world.database, None, slug, username, now=world.clock())
    except NotFound:
        classrooms.add(world.database, None, slug, [username], ClassRole.LEARNER, now=world.clock())


def do_something(world, people, chance):
    """One person does one thing, or a new version of the course is published; then time passes."""
    session = chance.choice(people)
    tier = chance.choice(("easy", "medium", "hard"))
    ref = LessonRef("demo", chance.choice(("one", "two", "three", "new")), tier)
    try:
        match chance.randrange(14):
            case 0:
                world.publish(chance.choice(COURSES))
            case 1:
                session.open_lesson(ref)
            case 2:
                session.start_run(LessonRef(ref.course, ref.level, "hard"))
            case 3:
                session.next_hint(ref, "area")
            case 4:
                session.show_answer(ref, "choice")
            case 5:
                session.update_profile(
                    ProfileChange(timezone=chance.choice(ZONES), time_factor=chance.choice((0, 1, 2)))
                )
            case 6:
                come_or_go(world, session.user, chance.choice(("rizal", "mabini")))
            case 7 | 8 | 9:
                world.submit(session, str(ref), "choice", chance.choice("aab"))
            case _:
                world.submit(session, str(ref), content=chance.choice(("PASS", "PASS", "c1", "c2 h1", "RAISE")))
    except (LevelLocked, NotFound):
        pass
    world.clock.turn(seconds=chance.choice((0, 20, 250, 299, 301, 700, 40_000, 90_000)))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), steps=st.integers(5, 60))
def test_stored_equals_replayed_after_anything(make_world, seed, steps):
    world, chance = make_world(), random.Random(seed)  # noqa: S311
    world.publish()
    make_classes(world)
    people = [world.learner("ana"), world.learner("ben")]
    come_or_go(world, "ana", "rizal")
    for _ in range(steps):
        do_something(world, people, chance)
    assert check(world) == ()


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("UPDATE users SET xp_total = 51", "ana: users  xp_total: 51 is stored, 50 follows"),
        ("UPDATE users SET streak_longest = 9", "ana: users  streak_longest: 9 is stored, 1 follows"),
        ("UPDATE user_course_progress SET mastery_pct = 12", "mastery_pct: 12.0 is stored, 11.11 follows"),
        ("UPDATE user_lesson_progress SET score = 99", "demo/one/easy score: 99 is stored, 100 follows"),
        (
            "DELETE FROM user_level_unlocks WHERE level_id = 2",
            "user_level_unlocks demo/two unlocked_at: None is stored",
        ),
        ("UPDATE xp_events SET amount = 1", "xp_events demo/one/easy amount: 1 is stored, 50 follows"),
        ("DELETE FROM activity_days", "activity_days 2024-06-03 attempts: None is stored, 2 follows"),
        ("DELETE FROM user_lesson_progress", "demo/one/easy status: None is stored"),
        ("UPDATE learner_activities SET failing_answers = 3", "failing_answers: 3 is stored, 0 follows"),
        ("UPDATE learner_courses SET lessons_completed = 2", "lessons_completed: 2 is stored, 1 follows"),
    ],
)
def test_every_figure_that_does_not_follow_is_told(world, spoil, told):
    world.complete(world.learner("ana"), "demo/one/easy")
    world.complete(world.learner("ben"), "demo/one/medium")
    assert check(world) == ()
    where = "user_id = 1" if "users" not in spoil else "id = 1"
    world.rows(f"{spoil} {'AND' if 'WHERE' in spoil else 'WHERE'} {where}")
    found = check(world)
    (*_, line) = [line for line in found if told in line]
    assert line.startswith("ana: ")
    assert mend(world) == found
    assert check(world) == ()


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("UPDATE class_days SET learners = 3", "2024-06-03 learners: 3 is stored, 1 follows"),
        ("DELETE FROM class_activities WHERE activity = 'area'", "area attempts: None is stored, 2 follows"),
        ("UPDATE class_failures SET learners = 0", "learners: 0 is stored, 1 follows"),
    ],
)
def test_every_figure_of_a_class_that_does_not_follow_is_told(world, spoil, told):
    make_classes(world)
    ana = world.learner("ana")
    come_or_go(world, "ana", "rizal")
    world.submit(ana, content="c1")
    world.complete(ana, "demo/one/easy")
    assert check(world) == ()
    world.rows(spoil)
    found = check(world)
    assert [line for line in found if line.startswith("classes: class_") and line.endswith(told)]
    assert mend(world) == found
    assert check(world) == ()


def test_a_row_that_refers_to_nothing_is_told(world):
    world.learner()
    world.rows("UPDATE auth_sessions SET user_id = 77", references=False)
    assert check(world) == ("auth_sessions row 1: refers to a missing row of users",)


@pytest.fixture
def deleted(world):
    """A course that two people learned in, one in a class, and that somebody deleted from the database."""
    make_classes(world)
    people = [world.learner("ana"), world.learner("ben")]
    come_or_go(world, "ana", "rizal")
    for session in people:
        world.submit(session, content="c1")
        world.complete(session, "demo/one/easy")
    world.rows("DELETE FROM courses WHERE slug = 'demo'")
    return people


def test_what_remains_of_a_deleted_course_follows_from_the_facts_too(world, deleted):
    assert world.rows("SELECT xp_total, streak_longest FROM users") == [(50, 1), (50, 1)]
    assert world.rows("SELECT * FROM user_course_progress") == world.rows("SELECT * FROM class_days") == []
    assert check(world) == ()


def test_a_deleted_course_that_comes_back_begins_anew_and_pays_no_lesson_twice(world, deleted):
    world.publish()
    for session in deleted:
        world.complete(session, "demo/one/easy")
        world.complete(session, "demo/two/easy")
    assert world.rows("SELECT xp_total FROM users") == [(100,), (100,)]
    assert check(world) == ()


@pytest.mark.parametrize("table", ["lessons", "levels"])
def test_what_remains_of_a_deleted_part_of_a_course_follows_from_the_facts_too(world, table):
    ana = world.learner()
    world.complete(ana, "demo/one/easy")
    world.rows(f"DELETE FROM {table} WHERE id = 1")
    assert check(world) == ()


FIGURES = (
    "user_course_progress user_level_unlocks user_lesson_progress xp_events activity_days learner_activities "  # noqa: SIM905
    "learner_courses learner_failures class_days class_activities class_failures".split()
)


def test_everything_that_follows_can_be_lost_and_comes_back(world):
    make_classes(world)
    ana = world.learner()
    come_or_go(world, "ana", "rizal")
    world.submit(ana, content="c1")
    world.complete(ana, "demo/one/easy")

    def contents():
        rows = {table: world.rows(f"SELECT * FROM {table}") for table in FIGURES}
        return rows, world.rows("SELECT xp_total, level, streak_current, streak_longest FROM users")

    before = contents()
    for table in FIGURES:
        world.rows(f"DELETE FROM {table}")
    world.rows("UPDATE users SET xp_total = 0, streak_current = 0, streak_longest = 0")
    mend(world)
    assert numberless(contents()) == numberless(before)


def numberless(contents):
    """Rows without the number in front, which is the database's own and means nothing."""
    rows, people = contents
    return {table: sorted(row[1:] for row in of) for table, of in rows.items()}, people


@pytest.mark.parametrize("do", [rebuild.check, partial(rebuild.rebuild, now=datetime(2024, 7, 1, tzinfo=UTC))])
def test_it_tells_how_far_it_is(world, do):
    world.learner("ana"), world.learner("ben")
    seen = []
    do(world.database, lambda done, total: seen.append((done, total)))
    assert seen == [(0, 2), (1, 2), (2, 2)]
