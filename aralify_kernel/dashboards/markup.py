"""The pieces of a page, on top of `widgets.components`. What is put into them is escaped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from aralify_kernel.widgets.components import NOTHING, brand, joined, language_switch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aralify_kernel.dashboards.places import Place
    from aralify_kernel.i18n import Translator

_PATH: Final = Markup(
    '<svg viewBox="0 0 84 56" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"'
    ' aria-hidden="true"><path d="M8 44C20 44 20 14 34 14s14 26 26 26" stroke-dasharray="1 6"/>'
    '<circle cx="8" cy="44" r="5"/><circle cx="34" cy="14" r="5"/>'
    '<circle cx="66" cy="40" r="10" fill="var(--ar-accent-tint)"/><path d="M66 35v10M61 40h10"/></svg>'
)


def card(title: str, *body: Markup, note: str = "", action: Markup = NOTHING) -> Markup:
    """Return a section with a heading, an optional line below it and an action beside it."""
    line = Markup("<p>{}</p>").format(note) if note else NOTHING
    return Markup(
        '<section class="ar-card" aria-label="{0}"><div class="ar-cardhead"><h2>{0}</h2>{1}{2}</div>{3}</section>'
    ).format(title, action, line, joined(body))


def unseen(words: str) -> Markup:
    """Return words that only a screen reader tells."""
    return Markup('<span class="ar-sr">{}</span>').format(words)


def link(words: str, path: str, *, kind: str = "") -> Markup:
    """Return a link to `path` below the server's base address, which the browser knows."""
    return Markup('<a class="{}" href="#" data-path="{}">{}</a>').format(kind, path, words)


def spelt(path: str) -> Markup:
    """Return a link whose words are its whole address, as only the browser knows it."""
    return Markup('<a class="ar-spelt" href="#" data-path="{0}" data-spelt="">{0}</a>').format(path)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its heading, whether it holds numbers, its words stay on one line, it is of use on paper."""

    heading: str
    number: bool = False
    whole: bool = False
    on_paper: bool = True


def table(caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, cards: bool = False) -> Markup:
    """Return a table whose first column heads the rows. `cards` lets it fall apart into cards on a narrow screen."""
    heads = joined(Markup('<th scope="col"{}>{}</th>').format(_kind(column), column.heading) for column in columns)
    body = joined(Markup("<tr>{}</tr>").format(_cells(columns, row)) for row in rows)
    return scrolling(
        caption,
        Markup(
            '<table class="ar-table{}"><caption class="ar-sr">{}</caption><thead><tr>{}</tr></thead>'
            "<tbody>{}</tbody></table>"
        ).format(" ar-table--cards" if cards else "", caption, heads, body),
    )


def scrolling(label: str, content: Markup) -> Markup:
    """Return `content` in a region that scrolls sideways, also by keyboard."""
    return Markup('<div class="ar-scroll" tabindex="0" role="group" aria-label="{}">{}</div>').format(label, content)


def chart(name: str, summary: str, as_table: Markup, _: Translator) -> Markup:
    """Return the place of figure `name`, said in one sentence for those who do not see it, with its table below."""
    return Markup(
        '<figure><div class="ar-plot" data-figure="{0}" role="img" aria-label="{1}"></div></figure>'
        '<details data-key="{0}"><summary>{2}</summary>{3}</details>'
    ).format(name, summary, _("Show as table"), as_table)


def blank(title: str, text: str, *actions: Markup) -> Markup:
    """Return a card for what is not there yet: what will be here, and the one thing to do."""
    return Markup(
        '<section class="ar-card ar-blank" aria-label="{0}">{1}<h2>{0}</h2><p class="ar-muted">{2}</p>'
        '<div class="ar-row">{3}</div></section>'
    ).format(title, _PATH, text, joined(actions))


def page(who: str, main: Markup, _: Translator, *, place: Place, here: str = "", above: Markup = NOTHING) -> Markup:
    """Return a whole page: the bar with brand, pages, language and `who` is signed in ("" for nobody), then `main`.

    `here` is what the page is called in the bar; My progress when left out. `above` is a link to where it belongs.
    """
    person = Markup('<span class="ar-small">{} · {}</span>').format(who, place.change_of_person(_)) if who else NOTHING
    return Markup(
        '<div class="ar-page"><header class="ar-topbar">{brand}<nav aria-label="{pages}"><ul>'
        '{above}<li><a href="#" aria-current="page">{here}</a></li><li>{others}</li></ul></nav>'
        '<div class="ar-row">{switch}{person}</div></header><main>{main}</main></div>'
    ).format(
        brand=brand(),
        pages=_("Pages"),
        above=Markup("<li>{}</li>").format(above) if above else NOTHING,
        here=here or _("My progress"),
        others=place.other_pages(_),
        switch=language_switch(_.language),
        person=person,
        main=main,
    )


def _kind(column: Column) -> Markup:
    if column.number:
        return Markup(' class="n"')
    if not column.on_paper:
        return Markup(' class="ar-onscreen"')
    return Markup(' class="w"') if column.whole else NOTHING


def _cells(columns: Sequence[Column], row: Sequence[Any]) -> Markup:
    head = Markup('<th scope="row"{}>{}</th>').format(_kind(columns[0]), row[0])
    return head + joined(
        Markup('<td{} data-l="{}">{}</td>').format(_kind(column), column.heading, value)
        for column, value in zip(columns[1:], row[1:], strict=True)
    )
