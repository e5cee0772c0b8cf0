"""Sources that cannot be judged get one clear sentence."""

from __future__ import annotations

import pytest

from aralify_kernel.errors import SourceRefused
from aralify_kernel.grading.sources import MAX_BYTES, admitted
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
