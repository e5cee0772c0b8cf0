"""The home of a teacher as HTML: the list, a class of it, and every form on it, sent as a browser sends it."""

from __future__ import annotations

import base64
import csv
import io
import re
from xml.etree import ElementTree

import pytest

from aralify_kernel.dashboards.classes_page import ClassesPage
from aralify_kernel.dashboards.page import Page
from aralify_kernel.domain.permissions import Role
from aralify_kernel.services import class_settings, classrooms, sign_ins
from aralify_kernel.store import schema
from aralify_kernel.store.database import Database
from tests.services.conftest import World

EVIL = "<img src=x onerror=alert(1)>\"'&"
WINDOWS = ("username;name;email\ncarla;Carla Peña;\ndan;Dan Niño;\n" + f";{EVIL};\n").encode("cp1252")


@pytest.fixture
def world(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'classes.sqlite3'}")
    schema.upgrade(database)
    made = World(tmp_path, database)
    made.publish()
    yield made
    database.dispose()


class Looked:
    """The page of somebody. Parsing it as XML proves every element closed and all text escaped."""

    def __init__(self, session):
        self.session = session
        self.screen = ClassesPage(
            lambda: self.session, self.session.teaching, language="en", keep_language=lambda _: None
        )
        self.page = Page(self.screen)

    @property
    def root(self):
        html = re.sub(r"(<input[^>]*?)\s*required>", r"\1>", str(self.screen.render()))
        html = re.sub(r"(<input[^>]*)>", r"\1/>", html.replace(" novalidate", "").replace(" data-ar-focus", ""))
        return ElementTree.fromstring(html)  # noqa: S314 - our own

    @property
    def text(self):
        return " ".join("".join(self.root.itertext()).split())

    def file(self, title):
        (section,) = [one for one in self.root.iter("section") if one.get("aria-label") == title]
        (link,) = [one for one in section.iter("a") if one.get("download")]
        data = base64.b64decode(link.get("href").partition("base64,")[2]).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(data, newline="")))

    def send(self, action, **typed):
        """Send the form that calls `action` with what was typed, or press its button; nothing else gets through."""
        (form,) = [one for one in self.root.iter("form") if one.get("data-action") == action]
        assert {one.get("name") for one in form.iter() if one.get("name")} == typed.keys()
        self.page._receive(self.page, {"action": action, "values": typed}, [])

    def press(self, action, value=None):
        buttons = [one for one in self.root.iter("button") if one.get("data-action") == action]
        assert value in [one.get("data-value") for one in buttons], (action, value)
        self.page._receive(self.page, {"action": action, "values": {} if value is None else {"value": value}}, [])


@pytest.fixture
def teresa(world):
    """Teresa, who may make classes and has the first one; Ana, who has an account."""
    world.learner("ana")
    looked = Looked(world.learner("teresa", Role.MODERATOR))
    looked.send("new_class", name="Rizal", course="demo")
    return looked


def test_who_has_no_class_is_told_what_to_do_next(world):
    assert "Ask a moderator" in Looked(world.learner("ben")).text
    looked = Looked(world.learner("teresa", Role.MODERATOR))
    assert "Make your first class" in looked.text
    looked.send("new_class", name=" ", course="demo")
    assert "Write a name of 1 to 80 characters" in looked.text
    looked.send("new_class", name=EVIL + " Rizal", course="")
    assert EVIL in looked.text
    assert "A class without a course has no topics" in looked.text


def test_learners_come_in_by_a_code_that_can_be_shown_alone(world, teresa):
    assert "No learner is in this class yet" in teresa.text
    teresa.press("open_code")
    code = teresa.screen.card.join_code
    teresa.press("project")
    assert "".join(teresa.root.itertext()).count(code) == 1
    assert "People" not in teresa.text
    teresa.press("close")
    class_settings.join(world.database, sign_ins.acting_as("ana"), code, now=world.clock())
    teresa.press("close_code")
    assert code not in teresa.text
    assert "ana" in [one.username for one in teresa.screen.roster.members]
    teresa.press("choose_class", "")
    assert "1 learner needs help" in teresa.text or "Nobody needs help just now" in teresa.text


