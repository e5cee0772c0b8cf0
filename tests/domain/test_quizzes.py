"""Judging a quiz, and what may be told about it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain.content import Option, Quiz, QuizKind
from aralify_kernel.domain.judging import Isolation, Verdict
from aralify_kernel.domain.quizzes import full_feedback, judge
from aralify_kernel.domain.session import QuizFeedback
from aralify_kernel.errors import InvalidValue

FOURS = Quiz(
    id="makes-four",
    kind=QuizKind.MULTIPLE_CHOICE,
    question={"en": "Which give 4?", "fil": "Alin ang 4?"},
    points=2,
    options=(
        Option("1", {"en": "14 % 5"}, correct=True, why={"en": "One works.", "fil": "Gumagana ang una."}),
        Option("2", {"en": "14 // 5"}, why={"en": "Two counts.", "fil": "Nagbibilang ang ikalawa."}),
        Option("3", {"en": "27 // 6"}, correct=True, why={"en": "Three works."}),
        Option("4", {"en": "9 % 4"}, why={"en": "Four is left."}),
    ),
    explanation={"en": "Remainders."},
)
TYPED = Quiz("niño", QuizKind.FILL_BLANK, {"en": "Which name?"}, answers=("Niño",), explanation={"en": "A boy."})
PRINTED = Quiz("rows", QuizKind.PREDICT_OUTPUT, {"en": "What is printed?"}, answers=("A\nB", "a b"), case=True)
TRUTH = Quiz(
    "truth",
    QuizKind.TRUE_FALSE,
    {"en": "Is it?"},
    options=(Option("true", {"en": "True"}), Option("false", {"en": "False"}, correct=True)),
)


def passed(quiz, answer):
    judgement = judge(quiz, answer).judgement
    assert judgement.points == (quiz.points if judgement.verdict is Verdict.PASSED else 0)
    return judgement.verdict is Verdict.PASSED


@pytest.mark.parametrize("answer", ["1,3", "3,1", " 3 , 1 ", "1,3,3,1", "1,3,"])
def test_order_spaces_and_repetition_of_choices_do_not_matter(answer):
    assert passed(FOURS, answer)


@pytest.mark.parametrize("answer", ["1", "3", "1,2,3", "2,4", "1,2,3,4"])
def test_exactly_the_correct_options_must_be_chosen(answer):
    assert not passed(FOURS, answer)


def test_true_or_false_is_answered_by_its_option():
    assert passed(TRUTH, "false")
    assert not passed(TRUTH, "true")


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("False", True),
        ("FALSE", True),
        ("0", True),
        ("Mali", True),
        ("True", False),
        ("1", False),
        ("tama", False),
    ],
)
def test_true_and_false_may_be_written_in_any_of_the_usual_ways(answer, right):
    result = judge(TRUTH, answer)
    assert (result.judgement.verdict is Verdict.PASSED) is right
    assert result.judgement.checks[0].got == ("false" if right else "true")


def test_what_means_neither_true_nor_false_is_refused_with_what_does():
    with pytest.raises(InvalidValue, match="true, false"):
        judge(TRUTH, "maybe")


@pytest.mark.parametrize("answer", ["Niño", " niño\r\n", "NIÑO", "Nin\u0303o"])
def test_a_text_is_compared_without_regard_to_case_space_around_and_how_accents_are_made(answer):
    assert passed(TYPED, answer)


def test_another_letter_is_another_answer():
    assert not passed(TYPED, "Nino")


@pytest.mark.parametrize(
    ("answer", "right"), [("A\nB", True), ("A\r\nB\n", True), ("a b", True), ("a\nb", False), ("A  B", False)]
)
def test_a_quiz_can_insist_on_case_and_any_accepted_text_will_do(answer, right):
    assert passed(PRINTED, answer) is right


@given(st.sets(st.sampled_from("1234"), min_size=1))
def test_a_wrong_choice_is_told_the_reason_for_what_was_chosen_and_nothing_else(chosen):
    result = judge(FOURS, ",".join(chosen))
    if chosen == {"1", "3"}:
        assert result.feedback == full_feedback(FOURS)
    else:
        expected = {option.id: option.why for option in FOURS.options if option.id in chosen}
        assert result.feedback == QuizFeedback(why=expected)


def test_a_wrong_text_is_told_nothing_of_the_accepted_ones():
    result = judge(TYPED, "Ana")
    assert result.feedback == QuizFeedback()
    assert "boy" not in repr(result)
    assert "Niño" not in repr(result)


def test_the_whole_answer_says_everything():
    feedback = full_feedback(FOURS)
    assert feedback.correct_options == ("1", "3")
    assert set(feedback.why) == {"1", "2", "3", "4"}
    assert feedback.explanation == {"en": "Remainders."}
    assert full_feedback(TYPED).accepted == ("Niño",)


def test_the_outcome_is_named_after_the_question_and_gives_the_reason_in_each_language():
    (outcome,) = judge(FOURS, "2,1").judgement.checks
    assert outcome.name == FOURS.question
    assert outcome.message == {"en": "One works. Two counts.", "fil": "Gumagana ang una. Nagbibilang ang ikalawa."}
    assert (outcome.passed, outcome.hidden, outcome.points, outcome.expected) == (False, False, 2, None)


def test_equal_wrong_answers_have_equal_signatures_and_right_ones_have_none():
    def signature(quiz, answer):
        return judge(quiz, answer).judgement.signature

    assert signature(FOURS, "4, 2") == signature(FOURS, "2,4") != signature(FOURS, "2")
    assert signature(TYPED, "ANA ") == signature(TYPED, "ana") != ""
    assert signature(FOURS, "1,3") == ""


def test_where_no_code_runs_the_isolation_is_the_strongest():
    assert judge(TRUTH, "true").judgement.isolation is Isolation.NAMESPACES


@pytest.mark.parametrize(
    ("quiz", "answer", "sentence"),
    [
        (FOURS, "1,5", "“5” is not one of the options (1, 2, 3, 4)."),
        (FOURS, "1;3", "“1;3” is not one of the options"),
        (FOURS, " , ", "Choose at least one option."),
        (TYPED, " \r\n", "There is no answer yet."),
    ],
)
def test_what_is_no_answer_is_refused_in_words(quiz, answer, sentence):
    with pytest.raises(InvalidValue) as caught:
        judge(quiz, answer)
    assert sentence in str(caught.value)


def test_printing_nothing_can_be_the_right_answer():
    assert passed(replace(PRINTED, answers=("",)), "")


@given(st.text())
def test_any_text_at_all_is_judged_or_refused(answer):
    try:
        assert passed(TYPED, answer) in {True, False}
    except InvalidValue:
        assert answer.strip() == ""


def test_half_a_character_is_a_wrong_answer_and_no_crash():
    assert not passed(TYPED, "\ud800\0")
