"""What JavaScript says is explained to beginners in its own words, never in Python's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain.explanations import explain, explain_check

EXPLAINED = [
    # type, JavaScript's message, line, source, part of what is said
    ("ReferenceError", "totl is not defined", 2, "const total = 1;\ntotl", "Did you mean `total`?"),
    ("ReferenceError", "print is not defined", 1, "print('x')", "written `console.log`"),
    ("ReferenceError", "Math2 is not defined", 1, "Math2.max()", "written `Math`"),
    ("ReferenceError", "None is not defined", 1, "x = None", "written `null`"),
    ("ReferenceError", "document is not defined", 1, "document.write()", "no web page"),
    ("ReferenceError", "n is not defined", 1, "n = 5", "never made"),
    ("ReferenceError", "zebra is not defined", 1, "f(zebra)", "quotes around it"),
    ("ReferenceError", "Cannot access 'y' before initialization", 1, "y; let y", "Move the line"),
    ("TypeError", "Assignment to constant variable.", 2, "const x = 1;\nx = 2", "`let`"),
    ("TypeError", "xs.append is not a function", 1, "xs.append(1)", "`push`"),
    ("TypeError", "xs.pussh is not a function", 1, "xs.pussh(1)", "Did you mean `push`"),
    ("TypeError", "o.zzzz is not a function", 1, "o.zzzz()", "in front of the dot"),
    ("TypeError", "a is not a function", 1, "a()", "parentheses"),
    (
        "TypeError",
        "Cannot read properties of undefined (reading 'x')",
        1,
        "o.a.x",
        "`x` of something that is `undefined`",
    ),
    ("TypeError", "Cannot set properties of null (setting 'x')", 1, "o.x = 1", "`null`"),
    ("TypeError", "Cannot destructure property 'a' of 'o' as it is undefined.", 1, "const {a} = o", "`a` of something"),
    ("TypeError", "5 is not iterable", 1, "for (const x of 5) {}", "`Object.entries(…)`"),
    ("TypeError", "Class constructor Dog cannot be invoked without 'new'", 1, "Dog()", "`new Dog(…)`"),
    ("TypeError", "F is not a constructor", 1, "new F()", "no class"),
    ("TypeError", "Cannot mix BigInt and other types, use explicit conversions", 1, "1n + 1", "`BigInt`"),
    ("TypeError", "Cannot add property 1, object is not extensible", 1, "xs.push(1)", "Make a copy"),
    ("TypeError", "Reduce of empty array with no initial value", 1, "[].reduce(f)", "second argument"),
    ("RangeError", "Maximum call stack size exceeded", 1, "f()", "again and again"),
    ("RangeError", "Invalid array length", 1, "new Array(-1)", "negative"),
    ("RangeError", "side too small", 1, "throw new RangeError('side too small')", "throws an error"),
    ("SyntaxError", "Unexpected end of input", 2, "f(() => {\n  1", "`{` on line 1 is never closed"),
    ("SyntaxError", "Invalid or unexpected token", 1, "let s = 'abc", "Write `'`"),
    ("SyntaxError", "Unterminated template", 1, "let s = `abc", "backtick"),
    ("SyntaxError", "Expression expected", 2, "f() {\n}}", "`}` on line 2 closes nothing"),
    ("SyntaxError", "Identifier 'x' has already been declared", 1, "let x; let x", "a second time"),
    ("SyntaxError", "Expected ';', '}' or <eof>", 1, "def f(x):", "`function`"),
    ("SyntaxError", "Expected ';', '}' or <eof>", 1, "retrun 5", "`return`"),
    ("SyntaxError", "Illegal return statement", 1, "return 5", "outside of any function"),
    ("SyntaxError", "Illegal break statement", 1, "break", "outside of any loop"),
    ("SyntaxError", "Unexpected reserved word", 1, "function f() { await 1 }", "`async`"),
    ("SyntaxError", "Missing initializer in const declaration", 1, "const a;", "gets no value"),
    ("SyntaxError", "Invalid assignment target", 1, "5 = x", "`===`"),
    ("SyntaxError", "Expected ',', got 'b'", 1, "({a: 1 b: 2})", "expects `,`"),
    ("SyntaxError", "Unexpected token in JSON at position 1", 1, "JSON.parse('{')", "stopped on line 1"),
    ("TimeoutError", "stopped after 4 seconds", 3, "", "loop on line 3"),
    ("TimeoutError", "stopped after 4 seconds", None, "", "more than 4 seconds"),
    ("MemoryError", "", None, "", "more memory"),
    ("OutputLimit", "", None, "", "printed far too much"),
    ("throw", "5", None, "throw 5", "no error object"),
    ("Exit", "", None, "", "ended itself"),
    ("Crash", "", None, "", "made JavaScript itself stop"),
    ("URIError", "URI malformed", 1, "decodeURI('%')", "stopped on line 1"),
]


@pytest.mark.parametrize(("error", "message", "line", "source", "said"), EXPLAINED)
def test_a_mistake_is_explained(error, message, line, source, said):
    told = explain(error, message, line, source, language="javascript")
    for texts in (told.explanation, told.advice):
        assert texts["fil"] != texts["en"]
        assert "Python" not in texts["en"] + texts["fil"]
    assert said in f"{told.explanation['en']} {told.advice['en']}"


@given(
    error=st.sampled_from(sorted({row[0] for row in EXPLAINED})),
    message=st.one_of(st.sampled_from([row[1] for row in EXPLAINED]), st.text(max_size=40)),
    line=st.one_of(st.none(), st.integers(1, 9)),
    source=st.one_of(st.sampled_from([row[3] for row in EXPLAINED]), st.text(max_size=60)),
)
def test_anything_is_explained_in_both_languages(error, message, line, source):
    told = explain(error, message, line, source, language="javascript")
    assert all(told.explanation.values())
    assert all(told.advice.values())


def test_a_missing_name_is_told_with_the_one_that_was_meant():
    told = explain_check("missing", name="total", source="const totl = 5;", language="javascript")
    assert "your `totl`" in told["en"]
