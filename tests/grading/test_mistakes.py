"""The mistakes beginners make, through the real grader: the right line, their own names, in both languages."""

from __future__ import annotations

import pytest

from aralify_kernel.domain.judging import Verdict

# What the learner wrote · the error · its line · what both languages must mention
MISTAKES = [
    ("total = 5\nanswer = totl + 1", "NameError", 2, ["`totl`", "`total`"]),
    ('Print("hi")', "NameError", 1, ["`Print`", "`print`"]),
    ("done = true", "NameError", 1, ["`true`", "`True`"]),
    ("student = Ana", "NameError", 1, ["`Ana`", '`"Ana"`']),
    ("x = math.sqrt(4)", "NameError", 1, ["`math`", "`import math`"]),
    ("x = sqrt(4)", "NameError", 1, ["`sqrt`", "`from math import sqrt`"]),
    ("print(score)\nscore = 5", "NameError", 1, ["`score`", "line 2"]),
    ("def f():\n    inner = 3\nf()\nprint(inner)", "NameError", 4, ["`inner`", "`f`"]),
    ("if 1 > 2:\n    gift = 1\nprint(gift)", "NameError", 3, ["`gift`", "line 2"]),
    ("count = 0\ndef add():\n    count += 1\nadd()", "UnboundLocalError", 3, ["`count`", "`add`"]),
    ('age = 12\nprint("Age: " + age)', "TypeError", 2, ["`age`", "`str(age)`"]),
    ('age = "12"\ntotal = age + 1', "TypeError", 2, ["`age`", "`int(age)`"]),
    ('a = "5"\nif a > 3:\n    pass', "TypeError", 2, ["`a`", "`>`", "`int(a)`"]),
    ('text = "a"\ncount = 3\nx = count - text', "TypeError", 3, ["`count`", "`text`", "`-`"]),
    ("nums = [1]\nx = nums + 3", "TypeError", 2, ["`nums.append(3)`"]),
    ('x = "3" * "4"', "TypeError", 1, ["`int(…)`"]),
    ("def area(w, h):\n    return w * h\narea(2)", "TypeError", 3, ["`area`", "`h`"]),
    ("def area(w, h):\n    return w * h\narea(2, 3, 4)", "TypeError", 3, ["`area`", "2", "3"]),
    ("def area(w):\n    return w\narea(side=3)", "TypeError", 3, ["`area`", "`side`"]),
    ('list = [1, 2]\nx = list("ab")', "TypeError", 2, ["`list`", "line 1"]),
    ("price = 5\ny = price(3)", "TypeError", 2, ["`price`", "`*`"]),
    ("nums = [1, 2]\ny = nums(0)", "TypeError", 2, ["`nums[…]`"]),
    ("n = 5\nprint(n[0])", "TypeError", 2, ["`n`"]),
    ("def add(a, b):\n    print(a + b)\nx = add(1, 2)\nprint(x[0])", "TypeError", 4, ["`x`", "`add`", "`return`"]),
    ("for i in 5:\n    pass", "TypeError", 1, ["`range(5)`"]),
    ('word = "abc"\nword[0] = "z"', "TypeError", 2, ["`word`"]),
    ('nums = ["a"]\nfor i in nums:\n    print(nums[i])', "TypeError", 3, ["`nums`", "`i`"]),
    ("nums = [1, 2, 3]\nprint(nums[3])", "IndexError", 2, ["`nums`", "`3`", "2"]),
    ("nums = []\nnums.pop()", "IndexError", 2, ["list"]),
    ('prices = {"rice": 50}\nprint(prices["rcie"])', "KeyError", 2, ["`'rcie'`", "`'rice'`", "`prices`"]),
    ('prices = {"rice": 50}\nprint(prices["fish"])', "KeyError", 2, ["`'fish'`", "`prices`", ".get("]),
    ('x = int("12a")', "ValueError", 1, ["`12a`"]),
    ('x = int("3.5")', "ValueError", 1, ["`3.5`", "`float(…)`"]),
    ("a, b = 1, 2, 3", "ValueError", 1, ["2"]),
    ("shares = 0\nx = 10 / shares", "ZeroDivisionError", 2, ["`shares`", "`if`"]),
    ("nums = [3, 1]\nnums = nums.sort()\nnums.append(3)", "AttributeError", 3, ["`nums`", "line 2", "`.sort()`"]),
    ("nums = [1]\nnums.push(2)", "AttributeError", 2, ["`.push`", "`.append`"]),
    ('s = "abc"\nprint(s.length)', "AttributeError", 2, ["`.length`", "`len(s)`"]),
    ("if True:\nprint(1)", "IndentationError", 2, ["line 1", "4"]),
    ("x = 1\n  y = 2", "IndentationError", 2, []),
    ("if True:\n    x = 1\n  y = 2", "IndentationError", 3, []),
    ("if True:\n\tx = 1\n        y = 2", "TabError", 3, ["tab"]),
    ("x = 3\nif x > 2\n    print(x)", "SyntaxError", 2, ["`:`"]),
    ('print("a"', "SyntaxError", 1, ["`(`", "`)`"]),
    ("x = (1, 2]", "SyntaxError", 1, ["`]`", "`)`"]),
    ('x = 1\nprint("hello)', "SyntaxError", 2, ['`"`']),
    ("print('it's')", "SyntaxError", 1, ["`'`"]),
    ("x = 3\nif x = 3:\n    pass", "SyntaxError", 2, ["`=`", "`==`"]),
    ("5 = x", "SyntaxError", 1, ["`=`"]),
    ('print "hi"', "SyntaxError", 1, ["`print`", "`print(…)`"]),
    ("class = 5", "SyntaxError", 1, ["`class`", "`my_class`"]),
    ("x = 3\nif x > 1:\n    pass\nelse if x > 0:\n    pass", "SyntaxError", 4, ["`elif`"]),
    ("x = 3\nif x => 2:\n    pass", "SyntaxError", 2, ["`=>`", "`>=`"]),
    ("whlie True:\n    pass", "SyntaxError", 1, ["`whlie`", "`while`"]),
    ("print(“hi”)", "SyntaxError", 1, ["`“`"]),
    ("total = 1 +", "SyntaxError", 1, ["`+`"]),
    ("x = 1\nreturn x", "SyntaxError", 2, ["`return`"]),
    ("x = 1\n%matplotlib inline", "SyntaxError", 2, ["`%`", "notebook"]),
    ("def fact(n):\n    return n * fact(n - 1)\nfact(3)", "RecursionError", 2, ["`fact`"]),
    ("import nmpy", "ModuleNotFoundError", 1, ["`nmpy`", "`import numpy`"]),
    ('name = input("Name? ")', "EOFError", 1, ["`input()`"]),
    ('open("rain.csv")', "FileNotFoundError", 1, ["`rain.csv`"]),
]


@pytest.mark.parametrize(("source", "error", "line", "mentions"), MISTAKES, ids=[source for source, *_ in MISTAKES])
def test_a_beginners_mistake_is_explained_with_its_own_line_and_names(judge, source, error, line, mentions):
    judgement = judge(source, "pass")
    assert judgement.verdict is Verdict.ERROR
    assert (judgement.error.type, judgement.error.line) == (error, line)
    english, filipino = (judgement.error.as_json(language)["explanation"] for language in ("en", "fil"))
    assert english != filipino
    for told in (english, filipino):
        for mention in [f"line {line}", *mentions]:
            assert mention.lower() in told.lower(), told
    assert judgement.error.message, "Python's own message is kept"


def test_an_unknown_error_keeps_pythons_words_in_both_languages(judge):
    error = judge("raise LookupError('walang laman')", "pass").error
    for language in ("en", "fil"):
        assert "LookupError: walang laman" in error.explanation[language]
