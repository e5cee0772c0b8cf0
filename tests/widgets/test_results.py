"""The result panel: reading order, both languages, nothing of the learner's interpreted as HTML."""

import re
from html import unescape

import pytest

from aralify_kernel.domain.class_talk import LessonTalk, Question, TeacherNote
from aralify_kernel.domain.judging import LearnerError, Verdict
from aralify_kernel.errors import JudgeUnavailable, LevelLocked, NotSignedIn
from aralify_kernel.widgets.failures import error_bundle
from aralify_kernel.widgets.results import ResultScreen
from tests.widgets.fake_session import EASY, NOON, PASSED, FakeSession, check, course_card, judged, result_of

SOURCE = "def sum_even(n):\n    total = 0\n    for i in range(n + 1):\n        if i % 2 == 0:\n            total = totl + i\n    return total"
IN_THE_CELL = {"source", "first_line", "notebook_names", "course"}
WRONG = check(
    False, message={"en": "Is `10` in it?", "fil": "Kasama ba ang `10`?"}, call="sum_even(10)", expected="30", got="20"
)
NAME_ERROR = LearnerError(
    "NameError",
    "name 'totl' is not defined. Did you mean: 'total'?",
    5,
)


def bundle(judgement, language="en", *, best=(), **more):
    """The result as HTML and as text; of `more`, what a cell has goes to the screen and the rest into the result."""
    session = FakeSession()
    session.best |= dict.fromkeys(best, 3)
    shown = {"source": SOURCE} | {name: more.pop(name) for name in IN_THE_CELL & more.keys()}
    screen = ResultScreen(session, result_of(judgement, **more), session.lesson(EASY), language, **shown)
    return {"text/html": str(screen.at_rest()), "text/plain": screen.as_text()}


def readable(html):
    """The text of the HTML as a reader meets it when styles and tags are stripped."""
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)))


def assert_in_order(text, *pieces):
    places = [text.find(piece) for piece in pieces]
    assert -1 not in places, dict(zip(pieces, places, strict=True))
    assert places == sorted(places)


@pytest.mark.parametrize("mime", ["text/html", "text/plain"])
def test_a_failed_check_reads_in_the_order_of_the_design(mime):
    text = bundle(judged(Verdict.FAILED, check(True), WRONG, check(False, hidden=True)))[mime]
    assert_in_order(
        readable(text) if mime == "text/html" else text,
        "Not yet right",
        "1 of 3 checks pass",
        "Check 2:",
        "Is ",
        "Expected",
        "30",
        "Got",
        "20",
        "For this input",
        "sum_even(10)",
        "Next:",
        "All checks",
    )


@pytest.mark.parametrize("looked_at", ["load", 'cart["rice"]', "load + 1"])
def test_a_check_that_calls_nothing_tells_of_no_input(looked_at):
    text = bundle(judged(Verdict.FAILED, check(False, call=looked_at, expected="50", got="5")))["text/plain"]
    assert "Expected: 50" in text
    assert "For this input" not in text
    assert looked_at not in text


def test_nobody_reads_that_they_failed():
    for language in ("en", "fil"):
        for verdict in (Verdict.FAILED, Verdict.ERROR, Verdict.TIMEOUT, Verdict.LIMIT):
            text = bundle(judged(verdict, WRONG), language)["text/plain"].lower()
            assert "fail" not in text
            assert "wrong" not in text


def test_the_part_that_differs_stands_out():
    lists = check(False, call="f()", expected="['a', 'b']", got="['a', 'a', 'b']")
    html = bundle(judged(Verdict.FAILED, lists))["text/html"]
    assert "<mark>&#39;a&#39;, </mark>" in html or "<mark>a&#39;, &#39;</mark>" in html


@pytest.mark.parametrize("mime", ["text/html", "text/plain"])
def test_the_learners_own_error_shows_its_line_and_keeps_what_python_said(mime):
    text = bundle(judged(Verdict.ERROR, check(False), error=NAME_ERROR))[mime]
    assert_in_order(
        readable(text) if mime == "text/html" else text,
        "Your code stopped on line 5",
        "NameError",
        "total = totl + i",
        "Line 5 uses",
        "Try:",
        "Write",
        "What Python said",
        "Did you mean: 'total'?",
    )


def test_the_error_is_explained_in_filipino():
    text = bundle(judged(Verdict.ERROR, error=NAME_ERROR), "fil")["text/plain"]
    assert "Huminto ang code mo sa line 5" in text
    assert "Ginamit mo ang `totl` sa line 5" in text
    assert "Ang sinabi ng Python: NameError: name 'totl'" in text


