"""What a teacher is shown of their class, and of what is not theirs to see."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aralify_kernel.domain.class_talk import Reader
from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.domain.teaching import Act
from aralify_kernel.errors import NotFound
from aralify_kernel.services import class_pages, classrooms, sign_ins
from aralify_kernel.store import class_acts
from tests.databases import SQLITE_ONLY
from tests.factories import a_course
from tests.services.classes import EASY, TERESA, school


@pytest.fixture
def rizal(world):
    found = school(world)
    found.learn("ana", "ben", "carla")
    return found


def needs_help(school, actor=TERESA):
    return class_pages.needs_help(school.world.database, actor, "rizal", "demo", now=school.world.clock())


def test_each_rule_is_told_with_its_figure_and_leaves_by_itself(rizal):
    rizal.fail("ben", "c1", "c1", "c1")
    (ben,) = needs_help(rizal)
    assert [(reason.rule.value, reason.n) for reason in ben.reasons] == [("same_error", 3)]
    rizal.world.submit(rizal.people["ben"])
    assert needs_help(rizal) == ()


@SQLITE_ONLY
def test_a_class_with_nobody_or_without_an_answer_is_empty_and_no_mistake(rizal, world):
    classrooms.new(world.database, None, "Mabini", ["demo"], now=world.clock())
    root = None
    assert class_pages.needs_help(world.database, root, "mabini", "demo", now=world.clock()) == ()
    assert class_pages.failures(world.database, root, "mabini", "demo") == ()
    assert class_pages.matrix(world.database, root, "mabini", "demo") == ()
    assert [row.cells for row in class_pages.matrix(world.database, TERESA, "rizal", "demo")] == [(), (), ()]


def test_a_group_shows_an_answer_and_what_its_first_failing_check_says(rizal):
    rizal.fail("ana", "c1")
    rizal.fail("ben", "c1", "RAISE")
    first, second = class_pages.failures(rizal.world.database, TERESA, "rizal", "demo")
    assert (first.learners, first.attempts, first.example, first.said["en"]) == (2, 2, "c1", "Not yet.")
    assert second.said["fil"] == "NameError: name 'x' is not defined"
    only = class_pages.failures(rizal.world.database, TERESA, "rizal", "demo", [EASY])
    assert len(only) == 2
    assert class_pages.failures(rizal.world.database, TERESA, "rizal", "demo", [EASY.parse("demo/two/easy")]) == ()


def test_the_matrix_marks_what_is_late_and_where_somebody_is_stuck(rizal):
    db, now = rizal.world.database, rizal.world.clock()
    classrooms.set_due(db, TERESA, "rizal", "demo/one", now + timedelta(days=1))
    classrooms.extend_due(db, TERESA, "rizal", "demo/one", "ben", now + timedelta(days=9), now=now)
    rizal.fail("carla", "c1", "c2", "h1")
    rizal.world.clock.turn(days=2)
    for name in ("ana", "ben"):
        rizal.world.complete(rizal.people[name], "demo/one/easy")
    found = {
        row.learner.username: [(cell.status, cell.score, cell.is_late, cell.is_stuck) for cell in row.cells]
        for row in class_pages.matrix(db, TERESA, "rizal", "demo")
    }
    assert found == {
        "ana": [(LessonStatus.COMPLETED, 100, True, False)],
        "ben": [(LessonStatus.COMPLETED, 100, False, False)],
        "carla": [(LessonStatus.IN_PROGRESS, 25, False, True)],
    }


def test_of_a_learner_only_what_they_did_in_the_class_is_listed(rizal):
    dan = rizal.people["dan"] = rizal.world.learner("dan")
    rizal.fail("dan", "c1")
    rizal.world.clock.turn(minutes=1)
    rizal.let_in("dan")
    rizal.fail("dan", "c2")
    rizal.world.clock.turn(minutes=1)
    classrooms.remove_member(rizal.world.database, TERESA, "rizal", "dan", now=rizal.world.clock())
    rizal.world.clock.turn(minutes=1)
    last = rizal.world.submit(dan, content="h1")
    page = class_pages.learner(rizal.world.database, TERESA, "rizal", "demo", "dan")
    (line,) = page.attempts
    assert class_pages.answers(rizal.world.database, TERESA, "rizal", EASY, "dan") == (line,)
    assert class_pages.answers(rizal.world.database, TERESA, "rizal", EASY.parse("demo/two/easy"), "dan") == ()
    now = rizal.world.clock()
    assert class_pages.attempt(rizal.world.database, TERESA, "rizal", line.id, now=now).content == "c2"
    for hidden in (line.id - 1, last.attempt):
        with pytest.raises(NotFound):
            class_pages.attempt(rizal.world.database, TERESA, "rizal", hidden, now=now)


def test_a_learner_can_see_who_read_their_code(rizal):
    rizal.fail("ana", "c1")
    now = rizal.world.clock()
    class_pages.attempt(rizal.world.database, TERESA, "rizal", 1, now=now)
    with rizal.world.database.read() as tx:
        (act,) = class_acts.of_learner(tx, rizal.world.one("SELECT id FROM users WHERE username = 'ana'"))
    assert (act.act, act.by, act.classroom, act.about, act.done_at) == (
        Act.CODE_READ,
        "teresa",
        "Rizal",
        "demo/one/easy#area",
        now,
    )
    later = rizal.world.clock.turn(minutes=5)
    class_pages.attempt(rizal.world.database, TERESA, "rizal", 1, now=later)
    assert rizal.people["ana"].lesson(EASY).talk.readers == (Reader("teresa", later),)
    assert rizal.people["ana"].lesson(EASY.parse("demo/one/medium")).talk.readers == ()


@SQLITE_ONLY
def test_nobody_is_shown_who_was_never_a_learner_in_the_class(rizal):
    rizal.world.learner("eve")
    for username in ("eve", "teresa", "nobody"):
        with pytest.raises(NotFound):
            class_pages.learner(rizal.world.database, TERESA, "rizal", "demo", username)
        with pytest.raises(NotFound):
            class_pages.answers(rizal.world.database, TERESA, "rizal", EASY, username)


@SQLITE_ONLY
def test_a_teacher_sees_their_class_in_its_courses_only_and_an_admin_every_class(rizal):
    rizal.world.publish(a_course(slug="other"))
    dan = rizal.people["ana"]
    other = rizal.world.submit(dan, "other/one/easy", content="c1")
    with pytest.raises(NotFound, match="other"):
        class_pages.needs_help(rizal.world.database, TERESA, "rizal", "other", now=rizal.world.clock())
    with pytest.raises(NotFound):
        class_pages.attempt(rizal.world.database, TERESA, "rizal", other.attempt, now=rizal.world.clock())
    rizal.world.learner("root", Role.ADMIN)
    rizal.fail("ben", "c1", "c2", "h1")
    assert [one.learner.username for one in needs_help(rizal, sign_ins.acting_as("root"))] == ["ben"]


@SQLITE_ONLY
def test_a_course_that_was_unpublished_meanwhile_is_still_shown(rizal):
    rizal.fail("ben", "c1", "c2", "h1")
    rizal.world.publish(a_course(is_published=False))
    assert [one.learner.username for one in needs_help(rizal)] == ["ben"]
