"""The result of a query as a table that a screen reader can walk through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from aralify_kernel.domain.tables import text_of
from aralify_kernel.i18n import translator

if TYPE_CHECKING:
    from aralify_kernel.domain.tables import Cell, Table

_MOST_ROWS: Final = 100


def table_bundle(table: Table, language: str) -> dict[str, str]:
    """Return the result of a query as a MIME bundle (HTML and text); of a long one, the first rows and how many more."""
    _ = translator(language)
    count, left = len(table.rows), len(table.rows) - _MOST_ROWS
    caption = _.plural("{n} row", "{n} rows", count)
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in table.columns)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(map(_cell, row))) for row in table.rows[:_MOST_ROWS]
    )
    html = Markup("<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
        caption, head, body
    )
    more = _.plural("{n} more row", "{n} more rows", left) if left > 0 else ""
    if more:
        html += Markup("<p>… {}</p>").format(more)
    return {"text/html": str(html), "text/plain": f"{table}\n({caption})"}


def _cell(cell: Cell) -> Markup:
    return Markup("<td><em>NULL</em></td>") if cell is None else Markup("<td>{}</td>").format(text_of(cell))
