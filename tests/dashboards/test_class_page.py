"""The page of a class as HTML: what a teacher finds on it, does there, and what nobody may put into it."""

from __future__ import annotations

import base64
import csv
import io
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from aralify_kernel.dashboards import class_known
from aralify_kernel.dashboards.class_page import ClassPage
from aralify_kernel.dashboards.page import Page
from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.session import ProfileChange, Submission
from aralify_kernel.errors import NotSignedIn
from aralify_kernel.services import classrooms
from aralify_kernel.store import schema
from aralify_kernel.store.database import Database
from tests.factories import a_course
from tests.services.classes import EASY, TERESA, school
from tests.services.conftest import World

EVIL = "<img src=x onerror=alert(1)>\"'&"


@pytest.fixture
def rizal(tmp_path):
    """Ana is done, Ben is stuck and asked, Carla fails as Ben does first, Dan has not begun."""
    database = Database(f"sqlite:///{tmp_path / 'class.sqlite3'}")
    schema.upgrade(database)
    world = World(tmp_path, database)
    world.publish()
    found = school(world)
    found.learn("ana", "ben", "carla", "dan")
    world.complete(found.people["ana"], "demo/one/easy")
    found.fail("carla", "c1")
    found.fail("ben", "c1", "c2", "h1")
    found.people["ben"].ask_teacher(EASY, "area", EVIL)
    yield found
    database.dispose()


class Looked:
    """The page as it stands. Parsing it as XML proves every element closed and all text escaped."""

    def __init__(self, school, who="teresa"):
        self.session = school.world.session(f"of-{who}")
        kept = []
        self.screen = ClassPage(lambda: self.session, self.session.teaching, language="en", keep_language=kept.append)

    @property
    def root(self):
        html = re.sub(r"(<input[^>]*)>", r"\1/>", re.sub(" novalidate| data-ar-focus", "", str(self.screen.render())))
        return ElementTree.fromstring(html)  # noqa: S314 - our own

    @property
    def text(self):
        return " ".join("".join(self.root.itertext()).split())

    def section(self, title):
        return next(one for one in self.root.iter("section") if one.get("aria-label") == title)

    def words(self, title):
        return " ".join("".join(self.section(title).itertext()).split())

    def form(self, action):
        return next(one for one in self.root.iter("form") if one.get("data-action") == action)

    def send(self, action, **typed):
        """Send the first form that calls `action`, with what was typed."""
        hidden = {one.get("name"): one.get("value") for one in self.form(action).iter("input")}
        self.screen.act(action, hidden | typed)

    def file(self, title):
        (link,) = [one for one in self.section(title).iter("a") if one.get("download")]
        data = base64.b64decode(link.get("href").partition("base64,")[2]).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(data, newline="")))


def test_who_needs_help_stands_on_top_with_every_rule_and_the_question(rizal):
    rizal.world.clock.turn(days=8)
    page = Looked(rizal)
    first = next(page.section("Needs help now").iter("li"))
    told = " ".join("".join(first.itertext()).split())
    for words in ("ben", "Asked for help", "3 different wrong answers running", "No answer for 8 days", EVIL):
        assert words in told
    assert [row[1] for row in page.file("Needs help now")[1:]] == ["ben", "carla", "dan", "ana"]


def test_a_reply_is_sent_from_the_list_and_reaches_the_learner(rizal):
    page = Looked(rizal)
    page.send("reply", note="Look at c2.")
    assert page.screen.said == "The reply is sent."
    assert "Asked for help" not in page.text
    assert rizal.people["ben"].last_result(EASY, "area").question.reply.text == "Look at c2."


def test_the_largest_group_is_first_and_a_note_to_it_reaches_the_learner_until_it_is_withdrawn(rizal):
    page = Looked(rizal)
    assert page.file("How they fail")[1] == ["demo/one/easy", "area", "2", "2", "Not yet.", "", "", "", "c1", ""]
    page.send("write_note", note=EVIL)
    assert page.screen.said == "The note is sent."
    assert EVIL in page.words("How they fail")
    assert [note.text for note in rizal.people["carla"].last_result(EASY, "area").notes] == [EVIL]
    page.screen.act("withdraw_note", {"value": "1"})
    assert rizal.people["carla"].last_result(EASY, "area").notes == ()


def test_the_widget_takes_forms_with_all_their_fields_and_buttons_without_a_value(rizal):
    looked = Looked(rizal)
    page = Page(looked.screen)
    hidden = {one.get("name"): one.get("value") for one in looked.form("write_note").iter("input")}
    page._receive(page, {"action": "write_note", "values": hidden | {"note": "Count again."}}, [])
    assert "Count again." in page.content["html"]
    page._receive(page, {"action": "open_attempt", "values": {"value": "4"}}, [])
    page._receive(page, {"action": "close", "values": {}}, [])
    assert looked.screen.seen is None
    before = page.content
    page._receive(page, {"action": "write_note", "values": {"note": "No more fields"}}, [])
    page._receive(page, {"action": "close", "values": {"value": "x"}}, [])
    assert page.content == before


