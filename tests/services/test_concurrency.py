"""Many kernels at once on one database: sixteen workers, four in each of four processes."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.services import rebuild
from aralify_kernel.services.local_session import LocalSession, Surroundings
from aralify_kernel.services.sign_in_file import SignInFile
from aralify_kernel.store.database import Database
from tests.fakes import Clock, FakeGrader

if TYPE_CHECKING:
    from pathlib import Path

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


def run(world, submissions_of_workers):
    """Let every worker begin at the same moment, four to a process; return their results, worker by worker."""
    batches = [Batch(world.url, world.folder, submissions) for submissions in submissions_of_workers]
    shares = [batches[place : place + THREADS] for place in range(0, len(batches), THREADS)]
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager, spawn.Pool(len(shares)) as pool:
        together = manager.Barrier(len(batches))
        running = [pool.apply_async(work_in_threads, (share, together)) for share in shares]
        return [results for one in running for results in one.get(timeout=240)]


def test_sixteen_workers_lose_no_attempt_and_no_total(world):
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
    results = [result for one in run(world, workers) for result in one]

    assert len({result.attempt for result in results}) == 160
    assert world.one("SELECT count(*), count(DISTINCT attempt_key) FROM attempts") == (160, 160)
    assert world.one("SELECT sum(attempts) FROM activity_days") == 160
    paid = sum(result.xp_awarded for result in results)
    assert paid == world.one("SELECT sum(amount) FROM xp_events") == world.one("SELECT sum(xp_total) FROM users")
    assert paid > 0
    assert rebuild.check(world.database, lambda *_: None) == ()


def test_the_same_key_from_two_processes_at_once_is_one_attempt_and_one_award(world):
    world.submit(world.learner(), activity="choice", content="a")
    keys = [
        ("ana", Submission(LessonRef.parse("demo/one/easy"), "area", "PASS", f"key {number}")) for number in range(10)
    ]
    first, *others = run(world, [keys] * (2 * THREADS))

    assert world.one("SELECT count(*) FROM attempts") == 11
    repeated = [result.repeated for one in (first, *others) for result in one]
    assert (repeated.count(False), repeated.count(True)) == (10, 70)
    assert world.rows("SELECT amount FROM xp_events") == [(50,)]
    for other in others:
        for one, same in zip(first, other, strict=True):
            assert one.as_json("en") | {"repeated": None} == same.as_json("en") | {"repeated": None}


def test_two_different_first_passes_at_the_same_moment_pay_once(world):
    world.submit(world.learner(), activity="choice", content="a")
    easy = LessonRef.parse("demo/one/easy")
    workers = [[("ana", Submission(easy, "area", f"PASS {worker}", f"key {worker}"))] for worker in range(2 * THREADS)]
    results = [result for one in run(world, workers) for result in one]

    assert sorted(result.xp_awarded for result in results) == [0] * 7 + [50]
    assert world.one("SELECT xp_total FROM users") == 50
    assert rebuild.check(world.database, lambda *_: None) == ()
