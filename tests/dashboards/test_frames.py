"""A learner's progress as tables: the same numbers, in the learner's own time zone and language."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime

import pandas as pd
import pytest

from aralify_kernel.dashboards import frames
from aralify_kernel.domain.session import ActiveDay, XpPoint
from tests.dashboards.made_progress import AWARDS, RECENT, TODAY, WEEKS, make_profile, make_progress, manila


def test_xp_has_a_row_for_every_award_and_ends_at_the_total():
    frame = frames.xp_over_time(make_progress(), "en")
    assert list(frame["amount"]) == [amount for _, _, amount in AWARDS]
    assert list(frame["total"]) == [50, 150, 300, 360, 480, 660, 740]
    assert list(frame["lesson"])[-1] == "Loops E"


def test_awards_are_told_oldest_first_however_they_came():
    progress = make_progress()
    backwards = dataclasses.replace(progress, xp=progress.xp[::-1])
    pd.testing.assert_frame_equal(frames.xp_over_time(backwards, "en"), frames.xp_over_time(progress, "en"))


def test_times_are_those_of_the_learners_clock_and_not_of_greenwich():
    award = XpPoint(manila("2026-11-20T00:30"), 80, 740, "python-basics/loops/easy")
    frame = frames.xp_over_time(make_progress(xp=(award,)), "en")
    assert frame["at"][0] == datetime(2026, 11, 20, 0, 30)  # noqa: DTZ001 - the learner's own clock
    in_new_york = make_progress(xp=(award,), profile=make_profile(timezone="America/New_York"))
    assert frames.xp_over_time(in_new_york, "en")["at"][0].date() == date(2026, 11, 19)


def test_only_started_courses_are_compared():
    progress = make_progress()
    basics, sql = progress.courses
    frame = frames.courses(make_progress(courses=(basics, dataclasses.replace(sql, is_started=False))), "fil")
    assert frame.to_dict("records") == [{"course": "Mga Batayan ng Python", "completion": 60.0, "mastery": 46.67}]


def test_active_days_are_six_weeks_from_monday_to_sunday():
    frame = frames.active_days(make_progress())
    assert list(frame.index)[-1] == date(2026, 11, 16)
    assert next(tuple(row)[:5] for row in frame.itertuples(index=False)) == WEEKS[0][:5]
    assert int(frame.sum().sum()) == sum(map(sum, WEEKS))


def test_a_day_still_to_come_is_missing_and_a_day_without_answers_is_zero():
    this_week = frames.active_days(make_progress()).loc[date(2026, 11, 16)]
    assert [pd.isna(count) for count in this_week] == [False] * 5 + [True] * 2
    assert frames.active_days(make_progress(days=())).loc[date(2026, 11, 16), 0] == 0


def test_days_before_the_six_weeks_are_left_out():
    long_ago = ActiveDay("2026-01-05", 9)
    assert int(frames.active_days(make_progress(days=(long_ago,))).sum().sum()) == 0


@pytest.mark.parametrize("language", ["en", "fil"])
def test_attempts_keep_their_order_and_their_points(language):
    frame = frames.attempts(make_progress(), language)
    assert list(frame["points"]) == [row[6] for row in RECENT]
    assert list(frame["activity"]) == [row[3 if language == "en" else 4] for row in RECENT]


def test_a_lesson_that_is_no_longer_there_is_named_by_its_slug():
    gone = XpPoint(manila("2026-11-20T08:00"), 10, 10, "old-course/old-topic/hard")
    odd = XpPoint(manila("2026-11-20T09:00"), 10, 20, "something else")
    assert list(frames.xp_over_time(make_progress(xp=(gone, odd)), "en")["lesson"]) == ["old-topic H", "something else"]


def test_nothing_done_gives_empty_tables_with_all_their_columns():
    nothing = make_progress(xp=(), days=(), recent=(), courses=())
    assert list(frames.xp_over_time(nothing, "en").columns) == ["at", "lesson", "amount", "total"]
    assert frames.courses(nothing, "en").empty
    assert frames.attempts(nothing, "en").empty
    assert TODAY.isoformat() == nothing.today
