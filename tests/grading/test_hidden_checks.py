"""Nothing of a hidden check reaches the learner but its number, its name and its message."""

from __future__ import annotations

import json

import pytest

from aralify_kernel.domain.judging import Verdict

SECRET = 86753
HIDDEN = f"hidden:assert area({SECRET}, 1) == {SECRET * 7}, 'Try large numbers too'"


def told(judgement):
    return json.dumps([judgement.as_json("en"), judgement.as_json("fil")])


@pytest.mark.parametrize(
    "body",
    [
        "print(w); return 0",
        "raise ValueError(w)",
        "raise AssertionError({'en': str(w), 'fil': str(w)})",
        "raise type('E' + str(w), (Exception,), {})(w)",
        "assert w == 2, w",
        "import sys; sys.stderr.write(str(w)); sys.stdout.buffer.write(str(w).encode()); return 0",
        "import os; os.write(1, str(w).encode()); return 0",
        "exec('raise ValueError(' + str(w) + ')')",
        "import sys; sys.exit(str(w))",
        "return str(w) * 3",
        "import os; os._exit(w % 200)",
        "return [w] * 10 ** 9 if w > 2 else 2",
        "return type('Lie', (), {'__eq__': lambda s, o: False, '__repr__': lambda s: str(w)})()",
    ],
)
def test_what_the_learner_says_inside_a_hidden_call_is_withheld(judge, body):
    source = f"def area(w, h):\n    {body}\n"
    judgement = judge(source, HIDDEN)
    assert not judgement.checks[0].passed
    assert str(SECRET) not in told(judgement)
    assert (judgement.checks[0].call, judgement.checks[0].expected, judgement.checks[0].got) == (None, None, None)


def test_a_failing_hidden_check_gives_its_message(judge):
    judgement = judge("def area(w, h):\n    return w\n", "assert area(2, 1) == 2", HIDDEN)
    assert judgement.verdict is Verdict.FAILED
    assert judgement.checks[1].message == {"en": "Try large numbers too", "fil": "Try large numbers too"}


def test_a_message_that_was_computed_from_the_answer_is_withheld(judge):
    check = f"hidden:got = area({SECRET}, 1)\nassert got == 0, f'you gave {{got}}'"
    assert str(SECRET) not in told(judge("def area(w, h):\n    return w\n", check))


def test_an_error_inside_a_hidden_check_is_a_failed_check_without_details(judge):
    judgement = judge("def area(w, h):\n    return w / (w - 86753)\n", HIDDEN)
    assert judgement.verdict is Verdict.FAILED
    assert judgement.error is None
    assert judgement.checks[0].message["en"] == "Your code stops with an error in this hidden check."


def test_output_before_the_first_hidden_check_is_kept(judge):
    source = "print('start')\ndef area(w, h):\n    print('called with', w)\n    return w * 7\n"
    judgement = judge(source, HIDDEN, "assert area(2, 1) == 14")
    assert judgement.stdout == "start\ncalled with 2\n"


def test_a_thread_that_goes_on_printing_is_not_heard(judge):
    source = (
        "import threading\nseen = []\n"
        "def area(w, h):\n    seen.append(w)\n    return w * 7\n"
        "def tell():\n    while True:\n        if len(seen) > 0:\n            print(seen, flush=True)\n            break\n"
        "threading.Thread(target=tell, daemon=True).start()\n"
    )
    assert str(SECRET) not in told(judge(source, HIDDEN))


def test_a_loop_that_never_ends_inside_a_hidden_check_names_no_line(judge):
    judgement = judge("def area(w, h):\n    while w > 2:\n        pass\n    return w * 7\n", HIDDEN)
    assert judgement.verdict is Verdict.TIMEOUT
    assert judgement.error.line is None
    assert str(SECRET) not in told(judgement)
