"""The background grader as kernels meet it: real processes, killed where it hurts."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psutil
import pytest

import aralify_kernel
from aralify_kernel.app import Application
from aralify_kernel.domain.judging import Isolation, JudgeTask, Verdict
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.errors import IsolationTooWeak, JudgeBusy, JudgeUnavailable
from aralify_kernel.grading import open_shared
from aralify_kernel.grading.pool import PooledGrader
from aralify_kernel.grading.sandbox.probe import Mode, Probe
from aralify_kernel.grading.shared import client
from aralify_kernel.grading.shared.client import SharedGrader
from aralify_kernel.grading.shared.places import place_of
from tests.grading.background import Background, below, is_gone, wait_until
from tests.grading.conftest import checks_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="the background grader needs Unix sockets (use Linux or macOS)"),
]

PACKAGE = Path(aralify_kernel.__file__).parent
RIGHT = JudgeTask("python", (), ("area",), "def area(a, b): return a * b", checks_of("assert area(2, 3) == 6"))
ENDLESS = JudgeTask("python", (), (), "while True: pass", checks_of("pass"))


@pytest.fixture
def background(tmp_path):
    background = Background(tmp_path / "home")
    yield background
    background.clear()


@pytest.fixture
def kernel(background):
    """Start a process that judges a task whenever a line comes, and prints the verdict."""
    program = """if True:
        import sys
        from tests.grading.test_shared import ENDLESS, RIGHT
        from aralify_kernel.grading import open_shared
        from aralify_kernel.settings import load
        grader, task = open_shared(load()), {"RIGHT": RIGHT, "ENDLESS": ENDLESS}[sys.argv[1]]
        print("ready", flush=True)
        for _ in sys.stdin:
            print(grader.judge(task).verdict.name, flush=True)
        """
    started = []

    def start(task, **variables):
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", program, task],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(PACKAGE.parent), **background.variables(), **variables},
        )
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def submit(kernel):
    kernel.stdin.write("now\n")
    kernel.stdin.flush()


def judged(kernel):
    submit(kernel)
    return kernel.stdout.readline().strip()


def test_kernels_that_start_at_once_share_one_grader(background, kernel):
    kernels = [kernel("RIGHT") for _ in range(4)]
    for one in kernels:
        submit(one)
    assert [one.stdout.readline() for one in kernels] == ["PASSED\n"] * 4
    assert len(background.processes()) == 1


def test_two_that_find_none_at_the_same_moment_start_one(background, monkeypatch):
    both_looked, connect, have_looked = Barrier(2), SharedGrader._connect, set()

    def connect_together(grader):
        try:
            return connect(grader)
        except FileNotFoundError:
            if grader not in have_looked:
                have_looked.add(grader)
                both_looked.wait(30)
            raise

    lock = background.folder / f"{place_of(background.settings()).name}.lock"
    start = SharedGrader._start

    def start_alone(grader):
        with lock.open() as file, pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        start(grader)

    monkeypatch.setattr(SharedGrader, "_connect", connect_together)
    monkeypatch.setattr(SharedGrader, "_start", start_alone)
    graders = [SharedGrader(background.settings()) for _ in range(2)]
    with ThreadPoolExecutor(2) as kernels:
        assert [one.verdict for one in kernels.map(lambda one: one.judge(RIGHT), graders)] == [Verdict.PASSED] * 2
    assert len(background.processes()) == 1


def test_it_lives_on_when_the_kernel_that_started_it_has_ended(background, kernel):
    first = kernel("RIGHT")
    assert first.communicate("now\n")[0] == "PASSED\n"
    process = background.the_process()
    assert SharedGrader(background.settings()).judge(RIGHT).verdict is Verdict.PASSED
    assert background.the_process() == process
    assert process.parent() is None or process.parent().pid != first.pid


def test_a_kernel_killed_in_mid_attempt_harms_nobody(background, kernel):
    killed = kernel("ENDLESS")
    submit(killed)
    process = background.wait_until_busy()
    killed.kill()
    assert SharedGrader(background.settings()).judge(RIGHT).verdict is Verdict.PASSED
    assert background.the_process() == process


def test_killed_in_mid_attempt_it_is_started_again_and_the_attempt_is_judged(background):
    grader = SharedGrader(background.settings())
    with ThreadPoolExecutor(1) as threads:
        judged = threads.submit(grader.judge, ENDLESS)
        process = background.wait_until_busy()
        started = below(process)
        process.kill()
        assert judged.result(60).verdict is Verdict.TIMEOUT
    assert background.the_process() != process
    wait_until(lambda: all(is_gone(one) for one in started), seconds=15)
    assert grader.judge(RIGHT).verdict is Verdict.PASSED


def test_an_attempt_that_brings_it_down_twice_is_ungraded_and_the_next_is_judged(background):
    grader = SharedGrader(background.settings())
    with ThreadPoolExecutor(1) as threads:
        judged = threads.submit(grader.judge, ENDLESS)
        for _ in range(2):
            process = background.wait_until_busy()
            process.kill()
            wait_until(lambda gone=process: is_gone(gone))
        assert judged.result(60).verdict is Verdict.UNGRADED
    assert grader.judge(RIGHT).verdict is Verdict.PASSED


def test_it_ends_when_nobody_needed_it_for_the_time_that_is_set_and_starts_again(background):
    grader = SharedGrader(background.settings(ARALIFY_JUDGE_IDLE_MINUTES="0.005"))
    assert grader.judge(RIGHT).verdict is Verdict.PASSED
    wait_until(lambda: background.processes() == [])
    assert sorted(path.suffix for path in background.folder.iterdir()) == [".lock", ".log"]
    assert grader.judge(RIGHT).verdict is Verdict.PASSED


def test_told_to_end_it_leaves_no_process_and_no_socket(background):
    grader = SharedGrader(background.settings())
    with ThreadPoolExecutor(1) as threads:
        judged = threads.submit(grader.judge, ENDLESS)
        process = background.wait_until_busy()
        started = below(process)
        process.terminate()
        wait_until(lambda: is_gone(process) and all(is_gone(one) for one in started), seconds=15)
        assert judged.result(60).verdict in {Verdict.TIMEOUT, Verdict.UNGRADED}


def test_one_that_hangs_is_replaced_and_ends_when_it_wakes_up(background, monkeypatch):
    grader = SharedGrader(background.settings(ARALIFY_JUDGE_IDLE_MINUTES="0.05"))
    assert grader.judge(RIGHT).verdict is Verdict.PASSED
    process = background.the_process()
    process.suspend()
    monkeypatch.setattr(client, "_SILENCE_SECONDS", 4.0)
    assert grader.judge(RIGHT).verdict is Verdict.PASSED
    process.resume()
    wait_until(lambda: is_gone(process))


def test_a_newer_installation_replaces_it_and_serves_the_kernels_of_the_older_one(kernel, background, tmp_path):
    installation = tmp_path / "installation"
    shutil.copytree(PACKAGE, installation / PACKAGE.name)
    python_path = os.pathsep.join((str(installation), str(PACKAGE.parent)))  # the tests are beside the package only
    older = kernel("RIGHT", PYTHONPATH=python_path)
    assert judged(older) == "PASSED"
    process = background.the_process()
    with (installation / PACKAGE.name / "grading" / "limits.py").open("a", encoding="utf-8") as file:
        file.write("# newer")
    assert judged(older) == "PASSED"
    assert background.the_process() == process, "as long as no kernel of the newer one comes"
    assert judged(kernel("RIGHT", PYTHONPATH=python_path)) == "PASSED"
    wait_until(lambda: is_gone(process))
    assert judged(older) == "PASSED"
    assert background.the_process() != process


def test_other_settings_and_another_database_have_a_grader_of_their_own(background):
    names = {
        place_of(background.settings(**more)).name
        for more in (
            {},
            {"ARALIFY_DATABASE_URL": "sqlite:///other"},
            {"ARALIFY_JUDGE_MEMORY_MB": "100"},
            {"ARALIFY_JUDGE_TIME_LIMIT_SEC": "3"},
        )
    }
    assert len(names) == 4
    assert place_of(background.settings(ARALIFY_LANGUAGE="fil")).name in names


def test_its_folder_is_closed_to_everybody_else(background):
    SharedGrader(background.settings())
    assert background.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("spoil", ["opened to others", "no folder", "a long name"])
def test_where_no_place_is_safe_each_process_judges_itself(background, spoil):
    if spoil == "no folder":
        background.folder.write_text("")
    elif spoil == "a long name":
        background.folder = background.folder.with_name("a" * 100)
    else:
        background.folder.mkdir()
        background.folder.chmod(0o777)
    grader = open_shared(background.settings())
    assert isinstance(grader, PooledGrader)
    assert grader.judge(RIGHT).verdict is Verdict.PASSED
    assert background.processes() == []
    grader.close()


def test_without_minutes_to_wait_there_is_no_background_grader(background):
    grader = open_shared(background.settings(ARALIFY_JUDGE_IDLE_MINUTES="0"))
    assert isinstance(grader, PooledGrader)
    grader.close()


def test_what_takes_too_long_to_start_is_ungraded(background, monkeypatch, tmp_path):
    hanging = tmp_path / "python"
    hanging.write_text("#!/bin/sh\nexec sleep 30\n")
    hanging.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(hanging))
    monkeypatch.setattr(client, "_START_SECONDS", 0.1)
    assert SharedGrader(background.settings()).judge(RIGHT).verdict is Verdict.UNGRADED


def test_more_kernels_than_its_socket_lets_wait_are_told_that_it_is_busy(background):
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        listener.bind(str(place_of(background.settings()).socket))
        listener.listen(0)
        waiting = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        waiting.connect(listener.getsockname())
        with pytest.raises(JudgeBusy):
            SharedGrader(background.settings()).judge(RIGHT)


def test_what_cannot_be_started_is_ungraded(background, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    grader = SharedGrader(background.settings())
    assert grader.judge(RIGHT).verdict is Verdict.UNGRADED
    with pytest.raises(JudgeUnavailable):
        grader.isolation  # noqa: B018


def test_a_machine_that_offers_less_than_is_demanded_starts_none(background, monkeypatch):
    monkeypatch.setattr(
        "aralify_kernel.grading.isolation.probe", lambda: Probe((Mode(Isolation.LIMITS, offered=True),))
    )
    with pytest.raises(IsolationTooWeak):
        open_shared(background.settings(ARALIFY_JUDGE_MIN_ISOLATION="namespaces"))


def test_what_learners_code_sees_of_the_environment_is_none_of_the_first_kernels(background, monkeypatch):
    monkeypatch.setenv("MY_SECRET", "1234")
    look = "import os\nseen = os.environ.get('MY_SECRET')"
    task = JudgeTask("python", (), ("seen",), look, checks_of("assert seen is None"))
    assert SharedGrader(background.settings()).judge(task).verdict is Verdict.PASSED


def test_a_file_beside_the_notebook_does_not_become_part_of_it(background, tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    assert SharedGrader(background.settings()).judge(RIGHT).verdict is Verdict.PASSED


def test_a_submission_is_judged_in_the_background_and_recorded_here(background):
    app = Application(background.settings())
    app.add_user("ana")
    lesson = LessonRef.parse("python-basics/variables/easy")
    result = app.session_for("ana").submit(Submission(lesson, "first-load", "load = 50", "k"))
    assert result.judgement.verdict is Verdict.PASSED
    assert isinstance(background.the_process(), psutil.Process)
    app.close()
    assert background.the_process().is_running(), "it stays for the other kernels"


def test_a_submission_whose_grader_is_killed_is_recorded_once(background):
    app = Application(background.settings())
    app.add_user("ana")
    submission = Submission(LessonRef.parse("python-basics/variables/easy"), "first-load", "while True: pass", "k")
    with ThreadPoolExecutor(1) as threads:
        killed = threads.submit(lambda: background.wait_until_busy().kill())
        assert app.session_for("ana").submit(submission).judgement.verdict is Verdict.TIMEOUT
        killed.result(60)
    app.close()
    with contextlib.closing(sqlite3.connect(background.home / "aralify.sqlite3")) as database:
        assert database.execute("SELECT verdict FROM attempts").fetchall() == [("TIMEOUT",)]


def test_opening_it_starts_nothing_and_loads_no_database(background):
    code = """if True:
        import sys, aralify_kernel.grading as grading, aralify_kernel.settings as settings
        grading.open_shared(settings.load())
        print(sorted({"sqlalchemy", "pandas", "IPython"} & set(sys.modules)))
        """
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **background.variables()},
    )
    assert json.loads(done.stdout) == []
    assert background.processes() == []
