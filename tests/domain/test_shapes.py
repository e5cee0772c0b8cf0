"""Wrong answers explained by their shape: told where it truly fits, silent everywhere else."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aralify_kernel.domain.explanations import Seen, shape
from aralify_kernel.i18n import LANGUAGES

AREA = "def area(w, h):\n    return w * h\n"
whole = st.integers(-(10**6), 10**6)
decimals = st.floats(-(10**6), 10**6).map(lambda number: round(number, 3))
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
plain = st.recursive(
    st.one_of(whole, decimals, words, st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.lists(inner, max_size=4).map(tuple)),
    max_leaves=6,
)


def told(expected, got, **more) -> str:
    """Return what is told in English about the values; a text is one as Python writes it."""
    texts = [value if isinstance(value, str) else repr(value) for value in (expected, got)]
    return shape(Seen("area(2, 3)", *texts, **more)).get("en", "")


SHAPES = [
    ("6", "'6'", ["text `'6'`", "number `6`", "`int(…)`"]),
    ("2.5", "' 2.5 '", ["text `' 2.5 '`", "`float(…)`"]),
    ("'6'", "6", ["number `6`", "text `'6'`", "`str(…)`"]),
    ("True", "'True'", ["text `'True'`", "quotes"]),
    ("'None'", "None", ["`None`", "text `'None'`"]),
    ("(1, 2)", "[1, 2]", ["a list: `[1, 2]`", "a tuple: `(1, 2)`", "`tuple(…)`"]),
    ("[1, 2]", "(1, 2)", ["a tuple", "`list(…)`"]),
    ("{1, 2}", "[2, 1]", ["a list", "a set", "`set(…)`"]),
    ("[1, 2]", "{1, 2}", ["a set", "no order"]),
    ("[1, 2]", "['1', '2']", ["texts: `['1', '2']`"]),
    ("6", "[6]", ["a list that holds the right value", "`6` alone"]),
    ("6", "(6,)", ["a tuple", "comma"]),
    ("'Hello, Ana'", "'hello, ana'", ["capital and small letters", "`'Hello, Ana'`"]),
    ("'a b'", "'a  b'", ["Only spaces differ"]),
    ("'a'", "'a '", ["space too many at its end"]),
    ("'a'", "' a'", ["space too many at its beginning"]),
    ("'a'", "'a\\n'", ["line break", "too many"]),
    ("'a\\n'", "'a'", ["lacks a line break"]),
    ("'A b'", "'a  b'", ["spaces and capital or small letters"]),
    ("6", "5", ["`5`, one less than the `6`"]),
    ("6", "7", ["`7`, one more than the `6`"]),
    ("[1, 2, 3]", "[0, 1, 2]", ["one too small"]),
    ("[1, 2, 3]", "[2, 3, 4]", ["one too large"]),
    ("[1, 2, 3]", "[1, 2]", ["missing", "at the end: `3`"]),
    ("[1, 2, 3]", "[2, 3]", ["missing", "at the beginning: `1`"]),
    ("[1, 2, 3]", "[1, 3]", ["missing", "in between: `2`"]),
    ("[1, 2]", "[1, 2, 9]", ["one element too many at the end: `9`"]),
    ("{1, 2}", "{1}", ["missing", "`2`"]),
    ("{'a': 1, 'b': 2}", "{'a': 1}", ["One key is missing", "`'b'`"]),
    ("{'a': 1}", "{'a': 1, 'b': 2}", ["one key too many", "`'b'`"]),
    ("'abc'", "'ab'", ["lacks one character at the end: `'c'`"]),
    ("[1, 2, 3]", "[3, 2, 1]", ["the other way round"]),
    ("[1, 2, 3]", "[2, 1, 3]", ["another order"]),
    ("'abc'", "'cba'", ["backwards"]),
    ("0.3", "0.30000000000000004", ["last places", "`round(…, 1)`"]),
    ("3.14", "3.14159", ["rounded: `3.14`", "`round(…, 2)`"]),
    ("3.14159", "3.14", ["rounded too much"]),
    ("≈ 3.14159", "3.14", ["rounded too much", "`3.14159`"]),
    ("3", "3.5", ["whole number `3`", "`//`"]),
    ("6", "6.0", ["`6.0` is a decimal number"]),
    ("True", "1", ["`1` is a number"]),
    ("[0, 1]", "range(0, 2)", ["`range`", "`list(…)`"]),
    ("['a']", "dict_keys(['a'])", ["`dict_keys`", "`list(…)`"]),
    ("[1]", "<generator object area.<locals>.<genexpr> at 0x7f21>", ["`generator`", "`list(…)`"]),
    ("(1,)", "<map object at 0x7f21>", ["`map`", "`tuple(…)`"]),
    ("'A'", "<built-in method upper of str object at 0x7f21>", ["function `upper` itself", "`upper(…)`"]),
    ("6", "<function area at 0x7f21>", ["function `area` itself"]),
    ("6", "<bound method Box.area of <Box object at 0x7f21>>", ["function `area` itself"]),
]


@pytest.mark.parametrize(("expected", "got", "mentions"), SHAPES, ids=[f"{a} {b}" for a, b, _ in SHAPES])
def test_a_shape_is_told_with_the_values_in_both_languages(expected, got, mentions):
    said = shape(Seen("area(2, 3)", expected, got))
    assert set(said) == set(LANGUAGES)
    assert said["en"] != said["fil"]
    for mention in mentions:
        assert mention in said["en"]
    for quoted in said["en"].split("`")[1::2]:
        assert f"`{quoted}`" in said["fil"], "every value and piece of code stands in both languages"


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("6", "8"),
        ("6", "60"),
        ("6", "'7'"),
        ("6", "'six'"),
        ("1", "0"),
        ("0", "-1"),
        ("True", "0"),
        ("True", "False"),
        ("2", "True"),
        ("(1, 2)", "[2, 1]"),
        ("[1, 2]", "{1, 3}"),
        ("[1, 2, 3]", "[1, 5]"),
        ("[1, 2]", "[]"),
        ("[]", "[1]"),
        ("[1, 2]", "[True, 2]"),
        ("'abc'", "'xyz'"),
        ("3.14", "3.2"),
        ("2.5", "7.5"),
        ("!= 5", "5"),
        ("> 5", "5"),
        ("'Ana' in area(2, 3)", "'Hi'"),
        ("6", "nan"),
        ("6", "…"),
        ("<Box object at 0x7f21>", "<Box object at 0x7f22>"),
        ("[1, 2, 3]", "['1', '2']"),
        ("'a…", "'a"),
        ("1e300", "1e-300"),
        ("10", str(10**399)),
    ],
)
def test_what_fits_no_shape_gets_none(expected, got):
    assert told(expected, got) == ""


def test_a_printed_answer_is_told_only_where_that_is_what_was_printed():
    source = "def area(w, h):\n    print(w * h)\n"
    assert told("6", "None", source=source, printed="6\n") == (
        "Your function prints `6`, but the check needs it returned. Use `return`."
    )
    assert "prints `Hi`" in told("'Hi'", "None", source=source, printed="Hi\n")
    assert "prints" not in told("6", "None", source=source, printed="working\n")
    assert "prints" not in told("6", "None", source=source, printed="16\n")


def test_a_function_that_gives_back_nothing_is_told_what_its_source_shows():
    assert "it has no `return` with a value" in told("6", "None", source="def area(w, h):\n    w * h\n    return\n")
    some = "def area(w, h):\n    if w > 5:\n        return w * h\n"
    assert "Does every way through it end with `return`?" in told("6", "None", source=some)
    assert "nothing" in told("!= 6", "None", source=some)


@pytest.mark.parametrize("call", ["prices.get('rice')", "total", "other(3)"])
def test_none_of_something_else_is_not_called_a_missing_return(call):
    assert shape(Seen(call, "6", "None", source=AREA, printed="6\n")) == {}


def test_none_that_is_expected_has_no_shape():
    assert told("None", "None", source="def area(w, h):\n    print(6)\n", printed="None\n") == ""


def test_an_argument_that_was_changed_instead_of_a_value_returned():
    seen = Seen("ordered(xs)", "[1, 2]", "None", source=AREA, changed={"xs": ("[2, 1]", "[1, 2]")})
    assert "changes `xs` itself, from `[2, 1]` to `[1, 2]`" in shape(seen)["en"]


def test_an_argument_that_was_only_given_to_look_at():
    said = shape(Seen("xs", "[2, 1]", "[1, 2]", changed={"xs": ("[2, 1]", "[1, 2]")}))
    assert "it was `[2, 1]`, and is `[1, 2]` now. Work on a copy" in said["en"]


def test_an_argument_that_should_have_been_changed():
    said = shape(Seen("xs", "[1, 2]", "[2, 1]", changed={"xs": ("[2, 1]", "[2, 1]")}))
    assert "`xs` is still `[2, 1]`" in said["en"]


def test_a_literal_of_the_check_is_not_taken_for_the_learner_s_value():
    assert shape(Seen("5", "6", "5", source=AREA)) == {}
    assert shape(Seen("len([1])", "2", "3", source=AREA)) == {}


@given(plain, st.sampled_from(["area(2, 3)", "total", "xs"]))
def test_equal_values_have_no_shape(value, call):
    source = "def area(w, h):\n    return None\n"
    assert shape(Seen(call, repr(value), repr(value), source=source, printed=str(value))) == {}


@given(st.text(max_size=500), st.text(max_size=500), st.text(max_size=60), st.text(max_size=60))
def test_no_text_breaks_it(expected, got, call, printed):
    for one in (call, "area(2, 3)"):
        said = shape(Seen(one, expected, got, source=AREA, printed=printed, changed={one: (got, expected)}))
        assert set(said) in (set(), set(LANGUAGES))


@given(
    st.text("()[]{}-'\"0123456789.,:ejnfr\\ ", max_size=410), st.text("()[]{}-'\"0123456789.,:ejnfr\\ ", max_size=410)
)
def test_no_half_written_value_breaks_it(expected, got):
    assert set(shape(Seen("area(2, 3)", expected, got))) in (set(), set(LANGUAGES))


@given(plain, plain)
def test_two_values_of_any_kind_get_both_languages_or_nothing(expected, got):
    said = shape(Seen("area(2, 3)", repr(expected), repr(got)))
    assert set(said) in (set(), set(LANGUAGES))


@given(whole | decimals)
def test_a_number_as_text_is_recognised_both_ways(number):
    assert "the text" in told(number, repr(str(number)))
    assert "the text" in told(repr(str(number)), number)


@given(st.lists(plain, max_size=4))
def test_another_kind_of_collection_is_recognised(elements):
    assume(len(repr(elements)) < 300)
    assert "a tuple" in told(tuple(elements), elements)
    assert "a list" in told(elements, tuple(elements))


@given(st.lists(whole, min_size=2, max_size=8), st.data())
def test_a_missing_element_is_recognised_and_named(elements, data):
    place = data.draw(st.integers(0, len(elements) - 1))
    assert f"`{elements[place]}`" in told(elements, elements[:place] + elements[place + 1 :])
    assert f"`{elements[place]}`" in told(elements[:place] + elements[place + 1 :], elements)


@given(st.permutations(range(5)))
def test_another_order_is_recognised(elements):
    assume(elements != [0, 1, 2, 3, 4])
    said = told([0, 1, 2, 3, 4], elements)
    assert "other way round" in said or "another order" in said


@given(whole)
def test_off_by_one_is_recognised(number):
    assume(number - 1 not in (0, -1) and number + 1 not in (0, -1))
    assert "one less" in told(number, number - 1)
    assert "one more" in told(number, number + 1)


@given(words.filter(lambda word: word.strip() == word != ""))
def test_a_space_at_an_end_is_recognised(word):
    assert "space" in told(repr(word), repr(word + " "))
    assert "space" in told(repr(word), repr(" " + word))


@given(st.integers(1, 10**6), st.integers(3, 97))
def test_the_last_places_of_a_sum_are_recognised(number, times):
    exact, computed = round(number / 10 * times, 1), sum([number / 10] * times)
    assume(exact != computed and float(exact) != int(exact))
    assert "`round(…, 1)`" in told(exact, computed)
