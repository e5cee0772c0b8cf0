"""Which exercise a cell answers, whatever a front end tells and whatever became of the file."""

from __future__ import annotations

import json
import os

import pytest

from aralify_kernel.domain.exercise_cells import ExerciseCell
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.kernel.cells import answered_by, current_notebook

LESSON = LessonRef("python-basics", "variables", "easy")
OURS = {"role": "exercise", "lesson": str(LESSON), "exercise": "area", "content_version": 1}


def code(cell_id: str, own: object = None, source: str = "pi = 3") -> dict:
    metadata = {} if own is None else {"aralify": own}
    return {"cell_type": "code", "id": cell_id, "metadata": metadata, "source": source}


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """Save a notebook with these cells as the one the kernel runs."""
    path = tmp_path / "easy.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))

    def save(*cells: dict, **own: object):
        path.write_text(json.dumps({"cells": cells, "metadata": {"aralify": own}, "nbformat": 4, "nbformat_minor": 5}))
        return path

    return save


def test_metadata_names_the_exercise(notebook):
    notebook(code("one", OURS))
    assert answered_by("pi = 4", "one", {}) == ExerciseCell(LESSON, "area", "pi = 4", first_line=1)


def test_the_line_that_names_it_is_no_part_of_the_answer(notebook):
    notebook(code("one", OURS))
    assert answered_by(f"# exercise: {LESSON}#area\npi = 4", "one", {}) == ExerciseCell(
        LESSON, "area", "pi = 4", first_line=2
    )


def test_metadata_is_believed_over_a_line_that_was_pasted_from_elsewhere(notebook):
    notebook(code("one", OURS))
    answered = answered_by(f"# exercise: {LESSON}#other\npi = 4", "one", {})
    assert answered == ExerciseCell(LESSON, "area", "pi = 4", first_line=2)


@pytest.mark.parametrize(
    "own",
    [
        {"role": "exercise", "title": "as an author writes it"},
        {"role": "check", "lesson": str(LESSON), "exercise": "area"},
        {"role": "exercise", "lesson": "no lesson", "exercise": "area"},
        {"role": "exercise", "lesson": str(LESSON), "exercise": 3},
        ["not", "ours"],
        None,
    ],
)
def test_no_other_metadata_makes_a_cell_an_answer(notebook, own):
    notebook(code("one", own))
    assert answered_by("pi = 4", "one", {}) is None


def test_vs_code_says_in_the_namespace_which_notebook_it_is(notebook, monkeypatch):
    path = notebook(code("one", OURS))
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert answered_by("pi = 4", "one", {}) is None
    assert answered_by("pi = 4", "one", {"__vsc_ipynb_file__": str(path)}) is not None


def test_a_saved_change_is_seen(notebook):
    path = notebook(code("one"))
    assert answered_by("pi = 4", "one", {}) is None
    notebook(code("one", OURS))
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1_000_000))
    assert answered_by("pi = 4", "one", {}) is not None


@pytest.mark.parametrize(
    "text", ["", "null", "[]", '{"cells": 3}', '{"cells": [[]], "metadata": {}}', "\0", "[" * 99999]
)
def test_a_broken_file_is_no_notebook(notebook, text):
    notebook().write_text(text)
    assert current_notebook({}) is None
    assert answered_by(f"# exercise: {LESSON}#area\npi = 4", "one", {}) is not None


@pytest.mark.parametrize("name", ["no-such.ipynb", "", "with\0nul.ipynb", 3, "notes.txt"])
def test_a_name_that_leads_nowhere_is_no_notebook(name, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert current_notebook({"__vsc_ipynb_file__": name}) is None


@pytest.mark.parametrize("source", ["", "\n", "pi = 3", "# exercise: nonsense", f"%%time\n# exercise: {LESSON}#area"])
def test_other_cells_answer_nothing(source):
    assert answered_by(source, None, {}) is None


def test_exercises_known_by_metadata_and_by_their_line_are_both_there(notebook):
    notebook(
        code("one", OURS), code("two", source=f"# exercise: {LESSON}#fare\n..."), lesson=str(LESSON), username="ana"
    )
    found = current_notebook({})
    assert found is not None
    assert found.exercises == {(LESSON, "area"), (LESSON, "fare")}
    assert (found.lesson, found.username) == (LESSON, "ana")
