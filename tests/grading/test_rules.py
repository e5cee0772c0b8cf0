"""Rules about the source, through the real grader."""

from __future__ import annotations

import pytest

from aralify_kernel.domain.content import Rule
from aralify_kernel.domain.judging import Verdict

NO_SUM = (Rule("sum", must_use=False, message={"en": "Add them up yourself.", "fil": "Ikaw ang mag-add."}),)
CHECKS = ("assert total([1, 2]) == 3", "hidden:assert total([]) == 0")
BY_LOOP = "def total(xs):\n    added = 0\n    for x in xs:\n        added += x\n    return added\n"
BY_SUM = "def total(xs):\n    return sum(xs)\n"


def judge_total(judge, source, **more):
    return judge(source, *CHECKS, own=["total"], **more)


def test_an_answer_that_keeps_the_rules_passes_with_all_its_points(judge):
    judgement = judge_total(judge, BY_LOOP, rules=NO_SUM)
    assert (judgement.verdict, judgement.points, judgement.max_points) == (Verdict.PASSED, 2, 2)
    assert [check.name["en"] for check in judgement.checks] == ["check 0", "check 1", "Do without `sum`"]


def test_a_right_answer_that_breaks_a_rule_fails_with_the_authors_message(judge):
    judgement = judge_total(judge, BY_SUM, rules=NO_SUM)
    assert (judgement.verdict, judgement.points, judgement.max_points) == (Verdict.FAILED, 0, 2)
    assert [check.passed for check in judgement.checks] == [True, True, False]
    told = judgement.as_json("fil")["checks"][-1]
    assert (told["message"], told["points"], told["hidden"]) == ("Ikaw ang mag-add.", 0, False)
    assert judgement.signature


@pytest.mark.parametrize("before", ["\ufeff", "\r\n", "# ñ\r"])
def test_line_ends_and_byte_order_marks_hide_nothing_from_a_rule(judge, before):
    assert judge_total(judge, before + BY_SUM.replace("\n", "\r\n"), rules=NO_SUM).verdict is Verdict.FAILED


def test_an_answer_that_cannot_be_read_is_an_error_and_not_a_broken_rule(judge):
    judgement = judge_total(judge, "def total(xs)\n    return sum(xs)\n", rules=NO_SUM)
    assert (judgement.verdict, judgement.error.type) == (Verdict.ERROR, "SyntaxError")


@pytest.mark.parametrize("deep", ["-" * 20_000, "(" * 5_000, "[0]" * 20_000, "lambda: " * 5_000])
def test_a_source_too_deep_to_read_is_judged_with_a_sentence_in_both_languages(judge, deep):
    judgement = judge_total(judge, f"{BY_LOOP}x = {deep}", rules=NO_SUM)
    assert judgement.verdict is Verdict.ERROR
    english, filipino = (judgement.error.as_json(language)["explanation"] for language in ("en", "fil"))
    assert english
    assert english != filipino
