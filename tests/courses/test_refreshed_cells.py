"""What becomes of a working copy that is open: each cell is told where it goes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aralify_kernel.courses.folder import read_course
from aralify_kernel.courses.rendering import render
from aralify_kernel.courses.working_copies import refresh, refreshed_cells
from tests.courses.authoring import write_course
from tests.courses.openings import opening


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    return opening(read_course(write_course(tmp_path_factory.mktemp("course") / "tiny")).levels[0].lessons[0].content)


@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_an_open_notebook_is_told_where_each_of_its_cells_goes(data, opened):
    notebook = render(opened, "en", "ana")
    notebook["cells"] = data.draw(st.lists(st.sampled_from(notebook["cells"]), max_size=8))
    found = list(refreshed_cells(notebook, opened, "fil", "ana"))
    assert [cell for _, cell in found] == refresh(notebook, opened, "fil", "ana")["cells"]
    kept = [at for at, _ in found if at is not None]
    assert kept == sorted(kept)
    for at, cell in found:
        if at is not None and (ours := cell["metadata"].get("aralify")):
            there = notebook["cells"][at]["metadata"]["aralify"]
            assert [ours.get(key) for key in ("role", "cell", "exercise")] == [
                there.get(key) for key in ("role", "cell", "exercise")
            ]


def test_an_exercise_whose_cell_is_empty_begins_anew(opened):
    cell = next(cell for cell in render(opened, "en", "ana")["cells"] if cell["id"] == "exercise-area")
    found = refreshed_cells({"cells": [{**cell, "source": ""}], "metadata": {}}, opened, "en", "ana")
    assert [renewed["source"] for at, renewed in found if at == 0] == [cell["source"]]