def test_a_name_from_another_cell_is_told_as_such():
    told = bundle(judged(Verdict.ERROR, error=NAME_ERROR), notebook_names=frozenset({"totl"}))["text/plain"]
    assert "`totl`, which comes from another cell." in told
    assert "Write `total`" not in told


@pytest.mark.parametrize("mime", ["text/html", "text/plain"])
@pytest.mark.parametrize(("language", "shape"), [("en", "One less than"), ("fil", "Kulang ng isa sa")])
def test_the_shape_of_a_wrong_answer_stands_under_expected_and_got(mime, language, shape):
    shaped = check(
        False,
        call="f(1)",
        expected="30",
        got="29",
        shape={"en": "One less than `30`.", "fil": "Kulang ng isa sa `30`."},
    )
    text = bundle(judged(Verdict.FAILED, shaped), language)[mime]
    got, next_step = ("Got", "Next:") if language == "en" else ("Lumabas", "Susunod:")
    assert_in_order(readable(text) if mime == "text/html" else text, got, "29", "f(1)", shape, next_step)
    assert "compare what was expected" not in text


@pytest.mark.parametrize("mime", ["text/html", "text/plain"])
def test_lines_are_counted_as_in_the_cell_whose_first_line_names_the_exercise(mime):
    text = bundle(judged(Verdict.ERROR, error=NAME_ERROR), first_line=2)[mime]
    assert_in_order(
        readable(text) if mime == "text/html" else text,
        "Your code stopped on line 6",
        "6> " if mime == "text/html" else "6 | ",
        "total = totl + i",
        "Line 6 uses",
        "Write ",
    )
    assert "ine 5" not in text


def test_what_python_said_counts_the_same_lines():
    said = "expected an indented block after 'while' statement on line 2"
    error = LearnerError("IndentationError", said, 3)
    text = bundle(judged(Verdict.ERROR, error=error), source="x = 1\nwhile x:\nprint(x)", first_line=2)["text/plain"]
    assert text.startswith("Line 4 cannot be read yet")
    assert "after 'while' statement on line 3" in text
    assert "line 2" not in text


def test_blank_lines_above_the_code_are_counted_as_everywhere():
    error = LearnerError("ZeroDivisionError", "division by zero", 3)
    html = bundle(judged(Verdict.ERROR, error=error), source="\n\nload = 1 / 0")["text/html"]
    assert 'class="is-here"><i>  3&gt; </i>load = 1 / 0' in html


def test_an_endless_loop_says_that_nothing_is_lost():
    text = bundle(judged(Verdict.TIMEOUT, check(False)))["text/plain"]
    assert text.startswith("Stopped: it kept running for too long")
    assert "Nothing in your notebook was lost." in text
    assert "Check 1" not in text


@pytest.mark.parametrize("mime", ["text/html", "text/plain"])
def test_a_completed_lesson_tells_what_was_earned_and_what_opened(mime):
    text = bundle(
        judged(Verdict.PASSED, check(True)),
        xp_awarded=50,
        lesson_status=PASSED,
        lesson_score=100,
        leveled_up=True,
        unlocked=("python-basics/control-flow",),
        course=course_card(statuses=(PASSED, PASSED, PASSED)),
    )[mime]
    assert_in_order(
        readable(text) if mime == "text/html" else text,
        "Passed",
        "+50 XP",
        "Variables, EASY is complete",
        "740 of 800 XP",
        "60 XP to Level 5",
        "“Control flow” is open now.",
        "You reached Level 4.",
        "Today counts: 5 days in a row.",
        "Next:",
    )


def test_midway_there_is_no_more_than_the_score_and_the_next_exercise():
    text = bundle(judged(Verdict.PASSED, check(True)), best=["area"])["text/plain"]
    assert text == "Passed · 1 of 1 checks pass · score now 40, 80 to pass\nNext: “First match”."


def test_late_and_repeated_answers_say_so():
    text = bundle(judged(Verdict.FAILED, WRONG), late=True, repeated=True)["text/plain"]
    assert "Late: the time of this run is over." in text
    assert "same answer as before" in text


def test_what_could_not_be_judged_is_nobodys_fault():
    text = bundle(judged(Verdict.UNGRADED))["text/plain"]
    assert text.startswith("Not checked just now")
    assert "your answer does not count as a try" in text


