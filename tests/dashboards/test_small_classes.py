"""Classes with next to nothing in them, and many of them: both pages say so, and marks come in every format."""

from __future__ import annotations

import csv
import io

import pytest

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.marks import MarksFormat
from aralify_kernel.services import class_settings, classrooms
from aralify_kernel.store import schema
from aralify_kernel.store.database import Database
from tests.dashboards.test_class_page import Looked
from tests.dashboards.test_classes_page import Looked as LookedAtAll
from tests.dashboards.test_hostile_class import files
from tests.factories import a_course
from tests.services.classes import School
from tests.services.conftest import World

NOTHING = {
    "Needs help now": "Nobody, just now.",
    "How they fail": "No wrong answer yet.",
    "Learners and lessons": "Nobody is in this class yet.",
    "Lesson quality": "No answer yet.",
    "Effort against result": "It is shown once 5 learners have begun the course.",
    "Class over weeks": "No answer yet.",
    "Marks": "Everybody in the class",
}
ONE = NOTHING | {"Learners and lessons": "dan", "Lesson quality": "–"}
ONE |= {"Needs help now": "dan", "How they fail": "1 learner", "Class over weeks": "–"}
KINDS = {
    "no learner": NOTHING,
    "no attempt": NOTHING | {"Learners and lessons": "dan"},
    "one learner": ONE,
    "one learner, unpublished": ONE,
}


@pytest.fixture
def world(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'class.sqlite3'}")
    schema.upgrade(database)
    world = World(tmp_path, database)
    world.publish()
    world.learner("teresa")
    classrooms.new(database, None, "Luna", ["demo"], now=world.clock())
    yield world
    database.dispose()


@pytest.fixture(params=KINDS)
def luna(request, world):
    """Teresa's class of this kind, and what its sections say."""
    school = School(world)
    school.let_in("teresa", slug="luna", role=ClassRole.TEACHER)
    if request.param != "no learner":
        school.people["dan"] = world.learner("dan")
        school.let_in("dan", slug="luna")
    if "one" in request.param:
        school.fail("dan", "c1", "c2", "h1")
    if "unpublished" in request.param:
        world.publish(a_course(is_published=False))
    return school, KINDS[request.param]


def test_every_section_of_the_page_of_the_class_says_what_there_is(luna):
    school, told = luna
    page = Looked(school)
    assert page.screen.error is None
    for title, words in told.items():
        assert words in page.words(title), title
    for file in files(page):
        heads, *rows = csv.reader(io.StringIO(file, newline=""))
        assert all(len(row) == len(heads) for row in rows)
    for action in ("demo", "widen", "show_figures", "refresh"):
        page.screen.act(action, {})
        assert page.screen.error is None, action


def test_the_page_of_all_classes_looks_after_it(luna):
    school, _ = luna
    page = LookedAtAll(school.world.session("of-teresa"))
    assert "Luna" in page.text
    page.press("choose_class", "luna")
    titles = {one.get("aria-label") for one in page.root.iter("section")}
    assert {
        "Code to join",
        "People",
        "A whole list at once",
        "Topics and due dates",
        "Rules",
        "Courses",
        "Marks",
    } <= titles
    assert ("1 learner" if "dan" in school.people else "0 learners") in page.text
    page.send("open_topic", topic="demo/two", username="")
    assert page.screen.error is None


@pytest.mark.parametrize("form", MarksFormat)
def test_marks_come_in_every_format(luna, form):
    school, _ = luna
    page = Looked(school)
    page.screen.act("take_marks", {"value": form.value})
    heads, *rows = page.file("Marks")
    assert all(len(row) == len(heads) for row in rows)
    assert {cell for row in rows for cell in row} & {"dan"} == school.people.keys() & {"dan"}


def test_a_class_without_a_course_has_marks_of_nothing_in_every_format(world):
    classrooms.new(world.database, None, "Bonifacio", [], now=world.clock())
    School(world).let_in("teresa", slug="bonifacio", role=ClassRole.TEACHER)
    page = LookedAtAll(world.session("of-teresa"))
    page.press("choose_class", "bonifacio")
    for form in MarksFormat:
        page.press("take_marks", form.value)
        assert page.screen.error is None
        assert f"bonifacio-{form.value}.csv" in page.text


def test_an_archived_class_says_so_and_is_not_offered_beside_others_nor_are_more_than_a_few(world):
    db, now, school = world.database, world.clock(), School(world)
    school.let_in("teresa", slug="luna", role=ClassRole.TEACHER)
    for number in range(7):
        classrooms.new(db, None, f"Class {number}", ["demo"], now=now)
        school.let_in("teresa", slug=f"class-{number}", role=ClassRole.TEACHER)
    page = Looked(school)
    page.screen.act("choose_class", {"value": "luna"})
    assert "Class 0" not in page.text
    class_settings.set_archived(db, None, "class-6", archived=True, now=now)
    page.screen.act("refresh", {})
    assert "Class 0" in page.text
    assert "Class 6" not in page.text
    page.screen.act("choose_class", {"value": "class-6"})
    assert "This class is archived" in page.text
