"""The parts of the page of all classes: the list, the code to join, what is due, the rules of a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from aralify_kernel.dashboards import class_heading, markup
from aralify_kernel.dashboards.class_heading import choice
from aralify_kernel.dashboards.class_sections import download
from aralify_kernel.dashboards.markup import Column
from aralify_kernel.dashboards.places import Place
from aralify_kernel.dashboards.viewer import is_hosted
from aralify_kernel.domain.classrooms import ClassRole, Counts
from aralify_kernel.i18n import in_language
from aralify_kernel.widgets.components import NOTHING, button, field, form, joined, labelled, notice, state, submit

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.dashboards.classes_page import ClassesPage
    from aralify_kernel.domain.teaching import ClassCard, ClassTopic

_LEARNERS: Final = "ar-learners"
"""The list of those whom a field for a user name offers."""

MOST_OFFERED: Final = 200


def listed(screen: ClassesPage) -> Markup:
    """Return the list of somebody's classes, each with what needs attention, and the form for a new one."""
    _ = screen._
    title = Markup("<h1{}>{}</h1>").format(screen.focus, _("My classes"))
    present = [card for card in screen.classes if not card.is_archived]
    away = [card for card in screen.classes if card.is_archived]
    parts = [title]
    if screen.has_left:
        parts.append(notice("locked", _("You do not teach this class any more")))
    if present:
        parts.append(
            Markup('<ul class="ar-grid ar-grid--classes">{}</ul>').format(
                joined(_tile(card, screen) for card in present)
            )
        )
    elif not screen.may_make:
        told = _("Ask a moderator or an administrator to make a class, and to let you in as its teacher.")
        parts.append(markup.blank(_("You teach no class yet"), told, button(_("Look again"), "refresh")))
    if screen.may_make:
        parts.append(_new(screen, is_first=not present))
    if away:
        rows = [(one.name, _learners(one, screen), _open(one, screen)) for one in away]
        columns = [Column(_("Class")), Column(_("Learners")), Column(_("What you can do"))]
        parts.append(markup.card(_("Archived"), markup.table(_("Archived"), columns, rows, cards=True)))
    return joined(parts)


def heading(card: ClassCard, screen: ClassesPage) -> Markup:
    """Return the name of a class, and the ways out of here."""
    _ = screen._
    back = button(_("My classes"), "choose_class", value="", kind="quiet back")
    page = markup.link(
        _("Open the class page"), Place(is_hosted()).class_page(card.slug), kind="ar-btn ar-btn--primary"
    )
    archive = NOTHING if card.is_archived else button(_("Archive"), "archive", kind="quiet s")
    return Markup(
        '<div class="ar-row">{}</div><div class="ar-row ar-row--apart"><div><h1{}>{}</h1>'
        '<p class="ar-muted">{}</p></div><div class="ar-row">{}{}</div></div>'
    ).format(back, screen.focus, card.name, _learners(card, screen), archive, page)


def archived(screen: ClassesPage) -> Markup:
    """Return that a class is put away, and how it comes back."""
    _ = screen._
    told = _("Everything in it can still be read, and marks taken. Nobody comes in, and nothing changes.")
    back = button(_("Bring it back"), "bring_back", kind="primary")
    return markup.blank(_("This class is archived"), told, back) + class_heading.marks(screen.marks, screen)


def joining(card: ClassCard, screen: ClassesPage) -> Markup:
    """Return the code by which learners come into a class, or how to have one."""
    _ = screen._
    if not card.join_code:
        told = _("Make a code, show it to your class, and who types it in is in.")
        return markup.card(_("Code to join"), button(_("Make a code"), "open_code", kind="primary"), note=told)
    actions = joined(
        [
            button(_("Show it large"), "project", kind="primary"),
            button(_("New code"), "open_code", kind="s"),
            button(_("Let nobody in by it"), "close_code", kind="quiet s"),
        ]
    )
    code = Markup('<p class="ar-joincode"><code>{}</code></p>{}<div class="ar-row">{}</div>').format(
        card.join_code, _link(card.join_code, screen), actions
    )
    return markup.card(_("Code to join"), code, note=_where(screen))


