"""Every figure of a class page equals the one that pandas reckons from the facts alone, for three made-up classes."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pandas as pd
import pytest

from aralify_kernel.domain.classrooms import Counts
from aralify_kernel.domain.needs_help import Rule
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.services import class_pages, class_settings, classrooms, lesson_quality, marks
from aralify_kernel.services.demo.classes import Wish, make_up
from aralify_kernel.store import class_marks
from aralify_kernel.store import class_pages as stored_pages
from tests.services.test_demo import PatientGrader, a_course_to_fail_in

CLASSES = {"Rizal": (24, 7), "Mabini": (9, 4), "Luna": (6, 5)}
"""How many learners, and which seed. Days are 20 for all."""

POINTS = {"area": 3, "choice": 1}
DAYS, DUE_DAYS_AGO = 20, 12


class Facts:
    """The attempts and events of one class as tables, and nothing else."""

    def __init__(self, world, name, now):
        member = "SELECT user_id FROM classroom_members m JOIN classrooms c ON c.id = m.classroom_id WHERE c.name = ?"
        attempts = ("id", "user", "lesson", "activity", "verdict", "points", "late", "run", "signature", "hash", "at")
        columns = (
            "id, user_id, lesson_ref, activity, verdict, points, late, run_id, signature, content_hash, created_at"
        )
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
        self.now, self.joined_at = now, now - timedelta(days=DAYS)
        people = world.rows(f"SELECT username, id FROM users WHERE id IN ({member})", name)
        self.ids = dict(people)
        asked = f"SELECT user_id FROM help_requests WHERE user_id IN ({member})"  # nobody has answered in these classes
        self.asked = pd.Series([user for (user,) in world.rows(asked, name)], dtype=int).value_counts()

    def times(self):
        """Seconds by learner and lesson: the gap before each event, where it is no longer than five minutes."""
        gaps = self.events.groupby("user")["at"].diff().dt.total_seconds().fillna(0)
        kept = gaps.where(gaps <= 300, 0).astype(int)
        return kept.groupby([self.events["user"], self.events["lesson"]]).sum()

    def scores(self, until=None):
        """Scores by learner and lesson: of the best run where there are runs, else of the best answers (`until` then)."""
        counted = self.attempts if until is None else self.attempts[self.attempts["at"] <= until]
        earned = counted.assign(run=counted["run"].fillna(0))
        best = earned.groupby(["user", "lesson", "run", "activity"])["points"].max()
        of_run = best.groupby(["user", "lesson", "run"]).sum() * 100 / sum(POINTS.values())
        return (of_run.groupby(["user", "lesson"]).max() + 0.5).astype(int)

    def firsts(self):
        """At each activity of each learner: how many answers, and with which the first was right."""
        counted = self.attempts.assign(n=self.attempts.groupby(["user", "lesson", "activity"]).cumcount() + 1)
        by = ["lesson", "user", "activity"]
        right = counted[counted["verdict"] == "PASSED"].groupby(by)["n"].min()
        return counted.groupby(by)["n"].max().to_frame("attempts").assign(passed_at=right)

    def completions(self):
        """When each learner first had 80 of 100 in each lesson: in one run where there are runs, else in all together."""
        earned = self.attempts.assign(run=self.attempts["run"].fillna(0))
        by = ["user", "lesson", "run"]
        best = earned.groupby([*by, "activity"])["points"].cummax()
        gained = best - best.groupby([earned[one] for one in (*by, "activity")]).shift().fillna(0)
        sums = gained.groupby([earned[one] for one in by]).cumsum()
        return earned[sums * 100 >= 80 * sum(POINTS.values())].groupby(["user", "lesson"])[["id", "at"]].first()

    def running(self):
        """At each activity of each learner, since the last right answer: different wrong ones, and the newest failure's run."""
        tries = self.attempts.groupby(["user", "lesson", "activity"])
        wrong = self.attempts[self.attempts["verdict"] != "PASSED"]
        since = tries["verdict"].transform(lambda verdicts: verdicts.eq("PASSED")[::-1].cumsum()[::-1])
        tail = wrong[since.loc[wrong.index] == 0].groupby(["user", "lesson", "activity"])
        same = tail["signature"].agg(lambda one: one.eq(one.iloc[-1])[::-1].cummin().sum())
        return pd.DataFrame({"different": tail["hash"].nunique(), "same": same, "newest": tail["id"].last()})

    def hinted_running(self):
        """In how many lessons in a row, with no other completed in between, each learner took the last hint."""
        done = {(user, id_) for (user, _), id_ in self.completions()["id"].items()}
        running, lesson_of = {}, {}
        for event in self.events.itertuples():
            details = json.loads(event.details)
            if event.type == "HINT_TAKEN" and details["is_last"] and lesson_of.get(event.user) != event.lesson:
                running[event.user] = running.get(event.user, 0) + 1
                lesson_of[event.user] = event.lesson
            completes = event.type == "ATTEMPT_JUDGED" and (event.user, details["attempt_id"]) in done
            if completes and lesson_of.get(event.user) != event.lesson:
                running.pop(event.user, None)
                lesson_of.pop(event.user, None)
        return running

    def reasons(self):
        """The rules that hold for each learner, by name, with the figures shown."""
        running, hinted = self.running(), self.hinted_running()
        completed = self.completions().groupby("user").size().reindex(self.ids.values(), fill_value=0)
        median = int(completed.sort_values().iloc[(len(completed) - 1) // 2])
        last = self.attempts.groupby("user")["at"].max()
        holding = {}
        for username, user in self.ids.items():
            own = running.xs(user, level="user") if user in running.index.get_level_values("user") else running.iloc[:0]
            figures = {
                "asked": (self.asked.get(user, 0), 1),
                "same_error": (own["same"].max() if len(own) else 0, 3),
                "wrong_answers": (own["different"].max() if len(own) else 0, 3),
                "last_hints": (hinted.get(user, 0), 2),
                "behind": (median - completed[user], 2),
                "idle": ((self.now - last.get(user, self.joined_at)).days, 7),
            }
            if held := [(rule, n) for rule, (n, least) in figures.items() if n >= least]:
                holding[username] = held
        return holding

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
            Wish(learners, DAYS, seed, name),
            grader=lambda grader=grader: grader,
            on_progress=lambda *_: None,
            now=world.clock(),
        )
        due = world.clock() - timedelta(days=DUE_DAYS_AGO)
        classrooms.set_due(database, None, name.lower(), "demo/one", due)
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


def test_marks_matrix_and_effort(pair, monkeypatch):
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
    completed = facts.completions().groupby("user").size()
    monkeypatch.setattr(class_marks, "_ADDED_UP", 3)  # a small class, and several statements all the same
    efforts = lesson_quality.efforts(world.database, None, name.lower(), "demo")
    assert {ids[one.learner.username] for one in efforts} == {user for user, _ in told}
    for effort in efforts:
        user = ids[effort.learner.username]
        opened = facts.events[facts.events["user"] == user]["lesson"].dropna().unique()
        assert effort.time_spent_secs == times.xs(user, level="user").sum()
        assert effort.lessons_completed == completed.get(user, 0)
        assert effort.mean_score == near(round(sum(scores.get((user, one), 0) for one in opened) / len(opened), 2))


def test_marks_of_a_class_that_counts_what_came_before_it_was_due(pair):
    world, name, facts = pair
    class_settings.configure(world.database, None, name.lower(), counts=Counts.BEFORE_DUE)
    sheet = marks.sheet(world.database, None, name.lower(), language="en")
    class_settings.configure(world.database, None, name.lower(), counts=Counts.BEST_EVER)
    ever, before = facts.scores(), facts.scores(until=facts.now - timedelta(days=DUE_DAYS_AGO))
    told = {(facts.ids[user], str(ref)): mark.mark for (user, ref), mark in sheet.marks.items() if mark.last_at}
    assert told == {
        (user, lesson): before.get((user, lesson), 0) if lesson.startswith("demo/one/") else score
        for (user, lesson), score in ever.items()
    }
    assert told != ever.to_dict()


def test_somebody_is_on_the_list_for_nothing_but_being_behind(school):
    found = [
        [why.rule for why in one.reasons]
        for name in CLASSES
        for one in class_pages.needs_help(school.database, None, name.lower(), "demo", now=school.clock())
    ]
    assert [Rule.BEHIND] in found


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


@pytest.mark.parametrize("days", [0, 1, 2, 5])
def test_needs_help_now_and_when_nobody_has_answered_for_some_days_more(pair, days):
    world, name, facts = pair
    facts.now += timedelta(days=days)
    found = class_pages.needs_help(world.database, None, name.lower(), "demo", now=facts.now)
    told = {one.learner.username: [(why.rule.value, why.n) for why in one.reasons] for one in found}
    assert told == facts.reasons()
    assert {facts.ids[one.learner.username] for one in found[: len(facts.asked)]} == set(facts.asked.index)
    last, running = facts.attempts.groupby("user")["at"].max(), facts.running()
    for one in found:
        user = facts.ids[one.learner.username]
        assert one.last_at == last.get(user)
        if {why.rule for why in one.reasons} & {Rule.SAME_ERROR, Rule.WRONG_ANSWERS} and not one.questions:
            there = running.loc[(user, str(one.lesson), one.activity)]
            assert max(there["different"], there["same"]) >= 3
            assert one.attempt == there["newest"]


def test_each_rule_of_needs_help_holds_for_somebody(school):
    held = {
        why.rule
        for name in CLASSES
        for one in class_pages.needs_help(school.database, None, name.lower(), "demo", now=school.clock())
        for why in one.reasons
    }
    assert held == set(Rule)


def test_letters_of_the_matrix(pair):
    world, name, facts = pair
    completions, running = facts.completions(), facts.running()
    stuck = {where[:2] for where in running[running[["different", "same"]].max(axis=1) >= 3].index}
    late = 0
    for row in class_pages.matrix(world.database, None, name.lower(), "demo"):
        user = facts.ids[row.learner.username]
        for cell in row.cells:
            here = (user, str(cell.lesson))
            assert (cell.status is LessonStatus.COMPLETED) == (here in completions.index)
            assert cell.is_stuck == (here in stuck)
            due = facts.now - timedelta(days=DUE_DAYS_AGO) if cell.lesson.level == "one" else None
            assert cell.is_late == bool(due and here in completions.index and completions.loc[here, "at"] > due)
            late += cell.is_late
    assert late or len(facts.ids) < 20


def test_one_learner(pair):
    world, name, facts = pair
    completions, times = facts.completions(), facts.times()
    for username, user in facts.ids.items():
        page = class_pages.learner(world.database, None, name.lower(), "demo", username)
        mine = facts.attempts[facts.attempts["user"] == user]
        assert [one.id for one in page.attempts] == list(mine["id"])[::-1][:200]
        if mine.empty:
            assert page.last_at is None
            continue
        assert page.last_at == mine["at"].max()
        assert page.time_spent_secs == times.xs(user, level="user").sum()
        own = completions.xs(user, level="user").index if user in completions.index.get_level_values("user") else []
        assert page.completion_pct == round(100 * len({lesson.split("/")[1] for lesson in own}) / 3, 2)
        assert {str(cell.lesson) for cell in page.lessons if cell.status is LessonStatus.COMPLETED} == set(own)


def test_overview(pair):
    world, name, facts = pair
    with world.database.read() as tx:
        looked = class_pages.look(tx, None, name.lower(), "demo")
        found = stored_pages.overview(tx, looked.classroom.id, looked.course.id, since=date(2000, 1, 1))
    assert found.learners == CLASSES[name][0]
    firsts, hints = facts.firsts(), facts.events[facts.events["type"] == "HINT_TAKEN"]
    hinted = hints.assign(activity=[json.loads(one)["activity"] for one in hints["details"]])
    hinted = hinted.groupby(["lesson", "activity"])["user"].nunique()
    for one in found.activities:
        lesson = str(looked.refs[one.lesson_id])
        here = firsts.xs((lesson, one.activity), level=("lesson", "activity"))
        passed = here["passed_at"].dropna()
        assert (one.attempts, one.learners, one.passed) == (here["attempts"].sum(), len(here), len(passed))
        assert (one.passed_first_try, one.attempts_to_pass) == ((passed == 1).sum(), passed.sum())
        assert one.hinted == hinted.get((lesson, one.activity), 0)
    assert sum(day.lessons_completed for day in found.days) == len(facts.completions())


def test_there_are_figures_to_compare(pair):
    _, name, facts = pair
    assert len(facts.attempts) > 20 * CLASSES[name][0] // 4
    assert json.loads(facts.events[facts.events["type"] == "HINT_TAKEN"]["details"].iloc[0])["activity"] in POINTS
