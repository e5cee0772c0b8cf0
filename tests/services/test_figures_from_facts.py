"""Every figure of a class page equals the one that pandas reckons from the facts alone, for three made-up classes."""

from __future__ import annotations

import json
from datetime import timedelta

import pandas as pd
import pytest

from aralify_kernel.services import class_pages, lesson_quality, marks
from aralify_kernel.services.demo.classes import Wish, make_up
from tests.services.test_demo import PatientGrader, a_course_to_fail_in

CLASSES = {"Rizal": (24, 3), "Mabini": (9, 4), "Luna": (5, 5)}
"""How many learners, and which seed. Days are 20 for all."""

POINTS = {"area": 3, "choice": 1}


class Facts:
    """The attempts and events of one class as tables, and nothing else."""

    def __init__(self, world, name, now):
        member = "SELECT user_id FROM classroom_members m JOIN classrooms c ON c.id = m.classroom_id WHERE c.name = ?"
        attempts = ("user", "lesson", "activity", "verdict", "points", "late", "run", "signature", "at")
        columns = "user_id, lesson_ref, activity, verdict, points, late, run_id, signature, created_at"
        rows = world.rows(f"SELECT {columns} FROM attempts WHERE user_id IN ({member}) ORDER BY id", name)
        self.attempts = pd.DataFrame(rows, columns=attempts)
        self.attempts["at"] = pd.to_datetime(self.attempts["at"], format="ISO8601", utc=True)
        rows = world.rows(
            f"SELECT user_id, lesson_ref, type, details, created_at FROM learner_events WHERE user_id IN ({member}) "
            "ORDER BY id",
            name,
        )
        self.events = pd.DataFrame(rows, columns=["user", "lesson", "type", "details", "at"])
        self.events["at"] = pd.to_datetime(self.events["at"], format="ISO8601", utc=True)
        self.gone_since = now - timedelta(days=7)

    def times(self):
        """Seconds by learner and lesson: the gap before each event, where it is no longer than five minutes."""
        gaps = self.events.groupby("user")["at"].diff().dt.total_seconds().fillna(0)
        kept = gaps.where(gaps <= 300, 0).astype(int)
        return kept.groupby([self.events["user"], self.events["lesson"]]).sum()

    def scores(self):
        """Scores by learner and lesson: of the best run where there are runs, else of the best answers ever."""
        earned = self.attempts.assign(run=self.attempts["run"].fillna(0))
        best = earned.groupby(["user", "lesson", "run", "activity"])["points"].max()
        of_run = best.groupby(["user", "lesson", "run"]).sum() * 100 / sum(POINTS.values())
        return (of_run.groupby(["user", "lesson"]).max() + 0.5).astype(int)

    def firsts(self):
        """At each activity of each learner: how many answers, and with which the first was right."""
        counted = self.attempts.assign(n=self.attempts.groupby(["user", "lesson", "activity"]).cumcount() + 1)
        by = ["lesson", "user", "activity"]
        right = counted[counted["verdict"] == "PASSED"].groupby(by)["n"].min()
        return counted.groupby(by)["n"].max().to_frame("attempts").assign(passed_at=right)

    def hinted(self):
        hints = self.events[self.events["type"] == "HINT_TAKEN"]
        return set(zip(hints["user"], hints["lesson"], strict=True))


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    from aralify_kernel.store import schema
    from aralify_kernel.store.database import Database
    from tests.services.conftest import World

    folder = tmp_path_factory.mktemp("school")
    database = Database(f"sqlite:///{folder / 'school.sqlite3'}")
    schema.upgrade(database)
    world = World(folder, database)
    world.publish(a_course_to_fail_in())
    world.clock.turn(days=60)
    for name, (learners, seed) in CLASSES.items():
        grader = PatientGrader()
        make_up(
            database,
            Wish(learners, 20, seed, name),
            grader=lambda grader=grader: grader,
            on_progress=lambda *_: None,
            now=world.clock(),
        )
    yield world
    database.dispose()


@pytest.fixture(params=CLASSES)
def pair(request, school):
    return school, request.param, Facts(school, request.param, school.clock())


def near(value):
    return None if value is None or pd.isna(value) else pytest.approx(value)


def quartiles(values):
    return [near(one) for one in values.quantile([0.25, 0.5, 0.75])] if len(values) >= 5 else None


