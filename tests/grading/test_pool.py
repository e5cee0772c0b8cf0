"""The pool: bounded, in turns, and honest about what it cannot do."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from threading import Thread

import pytest

from aralify_kernel.domain.judging import Isolation, JudgeTask, Verdict
from aralify_kernel.errors import IsolationTooWeak, JudgeBusy, JudgeUnavailable, SourceRefused
from aralify_kernel.grading import open_pool
from aralify_kernel.grading.pool import PooledGrader
from aralify_kernel.settings import load
from tests.fakes import FakeGrader, GateGrader
from tests.grading.conftest import checks_of


def an_answer(learner="ana", source="PASS"):
    return JudgeTask("python", (), (), source, checks_of("pass"), learner=learner)


@pytest.fixture
def gate():
    return GateGrader()


@pytest.fixture
def pool_of(gate):
    made = []

    def make(at_once=1, room=100):
        made.append(PooledGrader(gate, at_once=at_once, room=room))
        return made[-1]

    yield make
    for pool in made:
        pool.close()


def test_no_more_answers_run_at_once_than_there_are_places(pool_of, gate):
    pool = pool_of(at_once=2)
    futures = [pool.submit(an_answer(name)) for name in ("ana", "ben", "cora")]
    gate.wait_for(2)
    assert (gate.began, pool.waiting) == (["ana", "ben"], 1)
    gate.open()
    gate.wait_for(1)
    gate.open(2)
    assert [future.result(30).verdict for future in futures] == [Verdict.PASSED] * 3


def test_one_learners_fifty_answers_delay_anothers_single_one_by_at_most_one_turn(pool_of, gate):
    pool = pool_of()
    many = [pool.submit(an_answer("ana")) for _ in range(50)]
    gate.wait_for()
    single = pool.submit(an_answer("ben"))
    gate.open(51)
    assert single.result(30).verdict is Verdict.PASSED
    assert [future.result(30).verdict for future in many] == [Verdict.PASSED] * 50
    assert gate.began.index("ben") <= 2
    assert gate.began.count("ana") == 50


def test_beyond_its_room_the_pool_is_busy_and_takes_answers_again_later(pool_of, gate):
    pool = pool_of(room=2)
    futures = [pool.submit(an_answer()) for _ in range(3)]
    with pytest.raises(JudgeBusy):
        pool.judge(an_answer())
    gate.open(3)
    for future in futures:
        future.result(30)
    gate.open()
    assert pool.judge(an_answer()).verdict is Verdict.PASSED


def test_an_answer_that_leaves_for_another_learners_is_told_that_the_pool_is_busy(pool_of, gate):
    pool = pool_of(room=2)
    futures = [pool.submit(an_answer("ana")) for _ in range(3)]
    ben = pool.submit(an_answer("ben"))
    gate.open(3)
    assert ben.result(30).verdict is Verdict.PASSED
    with pytest.raises(JudgeBusy):
        futures[-1].result(30)
    assert futures[1].result(30).verdict is Verdict.PASSED


def test_an_answer_that_nobody_waits_for_takes_no_turn_and_no_place(pool_of, gate):
    pool = pool_of(room=1)
    running = pool.submit(an_answer("ana"))
    gate.wait_for()
    assert pool.submit(an_answer("ben")).cancel()
    cora = pool.submit(an_answer("cora"))
    gate.open(2)
    assert cora.result(30).verdict is Verdict.PASSED
    assert running.result(30).verdict is Verdict.PASSED
    assert gate.began == ["ana", "cora"]


class Broken(FakeGrader):
    def judge(self, task):
        if task.source == "REFUSED":
            raise SourceRefused(reason="it is no text")
        raise ZeroDivisionError


def test_what_the_grader_raises_reaches_who_asked_and_nobody_else():
    pool = PooledGrader(Broken(), at_once=1)
    for source, error in (("REFUSED", SourceRefused), ("1/0", ZeroDivisionError), ("REFUSED", SourceRefused)):
        with pytest.raises(error):
            pool.judge(an_answer(source=source))
    pool.close()


def test_closing_ends_what_runs_and_tells_what_waits(pool_of, gate):
    pool = pool_of()
    running, waiting = pool.submit(an_answer()), pool.submit(an_answer())
    gate.wait_for()
    closing = Thread(target=pool.close)
    closing.start()
    with pytest.raises(JudgeUnavailable):
        waiting.result(30)
    assert running.result(30).verdict is Verdict.PASSED
    closing.join(30)
    assert gate.is_closed
    with pytest.raises(JudgeUnavailable):
        pool.judge(an_answer())


def test_any_executor_can_judge_as_one_of_other_processes_does():
    executor = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    pool = PooledGrader(FakeGrader(), at_once=1, executor=executor)
    assert pool.judge(an_answer()).verdict is Verdict.PASSED
    pool.close()


def test_the_real_grader_judges_behind_the_pool(task, tmp_path):
    pool = open_pool(load({"ARALIFY_HOME": str(tmp_path)}))
    assert pool.at_once >= 2
    right, wrong = (f"def area(a, b): return a {sign} b" for sign in "*+")
    judged = [pool.submit(task(source, "assert area(2, 3) == 6")) for source in (right, wrong)]
    assert [future.result(60).verdict for future in judged] == [Verdict.PASSED, Verdict.FAILED]
    pool.close()


def test_a_machine_that_offers_less_than_is_demanded_judges_nothing(tmp_path, monkeypatch):
    weak = FakeGrader()
    monkeypatch.setattr("aralify_kernel.grading.open_grader", lambda _: weak)
    demands = {"ARALIFY_HOME": str(tmp_path), "ARALIFY_JUDGE_MIN_ISOLATION": "landlock"}
    with pytest.raises(IsolationTooWeak, match="asks for “landlock”, and this machine offers “limits” at best"):
        open_pool(load(demands))
    weak.isolation = Isolation.NAMESPACES
    open_pool(load(demands)).close()