def test_an_empty_note_is_told_and_nothing_is_sent(rizal):
    page = Looked(rizal)
    page.send("write_note", note="  ")
    assert "Write 1 to 2000 characters." in page.text
    assert rizal.people["carla"].last_result(EASY, "area").notes == ()


def test_the_matrix_shows_letter_score_and_state_and_downloads_as_it_stands(rizal):
    classrooms.set_due(rizal.world.database, TERESA, "rizal", "demo/one", rizal.world.clock() - timedelta(days=1))
    page = Looked(rizal)
    words = page.words("Learners and lessons")
    assert "ana, One, EASY, passed late: E 100" in words
    assert "ben, One, EASY, stuck: E 25" in words
    head, ana, *_ = page.file("Learners and lessons")
    assert dict(zip(head, ana, strict=True))["demo/one/easy"] == "100"


def test_learners_stand_on_pages_of_fifty_and_there_is_no_page_with_nobody_on_it(rizal):
    rizal.learn(*(f"learner{number}" for number in range(46)))
    page = Looked(rizal)
    assert "Next 50" not in page.text
    rizal.learn("zeno")
    page.screen.act("refresh", {})
    page.screen.act("turn", {"value": "1"})
    assert "51–51 of 51" in page.words("Learners and lessons")
    assert [row[0] for row in page.file("Learners and lessons")[1:]] == ["zeno"]
    classrooms.remove_member(rizal.world.database, None, "rizal", "zeno", now=rizal.world.clock())
    for value in ("1", "9" * 5000):
        page.screen.act("turn", {"value": value})
        assert len(page.file("Learners and lessons")) == 51


def test_lesson_quality_says_nothing_under_five_learners_and_warns_under_twenty(rizal):
    page = Looked(rizal)
    assert "One, EASY3––––––n under 20: read with care" in page.words("Lesson quality")


def test_the_figures_of_a_large_class_wait_until_they_are_asked_for(rizal, monkeypatch):
    monkeypatch.setattr(class_known, "AT_ONCE", 3)
    page = Looked(rizal)
    assert "n under 20" not in page.text
    page.screen.act("show_figures", {})
    assert "n under 20" in page.words("Lesson quality")


def test_marks_are_written_when_they_are_asked_for(rizal):
    page = Looked(rizal)
    page.screen.act("take_marks", {"value": "canvas"})
    assert page.file("Marks")[1][0] == "Points Possible"
    page.screen.act("take_marks", {"value": "exe"})
    assert page.file("Marks")[1][0] == "Points Possible"


def test_a_cell_opens_the_answers_in_it_and_those_their_code_which_their_author_can_see(rizal):
    page = Looked(rizal)
    (cell,) = [one for one in page.root.iter("button") if one.get("data-value") == "demo/one/easy ben"]
    page.screen.act(cell.get("data-action"), {"value": cell.get("data-value")})
    assert [row[2:5] for row in page.file("Answers")[1:]] == [["demo/one/easy", "area", "FAILED"]] * 3
    see = next(one for one in page.section("Answers").iter("button"))
    assert rizal.world.one("SELECT count(*) FROM class_acts") == 0
    page.screen.act(see.get("data-action"), {"value": see.get("data-value")})
    assert "h1" in page.words("The answer")
    assert rizal.world.rows("SELECT act, about FROM class_acts") == [("CODE_READ", "demo/one/easy#area")]
    for title in ("Answers", "Needs help now"):
        page.screen.act("close", {})
        assert page.section(title) is not None


@pytest.mark.parametrize(
    ("claimed", "shown"),
    [
        (datetime(2024, 6, 2, 23, 30, tzinfo=UTC), "today, 07:30"),
        (datetime(1999, 12, 31, 16, tzinfo=UTC), "1 Jan 2000, 00:00"),
        (datetime(2024, 6, 2, 23, 30), None),  # noqa: DTZ001 - what a program may send
        (datetime.max.replace(tzinfo=UTC), None),
    ],
)
def test_an_answer_that_had_to_wait_shows_when_it_was_given_beside_when_it_came(rizal, claimed, shown):
    key = f"{claimed}"
    rizal.people["carla"].submit(Submission(EASY, "area", "c2", key, client_time=claimed))
    page = Looked(rizal)
    page.screen.act("open_answers", {"value": "demo/one/easy carla"})
    words = page.words("Answers")
    assert ("by their computer" in words) is (shown is not None)
    heads, newest, earlier = page.file("Answers")
    assert heads[:2] == ["at_utc", "given_at_utc"]
    assert (newest[1], earlier[1]) == (f"{claimed:%Y-%m-%d %H:%M:%S}" if shown else "", "")
    page.screen.act("open_attempt", {"value": str(rizal.world.one("SELECT max(id) FROM attempts"))})
    assert (f"given {shown}, by their computer" in page.text) is (shown is not None)


