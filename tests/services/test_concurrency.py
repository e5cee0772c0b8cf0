"""Several kernels at once on one database file."""

from __future__ import annotations

import multiprocessing

import pytest

from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.services import rebuild
from aralify_kernel.services.local_session import LocalSession, Surroundings
from aralify_kernel.services.sign_in_file import SignInFile
from aralify_kernel.store.database import Database
from tests.fakes import Clock, FakeGrader

ANSWERS = [("area", "c1"), ("area", "PASS"), ("choice", "b"), ("choice", "a")]


def kernel(folder, submissions, together):
    """One kernel of Ana's: submits one answer after the other."""
    database = Database(f"sqlite:///{folder / 'a.sqlite3'}")
    around = Surroundings(database, Clock(), FakeGrader, folder, "Asia/Manila")
    session = LocalSession(around, SignInFile(folder / "of-ana" / "session.json"))
    together.wait()
    results = [session.submit(submission) for submission in submissions]
    database.dispose()
    return results


def run_kernels(world, batches, meanwhile=lambda: None):
    """Let one kernel per batch begin at the same moment, do `meanwhile` until they end; return all their results."""
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager, spawn.Pool(len(batches)) as pool:
        together = manager.Barrier(len(batches))
        running = [pool.apply_async(kernel, (world.folder, batch, together)) for batch in batches]
        while not all(one.ready() for one in running):
            meanwhile()
            running[0].wait(0.01)
        return [result for one in running for result in one.get(timeout=0)]


@pytest.mark.slow
def test_four_kernels_lose_no_attempt_and_no_total_while_the_dashboard_is_open(world):
    dashboard = world.learner()
    seen = []
    tiers = ("easy", "medium", "hard")
    batches = [
        [
            Submission(LessonRef("demo", "one", tiers[number % 3]), *ANSWERS[(number // 3) % 4], f"{name}-{number}")
            for number in range(200)
        ]
        for name in "abcd"
    ]
    results = run_kernels(world, batches, meanwhile=lambda: seen.append(dashboard.progress().profile.xp_total))

    assert seen == sorted(seen)
    assert len(seen) > 10
    assert len({result.attempt for result in results}) == 800
    assert world.one("SELECT count(*), count(DISTINCT attempt_key) FROM attempts") == (800, 800)
    assert sum(result.xp_awarded for result in results) == 300
    assert world.one("SELECT xp_total, level FROM users") == (300, 3)
    assert world.one("SELECT sum(attempts) FROM activity_days") == 800
    assert world.rows("SELECT lesson_ref, amount FROM xp_events ORDER BY amount") == [
        ("demo/one/easy", 50),
        ("demo/one/medium", 100),
        ("demo/one/hard", 150),
    ]
    assert rebuild.check(world.database, lambda *_: None) == ()


def test_the_same_key_from_two_kernels_at_once_is_one_attempt_and_one_award(world):
    ana = world.learner()
    world.submit(ana, activity="choice", content="a")
    submissions = [
        Submission(LessonRef.parse("demo/one/easy"), "area", "PASS", f"key {number}") for number in range(10)
    ]
    results = run_kernels(world, [submissions, submissions])

    assert world.one("SELECT count(*) FROM attempts") == 11
    assert sorted(result.repeated for result in results) == [False] * 10 + [True] * 10
    assert world.rows("SELECT amount FROM xp_events") == [(50,)]
    for first, second in zip(results[:10], results[10:], strict=True):
        assert first.attempt == second.attempt
        assert first.as_json("en") | {"repeated": None} == second.as_json("en") | {"repeated": None}
