"""What an answer is judged by: context, checks, verdicts, points, signatures."""

from __future__ import annotations

import base64

import pytest

from aralify_kernel.domain.judging import Verdict
from tests.grading.conftest import WAYS

pytestmark = pytest.mark.parametrize("way", WAYS)

RIGHT = "def area(w, h):\n    return w * h\n"
WRONG = "def area(w, h):\n    return w + h\n"
VISIBLE = 'assert area(2, 3) == 6, {"en": "width times height", "fil": "lapad times taas"}'
HIDDEN = "hidden:assert area(4, 5) == 20, 'also for larger ones'"


def test_a_right_answer_passes_with_all_points(judge, grader):
    judgement = judge(RIGHT, VISIBLE, HIDDEN)
    assert judgement.verdict is Verdict.PASSED
    assert (judgement.points, judgement.max_points) == (2, 2)
    assert [check.passed for check in judgement.checks] == [True, True]
    assert judgement.error is None
    assert judgement.signature == ""
    assert judgement.isolation is grader.isolation


def test_a_wrong_answer_says_what_was_called_expected_and_got(judge):
    judgement = judge(WRONG, VISIBLE, HIDDEN)
    assert judgement.verdict is Verdict.FAILED
    first = judgement.checks[0]
    assert (first.call, first.expected, first.got) == ("area(2, 3)", "6", "5")
    assert first.message == {"en": "width times height", "fil": "lapad times taas"}
    assert judgement.as_json("fil")["checks"][0]["message"] == "lapad times taas"
    assert judgement.points == 0


def test_each_passed_check_earns_its_points(judge):
    judgement = judge(WRONG, "assert area(2, 2) == 4", VISIBLE)
    assert (judgement.verdict, judgement.points, judgement.max_points) == (Verdict.FAILED, 1, 2)


@pytest.mark.parametrize(
    ("check", "call", "expected", "got"),
    [
        ("assert 6 == area(2, 3)", "area(2, 3)", "6", "5"),
        ("assert area(2, 3) != 5", "area(2, 3)", "!= 5", "5"),
        ("assert area(2, 3) > 5", "area(2, 3)", "> 5", "5"),
        ("assert 5 < area(2, 3)", "area(2, 3)", "> 5", "5"),
        ("assert 6 <= area(2, 3) <= 8", "area(2, 3)", "6 <= area(2, 3) <= 8", "5"),
        ("assert area(2, 3) in (6, 7)", "area(2, 3)", "in (6, 7)", "5"),
        ("assert area(2, 3) is None", "area(2, 3)", "None", "5"),
        ("assert not area(2, 3)", "area(2, 3)", "False", "5"),
        ("assert area(2, -2)", "area(2, -2)", "True", "0"),
        ("assert isinstance(area(2, 3), str)", "type(area(2, 3))", "str", "int"),
        ("assert abs(area(2, 3) - 6.0) < 0.01", "area(2, 3)", "≈ 6.0", "5"),
        ("import math\nassert math.isclose(area(2, 3), 6, rel_tol=0.01)", "area(2, 3)", "≈ 6", "5"),
        ("result = area(2, 3)\nassert result == 6", "area(2, 3)", "6", "5"),
        ("for w, want in [(2, 4), (3, 6)]:\n    got = area(w, 2)\n    assert got == want", "area(3, 2)", "6", "5"),
        ("assert all(area(w, 2) == want for w, want in [(2, 4), (3, 6)])", "area(3, 2)", "6", "5"),
        ("assert area(2, 2) == 4 and area(2, 3) == 6", "area(2, 3)", "6", "5"),
        ("sizes = [2, 3]\nassert area(*sizes) == 6", "area(*[2, 3])", "6", "5"),
        ("def holds():\n    side = 3\n    assert area(side, side) == 9\nholds()", "area(3, 3)", "9", "6"),
        ("assert (area(1, 1), area(2, 3)) == (1, 6)", "(area(1, 1), area(2, 3))", "(1, 6)", "(2, 5)"),
    ],
)
def test_any_shape_of_assert_tells_what_was_asked_and_what_came(judge, check, call, expected, got):
    outcome = judge(WRONG, check).checks[0]
    assert (outcome.passed, outcome.call, outcome.expected, outcome.got) == (False, call, expected, got)


