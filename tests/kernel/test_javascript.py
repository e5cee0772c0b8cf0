"""A JavaScript notebook runs its cells in Deno, and is a lesson like any other."""

from __future__ import annotations

import json
import re

import psutil
import pytest

from aralify_kernel.domain.references import LessonRef
from tests.kernel.conftest import attempts, kernels

NAME = "aralify-javascript"
LESSON = LessonRef("javascript-first-steps", "values-and-functions", "easy")


@pytest.fixture(scope="module")
def kernel(sockets):
    with kernels(sockets) as start:
        yield start(NAME)


def plain(cell, kind):
    return re.sub(r"\x1b\[[\d;]*m", "", cell.text(kind)).strip()


def deno_of(kernel):
    return [p for p in psutil.Process(kernel.manager.provisioner.pid).children(recursive=True) if p.name() == "deno"]


@pytest.mark.slow
def test_cells_are_run_one_after_the_other_and_nothing_they_say_is_lost(kernel):
    for number in range(20):  # what is slow to arrive is missing only now and then
        cell = kernel.run(f"console.log('said', {number}); const n{number} = {number}; n{number} + 1")
        assert (plain(cell, "stream"), plain(cell, "execute_result")) == (f"said {number}", str(number + 1))
    assert plain(kernel.run("n7 + (await Promise.resolve(n8))"), "execute_result") == "15"
    assert plain(kernel.run("const n7 = 'again'; n7"), "execute_result") == '"again"'
    for source, said in (
        ("n99", "ReferenceError: n99 is not defined"),
        *[("let a = ;", "SyntaxError: Expression expected (line 1)")] * 10,  # its reason, too, may be slow to arrive
        ("throw new RangeError('mine')", "RangeError: mine"),
    ):
        cell = kernel.run(source)
        assert cell.status == "error"
        assert said in cell.text("error")
        assert "File" not in cell.text("error")


@pytest.mark.slow
def test_an_author_s_checks_run_beside_the_answer(kernel):
    kernel.run("const area = (w, h) => w * h; const later = async () => 5; const hello = () => console.log('hello');")
    kernel.run("const fail = () => { throw new RangeError('too small'); };")
    for check, passes in {
        "equal(() => area(2, 3), 6);": True,
        "deepEqual(() => [area(2, 3)], [6]);": True,
        "equal(() => area(2, 3), 7);": False,
        "await equal(() => later(), 5);": True,
        "await equal(() => later(), 6);": False,
        "throws(() => fail(), RangeError);": True,
        "throws(() => fail(), 'small');": True,
        "throws(() => area(1, 1));": False,
        "prints(() => hello(), 'hello');": True,
        "prints(() => hello(), 'Hello');": False,
    }.items():
        cell = kernel.run(check)
        assert (cell.status == "ok") is passes, check
        assert passes or cell.text("error").startswith("AssertionError: "), check
        assert cell.text("stream") == ""


@pytest.mark.slow
def test_stopping_a_cell_keeps_the_names_and_ending_the_program_is_told(start_kernel):
    kernel = start_kernel(NAME)
    kernel.run("const kept = 5;")
    stop_button = "for (const process of [Deno.pid, Deno.ppid]) Deno.kill(process, 'SIGINT');"
    cell = kernel.run(f"{stop_button} for (;;);")
    assert "KeyboardInterrupt" in cell.text("error")
    assert plain(kernel.run("kept"), "execute_result") == "5"
    assert "Run the cells from the top again" in kernel.run("Deno.exit(1);").text("error")
    assert plain(kernel.run("1 + 1"), "execute_result") == "2"
    (deno,) = deno_of(kernel)
    psutil.Process(kernel.manager.provisioner.pid).kill()
    assert psutil.wait_procs([deno], timeout=60)[1] == []


@pytest.mark.slow
def test_a_learner_s_copy_is_judged_with_shift_enter(ana, start_kernel, monkeypatch):
    monkeypatch.setenv("ARALIFY_CELL_TIME_LIMIT_SEC", "5")  # the first cell also starts Deno
    path = ana.open_working_copy(LESSON)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert notebook["metadata"]["kernelspec"]["name"] == NAME
    cells = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"}
    exercise = next(name for name in cells if name.endswith("first-const"))
    check = next(name for name in cells if "first-const-check-1" in name)
    kernel = start_kernel(NAME, path)
    assert "Put 50 in load" not in kernel.run(cells["header"], "header").text("error")
    first_line = cells[exercise].partition("\n")[0]
    assert "Look at what stands to the right" in kernel.run(f"{first_line}\nconst load = 5;", exercise).shown
    assert "holds something else" in kernel.run(cells[check], check).shown
    assert "Passed" in kernel.run(f"{first_line}\nconst load = 50;", exercise).shown
    assert kernel.run(cells[check], check).shown == "This check passes."
    stopped = kernel.run(f"{first_line}\nfor (;;);", exercise)
    assert "ran longer than" in stopped.shown
    assert [verdict for _, verdict in attempts(ana)] == ["FAILED", "PASSED", "TIMEOUT"]
