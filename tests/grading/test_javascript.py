"""Answers in JavaScript are run on one side and compared on the other, and what fails is told in JavaScript's words."""

from __future__ import annotations

import json
import shutil

import pytest

from aralify_kernel.domain.judging import JudgeTask, Verdict
from aralify_kernel.errors import SourceRefused
from aralify_kernel.grading.javascript import runner
from tests.grading.conftest import checks_of

AREA = "function area(width, height) {\n  return width * height;\n}"
WRONG = AREA.replace("*", "+")


@pytest.fixture
def judge(graders):
    """Judge an answer behind the strongest walls that this machine offers."""

    def judged(source, *checks, context=(), **more):
        return graders("strongest").judge(JudgeTask("javascript", context, (), source, checks_of(*checks), **more))

    return judged


def passes(judgement):
    return [check.passed for check in judgement.checks]


def test_a_right_answer_passes_and_earns_its_points(judge):
    judgement = judge(AREA, "equal(() => area(2, 3), 6);", "hidden:equal(() => area(5, 5), 25);")
    assert (judgement.verdict, judgement.points, judgement.max_points) == (Verdict.PASSED, 2, 2)
    assert judgement.signature == ""


def test_a_wrong_answer_is_told_the_call_what_was_expected_and_what_came(judge):
    check = judge(WRONG, "const w = 2;\nequal(() => area(w, 4), 8, { en: 'Multiply.', fil: 'I-multiply.' });").checks[0]
    assert (check.call, check.expected, check.got) == ("area(2, 4)", "8", "6")
    assert check.message == {"en": "Multiply.", "fil": "I-multiply."}


def test_a_wrong_answer_is_told_by_its_shape(judge):
    judgement = judge(
        "const show = (n) => console.log(n); const sort = (xs) => { xs.sort(); }; const asText = (n) => `${n}`;",
        "equal(() => show(6), 6);",
        "const xs = [2, 1];\nequal(() => sort(xs), [1, 2]);",
        "const ys = [2, 1];\nequal(() => sort(ys), undefined);\nequal(() => ys, [2, 1]);",
        "equal(() => asText(6), 6);",
        "hidden:equal(() => asText(7), 7);",
    )
    told = [check.shape.get("en", "") for check in judgement.checks]
    for shape, said in zip(
        told, ("prints `6`", "changes `xs` itself", "only given to look at", "`Number(…)`"), strict=False
    ):
        assert said in shape
    assert told[4] == ""


COMPARED = [
    # what the learner's code gives, what is expected, whether they are equal
    ("6", "6", True),
    ("'6'", "6", False),
    ("0.1 + 0.2", "0.3", False),
    ("-0", "0", True),
    ("NaN", "NaN", True),
    ("undefined", "null", False),
    ("5n", "5n", True),
    ("5n", "5", False),
    ("[1, [2, { a: 3 }]]", "[1, [2, { a: 3 }]]", True),
    ("[1, 2]", "[2, 1]", False),
    ("[1, , 3]", "[1, undefined, 3]", False),
    ("{ b: 1, a: 2 }", "{ a: 2, b: 1 }", True),
    ("{ a: undefined }", "{}", False),
    ("new Set([1, 2])", "new Set([2, 1])", True),
    ("new Map([['a', [1]]])", "new Map([['a', [1]]])", True),
    ("new Map([['a', 1]])", "{ a: 1 }", False),
    ("new Date(0)", "new Date(0)", True),
    ("/a/g", "/a/g", True),
    ("Uint8Array.of(1, 2)", "Uint8Array.of(1, 2)", True),
    ("Uint8Array.of(1, 2)", "[1, 2]", False),
    ("'\\ud800'", "'\\ud800'", True),
    ("new (class Point { x = 1 })()", "{ x: 1 }", True),
    ("JSON.parse('{\"__proto__\": 1}')", "{}", False),
    ("Object.create({ a: 1 })", "{ a: 1 }", False),
    ("Promise.resolve(6)", "6", True),
    ("'x'.repeat(1e5)", "'x'.repeat(1e5)", True),
    ("Array.from({ length: 1e5 }, (_, i) => i)", "Array.from({ length: 1e5 }, (_, i) => i)", True),
    ("() => 6", "6", False),
]


