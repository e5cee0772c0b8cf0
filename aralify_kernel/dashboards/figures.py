"""Tables as plotly figures, without colours: those come from the template of the reader's theme, in the browser.

A figure is plain JSON data (`data`, `layout`, `config`). `page.js` adds the template and draws it.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pandas as pd
import plotly.graph_objects as go

from aralify_kernel.dashboards.words import months, short_day, weekdays
from aralify_kernel.domain.user_levels import threshold
from aralify_kernel.widgets.components import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aralify_kernel.domain.session import Profile
    from aralify_kernel.domain.teaching import Effort, Week
    from aralify_kernel.i18n import Translator

Figure: TypeAlias = dict[str, Any]

_FEWEST_DAYS: Final = 7
_QUARTERS: Final = (0, 25, 50, 75, 100)
_LEVEL_GAP: Final = 0.09
"""How far apart, in parts of the axis, two level marks must be to be readable."""


@cache
def templates() -> dict[str, Any]:
    """Return the plotly templates `light` and `dark`, and `config`, which every figure takes."""
    looks = json.loads(files(__package__).joinpath("plotly_template.json").read_text(encoding="utf-8"))
    return {"light": looks["light"], "dark": looks["dark"], "config": looks["meta"]["config"]}


def xp_over_time(frame: pd.DataFrame, profile: Profile, today: date, _: Translator) -> Figure:
    """Return XP as a step line from 0 to today, with the levels marked on the right.

    Args:
        frame: From `frames.xp_over_time`, with at least one row.
        profile: Whose XP; the axis reaches to their next level.
        today: Their local date, where the line ends.
        _: The language to write in.
    """
    times = [at.isoformat() for at in frame["at"]]
    totals = [int(total) for total in frame["total"]]
    notes = [_note(*award) for award in frame[["lesson", "amount", "total"]].itertuples(index=False, name=None)]
    first = min(frame["at"].min().date(), today - timedelta(days=_FEWEST_DAYS - 1))
    line = go.Scatter(
        x=[times[0], *times, f"{today}T23:59"],
        y=[0, *totals, totals[-1]],
        mode="lines+markers",
        line={"shape": "hv"},
        marker={"size": [0, *[8] * len(totals), 0], "opacity": [0, *[1] * len(totals), 0]},
        hovertext=["", *notes, ""],
        hoverinfo=["skip", *["text"] * len(notes), "skip"],
    )
    top = max(profile.next_level_xp, totals[-1]) * 1.06
    layout = {
        "height": 250,
        "showlegend": False,
        "margin": {"r": 64},
        "xaxis": {"type": "date", "range": [str(first), f"{today}T23:59"], "tickformat": "%-d %b", "nticks": 6},
        "yaxis": {"range": [0, top], "rangemode": "tozero", "tickformat": ",d", "nticks": 6},
        "annotations": [*_level_marks(top, _), _last_total(times[-1], totals[-1])],
    }
    return _plain(go.Figure([line]), layout, _.language)


def completion_and_mastery(frame: pd.DataFrame, _: Translator) -> Figure:
    """Return two bars per course, in percent. `frame` is from `frames.courses`, with at least one row."""
    rows = list(range(len(frame)))
    bars = [
        go.Bar(
            name=name,
            y=rows,
            x=[float(value) for value in frame[column]],
            orientation="h",
            text=[percent(value) for value in frame[column]],
            textposition="outside",
            hoverinfo="skip",
        )
        for name, column in ((_("Completion"), "completion"), (_("Mastery"), "mastery"))
    ]
    titles = [
        {"text": f"<b>{escape(title)}</b>", "x": 0, "y": row, "xanchor": "left", "yanchor": "bottom", "yshift": 23}
        for row, title in zip(rows, frame["course"], strict=True)
    ]
    layout = {
        "height": 36 + 76 * len(rows),
        "showlegend": False,
        "bargap": 0.44,
        "bargroupgap": 0.12,
        "margin": {"r": 58, "t": 0, "pad": 0},
        "xaxis": {
            "range": [0, 100.5], "tickvals": _QUARTERS, "ticktext": [f"{value} %" for value in _QUARTERS],
            "showgrid": True, "showline": False, "ticklabeloverflow": "allow",
        },
        "yaxis": {"range": [len(rows) - 0.5, -0.5], "showticklabels": False, "showgrid": False},
        "annotations": titles,
    }  # fmt: skip
    return _plain(go.Figure(bars), layout, _.language)


def active_days(frame: pd.DataFrame, today: date, _: Translator) -> Figure:
    """Return a field per day: filled when it was active, with how many answers were judged.

    Args:
        frame: From `frames.active_days`.
        today: The day to frame; it stands in the last column.
        _: The language to write in.
    """
    weeks = [short_day(monday, _.language) for monday in frame.index]
    counts = [[None if pd.isna(count) else int(count) for count in frame[weekday]] for weekday in frame.columns]
    heat = go.Heatmap(
        x=list(range(len(weeks))),
        y=weekdays(_.language),
        z=counts,
        text=[[str(count) if count else "" for count in row] for row in counts],
        texttemplate="%{text}",
        coloraxis="coloraxis",
        hoverinfo="skip",
    )
    last, weekday = len(weeks) - 1, today.weekday()
    frame_of_today = {
        "type": "rect", "x0": last - 0.5, "x1": last + 0.5, "y0": weekday - 0.5, "y1": weekday + 0.5,
        "line": {"width": 1.5},
    }  # fmt: skip
    layout = {
        "height": 230,
        "margin": {"t": 8, "r": 4},
        "coloraxis": {"cmin": 0, "cmax": 1, "showscale": False},
        "xaxis": {"side": "top", "tickvals": list(range(len(weeks))), "ticktext": weeks, "tickangle": 0,
                  "showline": False},
        "yaxis": {"autorange": "reversed", "showgrid": False},
        "shapes": [frame_of_today],
    }  # fmt: skip
    return _plain(go.Figure([heat]), layout, _.language)


def effort_against_result(found: Sequence[Effort], _: Translator) -> Figure:
    """Return a dot per learner: active minutes to the right, mean score upwards."""
    dots = go.Scatter(
        x=[round(one.time_spent_secs / 60, 1) for one in found],
        y=[one.mean_score for one in found],
        mode="markers",
        marker={"size": 10, "opacity": 0.75},
        hovertext=[escape(one.learner.display_name) for one in found],
        hovertemplate="<b>%{hovertext}</b><br>%{x:.0f} min · %{y:.0f}<extra></extra>",
    )
    layout = {
        "height": 300,
        "showlegend": False,
        "xaxis": {"rangemode": "tozero", "title": {"text": _("Active minutes")}, "showgrid": True},
        "yaxis": {"range": [-4, 104], "title": {"text": _("Mean score")}},
        "margin": {"l": 56, "b": 48},
    }
    return _plain(go.Figure([dots]), layout, _.language)


def class_weeks(found: Sequence[Week], _: Translator) -> Figure:
    """Return two bars per week: how many learners answered, how many lessons were passed."""
    known = [None if one.may_expose else one for one in found]
    bars = [
        go.Bar(
            name=name,
            x=[short_day(one.monday, _.language) for one in found],
            y=[one and getattr(one, field) for one in known],
            hovertemplate="%{x}: %{y}<extra>" + name + "</extra>",
        )
        for name, field in ((_("Learners"), "learners"), (_("Lessons passed"), "lessons_completed"))
    ]
    layout = {
        "height": 250,
        "showlegend": False,
        "bargap": 0.3,
        "xaxis": {"type": "category", "nticks": 8},
        "yaxis": {"rangemode": "tozero", "tickformat": ",d"},
    }
    return _plain(go.Figure(bars), layout, _.language)


def _note(lesson: str, amount: int, total: int) -> str:
    return f"<b>{escape(lesson)}</b><br>+{amount} XP · {total} XP"


def _last_total(at: str, total: int) -> dict[str, Any]:
    return {"text": f"<b>{total} XP</b>", "x": at, "y": total, "xanchor": "right", "yanchor": "bottom", "xshift": -6}


def _level_marks(top: float, _: Translator) -> list[dict[str, Any]]:
    """Return a label on the right axis for each level below `top`, from the highest down, none on another."""
    marks: list[dict[str, Any]] = []
    reached = 2
    while threshold(reached + 1) <= top:
        reached += 1
    lowest_used = float("inf")
    for level in range(reached, 1, -1):
        xp = threshold(level)
        if xp <= top and lowest_used - xp >= top * _LEVEL_GAP:
            lowest_used = xp
            text = "– " + _("Level {level}", level=level)
            marks.append({"text": text, "x": 1, "xref": "paper", "y": xp, "xanchor": "left", "yanchor": "middle"})
    return marks


def _plain(figure: go.Figure, layout: dict[str, Any], language: str) -> Figure:
    """Return `figure` with `layout` as JSON data. Names of days and months come along, as plotly.js has English only."""
    figure.update_layout(layout)
    plain: Figure = json.loads(figure.to_json())
    plain["layout"].pop("template", None)
    names = {"shortMonths": months(language), "months": months(language), "shortDays": weekdays(language)}
    plain["config"] = {
        **templates()["config"],
        "responsive": False,
        "locale": language,
        "locales": {language: {"dictionary": {}, "format": names}},
    }
    return plain
