"""The charts: the numbers of the tables, colours of the theme alone, nothing that a title could smuggle in."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re

import pytest

from aralify_kernel.dashboards import figures, frames
from aralify_kernel.domain.session import XpPoint
from aralify_kernel.domain.user_levels import threshold
from aralify_kernel.i18n import translator
from tests.dashboards.made_progress import TODAY, WEEKS, make_course, make_profile, make_progress, manila

EN, FIL = translator("en"), translator("fil")


def xp_figure(progress=None, _=EN):
    progress = progress or make_progress()
    return figures.xp_over_time(frames.xp_over_time(progress, _.language), progress.profile, TODAY, _)


def test_xp_steps_from_nothing_to_the_total_and_stays_there_until_today():
    (line,) = xp_figure()["data"]
    assert line["y"] == [0, 50, 150, 300, 360, 480, 660, 740, 740]
    assert line["line"]["shape"] == "hv"
    assert line["x"][-1].startswith(TODAY.isoformat())


def test_every_award_can_be_pointed_at():
    (line,) = xp_figure()["data"]
    assert line["hovertext"][-2] == "<b>Loops E</b><br>+80 XP · 740 XP"
    assert line["marker"]["size"] == [0, 8, 8, 8, 8, 8, 8, 8, 0]


def test_levels_are_marked_where_they_begin():
    marks = {note["text"]: note["y"] for note in xp_figure()["layout"]["annotations"] if "Level" in note["text"]}
    assert marks == {f"– Level {level}": threshold(level) for level in (2, 3, 4, 5)}


def test_level_marks_of_somebody_far_along_do_not_stand_on_each_other():
    award = XpPoint(manila("2026-11-19T08:00"), 90_000, 90_000, "python-basics/loops/easy")
    progress = make_progress(xp=(award,), profile=make_profile(xp_total=90_000))
    heights = sorted(
        note["y"] for note in xp_figure(progress)["layout"]["annotations"] if note["text"].startswith("– Level")
    )
    assert len(heights) > 3
    assert min(later - earlier for earlier, later in itertools.pairwise(heights)) > 90_000 * 0.08


def test_a_first_day_still_gets_a_week_of_axis():
    award = XpPoint(manila("2026-11-20T08:00"), 50, 50, "python-basics/variables/easy")
    axis = xp_figure(make_progress(xp=(award,), profile=make_profile(xp_total=50)))["layout"]["xaxis"]
    assert axis["range"] == ["2026-11-14", "2026-11-20T23:59"]


def test_bars_are_completion_and_mastery_of_each_course():
    figure = figures.completion_and_mastery(frames.courses(make_progress(), "en"), EN)
    assert {bar["name"]: bar["x"] for bar in figure["data"]} == {"Completion": [60.0, 25.0], "Mastery": [46.67, 8.33]}
    assert [bar["text"] for bar in figure["data"]] == [["60 %", "25 %"], ["46.67 %", "8.33 %"]]


def test_the_field_of_days_has_a_row_per_weekday_and_a_frame_around_today():
    figure = figures.active_days(frames.active_days(make_progress()), TODAY, EN)
    (heat,) = figure["data"]
    assert heat["z"][0] == [week[0] for week in WEEKS]
    assert heat["z"][6][-1] is None
    (frame,) = figure["layout"]["shapes"]
    assert (frame["x0"], frame["x1"], frame["y0"], frame["y1"]) == (4.5, 5.5, 3.5, 4.5)


def test_days_and_months_are_named_in_filipino():
    figure = figures.active_days(frames.active_days(make_progress()), TODAY, FIL)
    assert figure["data"][0]["y"] == ["Lun", "Mar", "Miy", "Huw", "Biy", "Sab", "Lin"]
    assert figure["layout"]["xaxis"]["ticktext"][-1] == "16 Nob"
    config = xp_figure(_=FIL)["config"]
    assert config["locales"][config["locale"]]["format"]["shortMonths"][10] == "Nob"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_come_from_the_theme_alone(theme):
    progress = make_progress()
    drawn = [
        xp_figure(progress),
        figures.completion_and_mastery(frames.courses(progress, "en"), EN),
        figures.active_days(frames.active_days(progress), TODAY, EN),
    ]
    assert not re.search(r"#[0-9a-f]{6}\b|rgba?\(", json.dumps(drawn))
    assert figures.templates()[theme]["layout"]["colorway"]


def test_a_title_with_markup_is_shown_as_it_is_written():
    evil = '<a href="javascript:alert(1)">Loops</a>'
    course = make_course((("loops", evil, evil, (100, None, None)),), title={"en": evil, "fil": evil})
    progress = make_progress(courses=(course,))
    drawn = [xp_figure(progress), figures.completion_and_mastery(frames.courses(progress, "en"), EN)]
    assert "<a" not in json.dumps(drawn)
    assert "&lt;a href" in json.dumps(drawn)


def test_nothing_that_is_not_a_number_reaches_the_browser():
    progress = make_progress()
    one = dataclasses.replace(progress, days=progress.days[:1])
    assert "NaN" not in json.dumps(figures.active_days(frames.active_days(one), TODAY, EN))
