"""Quizzes of all four kinds."""

import itertools

import pytest

from aralify_kernel.errors import NotFound
from aralify_kernel.widgets.quizzes import QuizScreen, quiz
from tests.widgets.fake_session import BLANK, CHOICE, CONTENT, EASY, OUTPUT, SEVERAL, TRUE_FALSE, FakeSession


def asked(question, session=None, language="en", **others):
    public = CONTENT.public().activity(question.id)
    keys = (f"key-{number}" for number in itertools.count(1))
    return QuizScreen(session or FakeSession(), EASY, public, language=language, new_key=lambda: next(keys), **others)


@pytest.mark.parametrize(
    ("question", "right"),
    [(CHOICE, "2"), (SEVERAL, ["1", "3"]), (TRUE_FALSE, "false"), (BLANK, " Break "), (OUTPUT, "2\n3")],
)
def test_a_right_answer_of_every_kind_earns_its_point(question, right):
    screen = asked(question)
    screen.act("answer", {"answer": right})
    assert screen.phase == "right"
    assert "Right · 1 point" in screen.render()


@pytest.mark.parametrize(
    ("question", "control"),
    [
        (CHOICE, 'type="radio"'),
        (SEVERAL, 'type="checkbox"'),
        (TRUE_FALSE, 'type="radio"'),
        (BLANK, 'type="text"'),
        (OUTPUT, "<textarea"),
    ],
)
def test_every_kind_is_asked_with_a_native_control(question, control):
    assert control in asked(question).render()


def test_a_wrong_choice_gets_the_reason_for_itself_and_not_the_answer():
    screen = asked(CHOICE)
    screen.act("answer", {"answer": "3"})
    html = screen.render()
    assert screen.phase == "wrong"
    assert "It stops before 8." in html
    assert "2, then 2 + 3." not in html
    assert "ar-option--right" not in html
    assert "Try again" in html


def test_trying_again_keeps_the_choice_and_takes_a_new_key():
    session = FakeSession()
    screen = asked(CHOICE, session)
    screen.act("answer", {"answer": "3"})
    screen.act("try_again", {})
    assert 'value="3" id="ar-3" checked' in screen.render()
    screen.act("answer", {"answer": "2"})
    assert session.keys == ["key-1", "key-2"]


def test_a_right_answer_shows_the_reasons_beside_every_choice():
    screen = asked(CHOICE)
    screen.act("answer", {"answer": "2"})
    html = screen.render()
    assert "It stops before 8." in html
    assert "2, then 2 + 3." in html
    assert "Show the answer" not in html


def test_the_answer_can_be_shown_after_a_wrong_try():
    screen = asked(BLANK)
    screen.act("answer", {"answer": "stop"})
    assert "this question earns no more points" in screen.render()
    screen.act("show_answer", {})
    assert "<dd>break</dd>" in screen.render()
    assert "leaves the loop at once" in screen.render()


def test_no_answer_is_told_at_the_question():
    screen = asked(CHOICE)
    screen.act("answer", {})
    assert screen.phase == "asked"
    assert "Nothing is chosen yet." in screen.render()


def test_others_hear_of_every_judged_answer():
    heard = []
    screen = asked(CHOICE, on_result=heard.append)
    screen.act("answer", {"answer": "3"})
    assert [result.activity for result in heard] == ["one"]


def test_a_switch_of_language_changes_question_and_reasons():
    screen = asked(CHOICE)
    screen.act("answer", {"answer": "3"})
    screen.set_language("fil")
    assert "Ano ang ipi-print nito?" in screen.render()
    assert "Humihinto ito bago mag-8." in screen.render()


def test_what_is_saved_asks_and_has_no_dead_button():
    saved = asked(CHOICE).at_rest()
    assert "What will this print?" in saved
    assert "2 5" in saved
    assert "<button" not in saved
    assert "<input" not in saved
    assert "Run this cell" in saved


def test_a_quiz_that_is_not_there_is_not_found():
    with pytest.raises(NotFound):
        quiz(FakeSession(), EASY, "nope", language="en", new_key=str)