def test_a_list_is_looked_through_then_let_in_and_its_codes_are_printed(teresa):
    teresa.send("read_roster", file=base64.b64encode(WINDOWS).decode())
    assert "Carla Peña" in teresa.text
    assert EVIL in teresa.text
    assert "3 lines" in teresa.text
    teresa.press("let_in")
    assert len(teresa.screen.codes) == 3
    assert all(one.code in teresa.text for one in teresa.screen.codes)
    assert any(one.get("data-action") == "print" for one in teresa.root.iter("button"))
    teresa.press("close")
    assert "Codes for a password" not in teresa.text
    teresa.press("give_code", "carla")
    assert "Carla Peña" in teresa.text
    teresa.press("ask_to_remove", "carla")
    assert "What they did stays." in teresa.text
    teresa.press("refresh")
    assert "What they did stays." not in teresa.text
    teresa.press("ask_to_remove", "carla")
    teresa.press("remove", "carla")
    assert "carla is not in the class any more." in teresa.text
    assert "carla" not in [one.username for one in teresa.screen.roster.members if one.left_at is None]


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"username,name\nx y,Nobody\nana,Ana\n", "1 line cannot be used."),
        (b"", "The file has no line with a name."),
        (b"PK\x03\x04\x00\x00", "This is no CSV file."),
    ],
)
def test_a_list_that_cannot_be_used_says_why_and_lets_nobody_in(teresa, file, told):
    teresa.send("read_roster", file=base64.b64encode(file).decode())
    assert told in teresa.text
    assert not [one for one in teresa.root.iter("button") if one.get("data-action") == "let_in"]


def test_a_list_of_ten_thousand_lines_shows_the_first_and_those_that_cannot_be_used(teresa):
    lines = "".join(f"learner{number},Ana Peña\n" for number in range(10_000))
    teresa.send("read_roster", file=base64.b64encode(f"username,name\n{lines}x y,Last\n".encode()).decode())
    assert "The first 200 of 10001 lines." in teresa.text
    assert "1 line cannot be used." in teresa.text


def test_dates_topics_rules_courses_and_colleagues(world, teresa):
    teresa.send("let_in_one", username="ana")
    teresa.send("set_due", topic="demo/one", username="", due="2030-01-02T23:59")
    teresa.send("set_due", topic="demo/one", username="ana", due="2030-01-09T23:59")
    assert "2 Jan 2030, 23:59" in teresa.text
    assert "ana: 9 Jan 2030, 23:59" in teresa.text
    assert teresa.file("Topics and due dates")[1] == ["demo/one", "2030-01-02 15:59:00", "ana", "2030-01-09 15:59:00"]
    assert [row[:3] for row in teresa.file("People")[1:]] == [
        ["teresa", "teresa", "TEACHER"],
        ["ana", "ana", "LEARNER"],
    ]
    assert [one.get("value") for one in teresa.root.find(".//datalist")] == ["ana"]
    teresa.send("set_due", topic="demo/one", username="ana", due="")
    assert "Choose a date and a time." in teresa.text
    teresa.send("set_due", topic="demo/one", username="", due="")
    assert "2 Jan" not in teresa.text
    teresa.send("open_topic", topic="demo/two", username="ana")
    assert teresa.screen.said == "Opened. It was locked for 1 learner."
    assert teresa.screen.said in teresa.text
    teresa.send("set_rules", counts="BEFORE_DUE", idle_days="3", holds_solutions="yes")
    card = teresa.screen.card
    assert (card.counts.name, card.idle_days, card.holds_solutions) == ("BEFORE_DUE", 3, True)
    teresa.send("set_rules", counts="BEFORE_DUE", idle_days="three", holds_solutions="no")
    assert "Give a number from 1 to 365." in teresa.text
    world.learner("ben")
    teresa.send("invite", username="ben")
    assert [card.name for card in Looked(world.session("of-ben")).screen.classes] == ["Rizal"]
    teresa.send("invite", username="nobody-here")
    assert "nobody-here" in teresa.screen.said
    (link,) = [one.get("data-path") for one in teresa.root.iter("a") if "class page" in "".join(one.itertext())]
    assert link.endswith("?class=rizal")
    teresa.press("take_marks", "moodle")
    assert "rizal-moodle.csv" in teresa.text


