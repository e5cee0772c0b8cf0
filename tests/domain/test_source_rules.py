"""Rules about the source: what counts as using something, and what a broken rule does to a judgement."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain.content import Rule
from aralify_kernel.domain.judging import CheckOutcome, Isolation, Judgement, LearnerError, Verdict
from aralify_kernel.domain.source_parts import first_use, is_known, words
from aralify_kernel.domain.source_rules import LONGEST, outcomes, with_rules
from aralify_kernel.i18n import LANGUAGES

USES = [
    ("loop", "for i in x:\n    pass"),
    ("loop", "while True:\n    break"),
    ("while", "while True:\n    break"),
    ("if", "y = 1 if x else 2"),
    ("if", "y = [i for i in x if i]"),
    ("function", "def f():\n    pass"),
    ("comprehension", "y = {i: 1 for i in x}"),
    ("comprehension", "y = sum(i for i in x)"),
    ("slice", "y = x[1:]"),
    ("f-string", "y = f'{x}'"),
    ("lambda", "f = lambda: 1"),
    ("import", "from math import pi"),
    ("try", "try:\n    x\nexcept* ValueError:\n    pass"),
    ("recursion", "def f(n):\n    return n and f(n - 1)"),
    ("recursion", "def f(n):\n    return g(n)\ndef g(n):\n    return f(n - 1)"),
    ("recursion", "class A:\n    def walk(self):\n        self.walk()"),
    ("sum", "def total(xs):\n    return sum(xs)"),
    ("sum", "add = sum"),
    ("sum", "def f(sum):\n    return sum\ny = sum(x)"),
    ("reduce", "from functools import reduce as r"),
    ("sqrt", "import math\ny = math.sqrt(2)"),
    ("temp", "temp = 3"),
    ("temp", "def f(temp):\n    pass"),
    ("helper", "def helper():\n    pass"),
    ("math.sqrt", "import math as m\ny = m.sqrt(2)"),
    ("math.sqrt", "from math import sqrt"),
    (".sort", "xs.sort()"),
    ("import math", "from math import sqrt"),
    ("import os", "import os.path"),
    ("import os.path", "from os import path"),
    ("//", "x //= 2"),
    ("*", "y = x * 2"),
    ("-", "y = x - 2"),
    ("<", "y = 1 < x < 3"),
    ("not in", "y = 1 not in x"),
    ("and", "y = a and b"),
    ("not", "y = not a"),
]


@pytest.mark.parametrize(("what", "source"), USES)
def test_a_use_is_found(what, source):
    assert is_known(what, "python")
    assert first_use(what, source, "python")


@pytest.mark.parametrize(
    ("what", "source"),
    [
        ("loop", "y = [i for i in x]"),
        ("loop", "# for i in x:\ny = 'while'"),
        ("if", "y = [i for i in x]"),
        ("recursion", "def f(n):\n    return n\nf(f(1))"),
        ("recursion", "def walk(xs):\n    return xs.walk()"),
        ("sum", "sum = 0\nfor i in x:\n    sum += i\nprint(sum)"),
        ("sum", "def sum(xs):\n    return 1\ny = sum(x)"),
        ("sum", "def f(sum):\n    return sum"),
        ("sum", "y = [sum for sum in x]"),
        ("sum", "y = 'sum(x)'  # sum(x)"),
        ("sum", "y = frame.sum()"),
        ("temp", "temperature = 3"),
        ("math.sqrt", "import cmath\ny = cmath.sqrt(2)"),
        (".sort", "y = sorted(x)"),
        ("import math", "import cmath, mathematics"),
        ("-", "y = -2"),
        ("*", "print(*x)"),
        ("in", "for i in x:\n    pass"),
        ("+", "y = '+'"),
    ],
)
def test_what_only_looks_like_a_use_is_none(what, source):
    assert first_use(what, source, "python") is None


@pytest.mark.parametrize(
    ("language", "what", "source", "used"),
    [
        ("sql", "JOIN", "SELECT 1\nfrom a\n  Left  join b", "Left join b"),
        ("sql", "group by", "SELECT a\nGROUP\n BY a", "GROUP"),
        ("sql", "JOIN", "SELECT 'JOIN' -- JOIN\n/* JOIN */ FROM joins", None),
        ("javascript", "for", "let x = 1;\nfor (;;) {}", "for (;;) {}"),
        ("javascript", "for", "xs.forEach(f); // for\nconst t = 'for' + \"for\" + `for`", None),
        ("javascript", "For", "for (;;) {}", None),
    ],
)
def test_in_other_languages_a_word_is_looked_for_outside_of_texts_and_comments(language, what, source, used):
    assert is_known(what, language)
    assert first_use(what, source, language) == used


@pytest.mark.parametrize("what", ["", "for i", "3x", "a loop", "None", "import ", "..", ".", "a.", "sum ", "=", "for."])
def test_what_is_nothing_to_look_for_is_not_known(what):
    assert not is_known(what, "python")


def test_every_word_that_stands_for_a_part_is_known():
    assert {"loop", "recursion", "comprehension", "import"} <= set(words())
    assert all(is_known(word, "python") for word in words())


RULES = (Rule("loop", must_use=True), Rule("sum", must_use=False))
KEPT = "t = 0\nfor x in xs:\n    t += x"
BROKEN = "t = sum(xs)"


def test_kept_and_broken_rules_are_outcomes_with_a_name_and_no_points():
    kept, broken = outcomes(RULES, KEPT, "python"), outcomes(RULES, BROKEN, "python")
    assert [(one.passed, one.hidden, one.points, one.message) for one in kept] == [(True, False, 0, {})] * 2
    assert [one.passed for one in broken] == [False, False]
    assert [one.name["en"] for one in broken] == ["Use a loop", "Do without `sum`"]
    assert broken[0].message["en"] == "This exercise asks you to use a loop, and your code does not do that yet."
    assert broken[1].message["en"].endswith("without `sum`, but your code has `t = sum(xs)`.")
    for one in broken:
        assert all(one.message[language] and one.name[language] for language in LANGUAGES)
        assert one.message["en"] != one.message["fil"]


def test_the_author_s_message_is_told_instead_of_ours():
    message = {"en": "Add them up yourself.", "fil": "Ikaw ang mag-add."}
    (broken,) = outcomes((Rule("sum", must_use=False, message=message),), BROKEN, "python")
    assert broken.message == message


def judgement(verdict=Verdict.PASSED, points=3, signature=""):
    check = CheckOutcome({}, passed=verdict is Verdict.PASSED, hidden=False, points=3)
    return Judgement(verdict, points, 3, (check,), Isolation.LIMITS, signature=signature)


def test_an_answer_that_keeps_every_rule_keeps_its_verdict_and_points():
    told = with_rules(judgement(), outcomes(RULES, KEPT, "python"))
    assert (told.verdict, told.points, told.max_points, told.signature) == (Verdict.PASSED, 3, 3, "")
    assert len(told.checks) == 3


def test_a_broken_rule_makes_the_answer_fail_without_points_and_names_itself_in_the_signature():
    told = with_rules(judgement(), outcomes(RULES, BROKEN, "python"))
    assert (told.verdict, told.points, told.max_points) == (Verdict.FAILED, 0, 3)
    again = with_rules(judgement(), outcomes(RULES, BROKEN + "  # again", "python"))
    other = with_rules(judgement(), outcomes(RULES, "t = 0", "python"))
    assert told.signature == again.signature != other.signature
    assert len(told.signature) == 16


@pytest.mark.parametrize("verdict", [Verdict.ERROR, Verdict.TIMEOUT, Verdict.LIMIT, Verdict.UNGRADED])
def test_a_broken_rule_changes_no_other_verdict(verdict):
    before = replace(judgement(verdict, 2, "abc"), error=LearnerError("NameError", "x", 1))
    told = with_rules(before, outcomes(RULES, BROKEN, "python"))
    assert (told.verdict, told.points, told.signature, told.error) == (verdict, 0, "abc", before.error)


@pytest.mark.parametrize(
    "source",
    ["x = (" * 5000, "x = " + "[" * 150 + "]" * 150, "x = 1" + " + 1" * 10_000, "if" * 9999, "\0", "x = '\ud800'"],
    ids=["open", "nested", "long sum", "word", "NUL", "half a character"],
)
def test_a_source_that_cannot_be_read_keeps_no_rule_and_says_so(source):
    (outcome,) = outcomes((Rule("sum", must_use=False),), source, "python")
    assert outcome.passed or "cannot be read as Python" in outcome.message["en"]


def test_a_source_of_unreasonable_length_is_not_searched():
    (outcome,) = outcomes((Rule("sum", must_use=False),), "x = 1\n" * (LONGEST // 6 + 1), "python")
    assert "too long" in outcome.message["en"]


@given(st.text(max_size=200), st.sampled_from([*words(), "sum", "+", ".sort", "import math", "a.b"]))
def test_no_source_breaks_a_rule_check(source, what):
    for language in ("python", "sql", "javascript"):
        (outcome,) = outcomes((Rule(what, must_use=True),), source, language)
        assert outcome.passed or outcome.message["fil"]