def test_a_variable_is_told_by_its_name(judge):
    outcome = judge("total = '39'", "assert total == 39", own=("total",)).checks[0]
    assert (outcome.call, outcome.expected, outcome.got) == ("total", "39", "'39'")


def test_what_a_text_contains_is_told(judge):
    outcome = judge("notice = 'Hi'", "assert 'Ana' in notice", own=("notice",)).checks[0]
    assert (outcome.call, outcome.expected, outcome.got) == ("notice", "'Ana' in notice", "'Hi'")


def test_a_call_is_shown_as_it_was_before_the_function_changed_its_argument(judge):
    source = "def area(sizes):\n    sizes.clear()\n    return 0\n"
    outcome = judge(source, "sizes = [2, 3]\nassert area(sizes) == 6").checks[0]
    assert outcome.call == "area([2, 3])"


def test_each_side_of_an_assert_is_evaluated_once(judge):
    source = "calls = []\ndef area(w, h):\n    calls.append(w)\n    return w * h\n"
    assert judge(source, VISIBLE, "assert calls == [2]").verdict is Verdict.PASSED


def test_an_assert_with_a_walrus_or_in_a_class_is_judged_too(judge):
    check = "assert (got := area(2, 3)) == 6 and got > 0\nclass Inner:\n    side = 3\n    assert area(side, side) == 9"
    assert judge(RIGHT, check).verdict is Verdict.PASSED
    assert judge(WRONG, check).verdict is Verdict.FAILED


def test_checks_share_one_namespace_in_order(judge):
    assert judge(RIGHT, "side = area(1, 3)\nassert side == 3", "assert area(side, 2) == 6").verdict is Verdict.PASSED


def test_checks_are_reported_in_the_authors_order_though_hidden_ones_run_last(judge):
    judgement = judge(
        "order = []", "hidden:order.append('hidden')", "order.append('visible')\nassert order == ['visible']"
    )
    assert [check.hidden for check in judgement.checks] == [True, False]
    assert judgement.verdict is Verdict.PASSED


def test_the_learners_error_has_the_line_of_their_source(judge):
    judgement = judge("def area(w, h):\n    side = w\n    return side * heigth\n", VISIBLE)
    assert judgement.verdict is Verdict.ERROR
    assert (judgement.error.type, judgement.error.line) == ("NameError", 3)
    assert judgement.checks[0].call == "area(2, 3)"
    assert judgement.checks[0].expected == "6"
    assert "NameError" in judgement.checks[0].message["fil"]


def test_an_error_in_the_source_stops_before_the_checks(judge):
    judgement = judge("x = 1\ny = x / 0\n", "pass", "hidden:pass")
    assert judgement.verdict is Verdict.ERROR
    assert (judgement.error.type, judgement.error.line) == ("ZeroDivisionError", 2)
    assert not any(check.passed for check in judgement.checks)


def test_a_function_the_check_cannot_find_is_named(judge):
    judgement = judge("def aera(w, h):\n    return w * h\n", VISIBLE)
    assert judgement.verdict is Verdict.FAILED
    assert "`area`" in judgement.checks[0].message["en"]
    assert "`aera`" in judgement.checks[0].message["fil"]


def test_a_function_with_the_wrong_parameters_fails_the_check_with_pythons_words(judge):
    judgement = judge("def area(w):\n    return w\n", VISIBLE)
    assert judgement.verdict is Verdict.FAILED
    assert "takes 1 positional argument" in judgement.checks[0].message["fil"]


def test_examples_and_needed_references_run_first_and_their_output_is_dropped(judge):
    context = [
        "print('example')\nside = 3",
        "def area(w, h):\n    return w * h",
        "raise ValueError",
        "%magic\ndouble = 2",
    ]
    judgement = judge("answer = area(side, side) * double", "assert answer == 18", own=("answer",), context=context)
    assert judgement.verdict is Verdict.PASSED
    assert judgement.stdout == ""