def test_a_class_that_is_put_away_is_read_only_and_comes_back(teresa):
    teresa.press("archive")
    assert "This class is archived" in teresa.text
    teresa.press("take_marks", "csv")
    assert "rizal-csv.csv" in teresa.text
    teresa.press("bring_back")
    assert "Code to join" in teresa.text


WHATEVER_A_TEACHER_DOES = {
    "refresh": {}, "archive": {}, "bring_back": {}, "open_code": {}, "close_code": {}, "project": {}, "close": {},
    "turn": {"value": "1"}, "invite": {"username": "ben"}, "let_in_one": {"username": "ben"},
    "remove": {"value": "ana"}, "ask_to_remove": {"value": "ana"}, "read_roster": {"file": "eCx5"}, "let_in": {}, "add_course": {"course": "demo"},
    "set_rules": {"counts": "BEST_EVER", "idle_days": "3", "holds_solutions": "no"}, "give_code": {"value": "ana"},
    "set_due": {"topic": "demo/one", "username": "ana", "due": "2030-01-02T23:59"}, "take_marks": {"value": "csv"},
    "open_topic": {"topic": "demo/two", "username": ""},
}  # fmt: skip


def test_whatever_a_removed_teacher_does_next_is_refused_in_a_sentence_and_nothing_is_shown(world, teresa):
    assert ClassesPage.actions - WHATEVER_A_TEACHER_DOES.keys() == {"choose_language", "choose_class", "new_class"}
    teresa.press("open_code")
    code = teresa.screen.card.join_code
    class_settings.join(world.database, sign_ins.acting_as("ana"), code, now=world.clock())
    pages = {action: Looked(teresa.session) for action in WHATEVER_A_TEACHER_DOES}
    for page in pages.values():
        page.press("choose_class", "rizal")
        assert "ana" in page.text
        page.press("project")
    classrooms.remove_member(world.database, None, "rizal", "teresa", now=world.clock())
    before = world.rows("SELECT * FROM classrooms"), world.rows("SELECT * FROM classroom_members")
    for action, values in WHATEVER_A_TEACHER_DOES.items():
        pages[action].screen.act(action, values)
        assert "You do not teach this class any more" in pages[action].text, action
        assert not re.search(rf"\bana\b|{code}|moodle", pages[action].text), action
    assert (world.rows("SELECT * FROM classrooms"), world.rows("SELECT * FROM classroom_members")) == before


def test_what_is_read_no_more_because_nobody_is_signed_in_any_more_is_not_shown_either(teresa):
    teresa.press("open_code")
    teresa.press("project")
    teresa.session.sign_out()
    teresa.screen.act("refresh", {})
    assert "Nobody is signed in here yet" in teresa.text
    assert "Rizal" not in teresa.text


def test_a_class_that_somebody_was_taken_out_of_is_gone_and_the_list_is_shown(world, teresa):
    teresa.press("ask_to_remove", "teresa")
    assert "You see nothing more of this class." in teresa.text
    teresa.press("remove", "teresa")
    assert "Make your first class" in teresa.text
    teresa.page._receive(teresa.page, {"action": "open_code", "values": {}}, [])
    assert teresa.screen.error.code == "not_found"
