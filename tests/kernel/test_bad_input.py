"""What a cell may hold by accident is judged, or refused with one sentence; the kernel lives on."""

from __future__ import annotations

import pytest

from tests.kernel.conftest import FIRST_LINE, attempts

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("source", ["load = 50\r\n", "\r\nload = 50", "load = 50 \t"])
def test_line_ends_and_blanks_are_no_difference(lesson, source):
    lesson.answer(source)
    assert [verdict for _, verdict in attempts(lesson.app)] == ["PASSED"]


def test_a_byte_order_mark_hides_no_exercise(lesson):
    lesson.kernel.run(f"\ufeff{FIRST_LINE}\nload = 50", "a-new-id")
    assert attempts(lesson.app) == [("load = 50", "PASSED")]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("load = 50\n#" + "x" * 2_000_000, "cannot be judged: "),
        ("load = 50\n# \0", "cannot be judged: "),
    ],
    ids=["2 MB", "NUL"],  # Jupyter itself brings no half a character to a kernel
)
def test_what_cannot_be_judged_is_refused_in_one_sentence_and_is_no_try(lesson, source, said):
    cell = lesson.answer(source)
    assert said in cell.shown
    assert "Traceback" not in cell.shown
    assert attempts(lesson.app) == []
    assert lesson.kernel.run("1 + 1").text("execute_result") == "2"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("load = 50\nimport asyncio\nawait asyncio.sleep(0)", "`await` outside of a function"),
        ("load = 50\nfiles = !ls", "only a notebook understands"),
        ("load = 50\nprint?", "only a notebook understands"),
        ("load = " + "(" * 5000, "more brackets inside each other"),
    ],
    ids=["await", "shell", "help", "brackets"],
)
def test_what_only_a_notebook_or_no_parser_understands_is_judged_with_a_sentence(lesson, source, said):
    assert said in lesson.answer(source).shown
    assert [verdict for _, verdict in attempts(lesson.app)] == ["ERROR"]


@pytest.mark.parametrize("magic", ["%%time", "%%bash"])
def test_a_cell_magic_over_an_answer_is_told_and_the_cell_is_not_judged(lesson, magic):
    cell = lesson.kernel.run(f"{magic}\n{FIRST_LINE}\nload = 50", lesson.exercise_cell["id"])
    assert f"begins with “{magic.split()[0]}”, so it was not checked" in cell.shown
    assert attempts(lesson.app) == []


def test_a_cell_magic_that_runs_the_rest_as_a_cell_of_its_own_has_it_judged(lesson):
    cell = lesson.kernel.run(f"%%capture out\n{FIRST_LINE}\nload = 50", lesson.exercise_cell["id"])
    assert "not checked" not in cell.shown
    assert attempts(lesson.app) == [("load = 50\n", "PASSED")]


def test_a_cell_magic_elsewhere_is_nobodys_business(lesson):
    assert lesson.kernel.run("%%time\nx = 1", "an-example").shown == ""
