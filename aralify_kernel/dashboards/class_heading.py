"""What stands above a class: its name, the other classes and courses, what is looked at, and other names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from aralify_kernel.dashboards import markup
from aralify_kernel.dashboards.class_sections import saving
from aralify_kernel.dashboards.places import Place
from aralify_kernel.dashboards.viewer import is_hosted
from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.marks import MarksFormat
from aralify_kernel.widgets.components import NOTHING, button, difficulty_name, joined, labelled, submit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aralify_kernel.dashboards.class_filter import Filter
    from aralify_kernel.dashboards.class_sections import Titles
    from aralify_kernel.domain.teaching import ClassCard
    from aralify_kernel.widgets.screen import Screen

MOST_BESIDE: Final = 6
"""How many other classes are one click away; of more, as an ADMIN has them, the page of all classes is the list."""

PAGE: Final = 50
"""How many learners a page of them has."""


def heading(
    card: ClassCard, others: Sequence[ClassCard], course: tuple[str, str], updated: str, screen: Screen, *, demo: bool
) -> Markup:
    """Return the name of a class and what leads elsewhere; `course` is the slug and the title of the one shown."""
    _ = screen._
    slug, title = course
    learners = _.plural("{n} learner", "{n} learners", card.learners)
    near = others if len(others) <= MOST_BESIDE else ()
    classes = joined(button(one.name, "choose_class", value=one.slug, kind="s") for one in near)
    courses = joined(button(one, "choose_course", value=one, kind="s") for one in card.courses if one != slug)
    names = Markup(
        '<button type="button" class="ar-btn ar-btn--s" data-action="demo" aria-pressed="{}">{}</button>'
    ).format("true" if demo else "false", _("Hide names"))
    return Markup(
        '<div class="ar-row ar-row--apart"><div><h1>{}</h1><p class="ar-muted">{} · {} · {} {}</p></div>'
        '<div class="ar-row">{}{}{}{}</div></div>'
    ).format(
        card.name,
        learners,
        title or _("no course yet"),
        _("updated {moment}", moment=updated),
        button(_("Refresh"), "refresh", kind="quiet s"),
        markup.link(_("Look after it"), Place(is_hosted()).classes_page(card.slug), kind="ar-btn ar-btn--s"),
        names,
        classes,
        courses,
    )


def filters(chosen: Filter, titles: Titles, screen: Screen) -> Markup:
    """Return the form that says which topic, which difficulty, and since when."""
    _ = screen._
    topics = [("", _("All topics")), *titles.topics.items()]
    tiers = [("", _("All difficulties")), *((one.slug, difficulty_name(one, _)) for one in Difficulty)]
    since = Markup('<input class="ar-input" type="date" id="{}-since" name="since" value="{}"{}>').format(
        screen.uid, chosen.since or "", Markup(' aria-invalid="true"') if screen.error_at("since") else NOTHING
    )
    fields = joined(
        [
            choice("topic", _("Topic"), topics, chosen.topic, screen),
            choice("tier", _("Difficulty"), tiers, chosen.tier, screen),
            labelled(screen.uid, "since", _("Weeks and answers since"), since, error=screen.error_at("since")),
        ]
    )
    everything = button(_("Show all"), "widen", kind="quiet s") if chosen.narrows_lessons or chosen.since else NOTHING
    return Markup(
        '<form class="ar-filters" data-action="narrow" aria-label="{}" novalidate>{}<div class="ar-row">{}{}</div></form>'
    ).format(_("What is shown"), fields, submit(_("Show"), kind="s"), everything)


def marks(written: tuple[str, bytes] | None, screen: Screen) -> Markup:
    """Return a button for each format, and the file that was asked for: it takes a while, so nobody waits for it."""
    _ = screen._
    buttons = joined(
        button(form.value, "take_marks", value=form.value, kind="s", label=_("Marks for {program}", program=form.value))
        for form in MarksFormat
    )
    file = saving(*written, _("Save {file}", file=written[0])) if written else NOTHING
    note = _("Everybody in the class, every published lesson, with the real names.")
    return markup.card(_("Marks"), Markup('<div class="ar-row">{}{}</div>').format(buttons, file), note=note)


def last_page(learners: int) -> int:
    """Return the number of the last page of so many learners; the first is 0."""
    return max(0, learners - 1) // PAGE


def turning(page: int, learners: int, screen: Screen) -> Markup:
    """Return which of the learners stand on a page, and the ways to those before and after; nothing for one page."""
    _ = screen._
    if learners <= PAGE:
        return NOTHING
    begin = page * PAGE
    where = _("{first}–{last} of {all}", first=begin + 1, last=min(begin + PAGE, learners), all=learners)
    turns = joined(
        button(words, "turn", value=str(to), kind="s")
        for words, to in ((_("Previous 50"), page - 1), (_("Next 50"), page + 1))
        if 0 <= to <= last_page(learners)
    )
    return Markup('<div class="ar-row"><span class="ar-small ar-muted">{}</span>{}</div>').format(where, turns)


def choice(
    name: str, label: str, options: Iterable[tuple[str, str]], chosen: str, screen: Screen, *, uid: str = ""
) -> Markup:
    """Return a labelled list to choose one of; `options` are values with their words. `uid` is the screen's by default."""
    uid = uid or screen.uid
    listed = joined(
        Markup('<option value="{}"{}>{}</option>').format(
            value, Markup(' selected="selected"') if value == chosen else NOTHING, words
        )
        for value, words in options
    )
    control = Markup('<select class="ar-input" id="{}-{}" name="{}">{}</select>').format(uid, name, name, listed)
    return labelled(uid, name, label, control)