@pytest.mark.parametrize("how", ["equal", "deepEqual"])
def test_values_are_compared_by_content(judge, how):
    source = f"const gives = [{', '.join(f'() => ({got})' for got, _, _ in COMPARED)}];"
    checks = [f"{how}(() => gives[{n}](), {expected});" for n, (_, expected, _) in enumerate(COMPARED)]
    told = [(*row[:2], passed) for row, passed in zip(COMPARED, passes(judge(source, *checks)), strict=True)]
    assert told == COMPARED


CHECKED = {
    # a check of the source below, and whether it passes
    "throws(() => fail());": True,
    "throws(() => fail(), RangeError);": True,
    "throws(() => fail(), TypeError);": False,
    "throws(() => fail(), 'too small');": True,
    "throws(() => fail(), /^too/);": True,
    "throws(() => fail(), { name: 'RangeError', message: 'too small' });": True,
    "throws(() => failOwn(), { name: 'ShapeError', message: /side/ });": True,
    "throws(() => failOwn(), { name: 'RangeError' });": False,
    "throws(() => 5);": False,
    "throws(async () => { await failLater(); }, RangeError);": True,
    "prints(() => hello('Ana'), 'Hello, Ana\\n');": True,
    "prints(() => hello('Ana'), 'Hello, Ana');": True,
    "prints(() => hello('Ana'), 'hello, Ana');": False,
    "await equal(async () => await later(5), 5);": True,
    "equal(() => later(5), 5);": True,
    "const xs = [3, 1, 2];\nequal(() => sort(xs), [1, 2, 3]);\nequal(() => xs, [1, 2, 3]);": True,
    "const ys = [3, 1, 2];\nequal(() => [...ys].length, 3);\nif (ys[0] !== 3) throw new Error();": True,
    "const m = new Map([['a', 1]]);\nequal(() => { m.set('b', 2); }, undefined);\nequal(() => m.size, 2);": True,
    "for (const [n, wanted] of [[1, 2], [2, 4]]) equal(() => twice(n), wanted);": True,
    "for (const [n, wanted] of [[1, 2], [2, 5]]) equal(() => twice(n), wanted);": False,
    "const shared = 4;\nequal(() => twice(shared), 8);": True,
    "equal(() => twice(shared), 8);": True,  # of the check above
    "const plus = (n) => twice(n) + 1;\nequal(() => plus(2), 5);": True,
    "let f = null;\nequal(() => { f = twice; return f(3); }, 6);": True,
    "equal(() => { const c = new Counter(); c.up(); c.up(); return c.value; }, 2);": True,
    "equal(() => new Counter() instanceof Counter, true);": True,
    "equal(() => fixed, 1);": True,
    "equal(() => [...count(3)], [0, 1, 2]);": True,
    "const key = Symbol.for('key');\nequal(() => ({ [key]: 1 })[key], 1);": True,
    "equal(() => Symbol.for('key'), Symbol.for('key'));": True,
    "equal(() => Symbol.for('key'), Symbol.for('other'));": False,
    "const zs = [1, 2];\nequal(() => zs.map(twice), [undefined, undefined]);": True,
    "equal(() => { twice.tried = 1; }, undefined);": True,
    "equal(() => twice.tried, 1);": True,
}
CHECKED_SOURCE = """
class ShapeError extends Error { name = "ShapeError"; }
const fail = () => { throw new RangeError("too small"); };
const failOwn = () => { throw new ShapeError("no such side"); };
const failLater = async () => { throw new RangeError("late"); };
const later = (value) => new Promise((resolve) => setTimeout(() => resolve(value), 1));
const hello = (name) => console.log(`Hello, ${name}`);
const sort = (xs) => xs.sort((a, b) => a - b);
const twice = (n) => 2 * n;
Array.prototype.map = function () { return Array.from(this, () => undefined); };
Array.prototype.join = () => "";
function* count(n) { for (let i = 0; i < n; i++) yield i; }
export class Counter { value = 0; up() { this.value += 1; } }
export const fixed = await later(1);
"""