def spread(found):
    return None if found is None else [found.low, found.median, found.high]


def test_lesson_quality(pair):
    world, name, facts = pair
    found = lesson_quality.lessons(world.database, None, name.lower(), "demo", now=world.clock())
    firsts, scores, times, hinted = facts.firsts(), facts.scores(), facts.times(), facts.hinted()
    last = facts.attempts.groupby(["lesson", "user"])["at"].max()
    assert {str(one.lesson) for one in found} == set(facts.attempts["lesson"])
    for one in found:
        lesson = str(one.lesson)
        here, score = firsts.loc[lesson], scores.xs(lesson, level="lesson")
        assert one.n == len(score)
        if one.n < 5:
            assert (one.first_try, one.gave_up, one.attempts_to_pass) == (None, None, None)
            continue
        assert one.first_try == near((here["passed_at"] == 1).mean())
        assert one.hinted == near(sum((user, lesson) in hinted for user in score.index) / one.n)
        assert spread(one.attempts_to_pass) == quartiles(here["passed_at"].dropna())
        assert spread(one.time_spent_secs) == quartiles(times.xs(lesson, level="lesson").reindex(score.index))
        gone = (score < 80) & (last.loc[lesson].reindex(score.index) < facts.gone_since)
        assert one.gave_up == near(gone.mean())
        others = scores.drop(index=lesson, level="lesson").groupby("user").mean()
        both = score.to_frame("here").assign(rest=others).dropna()
        assert one.discrimination == near(both["here"].corr(both["rest"]) if len(both) >= 5 else None)


def test_failure_groups(pair):
    world, name, facts = pair
    failed = facts.attempts[facts.attempts["signature"] != ""]
    grouped = failed.groupby(["lesson", "activity", "signature"])["user"].agg(["nunique", "size"])
    found = class_pages.failures(world.database, None, name.lower(), "demo")
    assert len(found) == min(20, len(grouped))
    for one in found:
        assert tuple(grouped.loc[(str(one.lesson), one.activity, one.signature)]) == (one.learners, one.attempts)
    assert [one.learners for one in found] == sorted(grouped["nunique"], reverse=True)[:20]


def test_marks_matrix_and_effort(pair):
    world, name, facts = pair
    scores, times = facts.scores(), facts.times()
    ids = dict(world.rows("SELECT username, id FROM users"))
    sheet = marks.sheet(world.database, None, name.lower(), language="en")
    told = {(ids[user], str(ref)): mark.score for (user, ref), mark in sheet.marks.items() if mark.last_at}
    assert told == scores.to_dict()
    rows = class_pages.matrix(world.database, None, name.lower(), "demo")
    for row in rows:
        for cell in row.cells:
            assert cell.score == scores.get((ids[row.learner.username], str(cell.lesson)), 0)
    for effort in lesson_quality.efforts(world.database, None, name.lower(), "demo"):
        assert effort.time_spent_secs == times.xs(ids[effort.learner.username], level="user").sum()


def test_weeks(pair):
    world, name, _ = pair
    dates = world.rows(
        "SELECT a.local_date, a.user_id, a.verdict FROM attempts a JOIN classroom_members m ON m.user_id = a.user_id "
        "JOIN classrooms c ON c.id = m.classroom_id WHERE c.name = ?",
        name,
    )
    frame = pd.DataFrame(dates, columns=["date", "user", "verdict"])
    week = pd.to_datetime(frame["date"]).dt.to_period("W-SUN").dt.start_time.dt.date
    since = min(week)
    found = lesson_quality.weeks(world.database, None, name.lower(), "demo", since=since)
    by_week = frame.groupby(week)
    assert {one.monday: one.attempts for one in found if one.attempts} == by_week.size().to_dict()
    assert {one.monday: one.learners for one in found if one.attempts} == by_week["user"].nunique().to_dict()
    passed = by_week["verdict"].agg(lambda verdicts: (verdicts == "PASSED").sum()).to_dict()
    assert {one.monday: one.passed for one in found if one.attempts} == passed


def test_there_are_figures_to_compare(pair):
    _, name, facts = pair
    assert len(facts.attempts) > 20 * CLASSES[name][0] // 4
    assert json.loads(facts.events[facts.events["type"] == "HINT_TAKEN"]["details"].iloc[0])["activity"] in POINTS
