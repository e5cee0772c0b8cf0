"""A listed mistake gets the author's own message."""

from __future__ import annotations

import pytest

from aralify_kernel.domain.content import Mistake
from aralify_kernel.domain.judging import CheckOutcome, Isolation, Judgement, Verdict
from aralify_kernel.domain.mistakes import listed, with_mistake

ADDS = Mistake("def area(w, h):\n    return w + h", "added")
OTHER = Mistake("def area(w, h):\n    return 6", "")


@pytest.mark.parametrize(
    "source", [ADDS.source, "def area(w, h):  # mine\n\n    return (w+h)\n", "\n" + ADDS.source + "\n\n"]
)
def test_a_listed_mistake_is_known_whatever_its_spaces_and_comments(source):
    assert listed((OTHER, ADDS), source, "python") is ADDS


@pytest.mark.parametrize("source", ["def area(w, h):\n    return h + w", "", "def area(w, h)", OTHER.source])
def test_other_answers_and_mistakes_without_a_message_are_not(source):
    assert listed((OTHER, ADDS), source, "python") is None


def test_two_sources_that_are_no_python_are_not_the_same():
    assert listed((Mistake("def area(", "x"),), "def volume(", "python") is None
    assert listed((Mistake("def area(", "x"),), "def area(\n", "python") is not None


def test_in_other_languages_the_text_decides():
    assert listed((Mistake("SELECT 1", "x"),), "SELECT 1  \n", "sql") is not None
    assert listed((Mistake("SELECT 1", "x"),), "SELECT 2", "sql") is None


def failing(*messages):
    outcomes = tuple(
        CheckOutcome({}, passed=False, hidden=False, points=1, message={"en": text}, got="5", shape={"en": "One less."})
        for text in messages
    )
    return Judgement(Verdict.FAILED, 0, len(messages), outcomes, Isolation.LIMITS)


def test_its_message_stands_where_the_learner_looks_first_and_no_shape_beside_it():
    told = with_mistake(failing("Not six.", "You added the sides."), ADDS)
    assert [check.message["en"] for check in told.checks] == ["You added the sides."] * 2
    assert [check.shape for check in told.checks] == [{}, {}]


def test_a_message_that_no_check_gives_changes_only_the_shapes():
    told = with_mistake(failing("Not six."), ADDS)
    assert (told.checks[0].message, told.checks[0].shape) == ({"en": "Not six."}, {})
