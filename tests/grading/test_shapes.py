"""Shapes of wrong answers through the real grader: what the learner's code printed and changed is known there."""

from __future__ import annotations

import json

import pytest

from aralify_kernel.domain.content import Mistake
from aralify_kernel.domain.judging import Verdict


def shape_of(judgement, check=0):
    return judgement.checks[check].shape.get("en", "")


def area(body):
    return f"def area(w, h):\n    {body}\n"


CHECK = "assert area(2, 3) == 6"


@pytest.mark.parametrize(
    ("body", "check", "told"),
    [
        ("print(w * h)", CHECK, "prints `6`, but the check needs it returned"),
        ("print('working')", CHECK, "no `return` with a value"),
        ("return str(w * h)", CHECK, "the text `'6'`; the check expects the number `6`"),
        ("return w * h - 1", CHECK, "one less than the `6`"),
        ("return [w, h]", "assert area(2, 3) == (2, 3)", "a list: `[2, 3]`"),
        ("return w * 0.1 + h * 0.1", "assert area(1, 2) == 0.3", "`round(…, 1)`"),
        ("return 'a  b'", "assert area(1, 2) == 'a b'", "Only spaces differ"),
        ("return list(range(w, h))", "assert area(1, 3) == [1, 2, 3]", "at the end: `3`"),
        ("return map(str, [w])", "assert area(1, 3) == ['1']", "`map`, which is not a list yet"),
        ("return area", CHECK, "the function `area` itself"),
        ("return w * h - 1", "result = area(2, 3)\nassert result == 6", "one less"),
        ("return w * h - 1", "assert 6 == area(2, 3)", "one less"),
        ("return w * h + 1", "for n in (1, 2):\n    assert area(n, 3) == 3 * n", "`4`, one more than the `3`"),
    ],
)
def test_a_wrong_answer_is_told_by_its_shape(judge, body, check, told):
    judgement = judge(area(body), check)
    assert judgement.verdict is Verdict.FAILED
    assert told in shape_of(judgement)
    assert judgement.checks[0].as_json("fil")["shape"] == judgement.checks[0].shape["fil"]


def test_what_was_printed_for_another_check_is_not_taken_for_this_one(judge):
    judgement = judge(area("print(w * h)"), "assert area(2, 3) is None", "x = 1\nassert area(2, 4) == 6")
    assert judgement.checks[0].passed
    assert "prints" not in shape_of(judgement, 1)


def test_what_was_printed_before_the_checks_is_not_taken_for_an_answer(judge):
    assert "prints" not in shape_of(judge("print(6)\n" + area("w * h"), CHECK))


def test_a_list_that_was_changed_instead_of_returned(judge):
    source = "def ordered(xs):\n    xs.sort()\n"
    judgement = judge(source, "xs = [2, 1]\nassert ordered(xs) == [1, 2]", own=["ordered"])
    assert "changes `xs` itself, from `[2, 1]` to `[1, 2]`" in shape_of(judgement)
    assert judgement.checks[0].call == "ordered([2, 1])"


def test_a_list_that_should_not_have_been_changed(judge):
    source = "def ordered(xs):\n    xs.sort()\n    return xs\n"
    judgement = judge(source, "xs = [2, 1]\nordered(xs)\nassert xs == [2, 1]", own=["ordered"])
    assert "it was `[2, 1]`, and is `[1, 2]` now" in shape_of(judgement)
    assert judgement.checks[0].call == "xs"


def test_a_list_that_should_have_been_changed(judge):
    source = "def put_in_order(xs):\n    return sorted(xs)\n"
    judgement = judge(source, "xs = [2, 1]\nput_in_order(xs)\nassert xs == [1, 2]", own=["put_in_order"])
    assert "`xs` is still `[2, 1]`" in shape_of(judgement)


@pytest.mark.parametrize(
    "check",
    [
        "xs = [2, 1]\nxs.append(area(1, 1))\nassert xs == [2, 1]",
        "xs = [2, 1]\nfor x in xs:\n    area(x, x)\nassert xs == [1, 2]",
        "xs = [2, 1]\nxs = xs + [area(1, 1)]\nassert xs == [2, 1]",
    ],
)
def test_what_the_check_itself_may_have_changed_is_not_blamed_on_the_learner(judge, check):
    said = shape_of(judge(area("return 1"), check))
    assert "changes" not in said
    assert "is still" not in said


def test_a_passed_check_and_a_hidden_one_have_no_shape(judge):
    judgement = judge(area("return w + h"), "assert area(2, 2) == 4", "hidden:assert area(2, 3) == 6")
    assert [check.passed for check in judgement.checks] == [True, False]
    assert [check.shape for check in judgement.checks] == [{}, {}]


def test_an_error_has_no_shape(judge):
    assert shape_of(judge(area("raise ValueError('6')"), CHECK)) == ""


def test_a_listed_mistake_is_told_in_the_authors_words_alone(judge):
    checks = (
        "assert area(2, 3) == 6, {'en': 'Not six.', 'fil': 'Hindi anim.'}",
        "assert area(0, 5) == 0, 'You added.'",
    )
    listed = (Mistake(area("return w + h"), "You added."),)
    judgement = judge(area("return w+h  # sum"), *checks, mistakes=listed)
    assert judgement.checks[0].message["en"] == "You added."
    assert json.dumps(judgement.as_json("en")).count('"shape": null') == 2
    other = judge(area("return w + h + 0"), *checks, mistakes=listed)
    assert other.checks[0].message["en"] == "Not six."
    assert "one less" in shape_of(other)
