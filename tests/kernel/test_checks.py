"""A learner runs the visible checks of a lesson by hand, in a real kernel."""

from __future__ import annotations

import json

import pytest

from tests.kernel.conftest import EXERCISE, attempts

pytestmark = pytest.mark.slow


def run_check(lesson, source=None):
    """Run the first exercise's first check as it stands, or the same cell with another check in it."""
    cells = json.loads(lesson.path.read_text(encoding="utf-8"))["cells"]
    check = next(cell for cell in cells if cell["id"] == f"check-{EXERCISE}-check-1")
    return lesson.kernel.run(source or "".join(check["source"]), check["id"])


@pytest.mark.parametrize(("language", "said"), [("en", "holds something else"), ("fil", "Iba ang laman ng `load`")])
def test_a_check_that_fails_says_what_its_author_wrote_in_the_learner_s_language(lesson, language, said):
    lesson.app.choose_language(language)
    lesson.answer("load = 5")
    cell = run_check(lesson)
    assert said in cell.shown
    assert "{" not in cell.shown
    assert "<code>load</code>" in cell.bundles[-1]["text/html"]
    assert (cell.text("error"), cell.status) == ("", "ok")


def test_a_check_that_passes_says_so_and_is_no_try(lesson):
    lesson.answer("load = 50")
    assert run_check(lesson).shown == "This check passes."
    assert attempts(lesson.app) == [("load = 50", "PASSED")]


def test_a_check_before_its_exercise_asks_for_the_exercise(lesson):
    cell = run_check(lesson)
    assert cell.shown == "There is no `load` yet. Run the exercise above first."
    assert cell.text("error") == ""


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("assert 1 == 2", "This check does not pass yet."),
        ("assert 1 == 2, 'Count again.'", "Count again."),
        ("assert int('x')", "ValueError: invalid literal"),
    ],
)
def test_whatever_else_a_check_raises_is_one_sentence(lesson, check, said):
    cell = run_check(lesson, check)
    assert said in cell.shown
    assert cell.text("error") == ""


def test_a_name_missing_inside_the_learner_s_own_function_is_not_taken_for_the_exercise(lesson):
    lesson.kernel.run("def total():\n    return totl")
    assert "NameError: name 'totl' is not defined" in run_check(lesson, "assert total() == 3").shown


def test_every_other_cell_shows_its_errors_as_before(lesson):
    run_check(lesson)
    assert "ZeroDivisionError" in lesson.kernel.run("1 / 0").text("error")
    assert "AssertionError" in lesson.kernel.run("assert 1 == 2").text("error")
