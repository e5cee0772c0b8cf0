"""What pages need, fetched ahead by a process that their kernels are forked from, and then shared by all of them."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import httpx
import plotly.graph_objects as go

from aralify_kernel.dashboards import figures

_PAGES: Final = ("my_progress", "class_page", "classes_page")
_USED_LATER: Final = ("aralify_kernel.client.http_session", "babel.numbers")


def prepare() -> None:
    """Import the pages, and use once what else is imported at its first use only: plotly's traces, a client of HTTP."""
    for name in (*(f"aralify_kernel.dashboards.{page}" for page in _PAGES), *_USED_LATER):
        import_module(name)
    httpx.Client(verify=False, trust_env=False).close()  # noqa: S501 - it connects to nobody
    marks = {"text": "-", "x": 0, "y": 0}, {"type": "rect", "x0": 0, "x1": 1, "y0": 0, "y1": 1, "line": {"width": 1}}
    line = go.Scatter(x=["2026-01-01", "2026-01-02"], y=[0, 1], line={"shape": "hv"}, marker={"size": [0, 8]})
    bar = go.Bar(x=[1.5], y=[0], orientation="h", text=["-"])
    heat = go.Heatmap(x=[0, 1], y=["-"], z=[[None, 1]], text=[["", "1"]], coloraxis="coloraxis")
    layout = {"annotations": [marks[0]], "shapes": [marks[1]], "coloraxis": {"cmin": 0, "cmax": 1}, "margin": {"t": 0}}
    go.Figure([line, bar, heat]).update_layout({**layout, "xaxis": {"nticks": 6}, "yaxis": {"nticks": 6}}).to_json()
    figures.templates()
