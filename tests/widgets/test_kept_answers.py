"""An answer that waits for the class server: what is said of it, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.kept_answers import Delivery, KeptAnswer, RefusedAnswer, WhyKept
from aralify_kernel.domain.session import Submission
from aralify_kernel.errors import KeyConflict
from aralify_kernel.widgets.kept_answers import KeptExercise, KeptPanel, KeptScreen, delivery_words
from aralify_kernel.widgets.quizzes import QuizScreen
from aralify_kernel.widgets.results import ResultScreen
from tests.widgets.fake_session import CHOICE, EASY, NOON, FakeSession, check, judged, result_of

CLOCK = f"{NOON.astimezone():%H:%M}"
KEPT = KeptAnswer(EASY, "area", "k", NOON, "ana.reyes", 2, WhyKept.UNREACHABLE)
STILL = Delivery(waiting=("another", "k"), why=WhyKept.UNREACHABLE)
PASSED = result_of(judged(Verdict.PASSED, check(True)), attempt_key="k")
REFUSED = RefusedAnswer(KeyConflict(attempt_key="k"), EASY, "area", "k", NOON)


def exercise(session, kept=KEPT, language="en"):
    def as_result(result):
        return ResultScreen(session, result, session.lesson(EASY), language, source="x = 1")

    return KeptExercise(KeptScreen(session, kept, language), as_result)


@pytest.fixture
def session():
    return FakeSession()


def test_it_says_that_it_is_not_judged_when_it_was_saved_and_that_it_goes_out_by_itself(session):
    screen = exercise(session)
    html = str(screen.render())
    for piece in ("ar-result--queued", "Not judged yet", f"saved here {CLOCK}", "cannot be reached", "goes out by itself",
                  "2 answers waiting", "Try now"):  # fmt: skip
        assert piece in html
    assert screen.as_text().startswith(f"Not judged yet · saved here {CLOCK}\nThe class server cannot be reached.")


def test_a_notebook_keeps_it_without_the_button(session):
    saved = str(exercise(session).at_rest())
    assert "Not judged yet" in saved
    assert "<button" not in saved


def test_it_speaks_filipino(session):
    screen = exercise(session, language="fil")
    for reason in WhyKept:
        screen.shown.kept = replace(KEPT, why=reason)
        words = screen.as_text()
        assert "Hindi pa nache-check" in words
        assert "answer" not in words


@pytest.mark.parametrize(
    ("why", "piece"),
    [
        (WhyKept.BUSY, "takes no answers"),
        (WhyKept.SIGNED_OUT, "%aralify login"),
        (WhyKept.OUTDATED, "pip install --upgrade"),
    ],
)
def test_it_says_what_it_waits_for(session, why, piece):
    assert piece in exercise(session, replace(KEPT, why=why)).as_text()


def test_trying_while_the_server_is_away_leaves_it_waiting_and_counts_anew(session):
    screen = exercise(session)
    session.delivery = replace(STILL, waiting=("a", "b", "k"), why=WhyKept.BUSY)
    screen.act("try_now", {})
    assert "3 answers waiting" in screen.render()
    assert "takes no answers just now" in screen.render()
    assert screen.said.startswith("Not judged yet")


def test_trying_when_the_server_is_back_shows_the_result_in_its_place(session):
    screen = exercise(session)
    session.delivery = Delivery(judged=(result_of(judged(Verdict.FAILED), attempt_key="other"), PASSED))
    screen.act("try_now", {})
    assert "ar-result--passed" in screen.render()
    assert screen.said.startswith("Passed")
    assert "Not judged yet" not in screen.at_rest()


def test_a_result_that_another_kernel_was_told_is_asked_for(session):
    session.last = PASSED
    screen = exercise(session)
    screen.act("try_now", {})
    assert "ar-result--passed" in screen.render()


def test_where_a_later_answer_has_been_judged_since_it_says_how_to_see_a_result(session):
    session.last = replace(PASSED, attempt_key="later")
    screen = exercise(session)
    screen.act("try_now", {})
    assert "Run the cell again" in screen.as_text()
    assert "Try now" not in screen.render()


def test_an_answer_that_the_server_does_not_take_is_told_with_the_reason(session):
    screen = exercise(session)
    session.delivery = Delivery(refused=(REFUSED,))
    screen.act("try_now", {})
    html = screen.render()
    assert f"The answer to “area” of {CLOCK} was not taken" in html
    assert "already used for another answer" in html
    assert "Try now" not in html


@pytest.mark.parametrize("somebody", [None, "jun"])
def test_an_answer_waits_for_its_owner_when_nobody_or_somebody_else_is_signed_in(session, somebody):
    screen = exercise(session)
    session.user = somebody
    screen.act("try_now", {})
    screen.receive(Delivery())
    assert "Not judged yet" in screen.as_text()
    assert "%aralify login" in screen.as_text()


def test_what_was_refused_of_others_is_told_by_whoever_hears_of_it(session):
    screen = exercise(session)
    session.delivery = replace(STILL, refused=(replace(REFUSED, attempt_key="other", activity="elsewhere"),))
    screen.act("try_now", {})
    assert "“elsewhere”" in screen.render()
    assert "Try now" in screen.render()


def test_a_panel_on_show_follows_what_the_kernel_hears(session):
    panel = KeptPanel(exercise(session))
    panel.receive(STILL)
    assert "Not judged yet" in panel.html
    panel.receive(Delivery(judged=(PASSED,)))
    assert "ar-result--passed" in panel.html
    panel.receive(Delivery(judged=(PASSED,)))
    panel.set_language("fil")
    assert "Pasado" in panel.html


def test_a_delivery_is_told_line_by_line_and_nothing_when_there_is_none():
    assert delivery_words(Delivery(), "en") == []
    sent, refused = delivery_words(Delivery(judged=(PASSED, PASSED), refused=(REFUSED,)), "en")
    assert sent == "2 answers that were kept here have been sent and judged."
    assert "“area”" in refused


@pytest.fixture
def quiz(session):
    session.keeps = KEPT
    return QuizScreen(session, EASY, CHOICE, language="en", new_key=lambda: "k")


def test_the_answer_of_a_quiz_waits_too_and_shows_its_reasons_when_it_is_judged(session, quiz):
    quiz.act("answer", {"answer": "2"})
    assert quiz.phase == "kept"
    assert "Not judged yet" in quiz.render()
    session.delivery = STILL
    quiz.act("try_now", {})
    assert quiz.phase == "kept"
    session.keeps = None
    session.delivery = Delivery(judged=(session.submit(Submission(EASY, CHOICE.id, "2", "k")),))
    quiz.act("try_now", {})
    assert quiz.phase == "right"
    assert "2, then 2 + 3." in quiz.render()


def test_a_refused_answer_of_a_quiz_can_be_given_again(session, quiz):
    quiz.act("answer", {"answer": "2"})
    session.delivery = Delivery(refused=(replace(REFUSED, activity="one"),))
    quiz.act("try_now", {})
    assert "was not taken" in quiz.render()
    quiz.act("try_again", {})
    assert quiz.phase == "asked"
