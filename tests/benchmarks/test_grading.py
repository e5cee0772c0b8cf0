"""What it costs to judge one answer behind all walls, next to other ways of running the same code, in one run."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from aralify_kernel.domain.content import Check
from aralify_kernel.domain.judging import JudgeTask, Verdict
from aralify_kernel.grading import open_grader
from aralify_kernel.settings import load

ANSWER = "def area(w, h):\n    return w * h\n"
CHECKED = f"{ANSWER}assert area(2, 3) == 6\nassert area(4, 5) == 20\n"
ATTEMPTS, SLOW, THROUGHPUT = 60, 5, 200
REST = 0.1
BARE = """
import os, socket, sys
line = socket.socket(fileno=int(sys.argv[1]))
while size := line.recv(8):
    source = line.recv(int.from_bytes(size, "big"))
    if not os.fork():
        exec(compile(source, "<answer>", "exec"), {"__name__": "__main__"})
        line.send(b"passed")
        os._exit(0)
    os.wait()
"""
"""A warm process without a wall: fork, compile, run, answer."""

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the walls are those of Linux"),
]


def task(packages=()):
    checks = [("assert area(2, 3) == 6", False), ("assert area(4, 5) == 20", True)]
    made = tuple(Check(id=str(n), name={"en": ""}, source=source, hidden=h) for n, (source, h) in enumerate(checks))
    return JudgeTask("python", (), ("area",), ANSWER, made, packages=packages)


def measured(do, times):
    """Median and 95th percentile of `do`, in milliseconds, after once to be warm, each after a moment of rest.

    That is how one learner's answers come; how many come through at full load is measured on its own.
    """
    do()
    took = []
    for _ in range(times):
        time.sleep(REST)
        begin = time.perf_counter()
        do()
        took.append((time.perf_counter() - begin) * 1000)
    return statistics.median(took), sorted(took)[int(0.95 * len(took))]


@pytest.fixture(scope="module")
def grader(tmp_path_factory):
    grader = open_grader(load({"ARALIFY_HOME": str(tmp_path_factory.mktemp("home"))}))
    yield grader
    grader.close()


@pytest.fixture
def bare():
    """Have the same code run in a fork of a bare warm process."""
    mine, theirs = socket.socketpair()
    source = CHECKED.encode()
    with mine, theirs:
        process = subprocess.Popen([sys.executable, "-c", BARE, str(theirs.fileno())], pass_fds=[theirs.fileno()])

        def run():
            mine.sendall(len(source).to_bytes(8, "big") + source)
            assert mine.recv(16) == b"passed"

        yield run
        mine.shutdown(socket.SHUT_WR)
        process.wait()


def in_a_new_python():
    subprocess.run([sys.executable, "-c", CHECKED], check=True)


def in_a_notebook():
    import nbformat
    from nbclient import NotebookClient

    cells = [nbformat.v4.new_code_cell(part) for part in (ANSWER, CHECKED.removeprefix(ANSWER))]
    NotebookClient(nbformat.v4.new_notebook(cells=cells), kernel_name="python3").execute()


@pytest.fixture
def nbgrader(tmp_path):
    """Have nbgrader grade one submission of the same two cells; None where it is not installed."""
    program = shutil.which("nbgrader", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if program is None:
        return None
    import nbformat

    def cell(source, name, **more):
        about = {
            "schema_version": 3,
            "grade_id": name,
            "grade": False,
            "locked": False,
            "solution": False,
            "task": False,
        }
        return nbformat.v4.new_code_cell(source, metadata={"nbgrader": about | more})

    cells = [cell(ANSWER, "answer", solution=True)]
    cells.append(cell(CHECKED.removeprefix(ANSWER), "checks", grade=True, locked=True, points=1))
    book = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python"}})
    for folder in ("source/area", "submitted/ana/area"):
        (tmp_path / folder).mkdir(parents=True)
        nbformat.write(book, tmp_path / folder / "area.ipynb")
    common = {"cwd": tmp_path, "check": True, "capture_output": True}
    subprocess.run([program, "generate_assignment", "area", "--create"], **common)
    return lambda: subprocess.run([program, "autograde", "area", "--create", "--force"], **common)


def test_what_an_isolated_attempt_costs(grader, bare, nbgrader, capsys):
    def isolated():
        assert grader.judge(task()).verdict is Verdict.PASSED

    ours, p95 = measured(isolated, ATTEMPTS)
    others = {
        "fork in a bare warm process": (bare, ATTEMPTS, "at most 3"),
        "python -c": (in_a_new_python, ATTEMPTS, ""),
    }
    others["nbclient, two cells"] = (in_a_notebook, SLOW, "at least 100")
    if nbgrader:
        others["nbgrader autograde"] = (nbgrader, SLOW, "at least 300")
    lines = [f"one attempt, {grader.isolation.value}: median {ours:.1f} ms, p95 {p95:.1f} ms"]
    for name, (run, times, goal) in others.items():
        median, late = measured(run, times)
        ratio = f"ours is {ours / median:.1f} × it" if median < ours else f"it is {median / ours:.0f} × ours"
        lines.append(
            f"  {name}: median {median:.1f} ms, p95 {late:.1f} ms; {ratio}" + (f" (goal: {goal})" if goal else "")
        )
    if not nbgrader:
        lines.append("  nbgrader autograde: not measured, nbgrader is not installed")
    with capsys.disabled():
        print("\n" + "\n".join(lines))


def test_how_many_answers_are_judged_in_a_second(grader, capsys):
    grader.judge(task())
    processors = len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(2 * processors) as threads:
        begin = time.perf_counter()
        verdicts = list(threads.map(lambda _: grader.judge(task()).verdict, range(THROUGHPUT)))
        seconds = time.perf_counter() - begin
    assert set(verdicts) == {Verdict.PASSED}
    with capsys.disabled():
        print(f"\n{THROUGHPUT / seconds:.0f} answers a second on {processors} processors (goal: at least 60 on two)")


def test_how_much_memory_idle_servers_take(grader, capsys):
    pytest.importorskip("pandas", reason="pandas (pip install pandas)")
    others = set(psutil.Process().children(recursive=True))
    grader.judge(task(packages=("numpy", "pandas")))
    sizes = []
    for one in set(psutil.Process().children(recursive=True)) - others:
        with suppress(psutil.NoSuchProcess):  # what has just answered is about to end
            sizes.append(one.memory_full_info().pss / 1e6)
    with capsys.disabled():
        print(f"\nidle servers with pandas: {sum(sizes):.0f} MB in {len(sizes)} processes, PSS (goal: at most 150)")