def test_the_names_of_the_own_reference_are_gone_from_the_context(judge):
    judgement = judge("pass", VISIBLE, context=[RIGHT])
    assert judgement.verdict is Verdict.FAILED
    assert "`area`" in judgement.checks[0].message["en"]


def test_the_learners_output_is_kept(judge):
    judgement = judge("print('Kumusta')\ndef area(w, h):\n    print(w)\n    return w * h\n", VISIBLE)
    assert judgement.stdout == "Kumusta\n2\n"


def test_a_notebooks_display_and_help_do_no_harm(judge):
    assert judge("display(1, 'two')\n", "pass").stdout == "1\ntwo\n"


def test_course_files_stand_beside_the_answer(judge):
    files = {"data/rain.csv": base64.b64encode(b"mm\n12\n").decode(), "../outside.txt": "eA=="}
    source = "rain = open('data/rain.csv').read().split()\nimport os\noutside = os.path.exists('../outside.txt')"
    checks = "assert rain == ['mm', '12']\nassert not outside"
    assert judge(source, checks, own=("rain", "outside"), files=files).verdict is Verdict.PASSED


def test_nothing_of_this_process_is_in_the_environment(judge, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_HOST", "x")
    judgement = judge(
        "import os\nnames = sorted(os.environ)", "assert 'SECRET_OF_THE_HOST' not in names", own=("names",)
    )
    assert judgement.verdict is Verdict.PASSED


def test_numpy_works_within_the_limits(judge):
    pytest.importorskip("numpy", reason="numpy (pip install numpy)")
    source = "import numpy as np\ndef area(w, h):\n    return int(np.array([w]) @ np.array([h]))\n"
    assert judge(source, VISIBLE, packages=("numpy",)).verdict is Verdict.PASSED


def test_dataclasses_and_source_inspection_work(judge):
    source = (
        "from dataclasses import dataclass\n@dataclass\nclass Box:\n    w: int\ndef area(w, h):\n    return w * h\n"
    )
    check = "import inspect\nassert 'return' in inspect.getsource(area)\nassert Box(2) == Box(2)"
    assert judge(source, check, own=("area", "Box")).verdict is Verdict.PASSED


@pytest.mark.parametrize("source", ["\ufeff" + RIGHT, RIGHT.replace("\n", "\r\n"), RIGHT.replace("\n", "\r")])
def test_byte_order_marks_and_other_line_ends_make_no_difference(judge, source):
    assert judge(source, VISIBLE).verdict is Verdict.PASSED


def test_another_language_cannot_be_judged_yet(grader, task):
    import dataclasses

    judgement = grader.judge(dataclasses.replace(task(RIGHT, VISIBLE), language="sql"))
    assert (judgement.verdict, judgement.max_points) == (Verdict.UNGRADED, 1)


def test_a_check_that_is_no_python_is_the_authors_fault(judge):
    assert judge(RIGHT, "assert (").verdict is Verdict.UNGRADED


def test_equal_failures_have_equal_signatures(judge):
    other = "# my way\ndef area(width, height):\n    total = width + height\n    return total\n"
    assert judge(WRONG, VISIBLE).signature == judge(other, VISIBLE).signature != ""


@pytest.mark.parametrize(
    "other",
    [
        "def area(w, h):\n    return w\n",
        "def area(w, h):\n    return w / 0\n",
        "def area(w, h):\n    return wide\n",
        "x = (",
    ],
)
def test_different_failures_have_different_signatures(judge, other):
    assert judge(WRONG, VISIBLE).signature != judge(other, VISIBLE).signature


def test_an_address_in_memory_makes_no_difference_to_the_signature(judge):
    source = "def area(w, h):\n    return object()\n"
    assert judge(source, VISIBLE).signature == judge("x = [0] * 999\n" + source, VISIBLE).signature


def test_several_answers_are_judged_at_once(grader, task):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        tasks = [task(source, VISIBLE) for source in (RIGHT, WRONG) * 4]
        verdicts = [judgement.verdict for judgement in pool.map(grader.judge, tasks)]
    assert verdicts == [Verdict.PASSED, Verdict.FAILED] * 4
