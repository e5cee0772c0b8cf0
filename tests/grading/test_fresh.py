"""The fresh process of machines that cannot fork: what it starts is ended, whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time

import psutil
import pytest

from aralify_kernel.domain.judging import Isolation, Verdict
from aralify_kernel.grading import fresh
from aralify_kernel.grading.fresh import FreshRunner
from aralify_kernel.grading.python import PythonGrader

RIGHT = "def area(w, h):\n    return w * h\n"
VISIBLE = "assert area(2, 3) == 6"


@pytest.fixture
def way():
    return "fresh"


def test_a_dead_grader_is_tried_once_more_and_then_ungraded(grader, task, monkeypatch, tmp_path):
    started = tmp_path / "started"
    program = tmp_path / "main.py"
    program.write_text(f"open({str(started)!r}, 'a').write('x')\n")
    monkeypatch.setattr(fresh, "_PROGRAM", str(program))
    judgement = grader.judge(task(RIGHT, VISIBLE))
    assert judgement.verdict is Verdict.UNGRADED
    assert started.read_text() == "xx"
    assert (judgement.points, judgement.max_points, judgement.signature) == (0, 1, "")


def test_garbage_on_the_line_is_not_a_verdict(grader, task, monkeypatch, tmp_path):
    program = tmp_path / "main.py"
    program.write_text("import os\nos.write(1, b'learner\\npassed\\tnumber=0\\n\\\\garbage\\ndone\\n')\n")
    monkeypatch.setattr(fresh, "_PROGRAM", str(program))
    assert grader.judge(task(RIGHT, VISIBLE)).verdict is Verdict.UNGRADED


def test_an_interpreter_that_cannot_start_is_ungraded(grader, task, monkeypatch):
    monkeypatch.setattr(fresh.sys, "executable", "/no/such/python")
    assert grader.judge(task(RIGHT, VISIBLE)).verdict is Verdict.UNGRADED


def test_a_process_that_was_started_behind_our_back_is_gone(judge, tmp_path):
    place = tmp_path / "pid"
    source = (
        "import ctypes, os, time\n"
        "if ctypes.CDLL(None).fork() == 0:\n"
        f"    open({str(place)!r}, 'w').write(str(os.getpid()))\n"
        "    time.sleep(60)\n"
        f"while not (os.path.exists({str(place)!r}) and open({str(place)!r}).read()):\n    time.sleep(0.01)\n"
    )
    assert judge(source, "pass").verdict is Verdict.PASSED
    wait_until(lambda: not is_running(int(place.read_text())), seconds=5)


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux ends an attempt at once when its notebook dies (use Linux)"
)
def test_an_attempt_ends_with_the_notebook_that_started_it(tmp_path):
    place = tmp_path / "pid"
    program = f"""
        from aralify_kernel.domain.judging import JudgeTask
        from aralify_kernel.domain.judging import Isolation
        from aralify_kernel.grading.fresh import FreshRunner
        from aralify_kernel.grading.python import PythonGrader
        source = "import os, time\\nopen({str(place)!r}, 'w').write(str(os.getpid()))\\ntime.sleep(90)"
        PythonGrader(FreshRunner(), Isolation.LIMITS, 60, 512).judge(JudgeTask("python", (), (), source, ()))
    """
    notebook = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)])
    wait_until(lambda: place.exists() and place.read_text())
    attempt = int(place.read_text())
    assert is_running(attempt)
    os.kill(notebook.pid, signal.SIGKILL)
    notebook.wait()
    wait_until(lambda: not is_running(attempt), seconds=5)


def test_closing_the_grader_ends_what_runs(task, tmp_path):
    from threading import Thread

    grader, place, judged = PythonGrader(FreshRunner(), Isolation.LIMITS, 60, 512), tmp_path / "pid", []
    source = f"import os, time\nopen({str(place)!r}, 'w').write(str(os.getpid()))\ntime.sleep(90)"
    thread = Thread(target=lambda: judged.append(grader.judge(task(source, "pass"))))
    thread.start()
    wait_until(lambda: place.exists() and place.read_text())
    grader.close()
    thread.join(20)
    assert judged[0].verdict is Verdict.UNGRADED
    assert not is_running(int(place.read_text()))


def test_scratch_folders_are_removed(judge, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    judge("open('left.txt', 'w').write('x')\nimport os\nos.mkdir('d')\n", "pass")
    assert list(tmp_path.iterdir()) == []


def test_an_attempt_that_somebody_else_killed_is_tried_again_and_then_ungraded(judge, tmp_path):
    place = tmp_path / "runs"
    source = f"import os, signal\nopen({str(place)!r}, 'a').write('x')\nos.kill(os.getpid(), signal.SIGKILL)\n"
    assert judge(source, "pass").verdict is Verdict.UNGRADED
    assert place.read_text() == "xx"
