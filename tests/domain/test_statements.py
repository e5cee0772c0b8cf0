"""SQL text is cut into its statements, however long it is."""

from __future__ import annotations

import time

import pytest

from aralify_kernel.domain.explanations import explain
from aralify_kernel.domain.statements import statements

TRIGGER = "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT CASE 1 WHEN 1 THEN 2 END; END;"


@pytest.mark.parametrize(
    ("source", "cut"),
    [
        ("SELECT 1;\nSELECT 2", [(1, "SELECT 1;"), (2, "SELECT 2")]),
        ("SELECT 1; SELECT\n2;", [(1, "SELECT 1;"), (1, "SELECT\n2;")]),
        (";\n ; -- a comment;\n/* two;\nlines; */ SELECT 1", [(4, "SELECT 1")]),
        ("SELECT ';\n'; SELECT 2", [(1, "SELECT ';\n';"), (2, "SELECT 2")]),
        ("SELECT \"a;\", `b;`, [c;]; SELECT 'it''s;'", [(1, 'SELECT "a;", `b;`, [c;];'), (1, "SELECT 'it''s;'")]),
        (f"SELECT 1;\n{TRIGGER}\nSELECT 2", [(1, "SELECT 1;"), (2, TRIGGER), (3, "SELECT 2")]),
        ("-- nothing;", []),
    ],
)
def test_each_statement_is_found_with_the_line_it_begins_on(source, cut):
    assert [(statement.line, statement.text) for statement in statements(source)] == cut


def _explained(source):
    return explain("OperationalError", 'near ",": syntax error', source.count("\n") + 1, source, language="sql")


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (statements, lambda size: f"SELECT '{'x' * 1000}';\n" * size),
        (statements, lambda size: f"CREATE{' ' * 20 * size}TRIGGER t{';' * 20 * size}"),
        (_explained, lambda size: f"SELECT {'1, ' * 20 * size}\n,"),
    ],
    ids=["many statements", "many ends in a trigger", "many places like that of an error"],
)
def test_ten_times_the_text_takes_about_ten_times_as_long(read, text):
    assert _seconds(read, text(1_000)) < 30 * _seconds(read, text(100))


def _seconds(read, source):
    """Return the least computing time of a few readings."""
    return min(_once(read, source) for _ in range(3))


def _once(read, source):
    began = time.process_time()
    read(source)
    return time.process_time() - began
