"""The navigator: courses, topics, tiers, locks, opening."""

from dataclasses import replace

import pytest

from aralify_kernel.domain.permissions import Role
from aralify_kernel.errors import DiskFull
from aralify_kernel.widgets.courses import Courses
from tests.widgets.fake_session import ANA, BEGUN, NEW, PASSED, FakeSession

ORDERS = "python-basics/variables/easy"


def navigator(session=None, language="en", open_notebook=lambda ref: f"ana/{ref}.ipynb"):
    screen = Courses(session or FakeSession(), language=language, open_notebook=open_notebook)
    screen.refresh()
    return screen


def test_an_installation_without_courses_says_what_will_be_here():
    session = FakeSession()
    session.has_courses = False
    html = navigator(session).render()
    assert "Nothing here yet" in html
    assert "aralify course publish" in html


def test_picking_a_course_starts_it_once():
    session = FakeSession(is_started=False)
    screen = navigator(session)
    assert "Start “Python Basics”" in screen.render()
    screen.act("show_course", {"value": "python-basics"})
    assert session.card.is_started
    assert "1 · Variables" in screen.render()


def test_a_locked_tier_keeps_the_focus_and_says_what_opens_it():
    screen = navigator()
    screen.act("show_course", {"value": "python-basics"})
    html = screen.render()
    assert 'data-action="explain_lock" data-value="loops" aria-disabled="true"' in html
    assert " disabled" not in html
    screen.act("explain_lock", {"value": "control-flow"})
    assert screen.said == "Opens when you pass any lesson of “Variables”."
    assert "“Control flow” is still locked." in screen.render()
    assert "Go to “Variables”" in screen.render()


def test_there_is_no_way_to_a_topic_that_is_locked_itself():
    screen = navigator()
    screen.act("show_course", {"value": "python-basics"})
    screen.act("explain_lock", {"value": "loops"})
    assert "Go to “Control flow”" not in screen.render()


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        ((NEW, NEW, NEW), "Start: Variables, EASY"),
        ((BEGUN, NEW, NEW), "Continue: Variables, EASY"),
        ((PASSED, NEW, NEW), "Continue: Control flow, EASY"),
    ],
)
def test_one_button_goes_on_where_one_is(statuses, words):
    screen = navigator(FakeSession(statuses=statuses))
    screen.act("show_course", {"value": "python-basics"})
    assert words in screen.render()


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        ((NEW, NEW, NEW), "Suggested: a good place to start"),
        ((NEW, BEGUN, NEW), "Suggested: you have begun this one"),
        ((PASSED, NEW, NEW), "Suggested: you passed EASY"),
        ((PASSED, PASSED, NEW), "Suggested: you passed MEDIUM"),
    ],
)
def test_the_picker_suggests_a_tier_and_says_why(statuses, words):
    screen = navigator(FakeSession(statuses=statuses))
    screen.act("show_level", {"value": ORDERS})
    assert screen.render().count("Suggested:") == 1
    assert words in screen.render()


def test_the_picker_says_what_a_tier_takes_and_gives():
    screen = navigator(FakeSession(statuses=(PASSED, BEGUN, NEW)))
    screen.act("show_level", {"value": ORDERS})
    html = screen.render()
    assert "150 XP <small>3×</small>" in html
    assert "20 min a run" in html
    assert "The clock starts when you say so." in html
    assert "40 of 80 to pass" in html
    assert "XP already earned" in html


def test_nothing_is_suggested_when_all_is_passed():
    screen = navigator(FakeSession(statuses=(PASSED, PASSED, PASSED)))
    screen.act("show_level", {"value": ORDERS})
    assert "Suggested:" not in screen.render()


def test_opening_writes_the_copy_and_tells_where_it_is():
    screen = navigator()
    screen.act("open", {"value": ORDERS})
    assert screen.opening == "ana/python-basics/variables/easy.ipynb"
    assert "“Hello, variable” is ready in your notebooks." in screen.render()


def test_a_copy_that_cannot_be_written_is_one_sentence():
    def full(_ref):
        raise DiskFull

    screen = navigator(open_notebook=full)
    screen.act("open", {"value": ORDERS})
    assert screen.opening is None
    assert 'role="alert"' in screen.render()
    assert "The disk is full" in screen.render()


def test_in_filipino_topics_and_tiers_have_their_words():
    screen = navigator(FakeSession(statuses=(PASSED, NEW, NEW)), language="fil")
    screen.act("show_course", {"value": "python-basics"})
    html = screen.render()
    assert "Mga Batayan ng Python" in html
    assert "Mga variable" in html
    assert "Madali" in html
    assert "Magbubukas kapag" in html
    assert "Open" not in html.replace("open", "")


def test_meters_also_say_their_figures():
    screen = navigator(FakeSession(statuses=(PASSED, NEW, NEW)))
    screen.act("show_course", {"value": "python-basics"})
    assert screen.render().count("1 of 3 topics · 33.33 %") == 2


def test_a_moderator_hides_a_course_and_shows_it_again_where_they_see_it():
    session = FakeSession()
    session.people["ana.reyes"] = replace(ANA, role=Role.MODERATOR)
    screen = navigator(session)
    screen.act("unpublish", {"value": "python-basics"})
    assert (session.card.is_published, screen.said) == (False, "“Python Basics” is hidden from learners now.")
    html = screen.render()
    assert "Not published" in html
    assert "Unpublish" not in html
    screen.act("publish", {"value": "python-basics"})
    assert (session.card.is_published, screen.said) == (True, "“Python Basics” is published: learners see it.")
    assert "Unpublish “Python Basics”" in screen.render()


def test_a_learner_is_offered_neither_publishing_nor_hiding():
    html = navigator().render()
    assert "ublish" not in html
