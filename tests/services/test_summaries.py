"""What class pages show follows each answer at once, and from nothing but the facts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.services import classrooms


@pytest.fixture
def rizal(world):
    """A class that takes the course, with a way to let people in."""
    classrooms.new(world.database, None, "Rizal", ["demo"], now=world.clock())

    def learner(name):
        session = world.learner(name)
        classrooms.add(world.database, None, "rizal", [name], ClassRole.LEARNER, now=world.clock())
        return session

    return learner


def activity(world, columns, username="ana"):
    query = f"SELECT {columns} FROM learner_activities JOIN users ON users.id = user_id WHERE username = ?"
    return world.one(query, username)


def test_wrong_answers_in_a_row_are_counted_once_each_until_one_is_right(world, rizal):
    ana = rizal("ana")
    seen = []
    for content in ("c1", "c2", "c1", "h1", "PASS", "c1"):
        world.submit(ana, content=content)
        seen.append(activity(world, "attempts, failing_answers, passed_at"))
    assert seen == [(1, 1, None), (2, 2, None), (3, 2, None), (4, 3, None), (5, 0, 5), (6, 1, 5)]


def test_the_same_failure_in_a_row_is_counted_until_another_comes(world, rizal):
    ana = rizal("ana")
    seen = []
    for content in ("c1", "c1", "c1", "c2", "c2", "PASS"):
        world.submit(ana, content=content)
        seen.append(activity(world, "same_failure"))
    assert seen == [1, 2, 3, 1, 2, 0]


def test_a_learner_is_stuck_at_an_activity_from_the_third_wrong_answer_until_a_right_one(world, rizal):
    ana = rizal("ana")
    seen = []
    for content in ("c1", "c2", "h1", "RAISE", "PASS"):
        world.submit(ana, content=content)
        seen.append(world.one("SELECT stuck FROM learner_courses"))
    assert seen == [0, 0, 1, 1, 0]


def test_the_last_hint_in_two_lessons_running_is_kept_until_a_lesson_is_done_without(world, rizal):
    ana = rizal("ana")
    seen = []

    def look():
        seen.append(world.one("SELECT hinted_lessons FROM learner_courses"))

    for tier in ("easy", "medium"):
        for _ in range(3):
            ana.next_hint(LessonRef("demo", "one", tier), "area")
        look()
    world.complete(ana, "demo/one/medium")
    look()
    world.complete(ana, "demo/one/easy")
    look()
    assert seen == [1, 2, 2, 0]
    assert world.rows("SELECT lesson_id, hints FROM learner_activities WHERE activity = 'area' ORDER BY 1") == [
        (1, 2),
        (2, 2),
    ]
    assert world.rows("SELECT lesson_id, hinted FROM class_activities WHERE activity = 'area' ORDER BY 1") == [
        (1, 1),
        (2, 1),
    ]


def test_a_class_s_day_counts_attempts_and_each_learner_once(world, rizal):
    ana, ben = rizal("ana"), rizal("ben")
    world.complete(ana, "demo/one/easy")
    world.submit(ben, content="c1")
    world.clock.turn(days=1)
    world.submit(ana, "demo/two/easy", content="c1")
    world.clock.turn(days=7)
    world.submit(ana, "demo/two/easy")
    assert world.rows(
        "SELECT CAST(date AS TEXT), attempts, passed, learners, new_in_week, lessons_completed FROM class_days ORDER BY date"
    ) == [
        ("2024-06-03", 3, 2, 2, 2, 1),
        ("2024-06-04", 1, 0, 1, 0, 0),
        ("2024-06-11", 1, 1, 1, 1, 0),
    ]


def test_the_days_of_a_class_are_its_learners_own(world, rizal):
    world.clock.now = datetime(2024, 6, 3, 20, 0, tzinfo=UTC)  # four in the morning in Manila
    world.submit(rizal("ana"))
    assert world.one("SELECT CAST(date AS TEXT) FROM class_days") == "2024-06-04"


def test_first_tries_and_tries_to_pass_are_counted_for_a_class(world, rizal):
    ana, ben = rizal("ana"), rizal("ben")
    world.submit(ana)
    for content in ("c1", "c2", "PASS", "PASS"):
        world.submit(ben, content=content)
    columns = "attempts, learners, passed, passed_first_try, attempts_to_pass"
    assert world.one(f"SELECT {columns} FROM class_activities") == (5, 2, 2, 1, 4)


def test_learners_who_fail_in_the_same_way_are_one_group(world, rizal):
    ana, ben = rizal("ana"), rizal("ben")
    for session, content in ((ana, "c1"), (ana, "c1"), (ben, "c1"), (ben, "c2")):
        world.submit(session, content=content)
    assert world.rows("SELECT learners, attempts FROM class_failures ORDER BY learners") == [(1, 1), (2, 3)]


def test_what_is_done_outside_of_the_class_does_not_count_in_it(world, rizal):
    ana, ben = world.learner("ana"), rizal("ben")
    world.submit(ana, content="c1")
    world.submit(ben, content="c1")
    classrooms.remove_member(world.database, None, "rizal", "ben", now=world.clock())
    world.submit(ben, content="c1")
    classrooms.add(world.database, None, "rizal", ["ana"], ClassRole.TEACHER, now=world.clock())
    world.submit(ana, content="c1")
    assert world.one("SELECT sum(attempts) FROM class_days") == 1
    assert world.one("SELECT sum(attempts) FROM learner_activities") == 4


def test_an_attempt_counts_in_every_class_that_takes_the_course_and_in_no_other(world, rizal):
    classrooms.new(world.database, None, "Mabini", ["demo"], now=world.clock())
    classrooms.new(world.database, None, "Luna", [], now=world.clock())
    ana = rizal("ana")
    for slug in ("mabini", "luna"):
        classrooms.add(world.database, None, slug, ["ana"], ClassRole.LEARNER, now=world.clock())
    world.submit(ana)
    assert world.rows("SELECT slug, attempts FROM class_days JOIN classrooms ON id = classroom_id ORDER BY slug") == [
        ("mabini", 1),
        ("rizal", 1),
    ]
    ((details,),) = world.rows("SELECT details FROM learner_events WHERE type = 'ATTEMPT_JUDGED'")
    assert "[1, 2]" in str(details)
