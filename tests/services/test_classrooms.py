"""Classes: who may make and run them, who is in them, when something is due."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.permissions import Role
from aralify_kernel.errors import ClassExists, InvalidValue, NotAllowed, NotFound
from aralify_kernel.services import classrooms, sign_ins

DUE = datetime(2024, 7, 1, tzinfo=UTC)
LATER = datetime(2024, 7, 8, tzinfo=UTC)


@pytest.fixture
def ana(world):
    """A moderator who has made the class Rizal, and so teaches it."""
    world.learner("ana", Role.MODERATOR)
    who = sign_ins.acting_as("ana")
    classrooms.new(world.database, who, "Rizal", ["demo"], now=world.clock())
    return who


def who_is_in(world, actor, slug="rizal"):
    roster = classrooms.roster(world.database, actor, slug)
    return {member.username: member.role for member in roster.members if member.left_at is None}


def test_whoever_makes_a_class_teaches_it(world, ana):
    assert who_is_in(world, ana) == {"ana": ClassRole.TEACHER}
    assert classrooms.roster(world.database, ana, "rizal").courses == ("demo",)


def test_a_learner_makes_no_class(world):
    world.learner("ben")
    with pytest.raises(NotAllowed, match="MODERATOR"):
        classrooms.new(world.database, sign_ins.acting_as("ben"), "Mabini", [], now=world.clock())


def test_two_classes_that_commands_could_not_tell_apart_are_refused(world, ana):
    with pytest.raises(ClassExists, match="rizal"):
        classrooms.new(world.database, ana, "  RIZÁL! ", [], now=world.clock())


@pytest.mark.parametrize("name", ["", "x" * 81, "two\nlines", "日本"])
def test_a_name_that_cannot_be_a_class_s_is_refused(world, name):
    with pytest.raises(InvalidValue):
        classrooms.new(world.database, None, name, [], now=world.clock())


def test_people_are_let_in_all_or_nobody(world, ana):
    world.learner("ben")
    with pytest.raises(NotFound, match="nobody"):
        classrooms.add(world.database, ana, "rizal", ["ben", "nobody"], ClassRole.LEARNER, now=world.clock())
    assert who_is_in(world, ana) == {"ana": ClassRole.TEACHER}


def test_letting_somebody_in_twice_changes_nothing(world, ana):
    world.learner("ben")
    for _ in range(2):
        classrooms.add(world.database, ana, "rizal", ["Ben"], ClassRole.LEARNER, now=world.clock())
    assert world.one("SELECT count(*) FROM classroom_members WHERE role = 'LEARNER'") == 1


def test_who_becomes_a_teacher_is_no_learner_any_more(world, ana):
    world.learner("ben")
    for role in (ClassRole.LEARNER, ClassRole.TEACHER):
        classrooms.add(world.database, ana, "rizal", ["ben"], role, now=world.clock())
    assert who_is_in(world, ana)["ben"] is ClassRole.TEACHER


def test_who_left_is_told_with_the_time_and_may_come_back(world, ana):
    world.learner("ben")
    joined = world.clock()
    classrooms.add(world.database, ana, "rizal", ["ben"], ClassRole.LEARNER, now=joined)
    left = world.clock.turn(days=3)
    classrooms.remove_member(world.database, ana, "rizal", "ben", now=left)
    classrooms.add(world.database, ana, "rizal", ["ben"], ClassRole.LEARNER, now=world.clock.turn(days=1))
    stays = [one for one in classrooms.roster(world.database, ana, "rizal").members if one.username == "ben"]
    assert [(stay.joined_at, stay.left_at) for stay in stays] == [(joined, left), (world.clock(), None)]


def test_a_clock_that_was_set_back_ends_a_stay_where_it_began(world, ana):
    world.learner("ben")
    joined = world.clock()
    classrooms.add(world.database, ana, "rizal", ["ben"], ClassRole.LEARNER, now=joined)
    classrooms.remove_member(world.database, ana, "rizal", "ben", now=world.clock.turn(hours=-1))
    assert classrooms.roster(world.database, ana, "rizal").members[1].left_at == joined


@pytest.mark.parametrize("stranger", ["learner", "moderator", "teacher of another class", "teacher who left"])
def test_for_anybody_else_there_is_no_such_class(world, ana, stranger):
    world.learner("eve", Role.MODERATOR if stranger == "moderator" else Role.USER)
    eve = sign_ins.acting_as("eve")
    add = {"learner": ("rizal", ClassRole.LEARNER), "teacher who left": ("rizal", ClassRole.TEACHER)}
    classrooms.new(world.database, None, "Mabini", [], now=world.clock())
    slug, role = add.get(stranger, ("mabini", ClassRole.TEACHER))
    classrooms.add(world.database, None, slug, ["eve"], role, now=world.clock())
    if stranger == "teacher who left":
        classrooms.remove_member(world.database, ana, "rizal", "eve", now=world.clock())
    for act in (
        lambda: classrooms.roster(world.database, eve, "rizal"),
        lambda: classrooms.add(world.database, eve, "rizal", ["eve"], ClassRole.TEACHER, now=world.clock()),
        lambda: classrooms.remove_member(world.database, eve, "rizal", "ana", now=world.clock()),
        lambda: classrooms.set_due(world.database, eve, "rizal", "demo/one", DUE),
        lambda: classrooms.extend_due(world.database, eve, "rizal", "demo/one", "ana", DUE, now=world.clock()),
    ):
        with pytest.raises(NotFound, match="rizal"):
            act()


def test_an_admin_sees_every_class(world, ana):
    world.learner("root", Role.ADMIN)
    assert who_is_in(world, sign_ins.acting_as("root")) == {"ana": ClassRole.TEACHER}


def due(world, user_id):
    with world.database.read() as tx:
        return classrooms.due_dates(tx, 1, user_id)


def test_a_learner_with_more_time_has_a_later_date_than_the_class(world, ana):
    world.learner("ben"), world.learner("eli")
    classrooms.add(world.database, ana, "rizal", ["ben", "eli"], ClassRole.LEARNER, now=world.clock())
    classrooms.set_due(world.database, ana, "rizal", "demo/one", DUE)
    classrooms.extend_due(world.database, ana, "rizal", "demo/one", "ben", LATER, now=world.clock())
    assert (due(world, 2), due(world, 3)) == ({1: LATER}, {1: DUE})
    classrooms.set_due(world.database, ana, "rizal", "demo/one", datetime(2024, 8, 1, tzinfo=UTC))
    assert due(world, 2) == {1: datetime(2024, 8, 1, tzinfo=UTC)}
    classrooms.set_due(world.database, ana, "rizal", "demo/one", None)
    assert due(world, 2) == {}


def test_only_a_level_of_the_class_s_courses_can_be_due(world, ana):
    classrooms.new(world.database, None, "Mabini", [], now=world.clock())
    for slug, level in (("rizal", "demo/four"), ("rizal", "nowhere/one"), ("rizal", "demo"), ("mabini", "demo/one")):
        with pytest.raises(NotFound):
            classrooms.set_due(world.database, None, slug, level, DUE)


def test_more_time_is_given_to_learners_of_the_class_only(world, ana):
    world.learner("ben")
    with pytest.raises(NotFound, match="ben"):
        classrooms.extend_due(world.database, ana, "rizal", "demo/one", "ben", LATER, now=world.clock())
