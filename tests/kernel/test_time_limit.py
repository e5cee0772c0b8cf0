"""The soft time limit stops a cell, and nothing but the cell."""

from __future__ import annotations

import time

import pytest

from tests.kernel.conftest import TIME_LIMIT_SEC, attempts

pytestmark = pytest.mark.slow

ENDLESS = {
    "a loop": "while True:\n    pass",
    "a sleep": "import time\ntime.sleep(1000)",
    "an await": "import asyncio\nawait asyncio.sleep(1000)",
    "a loop after an await": "import asyncio\nawait asyncio.sleep(0)\nwhile True:\n    pass",
    "a thread that is waited for": "import threading\nthreading.Event().wait()",
}


@pytest.mark.parametrize("what", ENDLESS)
def test_an_endless_cell_is_stopped_judged_and_the_kernel_keeps_its_names(lesson, what):
    lesson.kernel.run("mine = 'kept'")
    begin = time.monotonic()
    cell = lesson.answer(f"print('before')\n{ENDLESS[what]}")
    assert time.monotonic() - begin < 20 * TIME_LIMIT_SEC
    assert cell.text("stream") == "before\n"
    assert "longer than 1 second" in cell.shown
    assert lesson.kernel.run("mine").text("execute_result") == "'kept'"
    assert len(attempts(lesson.app)) == 1


def test_the_traceback_ends_at_the_learner_s_own_line(lesson):
    error = lesson.answer("n = 0\nwhile True:\n    n += 1").text("error")
    assert "n += 1" in error
    assert "_on_alarm" not in error


def test_code_that_swallows_the_interrupt_is_interrupted_again(lesson):
    swallowing = "import time\nfor number in range(2):\n    try:\n        time.sleep(1000)\n    except BaseException:\n"
    cell = lesson.answer(f"{swallowing}        print('swallowed')")
    assert cell.text("stream") == "swallowed\nswallowed\n"


def test_a_cell_that_is_no_exercise_may_run_as_long_as_it_likes(lesson):
    cell = lesson.kernel.run(f"import time\ntime.sleep({2 * TIME_LIMIT_SEC})\nprint('done')")
    assert cell.text("stream") == "done\n"


def test_the_limit_of_an_exercise_does_not_reach_into_the_next_cell(lesson):
    lesson.answer("load = 50")
    cell = lesson.kernel.run(f"import time\ntime.sleep({2 * TIME_LIMIT_SEC})\nprint('done')")
    assert cell.text("stream") == "done\n"