def test_nothing_of_the_learner_becomes_html():
    evil = "<img src=x onerror=alert(1)>"
    bad = check(False, name={"en": evil}, message={"en": evil}, call=evil, expected=evil, got=f"{evil}!")
    error = LearnerError("NameError", f"name '{evil}' is not defined", 1, {"en": evil}, {"en": evil})
    for judgement in (judged(Verdict.FAILED, bad, stdout=evil), judged(Verdict.ERROR, error=error)):
        html = bundle(judgement, source=evil, notebook_names=frozenset({evil}))["text/html"]
        assert "<img" not in html
        assert "&lt;img" in html


def test_hints_climb_under_the_result_until_the_last():
    session = FakeSession()
    result = result_of(judged(Verdict.FAILED, WRONG))
    screen = ResultScreen(session, result, session.lesson(EASY), "en", source=SOURCE)
    assert "Get a hint" in screen.render()
    screen.act("take_hint", {})
    assert screen.said == "Hint 1: Write down what `range(10)` gives."
    assert "Next hint" in screen.render()
    screen.act("take_hint", {})
    assert "the last one" in screen.render()
    assert "take_hint" not in screen.render()
    assert "Hint 2" in screen.at_rest()
    assert "<button" not in screen.at_rest()


def test_a_passed_exercise_offers_no_hint():
    session = FakeSession()
    result = result_of(judged(Verdict.PASSED, check(True)))
    assert "take_hint" not in ResultScreen(session, result, session.lesson(EASY), "en", source=SOURCE).render()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (JudgeUnavailable(), "your answer does not count as a try"),
        (NotSignedIn(), "Nobody is signed in here yet."),
        (LevelLocked(title="<b>Loops</b>", opens_after="Flow"), "still locked"),
    ],
)
def test_an_error_is_one_sentence_as_html_and_as_text(error, words):
    told = error_bundle(error, "en")
    assert words in told["text/html"]
    assert words in told["text/plain"]
    assert "<b>Loops" not in told["text/html"]


def asking(**changes):
    session = FakeSession()
    session.talk = LessonTalk(has_teacher=True)
    result = result_of(judged(Verdict.FAILED, WRONG), **changes)
    return ResultScreen(session, result, session.lesson(EASY), "en", source=SOURCE)


def test_what_a_teacher_wrote_stands_under_the_next_step_and_is_no_html():
    note = TeacherNote("Is `10` <b>in</b> range(10)? ![](http://elsewhere/who-reads.png)", "Mrs. Ramos", NOON)
    found = bundle(judged(Verdict.FAILED, WRONG), notes=(note,))
    assert_in_order(readable(found["text/html"]), "Next:", "From Mrs. Ramos", "<b>in</b>")
    assert "<b>in</b>" not in found["text/html"]
    assert "<img" not in found["text/html"]
    assert_in_order(found["text/plain"], "Next:", "From Mrs. Ramos: Is `10` <b>in</b> range(10)?")


def test_a_reply_stands_under_the_question_it_answers():
    question = Question(EASY, "area", "Why?", NOON, TeacherNote("Look at 10.", "", NOON))
    text = bundle(judged(Verdict.FAILED, WRONG), question=question)["text/plain"]
    assert_in_order(text, "You asked: Why?", "From your teacher: Look at 10.")


def test_the_ways_to_more_help_stand_side_by_side():
    (row,) = re.findall(r'<div class="ar-row">.*?</div>', asking().render())
    assert "Get a hint" in row
    assert "Ask my teacher" in row


def test_a_learner_asks_their_teacher_from_under_the_cell():
    screen = asking()
    screen.act("ask", {})
    assert 'name="question"' in screen.render()
    screen.act("ask_teacher", {"question": "  Why is it 20? "})
    assert screen.said == "Your question is with your teacher"
    assert "Your question is with your teacher: Why is it 20?" in screen.as_text()
    assert 'name="question"' not in screen.render()


def test_an_empty_question_is_told_at_its_field():
    screen = asking()
    screen.act("ask", {})
    screen.act("ask_teacher", {"question": " "})
    assert screen.error_at("question") == "Write 1 to 300 characters."
    assert "Write 1 to 300 characters." in screen.render()


def test_where_there_is_no_teacher_or_nothing_wrong_there_is_nobody_to_ask():
    for talk, verdict in ((LessonTalk(), Verdict.FAILED), (LessonTalk(has_teacher=True), Verdict.PASSED)):
        session = FakeSession()
        session.talk = talk
        result = result_of(judged(verdict, check(verdict is Verdict.PASSED)))
        screen = ResultScreen(session, result, session.lesson(EASY), "en", source=SOURCE)
        assert "Ask my teacher" not in screen.render()
