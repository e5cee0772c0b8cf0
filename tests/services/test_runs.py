from __future__ import annotations

from datetime import timedelta

import pytest

from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import LessonStatus, ProfileChange
from aralify_kernel.errors import LevelLocked, NoTimeLimit

HARD = LessonRef.parse("demo/one/hard")


def test_the_first_attempt_starts_a_run(world):
    ana = world.learner()
    result = world.submit(ana, "demo/one/hard")
    assert (result.run.started_at, result.run.ends_at) == (world.clock.now, world.clock.now + timedelta(minutes=10))
    assert not result.late
    world.clock.turn(minutes=5)
    assert world.submit(ana, "demo/one/hard").run == result.run
    assert ana.lesson(HARD).run == result.run


def test_an_attempt_after_the_end_is_judged_kept_marked_late_and_earns_nothing(world):
    ana = world.learner()
    ana.start_run(HARD)
    world.clock.turn(minutes=10)
    assert not world.submit(ana, "demo/one/hard", "choice", "a").late
    world.clock.turn(seconds=1)
    late = world.submit(ana, "demo/one/hard")
    assert (late.late, late.judgement.verdict, late.judgement.points, late.lesson_score) == (
        True,
        Verdict.PASSED,
        0,
        25,
    )
    assert world.rows("SELECT activity, points, late FROM attempts") == [("choice", 1, 0), ("area", 0, 1)]
    assert [check.passed for check in late.judgement.checks] == [True, True, True]


def test_the_score_is_that_of_the_best_run_and_runs_are_not_added_up(world):
    ana = world.learner()
    world.submit(ana, "demo/one/hard")
    ana.start_run(HARD)
    assert world.submit(ana, "demo/one/hard", "choice", "a").lesson_score == 75
    assert [activity.best_points for activity in ana.lesson(HARD).activities] == [0, 1], "of the present run"
    done = world.submit(ana, "demo/one/hard")
    assert (done.lesson_score, done.lesson_status, done.xp_awarded) == (100, LessonStatus.COMPLETED, 150)


def test_a_late_streak_day_counts_all_the_same(world):
    ana = world.learner()
    ana.start_run(HARD)
    world.clock.turn(days=1)
    late = world.submit(ana, "demo/one/hard")
    assert (late.late, late.streak_current) == (True, 1)


@pytest.mark.parametrize(("factor", "minutes"), [(1.5, 15), (2, 20), (0, None)])
def test_a_personal_time_factor_moves_the_end_with_full_xp(world, factor, minutes):
    ana = world.learner()
    ana.update_profile(ProfileChange(time_factor=factor))
    run = ana.start_run(HARD)
    assert run.ends_at == (world.clock.now + timedelta(minutes=minutes) if minutes else None)
    world.clock.turn(minutes=minutes or 10_000)
    assert world.complete(ana, "demo/one/hard").xp_awarded == 150


def test_a_change_of_the_factor_counts_from_the_next_run_on(world):
    ana = world.learner()
    before = ana.start_run(HARD)
    ana.update_profile(ProfileChange(time_factor=2))
    assert ana.lesson(HARD).run == before
    assert ana.start_run(HARD).ends_at == world.clock.now + timedelta(minutes=20)


def test_a_lesson_without_limit_has_no_clock(world):
    ana = world.learner()
    with pytest.raises(NoTimeLimit):
        ana.start_run(LessonRef.parse("demo/one/easy"))
    assert world.submit(ana).run is None
    assert world.counts()["learner_events"] == 2


def test_the_clock_of_a_locked_lesson_does_not_start(world):
    with pytest.raises(LevelLocked):
        world.learner().start_run(LessonRef.parse("demo/two/hard"))
    assert world.counts() == {"users": 1}


def test_a_stored_result_tells_its_run_again(world):
    ana = world.learner()
    first = world.submit(ana, "demo/one/hard", key="k")
    ana.start_run(HARD)
    assert world.submit(ana, "demo/one/hard", key="k").run == first.run
