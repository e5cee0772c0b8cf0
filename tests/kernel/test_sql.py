"""Cells of SQL in a lesson's notebook, in a real kernel."""

from __future__ import annotations

import json

import pytest

from aralify_kernel.domain.references import LessonRef
from tests.kernel.conftest import FIRST_LINE, attempts

pytestmark = pytest.mark.slow

LESSON = LessonRef("sql-first-steps", "reading-rows", "easy")
EXERCISE = "price-list"
RIGHT = "SELECT name, price FROM items;"


@pytest.fixture
def cells(ana, kernel_in):
    """Cells of Ana's working copy by their id, and the kernel that runs it."""
    path = ana.open_working_copy(LESSON)
    kernel = kernel_in(path)
    code = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    kernel.run(*next((cell["source"], cell["id"]) for cell in code if "CREATE TABLE items" in cell["source"]))
    return {cell["id"]: cell["source"] for cell in code}, kernel


def test_a_lesson_in_sql_is_worked_through_in_the_python_kernel(ana, cells):
    sources, kernel = cells
    exercise = next(name for name, source in sources.items() if f"{LESSON}#{EXERCISE}" in source)
    head = f"%%sql\n-- exercise: {LESSON}#{EXERCISE}\n"
    assert sources[exercise].startswith(head)

    first, second = "SELECT name FROM items;", "SELECT name, price\nFROM itms;"
    wrong = kernel.run(f"{head}{first}", exercise)
    assert '<th scope="col">name</th>' in wrong.bundles[0]["text/html"]
    assert "8 rows" in wrong.shown

    refused = kernel.run(f"{head}{second}", exercise)
    assert refused.status == "error"
    assert "Line 4 names the table `itms`" in refused.text("error")
    assert "Traceback" not in refused.text("error")
    assert ".py" not in refused.text("error")
    assert "4 | FROM itms" in refused.shown

    magic = "%%sql  \r\n" + head.partition("\n")[2].replace("\n", "\r\n")
    right = kernel.run(f"{magic}{RIGHT}\r\n", exercise)
    assert "Passed · 3 of 3 checks pass" in right.shown
    assert [verdict for _, verdict in attempts(ana)] == ["FAILED", "ERROR", "PASSED"]
    assert [source.strip() for source, _ in attempts(ana)] == [first, second, RIGHT]

    check = next(name for name, source in sources.items() if "-- check:" in source)
    assert sources[check].startswith("%%sql\n")
    assert kernel.run(sources[check], check).shown == "This is checked when you run your answer."

    path = ana.open_working_copy(LESSON)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != exercise]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    restored = kernel.run("%aralify restore")
    assert [payload["text"] for payload in restored.payload] == [sources[exercise]]


def test_an_endless_query_is_stopped_and_the_next_answer_named_by_a_magic_finds_its_rows(ana, cells):
    _, kernel = cells
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n;"
    stopped = kernel.run(f"%%sql\n-- exercise: {LESSON}#{EXERCISE}\n{endless}")
    assert "ran longer than" in stopped.shown
    assert [verdict for _, verdict in attempts(ana)] == ["TIMEOUT"]
    assert "8" in kernel.run("%%sql\nSELECT count(*) FROM items").shown

    named = kernel.run(f"%%exercise {EXERCISE}\n%%sql\n{RIGHT}")
    assert "Passed · 3 of 3 checks pass" in named.shown
    assert "8 rows" in named.shown
    assert named.text("error") == ""
    assert attempts(ana)[-1] == (RIGHT, "PASSED")


def test_sql_in_a_lesson_of_another_language_is_told_and_not_judged(ana, kernel_in):
    shown = kernel_in().run(f"%%sql\n{FIRST_LINE}\nSELECT 1").shown
    assert "begins with “%%sql”" in shown
    assert attempts(ana) == []


def test_what_is_no_sql_of_a_lesson_runs_too_and_null_is_told_from_its_name(ana, kernel_in):
    cell = kernel_in().run("%%sql\nSELECT NULL AS empty, 'NULL' AS word, '<b>' AS code")
    assert "<td><em>NULL</em></td><td>NULL</td><td>&lt;b&gt;</td>" in cell.bundles[0]["text/html"]
    assert attempts(ana) == []
