"""Many kernels at once on one database: sixteen workers, four in each of four processes."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import pytest

from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.services import rebuild
from aralify_kernel.services.local_session import LocalSession, Surroundings
from aralify_kernel.services.sign_in_file import SignInFile
from aralify_kernel.store.database import Database
from tests.databases import SQLITE_ONLY
from tests.fakes import Clock, FakeGrader

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("computers")  # starting them once is enough, and two sets of them are too many

PROCESSES, THREADS = 4, 4
ANSWERS = [("area", "c1"), ("area", "PASS"), ("choice", "b"), ("choice", "a")]
TIERS = ("easy", "medium", "hard")


@dataclass(frozen=True)
class Batch:
    """What one worker submits, one answer after the other, as one learner or several."""

    url: str
    folder: Path
    submissions: list[tuple[str, Submission]]


def work(batch, together):
    database = Database(batch.url)
    around = Surroundings(database, Clock(), FakeGrader, batch.folder, "Asia/Manila")
    shared = SignInFile(batch.folder / "nobody.json")
    together.wait()
    results = [LocalSession(around, shared, name).submit(submission) for name, submission in batch.submissions]
    database.dispose()
    return results


def work_in_threads(batches, together):
    with ThreadPoolExecutor(len(batches)) as pool:
        return list(pool.map(work, batches, [together] * len(batches)))


@pytest.fixture(scope="module")
def computers():
    """Processes that have loaded everything already, and a barrier for all who work in them."""
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager, spawn.Pool(PROCESSES) as pool:
        yield pool, manager


@pytest.fixture
def run(world, computers):
    """Lets every worker begin at the same moment, so many to a process, and does `meanwhile` until they end."""
    pool, manager = computers

    def run(submissions_of_workers, threads=THREADS, meanwhile=lambda: None):
        batches = [Batch(world.url, world.folder, submissions) for submissions in submissions_of_workers]
        shares = [batches[place : place + threads] for place in range(0, len(batches), threads)]
        together = manager.Barrier(len(batches))
        running = [pool.apply_async(work_in_threads, (share, together)) for share in shares]
        while not all(one.ready() for one in running):
            meanwhile()
            running[0].wait(0.01)
        return [results for one in running for results in one.get(timeout=0)]

    return run


@pytest.mark.slow
@SQLITE_ONLY
def test_four_kernels_lose_no_attempt_and_no_total_while_the_dashboard_is_open(world, run):
    dashboard = world.learner()
    seen = []
    kernels = [
        [
            (
                "ana",
                Submission(
                    LessonRef("demo", "one", TIERS[number % 3]), *ANSWERS[(number // 3) % 4], f"{name}-{number}"
                ),
            )
            for number in range(100)
        ]
        for name in "abcd"
    ]
    results = run(kernels, threads=1, meanwhile=lambda: seen.append(dashboard.progress().profile.xp_total))

    assert seen == sorted(seen)
    assert len(seen) > 10
    assert len({result.attempt for one in results for result in one}) == 400
    assert world.one("SELECT count(*), count(DISTINCT attempt_key) FROM attempts") == (400, 400)
    assert sum(result.xp_awarded for one in results for result in one) == 300
    assert world.one("SELECT xp_total, level FROM users") == (300, 3)
    assert world.one("SELECT sum(attempts) FROM activity_days") == 400
    assert world.rows("SELECT lesson_ref, amount FROM xp_events ORDER BY amount") == [
        ("demo/one/easy", 50),
        ("demo/one/medium", 100),
        ("demo/one/hard", 150),
    ]
    assert rebuild.check(world.database, lambda *_: None) == ()


def test_sixteen_workers_lose_no_attempt_and_no_total(world, run):
    names = ("ana", "ben", "cora", "dan")
    for name in names:
        world.learner(name)
    chance = Random(7)  # noqa: S311 - a seed
    workers = [
        [
            (
                chance.choice(names),
                Submission(LessonRef("demo", "one", chance.choice(TIERS)), *chance.choice(ANSWERS), f"{worker}-{turn}"),
            )
            for turn in range(10)
        ]
        for worker in range(PROCESSES * THREADS)
    ]
    results = [result for one in run(workers) for result in one]

    assert len({result.attempt for result in results}) == 160
    assert world.one("SELECT count(*), count(DISTINCT attempt_key) FROM attempts") == (160, 160)
    assert world.one("SELECT sum(attempts) FROM activity_days") == 160
    paid = sum(result.xp_awarded for result in results)
    assert paid == world.one("SELECT sum(amount) FROM xp_events") == world.one("SELECT sum(xp_total) FROM users")
    assert paid > 0
    assert rebuild.check(world.database, lambda *_: None) == ()


def test_the_same_key_from_two_processes_at_once_is_one_attempt_and_one_award(world, run):
    world.submit(world.learner(), activity="choice", content="a")
    keys = [
        ("ana", Submission(LessonRef.parse("demo/one/easy"), "area", "PASS", f"key {number}")) for number in range(10)
    ]
    first, *others = run([keys] * (2 * THREADS))

    assert world.one("SELECT count(*) FROM attempts") == 11
    repeated = [result.repeated for one in (first, *others) for result in one]
    assert (repeated.count(False), repeated.count(True)) == (10, 70)
    assert world.rows("SELECT amount FROM xp_events") == [(50,)]
    for other in others:
        for one, same in zip(first, other, strict=True):
            assert one.as_json("en") | {"repeated": None} == same.as_json("en") | {"repeated": None}


def test_two_different_first_passes_at_the_same_moment_pay_once(world, run):
    world.submit(world.learner(), activity="choice", content="a")
    easy = LessonRef.parse("demo/one/easy")
    workers = [[("ana", Submission(easy, "area", f"PASS {worker}", f"key {worker}"))] for worker in range(2 * THREADS)]
    results = [result for one in run(workers) for result in one]

    assert sorted(result.xp_awarded for result in results) == [0] * 7 + [50]
    assert world.one("SELECT xp_total FROM users") == 50
    assert rebuild.check(world.database, lambda *_: None) == ()