def test_checks_ask_compare_catch_and_listen(judge):
    judgement = judge(CHECKED_SOURCE, *CHECKED)
    assert dict(zip(CHECKED, passes(judgement), strict=True)) == CHECKED


def test_a_hidden_check_tells_only_its_author_s_message(judge):
    judgement = judge(
        "const area = (w, h) => { console.log('asked', w); return w + h; };",
        "equal(() => area(2, 3), 6);",
        "hidden:equal(() => area(4321, 3), 12963, 'Look at large numbers.');",
        "hidden:equal(() => area(4321, 4), 17284);",
        "hidden:equal(() => area.missing.size, 17284);",
    )
    told = json.dumps(judgement.as_json("en"))
    assert judgement.verdict is Verdict.FAILED
    assert judgement.stdout == "asked 2\n"
    assert [check.message.get("en") for check in judgement.checks[1:3]] == ["Look at large numbers.", None]
    assert "stops with an error" in judgement.checks[3].message["en"]
    assert not any(secret in told for secret in ("4321", "12963", "17284", "missing"))


def test_an_error_in_a_hidden_check_is_not_told(judge):
    judgement = judge("const area = (w) => { if (w === 7) Deno.exit(); return w; };", "hidden:equal(() => area(7), 7);")
    assert (judgement.verdict, judgement.error) == (Verdict.ERROR, None)


@pytest.mark.parametrize(
    ("source", "error", "line", "said"),
    [
        ("const total = 1;\nconsole.log(totl);", "ReferenceError", 2, "Did you mean `total`?"),
        ("let q;\nq.size;", "TypeError", 2, "`undefined`"),
        ("function f() { return f(); }\nf();", "RangeError", 1, "again and again"),
        ("function f() {\n  return 1;\n", "SyntaxError", 2, "`{` on line 1"),
        ("\nimport fs from 'node:fs';", "ImportError", 2, "imports"),
        ("throw 5;", "throw", None, "`5`"),
        ("await new Promise(() => {});", "PromiseNeverSettled", None, "never ends"),
        ("Deno.exit(0);", "Exit", None, "ended itself"),
        ("Promise.reject(new RangeError('unheard'));", "RangeError", 1, "unheard"),
    ],
)
def test_an_error_names_its_line_and_is_explained_in_both_languages(judge, source, error, line, said):
    judgement = judge(source, "equal(() => 1, 1);")
    assert judgement.verdict is Verdict.ERROR
    assert (judgement.error.type, judgement.error.line) == (error, line)
    assert said in f"{judgement.error.explanation['en']} {judgement.error.advice['en']}"
    assert judgement.error.explanation["fil"] != judgement.error.explanation["en"]
    assert judgement.error.advice["fil"] != judgement.error.advice["en"]
    assert "Python" not in json.dumps(judgement.as_json("en"))


def test_an_error_inside_of_a_check_names_the_learner_s_line_and_the_call(judge):
    judgement = judge("function first(xs) {\n  return xs[0].name;\n}", "equal(() => first([]), 'Ana');")
    assert (judgement.verdict, judgement.error.line) == (Verdict.ERROR, 2)
    assert judgement.checks[0].call == "first([])"
    assert judgement.checks[0].got.startswith("TypeError: Cannot read properties of undefined")


def test_a_name_that_the_checks_look_for_is_told_with_the_one_that_is_meant(judge):
    judgement = judge("const totl = 5;", "equal(() => total, 5);")
    assert judgement.verdict is Verdict.FAILED
    assert "your `totl`" in judgement.checks[0].message["en"]