def projected(card: ClassCard, screen: ClassesPage) -> Markup:
    """Return the code alone, as large as the window, for a projector."""
    _ = screen._
    return Markup(
        '<div class="ar-page ar-projected"><main><h1{}>{}</h1><p>{}</p><p class="ar-projected__code">{}</p>{}'
        '<div class="ar-row">{}</div></main></div>'
    ).format(
        screen.focus,
        _("Join {name}", name=card.name),
        _where(screen),
        card.join_code,
        _link(card.join_code or "", screen),
        button(_("Close"), "close", kind="primary"),
    )


def dates(screen: ClassesPage) -> Markup:
    """Return the topics of a class with their dates, and the forms to set one and to open a topic."""
    _ = screen._
    if not screen.topics:
        told = _("A class without a course has no topics. Choose a course below.")
        return markup.card(_("Topics and due dates"), Markup("<p>{}</p>").format(told))
    columns = [Column(_("Topic")), Column(_("Due")), Column(_("More time for"))]
    rows = [_dated(topic, screen) for topic in screen.topics]
    file = [["topic", "due_at_utc", "username", "more_time_until_utc"]]
    for topic in screen.topics:
        own = [(one.learner.username, _utc(one.due_at)) for one in topic.extensions]
        file += [[topic.ref, _utc(topic.due_at), *one] for one in (own or [("", "")])]
    topics = [(topic.ref, in_language(topic.title, _.language)) for topic in screen.topics]
    due = Markup('<input class="ar-input" type="datetime-local" id="{}-due" name="due">').format(screen.uid)
    somebody = _("For one learner only")
    whose = _("Their user name; empty means the whole class")
    set_date = form(
        "set_due",
        choice("topic", _("Topic"), topics, "", screen),
        labelled(screen.uid, "due", _("Due"), due, help_text=_("In your time zone. Empty takes the date away.")),
        _name(screen.uid, somebody, whose),
        submit(_("Keep the date"), kind="s"),
    )
    other = f"{screen.uid}-open"
    opening = form(
        "open_topic",
        choice("topic", _("Topic"), topics, "", screen, uid=other),
        _name(other, somebody, whose),
        submit(_("Open it now"), kind="s"),
    )
    return markup.card(
        _("Topics and due dates"),
        markup.table(_("Topics and due dates"), columns, rows, cards=True),
        _learners_to_choose(screen),
        Markup('<div class="ar-cols"><div><h3>{}</h3>{}</div><div><h3>{}</h3>{}</div></div>').format(
            _("Set a date"), set_date, _("Open a topic"), opening
        ),
        note=_("Late work is kept and marked as late."),
        action=download("due-dates", file, screen),
    )


def rules(card: ClassCard, screen: ClassesPage) -> Markup:
    """Return which answers count, when somebody is idle and sees solutions, which courses the class takes, and its marks."""
    _ = screen._
    counted = [
        (Counts.BEST_EVER.name, _("The best ever")),
        (Counts.BEFORE_DUE.name, _("The best that came in before it was due")),
    ]
    shown = [("no", _("Once every point is earned")), ("yes", _("Then, but not before the topic is due"))]
    days = Markup('<input class="ar-input" type="number" min="1" max="365" id="{}-idle" name="idle_days" value="{}">')
    rule = form(
        "set_rules",
        choice("counts", _("What counts for marks"), counted, card.counts.name, screen),
        choice("holds_solutions", _("Model solutions"), shown, "yes" if card.holds_solutions else "no", screen),
        labelled(screen.uid, "idle", _("Idle after so many days"), days.format(screen.uid, card.idle_days)),
        submit(_("Keep the rules"), kind="s"),
    )
    taken = [_title(slug, screen) for slug in card.courses]
    others = [(one.slug, in_language(one.title, _.language)) for one in screen.courses if one.slug not in card.courses]
    more = NOTHING
    if others:
        more = form(
            "add_course", choice("course", _("One more course"), others, "", screen), submit(_("Add"), kind="s")
        )
    names = Markup("<p>{}</p>").format(", ".join(taken) or _("no course yet"))
    return Markup('<div class="ar-cols">{}{}</div>{}').format(
        markup.card(_("Rules"), rule),
        markup.card(_("Courses"), names, more),
        class_heading.marks(screen.marks, screen),
    )


