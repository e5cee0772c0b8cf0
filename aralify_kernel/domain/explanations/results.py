"""How the result of a query differs from what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.explanations.checks import text
from aralify_kernel.i18n import N_

if TYPE_CHECKING:
    from aralify_kernel.domain.content import Text
    from aralify_kernel.domain.tables import Difference, Table

_SAID: Final[dict[Difference, str]] = {
    "nothing": N_("Your statements give no result. End with a `SELECT`."),
    "columns": N_("The result should have {expected_columns} columns, and yours has {got_columns}."),
    "names": N_("The columns of your result are called something else."),
    "more": N_("Your result has more rows than it should: {got_rows} instead of {expected_rows}."),
    "fewer": N_("Your result has fewer rows than it should: {got_rows} instead of {expected_rows}."),
    "rows": N_("Your result has as many rows as it should, but not the same ones."),
    "order": N_("These are the right rows, in another order. Look at `ORDER BY`."),
}


def explain_difference(difference: Difference, expected: Table | None, got: Table | None) -> Text:
    """Return how `got` differs from `expected`, in every language."""
    if difference == "nothing" and expected is None:
        return text(N_("Your statements give a result where none is expected."))
    return text(
        _SAID[difference],
        expected_columns=len(expected.columns) if expected else 0,
        got_columns=len(got.columns) if got else 0,
        expected_rows=len(expected.rows) if expected else 0,
        got_rows=len(got.rows) if got else 0,
    )
