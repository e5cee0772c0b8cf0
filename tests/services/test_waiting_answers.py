"""Answers that had to wait for the server: the date they count for, and that everything else is as of their arrival."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest

from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.services import rebuild
from tests.databases import SQLITE_ONLY


def hand_in(world, session, content="FAIL", *, waited, lesson="demo/one/easy"):
    """Submit an answer that was given so long ago."""
    claimed = world.clock() - dt.timedelta(**waited)
    key = uuid.uuid4().hex
    return session.submit(Submission(LessonRef.parse(lesson), "area", content, key, client_time=claimed))


def days(world):
    return [row[0] for row in world.rows("SELECT date FROM activity_days ORDER BY date")]


@pytest.mark.parametrize(
    ("waited", "dates"),
    [
        ({"days": 2}, ["2024-06-03"]),
        ({"hours": 73}, ["2024-06-05"]),
        ({"hours": -1}, ["2024-06-05"]),
    ],
)
@SQLITE_ONLY
def test_an_answer_counts_for_the_day_it_was_given_on_where_that_can_be_believed(world, waited, dates):
    ana = world.learner()  # 3 June, 9:00 in Manila
    world.clock.turn(days=2)
    hand_in(world, ana, waited=waited)
    assert days(world) == dates
    created = world.one("SELECT created_at FROM attempts")
    details = world.one("SELECT details FROM learner_events ORDER BY id DESC LIMIT 1")
    assert created.startswith("2024-06-05 01:00"), "the time of arrival is kept"
    claimed = world.clock() - dt.timedelta(**waited)
    assert json.loads(details)["client_time"] == claimed.isoformat(), "and beside it what was claimed"


@SQLITE_ONLY
def test_a_time_before_the_sign_in_began_is_not_believed(world):
    ana = world.learner()
    world.clock.turn(days=1)
    ana.sign_in("ana", None)
    world.clock.turn(hours=1)
    hand_in(world, ana, waited={"hours": 5})
    assert days(world) == ["2024-06-04"]


@SQLITE_ONLY
def test_answers_of_days_without_a_server_make_a_streak_when_they_arrive(world):
    ana = world.learner()
    world.clock.turn(days=2)
    for waited in (2, 1, 0):
        hand_in(world, ana, waited={"days": waited})
    assert days(world) == ["2024-06-03", "2024-06-04", "2024-06-05"]
    assert ana.profile().streak_current == 3
    assert rebuild.check(world.database, lambda *_: None) == ()


@SQLITE_ONLY
def test_the_time_that_is_claimed_makes_no_answer_less_late(world):
    ana = world.learner()
    ana.start_course("demo")
    run = ana.start_run(LessonRef.parse("demo/one/hard"))
    world.clock.turn(minutes=30)
    result = hand_in(world, ana, "PASS", waited={"minutes": 25}, lesson="demo/one/hard")
    assert run.ends_at < world.clock()
    assert (result.late, result.judgement.points) == (True, 0)
