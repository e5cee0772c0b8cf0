"""Errors explained: the rules that need no program to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain.explanations import busy_line, explain, explain_check, name_missing

if TYPE_CHECKING:
    from aralify_kernel.domain.content import Text

TYPES = st.sampled_from(
    [
        "NameError",
        "UnboundLocalError",
        "ModuleNotFoundError",
        "ImportError",
        "TypeError",
        "IndexError",
        "KeyError",
        "AttributeError",
        "ValueError",
        "ZeroDivisionError",
        "SyntaxError",
        "IndentationError",
        "TabError",
        "RecursionError",
        "EOFError",
        "AssertionError",
        "FileNotFoundError",
        "TimeoutError",
        "SystemExit",
        "Crash",
        "MemoryError",
        "OutputLimit",
        "ProcessLimit",
        "FileLimit",
        "Odd",
    ]
)
MESSAGES = st.sampled_from(
    [
        "name 'x' is not defined",
        "cannot access local variable 'x' where it is not associated with a value",
        "unsupported operand type(s) for +: 'int' and 'str'",
        "'<' not supported between instances of 'str' and 'NoneType'",
        "f() missing 2 required positional arguments: 'a' and 'b'",
        "'int' object is not callable",
        "'NoneType' object is not subscriptable",
        "list index out of range",
        "'NoneType' object has no attribute 'x'",
        "invalid literal for int() with base 10: '{x}'",
        "expected an indented block after 'if' statement on line 99999",
        "'(' was never closed",
        "unterminated string literal (detected at line 1)",
        "division by zero",
    ]
)
PIECES = st.sampled_from(
    [
        "x",
        "=",
        "\n",
        "    ",
        "(",
        ")",
        "while ",
        "for ",
        "in ",
        "def f",
        ":",
        "'",
        '"',
        "1",
        "+ ",
        "{}",
        "`",
        "[x]",
        ".y",
        "x = x\n",
    ]
)
SOURCES = st.lists(PIECES, max_size=25).map("".join) | st.text()


@given(
    TYPES,
    MESSAGES | st.text(),
    st.none() | st.integers(-3, 40),
    SOURCES,
    st.none() | st.tuples(*[st.integers(0, 9)] * 4),
)
def test_whatever_the_error_there_is_a_sentence_and_an_advice_in_both_languages(error, message, line, source, span):
    told = explain(error, message, line, source, span=span, notebook_names=frozenset({"x"}), first_line=2)
    for text in (told.explanation, told.advice):
        assert set(text) == {"en", "fil"}
        assert all(text.values())
        assert text["en"] != text["fil"]


@given(SOURCES, st.lists(st.integers(0, 30), max_size=4))
def test_the_line_of_a_stopped_program_is_found_in_any_source(source, lines):
    busy_line(source, lines)


def both(error: str, message: str, line: int | None, source: str, **more) -> Text:
    told = explain(error, message, line, source, **more)
    return {language: f"{told.explanation[language]} {told.advice[language]}" for language in ("en", "fil")}


def test_a_name_of_another_cell_is_said_to_be_one():
    told = both(
        "NameError", "name 'total' is not defined", 1, "answer = total + 1", notebook_names=frozenset({"total"})
    )
    assert "`total`, which comes from another cell. Aralify starts fresh each time" in told["en"]
    assert "galing ito sa ibang cell. Bagong simula ang bawat check" in told["fil"]


def test_lines_are_numbered_as_the_learner_sees_them():
    source = "total = 5\nanswer = totl\nscore = later\nlater = 1"
    assert "Line 3" in both("NameError", "name 'totl' is not defined", 2, source, first_line=2)["en"]
    assert "line 5" in both("NameError", "name 'later' is not defined", 3, source, first_line=2)["en"]


def test_the_operation_that_raised_is_told_by_its_span():
    source = "a, b, c = 1, 'x', 2\ny = (a + c) + b"
    told = both("TypeError", "unsupported operand type(s) for +: 'int' and 'str'", 2, source, span=(2, 2, 4, 15))
    assert "`a + c`" in told["fil"]
    vague = both("TypeError", "unsupported operand type(s) for +: 'int' and 'str'", 2, source)
    assert "`a" not in vague["fil"], "it cannot be known which of the two"


@pytest.mark.parametrize(
    ("error", "message", "source", "mention"),
    [
        # Python 3.12 to 3.14 say some things differently from 3.11
        ("TypeError", "list indices must be integers or slices, not str", "x = nums['a']", "`nums`"),
        ("TypeError", "string indices must be integers, not 'str'", "x = word['a']", "`word`"),
        ("TypeError", "argument of type 'int' is not a container or iterable", "x = 1 in total", "`total`"),
        ("ValueError", "too many values to unpack (expected 2, got 3)", "a, b = 1, 2, 3", "2"),
        ("ValueError", "max() iterable argument is empty", "x = max([])", "`max`"),
        ("SyntaxError", "invalid syntax. Did you mean 'while'?", "whille True:\n    pass", "`while`"),
        ("SyntaxError", "unterminated f-string literal (detected at line 1)", 'x = f"abc', '`"`'),
        ("IndexError", "pop from empty list", "x = [].pop()", "`if`"),
        (
            "NameError",
            "cannot access free variable 'n' where it is not associated with a value in enclosing scope",
            "n = m",
            "`n`",
        ),
        ("TypeError", "Dog.__init__() missing 1 required positional argument: 'name'", "Dog()", "`Dog`"),
        ("TypeError", "'int' object cannot be interpreted as an integer", "range('3')", "`int(…)`"),
    ],
)
def test_the_words_of_every_python_version_are_understood(error, message, source, mention):
    told = both(error, message, 1, source)
    assert mention in told["en"]
    assert mention in told["fil"]
    assert "Your code stopped on line" not in told["en"], "that is the sentence for the unknown"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("n = 3\nwhile n > 0:\n    print(n)", "`n` stays 3"),
        ("while n > 0:\n    print(n)", "nothing inside the loop changes `n`"),
        ("n = 3\nwhile n > 0:\n    n += 1", "moves `n` away from `0`"),
        ("n = 3\nwhile n < 10:\n    n = n - 1", "moves `n` away from `10`"),
        ("n = 3\nwhile True:\n    n = 1", "needs a `break`"),
        ("n = 3\nwhile True:\n    if n > 5:\n        break", "`break` is never reached"),
        ("n = 3\nwhile n != 10:\n    n += 2", "Does the loop on line 2 ever end?"),
        ("n = [3]\nwhile n:\n    n.append(1)", "Does the loop on line 2 ever end?"),
        ("n = [3]\nwhile len(n) > 0:\n    print(n)", "Does the loop on line 2 ever end?"),
        ("n = [3]\nfor m in n:\n    n.append(m)", "makes `n` longer"),
        ("def f(n):\n    while n:\n        g(n)", "nothing inside the loop changes `n`"),
    ],
)
def test_an_endless_loop_is_told_as_far_as_it_can_be_known(source, said):
    line = 2 if not source.startswith("while") else 1
    told = both("TimeoutError", "stopped after 4 seconds", line, source)
    assert said in told["en"]
    assert f"line {line}" in told["fil"]


def test_the_time_that_passed_is_told():
    assert "4 segundo" in both("TimeoutError", "stopped after 4 seconds", None, "")["fil"]
    assert "10 segundo" in both("TimeoutError", "stopped after 10 seconds", None, "")["fil"]


def test_the_loop_that_called_a_function_is_the_line_to_look_at():
    source = "def show(n):\n    print(n)\n\nn = 1\nwhile n:\n    for i in range(3):\n        show(i)\n"
    assert busy_line(source, (2, 7)) == 6
    assert busy_line("def f(n):\n    return n\n\nwhile 1:\n    f(1)\n", (2, 5)) == 4
    assert busy_line("x = 1\n", (1,)) == 1
    assert busy_line("x = 1\n", ()) is None


def test_a_name_that_a_check_misses_is_told_with_the_nearest_one():
    told = explain_check("missing", name="area", source="def aera(w):\n    return w")
    assert "`area`" in told["fil"]
    assert "`aera`" in told["fil"]
    assert name_missing("NameError", "name 'area' is not defined") == "area"
    assert name_missing("TypeError", "name 'area' is not defined") is None
