"""Processes of the grader that are killed: no answer is lost or judged wrongly, and nothing is left behind."""

from __future__ import annotations

from contextlib import contextmanager, suppress

import psutil
import pytest

from aralify_kernel.domain.judging import JudgeTask, Verdict
from aralify_kernel.grading import open_grader, pairs
from aralify_kernel.grading.sandbox.probe import probe
from tests.grading.conftest import checks_of

TASK = JudgeTask("python", (), ("area",), "def area(a, b):\n    return a * b\n", checks_of("assert area(2, 3) == 6"))


@pytest.fixture(params=["namespaces", "landlock", "limits"])
def grader(request, settings, monkeypatch):
    mode = next(mode for mode in probe().modes if mode.isolation.value == request.param)
    if not mode.offered:
        pytest.skip(f"needs isolation `{request.param}`: {mode.reason}")
    others = set(psutil.Process().children())  # graders that several tests share
    monkeypatch.setattr(f"{__name__}.is_mine", lambda process: process not in others)
    grader = open_grader(settings, mode.isolation)
    yield grader
    grader.close()


def is_mine(process):
    """Whether the grader under test started it."""
    raise AssertionError("there is no grader")


def below(process):
    """A process and all below it that run Python: the server is the first of them, whatever is around it."""
    return [one for one in (process, *process.children(recursive=True)) if _is_of_a_server(one)]


def _is_of_a_server(process):
    try:
        return process.name().startswith("python") and "fork_server" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # a zombie is one too
        return False


def servers():
    """The processes that the grader started, by what they fork: the learner's first."""
    return [below(child) for child in psutil.Process().children() if is_mine(child) and below(child)]


def kill(victim):
    learners, judges = servers()
    processes = {
        "the learner's server": learners[:1],
        "the judge's server": judges[:1],
        "all learners": learners[1:],
        "all judges": judges[1:],
    }[victim]
    assert processes
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


@contextmanager
def all_of_it_ends(grader):
    """Nothing that ran within the block is there once the grader is closed."""
    seen = set()
    yield seen
    seen.update(process for server in servers() for process in server)
    grader.close()
    assert psutil.wait_procs(seen, timeout=10)[1] == []


@pytest.mark.parametrize("victim", ["the learner's server", "the judge's server", "all learners", "all judges"])
def test_a_kill_between_two_answers_costs_none_of_them(grader, victim):
    assert grader.judge(TASK).verdict is Verdict.PASSED
    with all_of_it_ends(grader) as seen:
        seen.update(process for server in servers() for process in server)
        kill(victim)
        assert [grader.judge(TASK).verdict for _ in range(3)] == [Verdict.PASSED] * 3


@pytest.mark.parametrize("victim", ["the learner's server", "the judge's server", "all learners", "all judges"])
def test_an_answer_whose_process_is_killed_is_judged_again(grader, monkeypatch, victim):
    collect, killed = pairs._collect, []

    def collect_after_a_kill(*given):
        if not killed:
            killed.append(victim)
            kill(victim)
        return collect(*given)

    monkeypatch.setattr(pairs, "_collect", collect_after_a_kill)
    with all_of_it_ends(grader):
        judged = [grader.judge(TASK) for _ in range(2)]
    assert killed == [victim]
    assert [judgement.verdict for judgement in judged] == [Verdict.PASSED] * 2


def test_an_answer_is_judged_to_its_end_in_servers_that_make_room_for_others(settings):
    """Four sets of packages are more than stand ready at once; none may end while an answer is judged in it."""
    grader = open_grader(settings)
    try:
        runner = grader._grader._python._runner
        with runner._leased(()) as first:
            for packages in (("json",), ("csv",), ("html",)):
                with runner._leased(packages):
                    pass
            assert first.is_alive
            assert pairs._run_apart(first, _packed(grader, TASK), 5.0).has("done")
        assert not first.is_alive
    finally:
        grader.close()


def _packed(grader, task):
    from aralify_kernel.grading.asserts import prepare
    from aralify_kernel.grading.programs import program

    checks = [prepare(check.source, frozenset(task.own_names), n) for n, check in enumerate(task.checks)]
    return program(task, task.source, checks, cpu_seconds=1, memory_mb=256).packed()
