"""From a cell that runs in a real kernel to the attempt in the database."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbclient import NotebookClient

from tests.kernel.conftest import EXERCISE, FIRST_LINE, LESSON, attempts

pytestmark = pytest.mark.slow


def test_running_an_exercise_submits_the_cell_without_the_line_that_names_it(lesson):
    cell = lesson.answer("load = 50")
    assert attempts(lesson.app) == [("load = 50", "PASSED")]
    assert cell.shown
    assert {"text/html", "text/plain"} <= set(cell.bundles[-1])


def test_the_cell_s_metadata_names_the_exercise_even_where_the_first_line_is_gone(lesson):
    lesson.kernel.run("load = 50", lesson.exercise_cell["id"])
    assert attempts(lesson.app) == [("load = 50", "PASSED")]


def test_the_first_line_names_the_exercise_in_a_cell_that_was_pasted(lesson):
    lesson.kernel.run(f"{FIRST_LINE}\nload = 50", "a-new-id")
    assert attempts(lesson.app) == [("load = 50", "PASSED")]


def test_every_other_cell_of_the_lesson_submits_nothing(lesson):
    assert lesson.kernel.run("load = 50", "an-example").outputs == []
    assert attempts(lesson.app) == []


def test_an_exercise_of_another_name_is_told_and_not_recorded(lesson):
    cell = lesson.kernel.run(f"# exercise: {LESSON}#no-such\nload = 50")
    assert "no-such" in cell.shown
    assert attempts(lesson.app) == []


def test_the_starting_code_is_no_try_and_that_is_said_once(lesson):
    starter = lesson.exercise_cell["source"].partition("\n")[2]
    first, second = lesson.answer(starter), lesson.answer(f"{starter}  \n")
    assert "starting code" in first.shown
    assert second.outputs == []
    assert attempts(lesson.app) == []


def test_a_cell_with_nothing_in_it_is_no_try_and_that_is_said_each_time(lesson):
    for source in ("", "  \n"):
        assert "Write your answer" in lesson.answer(source).shown
    assert attempts(lesson.app) == []


def test_the_starting_code_of_the_other_language_is_no_try_either(lesson):
    starters = lesson.app.session().lesson(LESSON).starters[EXERCISE]
    for starter in starters:
        lesson.answer(starter)
    assert attempts(lesson.app) == []


def test_an_unchanged_answer_shows_its_verdict_again_and_is_no_new_try(lesson):
    first, second = (lesson.answer(source).shown for source in ("load = 5", "load = 5\n"))
    assert first.splitlines()[0] == second.splitlines()[0]
    assert "same answer as before" in second
    assert attempts(lesson.app) == [("load = 5", "FAILED")]


def test_a_cell_that_raises_is_judged_and_keeps_its_own_output(lesson):
    cell = lesson.answer("print('working')\nload = 1 / 0")
    assert cell.text("stream") == "working\n"
    assert "ZeroDivisionError" in cell.text("error")
    assert cell.shown
    assert attempts(lesson.app) == [("print('working')\nload = 1 / 0", "ERROR")]


@pytest.mark.parametrize("first_line", [FIRST_LINE, f"%%exercise {EXERCISE}"])
def test_the_result_counts_lines_as_the_cell_and_python_s_own_words_do(lesson, first_line):
    cell = lesson.kernel.run(f"{first_line}\nnumber = 0\nload = 50 / number")
    assert "----> 3 load = 50 / number" in cell.text("error")
    assert "stopped on line 3" in cell.shown
    assert "3 | load = 50 / number" in cell.shown


def test_without_the_line_that_names_the_exercise_lines_count_from_the_first(lesson):
    cell = lesson.kernel.run("number = 0\nload = 50 / number", lesson.exercise_cell["id"])
    assert "----> 2 load = 50 / number" in cell.text("error")
    assert "stopped on line 2" in cell.shown


def test_a_result_shown_again_counts_the_lines_of_the_cell_it_is_shown_under(lesson):
    answer = "number = 0\nload = 50 / number"
    assert "stopped on line 3" in lesson.answer(answer).shown
    assert "stopped on line 2" in lesson.kernel.run(answer, lesson.exercise_cell["id"]).shown


def test_what_python_tells_about_the_lines_of_a_cell_is_what_the_result_tells(lesson):
    cell = lesson.answer("load = 0\nwhile load < 50:\nload = load + 1")
    assert "after 'while' statement on line 3" in cell.text("error")
    assert "after 'while' statement on line 3" in cell.shown
    assert "Line 3 ends with `:`" in cell.shown


def test_a_cell_that_ends_the_program_gets_one_advice_which_names_what_it_wrote(lesson):
    cell = lesson.answer("import sys\nsys.exit()")
    assert "Remove `sys.exit()`" in cell.shown
    assert "To exit" not in cell.text("stream")


def test_a_cell_that_is_no_python_is_judged(lesson):
    assert "SyntaxError" in lesson.answer("load = = 50").text("error")
    assert [verdict for _, verdict in attempts(lesson.app)] == ["ERROR"]


def test_magics_in_an_exercise_break_nothing(lesson):
    cell = lesson.answer("%time load = 50\n!true")
    assert "Traceback" not in cell.shown
    assert len(attempts(lesson.app)) == 1
    assert lesson.kernel.run("load").text("execute_result") == "50"


def test_two_answers_are_two_attempts_with_keys_of_their_own(lesson):
    lesson.answer("load = 5")
    lesson.answer("load = 50")
    assert attempts(lesson.app) == [("load = 5", "FAILED"), ("load = 50", "PASSED")]


def test_nobody_signed_in_is_told_what_to_do_and_nothing_is_recorded(lesson):
    lesson.app.session().sign_out()
    cell = lesson.answer("load = 50")
    assert "%aralify login" in cell.shown
    assert attempts(lesson.app) == []


def test_a_sign_in_elsewhere_is_seen_by_a_kernel_that_runs_already(lesson):
    lesson.app.session().sign_out()
    lesson.answer("load = 50")
    lesson.app.session().sign_in("ana", None)
    lesson.answer("load = 50")
    assert attempts(lesson.app) == [("load = 50", "PASSED")]


def test_in_somebody_else_s_copy_it_is_said_whose_it_is_and_for_whom_it_counts(lesson):
    lesson.app.session().sign_up("ben", password=None, email=None, display_name=None, language="en")
    shown = lesson.answer("load = 50").shown
    assert "ana" in shown
    assert "ben" in shown


def test_a_locked_topic_is_told_and_nothing_is_recorded(lesson):
    cell = lesson.kernel.run("# exercise: python-basics/functions/easy#anything\nx = 1")
    assert "still locked" in cell.shown
    assert attempts(lesson.app) == []


def test_what_breaks_inside_aralify_is_one_sentence_and_the_learner_s_cell_has_run(lesson, start_kernel):
    lesson.kernel = start_kernel(notebook=lesson.path)  # it breaks one that nobody uses afterwards
    lesson.kernel.run("import aralify_kernel.app\naralify_kernel.app.Application.session = lambda self: 1 / 0")
    cell = lesson.answer("load = 50\nprint(load)")
    assert cell.status == "ok"
    assert cell.text("stream") == "50\n"
    assert "Your code is kept" in cell.shown
    assert "Traceback" not in cell.shown + cell.text("stream")


def test_running_an_author_notebook_from_top_to_bottom_submits_nothing(ana, tmp_path):
    source = ana.builtin_folder("courses") / "python-basics" / "01-variables" / "easy.ipynb"
    copy = tmp_path / "easy.ipynb"
    copy.write_bytes(source.read_bytes())
    notebook = nbformat.read(copy, as_version=4)
    NotebookClient(notebook, kernel_name="aralify", resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert attempts(ana) == []
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output for output in outputs if output.output_type == "display_data"] == []


def test_the_cell_magic_judges_an_exercise_in_any_notebook(ana, start_kernel):
    kernel = start_kernel("python3")
    kernel.run("%load_ext aralify_kernel")
    kernel.run(f"%%exercise {LESSON}#{EXERCISE}\nload = 50")
    assert attempts(ana) == [("load = 50", "PASSED")]
    assert kernel.run("load").text("execute_result") == "50"


def test_the_cell_magic_in_a_lesson_needs_only_the_exercise(lesson):
    lesson.kernel.run(f"%%exercise {EXERCISE}\nload = 50")
    assert attempts(lesson.app) == [("load = 50", "PASSED")]


def test_a_notebook_file_that_broke_leaves_the_first_line_to_say_it(lesson):
    cell_id = lesson.exercise_cell["id"]
    lesson.path.write_text(json.dumps({"cells": [{"metadata": 3}]}))
    lesson.kernel.run(f"{FIRST_LINE}\nload = 50", cell_id)
    assert attempts(lesson.app) == [("load = 50", "PASSED")]
