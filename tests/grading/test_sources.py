"""Sources that cannot be judged get one clear sentence."""

from __future__ import annotations

import pytest

from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.sources import MAX_BYTES, admitted
from aralify_kernel.errors import SourceRefused
from aralify_kernel.i18n import sentence


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 1\ny = '\0'", "line 2"),
        ("x = '\ud800'", "line 1"),
        ("#" * 2_000_000, "1954 KB"),
        ("ñ" * (MAX_BYTES // 2 + 1), "257 KB"),
    ],
)
def test_what_is_no_text_or_too_much_is_refused_in_both_languages(judge, source, said):
    with pytest.raises(SourceRefused) as refused:
        judge(source, "pass")
    english, filipino = (sentence(refused.value, language) for language in ("en", "fil"))
    assert said in english
    assert said in filipino
    assert english != filipino


def test_the_largest_source_is_admitted():
    assert len(admitted("#" * MAX_BYTES)) == MAX_BYTES


GOOD = "def area(w, h):\n    return w * h\n"


@pytest.mark.parametrize(
    "source",
    [
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        "\ufeff" + GOOD,
        "\ufeff" + GOOD.replace("\n", "\r\n"),
        GOOD.replace("    ", "\t"),
        "\f" + GOOD,
        "# -*- coding: latin-1 -*-\nñ = 'ñ'\n" + GOOD,
        GOOD + "x = " + "[" * 100 + "]" * 100,
        GOOD + "pattern = '\\d'\n",
    ],
    ids=["CRLF", "CR", "BOM", "BOM and CRLF", "tabs", "form feed", "coding line", "nested", "odd escape"],
)
def test_what_editors_do_to_a_text_changes_nothing(judge, source):
    assert judge(source, "assert area(2, 3) == 6").verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("source", "mentions"),
    [
        ("def area(w, h):\n\tif w:\n        return h\n", ["line 3", "tab"]),
        ("x\xa0= 1", ["line 1", "`u+00a0`"]),
        ("x = 1\u2028y = 2", ["line 1", "`u+2028`"]),
        ("x = 1\x1a", ["line 1", "`u+001a`"]),
        ("import asyncio\nawait asyncio.sleep(0)", ["line 2", "`await`", "`async def`"]),
        ("async for x in y:\n    pass", ["line 1", "`async for`"]),
        ("x = [i async for i in y]", ["line 1", "`await`"]),
        ("%matplotlib inline", ["line 1", "`%`", "notebook"]),
        ("!ls", ["line 1", "`!`", "notebook"]),
        ("?area", ["line 1", "`?`", "notebook"]),
        ("x = 1\nprint?", ["line 2", "`?`", "notebook"]),
        ("files = !ls", ["line 1", "`!`", "notebook"]),
        ("t = %timeit -o 1", ["line 1", "`%`", "notebook"]),
        ("x = " + "(" * 300, ["line 1"]),
        ("\n".join(" " * depth + "if 1:" for depth in range(120)), ["line 101"]),
        ("\n".join(" " * depth + "while 1:" for depth in range(40)) + "\n" + " " * 40 + "pass", ["line 21"]),
        ("x = 1" + " + 1" * 20_000, []),
    ],
)
def test_what_python_cannot_read_is_judged_with_a_sentence_in_both_languages(judge, source, mentions):
    judgement = judge(source, "pass")
    assert judgement.verdict is Verdict.ERROR
    english, filipino = (judgement.error.as_json(language)["explanation"] for language in ("en", "fil"))
    assert english != filipino
    for told in (english, filipino):
        assert told
        for mention in mentions:
            assert mention in told.lower()
