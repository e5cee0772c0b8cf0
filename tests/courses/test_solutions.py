"""Starter and reference come out of one cell."""

from __future__ import annotations

import pytest

from aralify_kernel.courses.solutions import read_solution
from aralify_kernel.courses.tables import Place


def read(source, language="python"):
    place = Place("easy.ipynb", "area", [])
    return read_solution(source, language, place), [problem.sentence("en") for problem in place.found]


def test_the_region_becomes_a_comment_in_the_learners_language_at_its_indentation():
    solution, found = read("def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\nprint(f(1))")
    assert found == []
    assert solution.starter["en"] == "def f(x):\n    # Your code here\n    ...\nprint(f(1))"
    assert solution.starter["fil"] == "def f(x):\n    # Dito ang code mo\n    ...\nprint(f(1))"
    assert solution.reference == "def f(x):\n    return x\nprint(f(1))"


def test_given_lines_keep_their_indentation_and_their_code():
    solution, _ = read(
        "def f(xs):\n    ### BEGIN SOLUTION\n    #:for x in xs:\n    #:    pass\n    return sum(xs)\n    ### END SOLUTION"
    )
    assert solution.starter["en"] == "def f(xs):\n    for x in xs:\n        pass"
    assert solution.reference == "def f(xs):\n    return sum(xs)"


def test_a_space_after_every_marker_is_no_part_of_the_code():
    solution, found = read(
        "def f(xs):\n    ### BEGIN SOLUTION\n    #: for x in xs:\n    #:\n    #:     return None\n    return 1\n    ### END SOLUTION"
    )
    assert found == []
    assert solution.starter["en"] == "def f(xs):\n    for x in xs:\n    \n        return None"


def test_every_region_of_a_cell_is_replaced():
    solution, _ = read(
        "### BEGIN SOLUTION\na = 1\n### END SOLUTION\nb = 2\n### BEGIN SOLUTION\n#:c = ...\nc = 3\n### END SOLUTION"
    )
    assert solution.starter["en"] == "# Your code here\n...\nb = 2\nc = ..."
    assert solution.reference == "a = 1\nb = 2\nc = 3"


def test_a_given_line_outside_a_region_is_an_ordinary_comment():
    solution, _ = read("#: documented\na = 1\n### BEGIN SOLUTION\nb = 2\n### END SOLUTION")
    assert solution.starter["en"].startswith("#: documented\n")
    assert solution.reference.startswith("#: documented\n")


@pytest.mark.parametrize(("language", "mark", "comment"), [("javascript", "///", "//"), ("sql", "---", "--")])
def test_nothing_follows_the_comment_in_other_languages(language, mark, comment):
    solution, found = read(f"a\n  {mark} BEGIN SOLUTION\n  b\n  {mark} END SOLUTION", language)
    assert found == []
    assert solution.starter["en"] == f"a\n  {comment} Your code here"
    given, _ = read(f"{mark} BEGIN SOLUTION\n{comment}:  c\nb\n{mark} END SOLUTION", language)
    assert (given.starter["en"], given.reference) == ("  c", "b")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("a = 1", "needs its solution between"),
        ("# BEGIN SOLUTION\na = 1\n# END SOLUTION", "needs its solution between"),
        ("### BEGIN SOLUTION\na = 1", "Line 1: “### BEGIN SOLUTION” without an “### END SOLUTION” below it"),
        ("a = 1\n### END SOLUTION", "Line 2: “### END SOLUTION” without a “### BEGIN SOLUTION” above it"),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\na = 1\n### END SOLUTION", "Line 2: a second"),
        ("### BEGIN SOLUTION\n#:x = (\nx = 1\n### END SOLUTION", "The starter is not Python. Its line 1"),
        ("### BEGIN SOLUTION\nx = (\n### END SOLUTION", "The reference is not Python. Its line 1"),
        ("### BEGIN SOLUTION\n#: x = (\nx = 1\n### END SOLUTION", "The starter is not Python. Its line 1"),
    ],
)
def test_a_mistake_is_told(source, told):
    _, found = read(source)
    assert len(found) == 1
    assert told in found[0]


def test_a_strange_escape_in_code_is_no_mistake():
    assert read("### BEGIN SOLUTION\nx = '\\d'\n### END SOLUTION")[1] == []


def test_code_nested_too_deeply_is_told_and_breaks_nothing():
    assert "not Python" in read("### BEGIN SOLUTION\nx = " + "(" * 5000 + ")" * 5000 + "\n### END SOLUTION")[1][0]