def test_one_learner_s_page_is_theirs_alone_and_a_reply_can_be_sent_from_it(rizal):
    page = Looked(rizal)
    page.screen.act("open_learner", {"value": "ben"})
    assert "carla" not in page.text
    assert page.file("Lessons")[1:] == [["demo/one/easy", "stuck", "25"]]
    assert len(page.file("Answers")) == 4
    assert EVIL in page.words("Questions to the teacher")
    page.send("reply", note="Look at c2.")
    assert "teresaLook at c2." in page.words("Questions to the teacher")


def test_a_topic_a_difficulty_and_a_date_narrow_what_is_shown(rizal):
    page = Looked(rizal)
    page.screen.act("narrow", {"topic": "two", "tier": "", "since": ""})
    assert "No wrong answer yet." in page.words("How they fail")
    assert "Nobody, just now." in page.words("Needs help now")
    assert page.file("Learners and lessons")[0][2::2] == ["demo/two/easy", "demo/two/medium", "demo/two/hard"]
    page.screen.act("narrow", {"topic": "one", "tier": "easy", "since": "2030-01-01"})
    assert len(page.file("How they fail")) == 4
    assert "No answer yet." in page.words("Class over weeks")
    page.screen.act("open_learner", {"value": "ben"})
    assert "No answer yet." in page.words("Answers")
    page.screen.act("close", {})
    page.screen.act("narrow", {"topic": "", "tier": "", "since": "yesterday"})
    assert "Write the date as in 2026-06-30." in page.text
    page.screen.act("narrow", {"topic": "one", "tier": "nowhere", "since": ""})
    assert "No wrong answer yet." in page.words("How they fail")
    page.screen.act("widen", {})
    assert len(page.file("How they fail")) == 4


def test_hidden_names_stand_nowhere_and_are_the_same_when_the_page_is_opened_again(rizal):
    page, again = Looked(rizal), Looked(rizal)
    page.screen.act("demo", {})
    html = str(page.screen.render())
    shown = [row[1] for row in page.file("Learners and lessons")[1:]]
    for name in ("ana", "ben", "carla"):
        told = html + str(page.file("Needs help now")) + str(page.file("Learners and lessons"))
        assert not re.search(rf"\b{name}\b", told)  # a word, as “ana” stands in the alias “Anahaw”
    assert len(set(shown)) == 4
    assert "Marks" not in page.text
    assert [row[1] for row in again.file("Learners and lessons")[1:]] == ["ana", "ben", "carla", "dan"]
    again.screen.act("remember", {"value": page.screen.kept()})
    assert [row[1] for row in again.file("Learners and lessons")[1:]] == shown
    ben = again.file("Learners and lessons")[2][0]
    again.screen.act("open_learner", {"value": ben})
    assert len(again.file("Answers")) == 4
    assert not re.search(r"\bben\b", str(again.screen.render()))


@pytest.mark.parametrize("kept", ["", "on", "on xyz", "off " + "g" * 32, "on " + "0" * 33])
def test_what_no_browser_kept_changes_no_names(rizal, kept):
    page = Looked(rizal)
    before = page.screen.kept()
    page.screen.act("remember", {"value": kept})
    assert page.screen.kept() == before


def test_tables_open_in_excel_with_every_letter_and_run_nothing(rizal):
    rizal.people["ana"].update_profile(ProfileChange(display_name="=Peña"))
    page = Looked(rizal)
    (link,) = [one for one in page.section("Learners and lessons").iter("a") if one.get("download")]
    data = base64.b64decode(link.get("href").partition("base64,")[2])
    assert data.startswith(b"\xef\xbb\xbf")
    assert "ana,'=Peña,100,passed," in data.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("open_attempt", {"value": "999"}),
        ("open_attempt", {"value": "x"}),
        ("open_learner", {"value": "nobody"}),
        ("withdraw_note", {"value": "7"}),
        ("reply", {"question": "9", "note": "Hm."}),
        ("write_note", {"lesson": "no", "activity": "area", "signature": "x", "note": "Hm."}),
        ("turn", {"value": "-1"}),
        ("choose_class", {"value": "mabini"}),
        ("choose_course", {"value": "nowhere"}),
        ("open_answers", {"value": "demo/one/easy nobody"}),
        ("open_answers", {"value": "x"}),
    ],
)
def test_what_a_page_made_by_hand_asks_for_is_told_and_changes_nothing(rizal, action, values):
    page = Looked(rizal)
    page.screen.act(action, values)
    assert page.text
    assert rizal.world.one("SELECT count(*) FROM class_notes") == 0


