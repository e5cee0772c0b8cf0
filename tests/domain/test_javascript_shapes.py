"""A wrong answer in JavaScript is told by its shape, where that is certain, in JavaScript's words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain.explanations import SeenInJavaScript, javascript_shape

SHAPES = [
    # what was expected, what came, part of what is said
    ("6", '"6"', "`Number(…)`"),
    ('"6"', "6", "`String(…)`"),
    ("true", '"true"', "Leave the quotes away"),
    ('"null"', "null", "Put it in quotes"),
    ("6", "NaN", "no number"),
    ("6", "[6]", "an array that holds the right value"),
    ("[1, 2]", '["1", "2"]', "expects numbers"),
    ('"Hello"', '"hello"', "capital and small letters"),
    ('"a b"', '"a  b"', "spaces differ"),
    ("0.3", "0.30000000000000004", "toFixed(1)"),
    ("3", "3.5", "Math.floor"),
    ("10", "9", "one step too early"),
    ("10", "11", "one step too far"),
    ("[1, 2, 3]", "[1, 2]", "One element is missing"),
    ("[1, 2]", "[1, 2, 3]", "one element too many"),
    ("[1, 2, 3]", "[3, 1, 2]", "another order"),
    ("[1, 2, 3]", "[3, 2, 1]", "the other way round"),
    ("6", "[Function: area]", "`area(…)`"),
    ("6", "undefined", "gives back nothing (`undefined`)"),
    ("6", "7000", ""),
    ("{ a: 1 }", "{ a: 2 }", ""),
]


@pytest.mark.parametrize(("expected", "got", "said"), SHAPES)
def test_a_difference_is_named(expected, got, said):
    told = javascript_shape(SeenInJavaScript("area(2, 3)", expected, got))
    assert said in told.get("en", "")
    assert bool(told) is bool(said)
    assert not told or told["fil"] != told["en"]
    assert not any(word in told.get("en", "") for word in ("None", "list", "tuple", "range(", "Python"))


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (SeenInJavaScript("f(2)", "6", "undefined", printed="6\n"), "prints `6`"),
        (SeenInJavaScript("f(2)", '"six"', "undefined", printed="six\n"), "prints `six`"),
        (SeenInJavaScript("f(xs)", "[2]", "undefined", changed={"xs": ("[1]", "[2]")}), "from `[1]` to `[2]`"),
        (SeenInJavaScript("xs", "[1, 2]", "[2, 1]", before={"xs": "[1, 2]"}), "only given to look at"),
        (SeenInJavaScript("xs", "[1, 2]", "[2, 1]", before={"xs": "[2, 1]"}), "is still `[2, 1]`"),
        (SeenInJavaScript("total", "6", "undefined"), ""),
    ],
)
def test_what_happened_beside_the_value_is_named(seen, said):
    told = javascript_shape(seen)
    assert said in told.get("en", "")
    assert bool(told) is bool(said)


TEXTS = st.one_of(st.text(max_size=30), st.sampled_from([row[0] for row in SHAPES] + [row[1] for row in SHAPES]))


@given(call=TEXTS, expected=TEXTS, got=TEXTS, printed=TEXTS)
def test_anything_has_a_shape_in_both_languages_or_none(call, expected, got, printed):
    told = javascript_shape(SeenInJavaScript(call, expected, got, printed))
    assert not told or (told["en"] and told["fil"])
