"""The result of a query under its cell: the first hundred rows, and how many more there are."""

from __future__ import annotations

import pytest

from aralify_kernel.domain.tables import Table
from aralify_kernel.widgets.results_of_queries import table_bundle


@pytest.mark.parametrize(
    ("count", "shown", "caption", "more"),
    [
        (0, 0, "0 rows", None),
        (1, 1, "1 row", None),
        (100, 100, "100 rows", None),
        (101, 100, "101 rows", "… 1 more row"),
        (250, 100, "250 rows", "… 150 more rows"),
    ],
)
def test_a_long_result_is_cut_after_a_hundred_rows_and_says_so(count, shown, caption, more):
    bundle = table_bundle(Table(("n",), tuple((number,) for number in range(count))), "en")
    assert bundle["text/html"].count("<td>") == shown
    assert f"<caption>{caption}</caption>" in bundle["text/html"]
    assert f"({caption})" in bundle["text/plain"]
    if more is None:
        assert "more row" not in bundle["text/html"]
    else:
        assert f"</table><p>{more}</p>" in bundle["text/html"]


def test_the_count_is_said_in_filipino_too():
    html = table_bundle(Table(("n",), tuple((number,) for number in range(101))), "fil")["text/html"]
    assert "101 row" in html
    assert "more row" not in html
