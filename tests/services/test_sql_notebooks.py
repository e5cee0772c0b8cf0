"""The database of an SQL notebook begins with the course's files, and limits itself alone."""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing

import pytest

from aralify_kernel.domain.judging import LearnerError
from aralify_kernel.services.sql_notebooks import NotebookDatabase, UnreadableFixtures, files_of_author, files_of_lesson

COURSE = 'files = ["shop.sql", "prices.csv", "More.SQL"]\n'
SHOP = "CREATE TABLE items (name TEXT);\nINSERT INTO items VALUES ('rice');"
MEGABYTES = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 4000) SELECT zeroblob(1000) FROM n"


@pytest.fixture
def course(tmp_path):
    """An author's course with two files of SQL, and a folder of a level in it."""
    (tmp_path / "course.toml").write_text(COURSE, encoding="utf-8")
    (tmp_path / "shop.sql").write_text(f"\ufeff{SHOP}", encoding="utf-8")
    (tmp_path / "More.SQL").write_text("INSERT INTO items VALUES ('salt')", encoding="utf-8")
    (tmp_path / "01-reading").mkdir()
    return tmp_path


def test_an_author_s_notebook_begins_with_the_sql_its_course_names_in_that_order(course):
    database = NotebookDatabase(files_of_author(course / "01-reading"), memory_mb=8)
    assert database.run("SELECT name FROM items").rows == (("rice",), ("salt",))


def test_a_lesson_s_notebook_begins_with_the_sql_among_its_files():
    files = {"shop.sql": base64.b64encode(SHOP.encode()).decode(), "rain.csv": "bm8gU1FM"}
    assert NotebookDatabase(files_of_lesson(files), memory_mb=8).run("SELECT name FROM items").rows == (("rice",),)


def test_a_notebook_in_no_course_begins_with_nothing(tmp_path):
    assert files_of_author(tmp_path) == {}
    assert NotebookDatabase({}, memory_mb=8).run("SELECT count(*) FROM sqlite_schema").rows == ((0,),)


def test_a_table_that_no_cell_has_made_yet_may_come_from_a_cell_above():
    database = NotebookDatabase({}, memory_mb=8)
    assert "Run the cells above first" in database.run("SELECT name FROM items").advice["en"]
    database.run(SHOP)
    assert "Write `items`" in database.run("SELECT name FROM itms").advice["en"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("course.toml", 'files = ["shop.sql"', "course.toml"),
        ("course.toml", 'files = ["away.sql"]', "away.sql"),
        ("shop.sql", "CREATE TABLE items (name TEXT);\nINSERT INTO itms VALUES (1);", "no such table: itms"),
        ("More.SQL", "SELEC 1", 'near "SELEC"'),
        ("More.SQL", "SELECT {name}", 'unrecognized token: "{"'),
    ],
)
def test_a_file_that_cannot_be_read_or_run_is_named(course, name, content, said):
    (course / name).write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableFixtures) as refused:
        NotebookDatabase(files_of_author(course), memory_mb=8)
    assert said in str(refused.value)
    assert refused.value.details["file"] in {name, "away.sql"}


@pytest.mark.parametrize("kind", ["TABLE", "TEMP TABLE"])
def test_only_the_tables_of_the_notebook_are_limited_and_no_other_use_of_sqlite(kind):
    with closing(sqlite3.connect(":memory:")) as other:
        allowed = other.execute("PRAGMA hard_heap_limit").fetchall()
        database = NotebookDatabase({}, memory_mb=1)
        stopped = database.run(f"CREATE {kind} big AS {MEGABYTES}")
        assert isinstance(stopped, LearnerError)
        assert stopped.type == "MemoryError"
        assert database.run("SELECT 1").rows == ((1,),)
        other.execute(f"CREATE {kind} big AS {MEGABYTES}")
        assert other.execute("PRAGMA hard_heap_limit").fetchall() == allowed
