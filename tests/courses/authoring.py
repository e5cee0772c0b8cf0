"""Writes tiny course folders: one sound course that each test changes in one place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

COURSE = """\
format = 1
slug = "tiny"
language = "python"
title = { en = "Tiny", fil = "Munti" }
description = "Very small."
icon = "icon.svg"
color = "#3776AB"
order = 3
estimated_hours = 1.5
files = ["data/rain.csv"]

[[levels]]
slug = "first"
title = { en = "First", fil = "Una" }

[levels.lessons.easy]
notebook = "01-first/easy.ipynb"
title = { en = "Areas", fil = "Mga area" }
xp_reward = 50
est_time_mins = 10
time_limit_sec = 600
pass_score = 70
"""

QUIZ = """\
id = "sign"
kind = "multiple_choice"
question = { en = "Which sign multiplies?", fil = "Aling sign ang pang-multiply?" }

[[options]]
en = "`+`"
fil = "`+`"
why = { en = "That adds.", fil = "Pang-add iyan." }

[[options]]
en = "`*`"
fil = "`*`"
correct = true
"""

AREA = """\
def area(width, height):
    ### BEGIN SOLUTION
    return width * height
    ### END SOLUTION"""


def cell(kind: str, cell_id: str, source: str, /, **aralify: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": kind, "id": cell_id, "metadata": {}, "source": source}
    if aralify:
        made["metadata"]["aralify"] = aralify
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def sound_cells() -> list[dict[str, Any]]:
    """Two languages of prose, an example, two exercises (the second needs the first), checks, hints, a quiz."""
    return [
        cell("markdown", "intro-en", "# Areas\n\nHello.", role="prose", lang="en", pair="intro"),
        cell("markdown", "intro-fil", "# Mga area\n\nKumusta.", role="prose", lang="fil", pair="intro"),
        cell("code", "pi", "pi = 3"),
        cell("code", "area", AREA, role="exercise", title={"en": "The area", "fil": "Ang area"}),
        cell("code", "area-1", "assert area(2, 3) == 6, {'en': 'Six.', 'fil': 'Anim.'}", role="check"),
        cell("code", "area-2", "assert area(1, 1) == 1", role="check", points=2, name={"en": "One", "fil": "Isa"}),
        cell("code", "area-3", "assert area(0, 5) == 0, 'secret zero'", role="check", hidden=True),
        cell("markdown", "h1-en", "Nudge.", role="hint", lang="en", pair="h1"),
        cell("markdown", "h1-fil", "Siko.", role="hint", lang="fil", pair="h1"),
        cell("markdown", "h2", "Multiply.", role="hint"),
        cell("raw", "m1", "def area(width, height):\n    return 6", role="mistake", expect="zero"),
        cell("raw", "sign-quiz", QUIZ, role="quiz"),
        cell("code", "double", SECOND, role="exercise", needs=["area"]),
        cell("code", "double-1", "assert doubled == 12", role="check"),
        cell("code", "double-2", "assert type(doubled) is int", role="check"),
        cell("code", "double-3", "assert doubled > 0", role="check", hidden=True),
        cell("markdown", "end", "Bye."),
        cell("code", "empty-last", ""),
    ]


SECOND = """\
start = area(2, 3)
### BEGIN SOLUTION
#:doubled = ...
doubled = 2 * start
### END SOLUTION"""


def notebook(cells: list[dict[str, Any]], minor: int = 5) -> dict[str, Any]:
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": minor}


def write_course(folder: Path, toml: str = COURSE, cells: list[dict[str, Any]] | None = None) -> Path:
    (folder / "01-first").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "course.toml").write_text(toml, encoding="utf-8")
    (folder / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    (folder / "data" / "rain.csv").write_text("day,mm\n1,20\n", encoding="utf-8")
    write_notebook(folder, sound_cells() if cells is None else cells)
    return folder


def write_notebook(folder: Path, cells: list[dict[str, Any]], minor: int = 5) -> None:
    (folder / "01-first" / "easy.ipynb").write_text(json.dumps(notebook(cells, minor)), encoding="utf-8")