def test_who_teaches_nothing_or_nobody_at_all_is_told_so(rizal):
    assert "You teach no class yet" in Looked(rizal, "ana").text
    page = Looked(rizal, "nobody")
    assert isinstance(page.screen.failure, NotSignedIn)
    assert "Nobody is signed in here yet" in page.text


def test_a_teacher_who_is_removed_while_the_page_is_open_is_told_and_sees_no_more_of_it(rizal):
    page = Looked(rizal)
    page.screen.act("open_learner", {"value": "ben"})
    classrooms.remove_member(rizal.world.database, None, "rizal", "teresa", now=rizal.world.clock())
    page.screen.act("refresh", {})
    assert "You do not teach this class any more" in page.text
    assert "ben" not in page.text
    assert page.screen.figures() == {}
    page.screen.act("choose_class", {"value": ""})
    assert "You teach no class yet" in page.text


WHATEVER_A_TEACHER_DOES = {
    "refresh": {}, "choose_course": {"value": "demo"}, "turn": {"value": "0"}, "widen": {}, "close": {}, "demo": {},
    "narrow": {"topic": "", "tier": "", "since": ""}, "open_attempt": {"value": "4"}, "show_figures": {},
    "open_answers": {"value": "demo/one/easy ben"}, "open_learner": {"value": "carla"}, "take_marks": {"value": "csv"},
    "write_note": {"lesson": "demo/one/easy", "activity": "area", "signature": "x", "note": "Hm."},
    "withdraw_note": {"value": "1"}, "reply": {"question": "1", "note": "Hm."},
}  # fmt: skip


def test_whatever_a_removed_teacher_does_next_is_refused_in_a_sentence_and_nothing_is_shown(rizal):
    assert ClassPage.actions - WHATEVER_A_TEACHER_DOES.keys() == {"choose_language", "choose_class", "remember"}
    pages = {action: Looked(rizal) for action in WHATEVER_A_TEACHER_DOES}
    for page in pages.values():
        page.screen.act("open_learner", {"value": "ben"})
    classrooms.remove_member(rizal.world.database, None, "rizal", "teresa", now=rizal.world.clock())
    for action, values in WHATEVER_A_TEACHER_DOES.items():
        pages[action].screen.act(action, values)
        assert "You do not teach this class any more" in pages[action].text, action
        assert not re.search(r"\b(ana|ben|carla|Rizal)\b", pages[action].text), action
        assert (pages[action].screen.figures(), pages[action].screen.marks) == ({}, None), action
    assert (
        rizal.world.one("SELECT count(*) FROM class_acts") == rizal.world.one("SELECT count(*) FROM class_notes") == 0
    )


def test_a_course_that_is_unpublished_while_the_page_is_open_keeps_what_was_done_in_it(rizal):
    page = Looked(rizal)
    rizal.world.publish(a_course(is_published=False))
    page.screen.act("refresh", {})
    assert "The course is not published just now." in page.text
    assert dict(zip(*page.file("Learners and lessons")[:2], strict=True))["demo/one/easy"] == "100"


def test_a_class_without_course_learners_or_answers_is_empty_and_no_mistake(rizal):
    classrooms.new(rizal.world.database, None, "Luna", [], now=rizal.world.clock())
    rizal.let_in("teresa", slug="luna", role=ClassRole.TEACHER)
    page = Looked(rizal)
    assert "no course yet" in page.text
    classrooms.add(rizal.world.database, None, "luna", [], ClassRole.LEARNER, ["demo"], now=rizal.world.clock())
    page.screen.act("choose_class", {"value": "luna"})
    assert "Nobody is in this class yet." in page.text
    rizal.let_in("dan", slug="luna")
    page.screen.act("refresh", {})
    for title, sentence in {
        "Needs help now": "Nobody, just now.",
        "How they fail": "No wrong answer yet.",
        "Lesson quality": "No answer yet.",
        "Effort against result": "It is shown once 5 learners have begun the course.",
        "Class over weeks": "No answer yet.",
    }.items():
        assert sentence in page.words(title)
    page.screen.act("open_learner", {"value": "dan"})
    assert "No lesson begun yet." in page.words("Lessons")


def test_the_page_speaks_filipino_to_who_does(rizal):
    rizal.world.session("of-teresa").update_profile(ProfileChange(language="fil"))
    assert "Kailangan ng tulong ngayon" in Looked(rizal).text
