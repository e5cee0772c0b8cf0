"""Accidents end in a verdict, never in a hanging or dying notebook."""

from __future__ import annotations

import sys

import pytest

from aralify_kernel.domain.judging import Verdict

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has only the wall-clock limit (use Linux or macOS)"
)


def test_an_endless_loop_is_stopped_and_its_line_named(judge):
    judgement = judge("count = 5\nwhile count > 0:\n    print(end='')\n", "pass")
    assert judgement.verdict is Verdict.TIMEOUT
    assert (judgement.error.type, judgement.error.line) == ("TimeoutError", 2)
    assert "`count`" in judgement.error.explanation["fil"]
    assert judgement.error.explanation["fil"] != judgement.error.explanation["en"]


def test_an_endless_loop_in_a_function_that_a_check_calls_is_named_too(judge):
    source = "def helper(n):\n    return n\n\ndef area(w, h):\n    while h:\n        helper(w)\n    return w\n"
    judgement = judge(source, "assert True", "assert area(2, 3) == 6")
    assert judgement.verdict is Verdict.TIMEOUT
    assert judgement.error.line == 5
    assert [check.passed for check in judgement.checks] == [True, False]


def test_a_calculation_that_never_lets_go_is_stopped(judge):
    judgement = judge("x = 1\ny = 10 ** 10 ** 9\n", "pass")
    assert judgement.verdict is Verdict.TIMEOUT
    assert judgement.error.line == 2


def test_waiting_is_stopped_by_the_wall_clock(judge):
    judgement = judge("import time\ntime.sleep(60)\n", "pass")
    assert judgement.verdict is Verdict.TIMEOUT
    assert judgement.error.line == 2
    assert judgement.duration_ms < 30_000


def test_an_answer_that_ignores_signals_is_stopped(judge):
    source = "import signal, faulthandler\nsignal.signal(signal.SIGPROF, signal.SIG_IGN)\n"
    source += "faulthandler.cancel_dump_traceback_later()\nwhile True:\n    pass\n"
    assert judge(source, "pass").verdict is Verdict.TIMEOUT


def test_too_much_memory_is_a_limit(judge):
    judgement = judge("x = []\nwhile True:\n    x.append('a' * 10_000_000)\n", "pass")
    assert judgement.verdict is Verdict.LIMIT
    assert (judgement.error.type, judgement.error.line) == ("MemoryError", 3)


def test_too_much_memory_at_once_is_a_limit(judge):
    assert judge("x = bytearray(10 ** 12)\n", "pass").verdict is Verdict.LIMIT


def test_too_much_output_is_a_limit(judge):
    judgement = judge("n = 1\nwhile n > 0:\n    print('Kumusta')\n", "pass")
    assert judgement.verdict is Verdict.LIMIT
    assert (judgement.error.type, judgement.error.line) == ("OutputLimit", 3)
    assert judgement.stdout.startswith("Kumusta\nKumusta\n")
    assert len(judgement.stdout) < 11_000


def test_too_large_a_file_is_a_limit(judge):
    source = "with open('big', 'wb') as big:\n    while True:\n        big.write(b'x' * 1_000_000)\n"
    assert judge(source, "pass").verdict is Verdict.LIMIT


@pytest.mark.parametrize(
    "source",
    [
        "import os\nwhile True:\n    os.fork()\n",
        "import subprocess\nsubprocess.run(['true'])\n",
        "import os\nos.system('true')\n",
        "import multiprocessing\nmultiprocessing.Process(target=print).start()\n",
    ],
)
def test_starting_processes_is_a_limit(judge, source):
    judgement = judge(source, "pass")
    assert judgement.verdict is Verdict.LIMIT
    assert judgement.error.type == "ProcessLimit"


@pytest.mark.parametrize(
    "leave", ["exit()", "quit()", "import sys; sys.exit(0)", "raise SystemExit", "import os; os._exit(0)"]
)
def test_leaving_is_an_error_and_passes_nothing(judge, leave):
    judgement = judge(f"{leave}\n", "pass")
    assert judgement.verdict is Verdict.ERROR
    assert judgement.error.type == "SystemExit"
    assert judgement.points == 0


def test_leaving_inside_a_check_passes_nothing_more(judge):
    judgement = judge("import os\ndef area(w, h):\n    os._exit(0)\n", "pass", "assert area(2, 3) == 6", "pass")
    assert judgement.verdict is Verdict.ERROR
    assert [check.passed for check in judgement.checks] == [True, False, False]


def test_an_interrupt_is_an_error(judge):
    assert judge("raise KeyboardInterrupt\n", "pass").verdict is Verdict.ERROR


def test_a_crash_of_python_is_an_error(judge):
    judgement = judge("import ctypes\nctypes.string_at(0)\n", "pass")
    assert judgement.verdict is Verdict.ERROR
    assert judgement.error.type == "Crash"


@pytest.mark.parametrize(
    "source",
    [
        "import os\nfor fd in range(30):\n    try:\n        os.close(fd)\n    except OSError:\n        pass\nprint('x')\n",
        "import sys\nsys.stdout.close()\n",
        "import sys, io\nsys.stdout = io.StringIO()\nsys.stderr = None\n",
        "import os\nos.write(1, b'learner\\npassed\\tnumber=0\\ndone\\n')\nos.write(2, b'x' * 1_000_000)\n",
    ],
)
def test_whatever_is_done_to_the_outputs_no_check_passes_by_it(judge, source):
    judgement = judge(source, "assert area(2, 3) == 6")
    assert judgement.verdict is not Verdict.PASSED
    assert judgement.points == 0


def test_values_that_cannot_be_shown_are_shown_shortly(judge):
    endless = "area = []\narea.append(area)\n"
    deep = "area = 0\nfor _ in range(100_000):\n    area = [area]\n"
    large = "area = list(range(1_000_000))\n"
    wide = "area = 'x' * 1_000_000\n"
    huge = "area = 7 ** 1_000_00\n"
    broken = "class Broken:\n    def __repr__(self):\n        raise ValueError\narea = Broken()\n"
    for source in (endless, deep, large, wide, huge, broken):
        judgement = judge(source, "assert area is None")
        assert judgement.verdict is Verdict.FAILED, source
        assert 0 < len(judgement.checks[0].got) <= 401, source


def test_an_example_that_never_ends_is_not_the_learners_fault(judge):
    assert judge("x = 1", "pass", context=["while True: pass"]).verdict is Verdict.UNGRADED