@pytest.mark.parametrize(
    ("source", "verdict", "said"),
    [
        ("let n = 0;\nwhile (true) { n += 1; }", Verdict.TIMEOUT, "loop on line 2"),
        ("const xs = [];\nwhile (true) xs.push(new Uint8Array(1e8));", Verdict.LIMIT, "memory"),
        ("while (true) console.log('x'.repeat(1000));", Verdict.LIMIT, "printed far too much"),
    ],
)
def test_what_never_ends_is_stopped_and_explained(judge, source, verdict, said):
    judgement = judge(source, "equal(() => 1, 1);")
    assert judgement.verdict is verdict
    assert said in judgement.error.explanation["en"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("const a = 1;\n//" + "x" * 2_000_000, "too long"),
        ("const a = 1;\nconst b = '\0';", "line 2"),
        ("const a = '\ud800';", "half a character"),
    ],
    ids=["two megabytes", "nul", "half a character"],
)
def test_what_is_no_text_is_refused_with_a_sentence(judge, source, said):
    with pytest.raises(SourceRefused) as refused:
        judge(source, "equal(() => a, 1);")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("\ufeffconst a = 1;\r\n// two\rlet b = `x\r\ny`;", Verdict.PASSED),
        ("\tconst a =\t1;", Verdict.PASSED),
        ("const a = await Promise.resolve(1);", Verdict.PASSED),
        ("const a = 1; // ends in a comment", Verdict.PASSED),
        ("const a = 1; /* never closed", Verdict.ERROR),
        ("const a = 1; }{", Verdict.ERROR),
        ("const a = 1; break $aralify_barrier$;", Verdict.ERROR),
        (f"const a = {'(' * 20_000}1{')' * 20_000};", Verdict.ERROR),
        (f"const a = {'[' * 5_000}1{']' * 5_000};", Verdict.ERROR),
        ("const a = 1; eval('}'.repeat(9));", Verdict.ERROR),
        ("", Verdict.FAILED),
        ("%timeit 1", Verdict.ERROR),
        ("const ñandú = 1, a = ñandú, 名前 = 2;", Verdict.PASSED),
        ("<!-- html\nconst a = 1;", Verdict.ERROR),
    ],
)
def test_odd_sources_are_judged(judge, source, verdict):
    assert judge(source, "equal(() => a, 1);").verdict is verdict


def test_equal_failures_have_equal_signatures(judge):
    check = "equal(() => area(2, 3), 6);"
    one, same, other = (judge(source, check) for source in (WRONG, f"// mine\n{WRONG}", AREA.replace("*", "-")))
    assert one.signature == same.signature != other.signature
    raised = [judge(f"{lines}function area(w) {{ return w.size.no; }}", check).signature for lines in ("", "\n\n")]
    assert raised[0] == raised[1]


def test_examples_come_first_and_their_names_may_be_made_again(judge):
    context = ("const rate = 12;\nfunction area() { return 0; }", "let count = 1;")
    judgement = judge("const count = rate + 1;", "equal(() => count, 13);", "equal(() => area(), 0);", context=context)
    assert passes(judgement) == [True, True]
    judgement = judge("", "equal(() => area(), 0);", context=context[:1], reference=AREA)
    assert "does not make it" in judgement.checks[0].message["en"]


def test_when_the_grader_itself_fails_nobody_is_blamed(judge, monkeypatch):
    monkeypatch.setattr(runner, "deno", lambda: shutil.which("false"))
    judgement = judge(AREA, "equal(() => area(2, 3), 6);")
    assert (judgement.verdict, judgement.error) == (Verdict.UNGRADED, None)


def test_a_check_that_its_author_broke_is_not_the_learner_s_error(judge):
    judgement = judge(AREA, "equal(() => area(2, 3), wanted);")
    assert judgement.verdict is Verdict.FAILED
    assert "could not go on" in judgement.checks[0].message["en"]
    assert judgement.error is None