def _tile(card: ClassCard, screen: ClassesPage) -> Markup:
    _ = screen._
    count = screen.in_need.get(card.slug)
    if not card.learners:
        attention = state("open", _("Nobody is in it yet"))
    elif count:
        attention = state("hand", _.plural("{n} learner needs help", "{n} learners need help", count))
    else:
        attention = state("passed", _("Nobody needs help just now")) if count == 0 else NOTHING
    courses = ", ".join(_title(slug, screen) for slug in card.courses) or _("no course yet")
    page = markup.link(_("Class page"), Place(is_hosted()).class_page(card.slug), kind="ar-btn ar-btn--s")
    return Markup(
        '<li class="ar-card ar-stack ar-stack--s"><h2>{}</h2><p class="ar-small ar-muted">{} · {}</p><p>{}</p>'
        '<p class="ar-small ar-muted">{}</p><div class="ar-row">{}{}</div></li>'
    ).format(
        card.name,
        _learners(card, screen),
        courses,
        attention,
        _("Taught by {names}", names=", ".join(card.teachers)) if card.teachers else "",
        _open(card, screen),
        page,
    )


def _new(screen: ClassesPage, *, is_first: bool) -> Markup:
    _ = screen._
    courses = [(one.slug, in_language(one.title, _.language)) for one in screen.courses]
    told = _("Give it a name and a course. Then learners come in by a code, or by a list.") if is_first else ""
    return markup.card(
        _("Make your first class") if is_first else _("New class"),
        form(
            "new_class",
            field(screen.uid, "name", _("Name"), help_text=_("As in Grade 9 Rizal")),
            choice("course", _("Course"), courses, "", screen),
            submit(_("Make the class"), kind="primary"),
        ),
        note=told,
    )


def _open(card: ClassCard, screen: ClassesPage) -> Markup:
    _ = screen._
    label = _("Look after {name}", name=card.name)
    return button(_("Look after it"), "choose_class", value=card.slug, kind="s", label=label)


def _utc(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""


def _dated(topic: ClassTopic, screen: ClassesPage) -> tuple[str, str, str]:
    more = (f"{one.learner.display_name}: {screen.moment(one.due_at)}" for one in topic.extensions)
    due = screen.moment(topic.due_at) if topic.due_at else "–"
    return in_language(topic.title, screen.language), due, "; ".join(more) or "–"


def _name(uid: str, label: str, help_text: str) -> Markup:
    """Return a field for the user name of a learner, which offers those of the class."""
    control = Markup(
        '<input class="ar-input" id="{}-username" name="username" list="{}" autocapitalize="off" spellcheck="false">'
    ).format(uid, _LEARNERS)
    return labelled(uid, "username", label, control, help_text=help_text)


def _learners_to_choose(screen: ClassesPage) -> Markup:
    """Return the learners of the class, as a field offers them; of a school too many to go through."""
    members = screen.roster.members if screen.roster else ()
    names = [one for one in members if one.role is ClassRole.LEARNER and one.left_at is None]
    offered = names if len(names) <= MOST_OFFERED else []
    options = joined(Markup('<option value="{}">{}</option>').format(one.username, one.display_name) for one in offered)
    return Markup('<datalist id="{}">{}</datalist>').format(_LEARNERS, options)


def _learners(card: ClassCard, screen: ClassesPage) -> str:
    return screen._.plural("{n} learner", "{n} learners", card.learners)


def _title(slug: str, screen: ClassesPage) -> str:
    """Return the title of a course; its slug when it is not published any more."""
    return next((in_language(one.title, screen.language) for one in screen.courses if one.slug == slug), slug)


def _link(code: str, screen: ClassesPage) -> Markup:
    """Return the link that brings the code along; nothing on somebody's own computer, which learners do not reach."""
    if not is_hosted():
        return NOTHING
    _ = screen._
    told, copied = _("Or with this link, which brings the code along:"), _("The link is copied.")
    return Markup("<p>{}<br>{} {}</p>").format(
        told, markup.spelt(f"join?code={code}"), button(_("Copy the link"), "copy", value=copied, kind="quiet s")
    )


def _where(screen: ClassesPage) -> str:
    _ = screen._
    if is_hosted():
        return _("Learners sign in to this class server and type the code under “Join a class” on the first page.")
    return _("Learners type the code in at the class server, under “Join a class” on its first page.")
