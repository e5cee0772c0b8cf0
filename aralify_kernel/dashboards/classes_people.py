"""Who is in a class, as its teachers manage it: the list, a roster out of a spreadsheet, codes to hand over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from aralify_kernel.dashboards import markup
from aralify_kernel.dashboards.class_heading import PAGE, last_page, turning
from aralify_kernel.dashboards.class_sections import download
from aralify_kernel.dashboards.markup import Column
from aralify_kernel.dashboards.viewer import is_hosted
from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.rosters import Entry
from aralify_kernel.i18n import sentence
from aralify_kernel.widgets.components import NOTHING, button, form, labelled, state, submit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aralify_kernel.dashboards.classes_page import ClassesPage
    from aralify_kernel.domain.classrooms import Member, Roster
    from aralify_kernel.domain.marks import Cell
    from aralify_kernel.domain.rosters import RosterLine

LINES: Final = 200
"""How many lines of a roster are shown, those first that cannot be used; all of them are let in."""


def codes(screen: ClassesPage) -> Markup:
    """Return the codes for new passwords that were just made, to be printed and handed over."""
    _ = screen._
    if not screen.codes:
        return NOTHING
    rows = [(one.display_name, one.username, Markup("<code>{}</code>").format(one.code)) for one in screen.codes]
    until = screen.moment(screen.codes[0].expires_at)
    note = _("Each code sets a password once, until {moment}. It is kept nowhere else: print this now.", moment=until)
    actions = Markup('<div class="ar-row">{}{}</div>').format(
        button(_("Print"), "print", kind="s primary"), button(_("Close"), "close", kind="s")
    )
    columns = [Column(_("Name")), Column(_("User name")), Column(_("Code"))]
    table = markup.table(_("Codes for a password"), columns, rows, cards=True)
    card = markup.card(_("Codes for a password"), _where(screen), table, note=note, action=actions)
    return Markup('<div class="ar-onpaper">{}</div>').format(card)


def listed(roster: Roster, screen: ClassesPage) -> Markup:
    """Return who is in a class, teachers first, and the ways to let one more in."""
    _ = screen._
    present = [one for one in roster.members if one.left_at is None]
    teachers = [one for one in present if one.role is ClassRole.TEACHER]
    learners = [one for one in present if one.role is ClassRole.LEARNER]
    page = min(screen.page, last_page(len(learners)))
    begin = page * PAGE
    columns = [Column(_("Name")), Column(_("User name")), Column(_("Since")), Column(_("What you can do"))]
    here = (*teachers, *learners[begin : begin + PAGE])
    rows = [_member(one, screen) for one in here]
    file: list[Sequence[Cell]] = [["username", "name", "role", "since_utc"]]
    file += [[one.username, one.display_name, one.role.name, f"{one.joined_at:%Y-%m-%d %H:%M:%S}"] for one in here]
    empty = NOTHING
    if not learners:
        told = _("No learner is in this class yet. Show them the code, or let them in by a list.")
        empty = Markup("<p>{}</p>").format(told)
    return markup.card(
        _("People"),
        markup.table(_("People"), columns, rows, cards=True),
        empty,
        turning(page, len(learners), screen),
        Markup('<div class="ar-cols">{}{}</div>').format(
            _one_more("let_in_one", _("Let in a learner who has an account"), _("Let in"), screen),
            _one_more("invite", _("Invite somebody to teach it with you"), _("Invite"), screen),
        ),
        note=_.plural("{n} learner", "{n} learners", len(learners)),
        action=download("people", file, screen),
    )


def list_of_names(screen: ClassesPage) -> Markup:
    """Return the way to let a whole class in by its list, or what the list would do that was read."""
    _ = screen._
    if screen.preview:
        return _looked_through(screen.preview, screen)
    help_text = _(
        "With headings such as username, name, email. It is looked through first; nothing changes before you say so."
    )
    control = Markup(
        '<input class="ar-input" type="file" accept=".csv,text/csv,text/plain" id="{}-file" name="file"'
        ' aria-describedby="{}-file-help" required>'
    ).format(screen.uid, screen.uid)
    label = _("A CSV file from your spreadsheet")
    return markup.card(
        _("A whole list at once"),
        form(
            "read_roster",
            labelled(screen.uid, "file", label, control, help_text=help_text),
            submit(_("Look it through"), kind="s"),
        ),
    )


def _member(one: Member, screen: ClassesPage) -> tuple[str | Markup, ...]:
    _ = screen._
    if one.username == screen.leaving:
        return one.display_name, one.username, f"{screen.local(one.joined_at):%Y-%m-%d}", _leaving(one, screen)
    words = _("Take {name} out", name=one.display_name)
    out = button(_("Take out"), "ask_to_remove", value=one.username, kind="quiet s", label=words)
    since = f"{screen.local(one.joined_at):%Y-%m-%d}"
    if one.role is ClassRole.TEACHER:
        name = Markup("{} {}").format(one.display_name, state("eye", _("Teacher"), chip=True))
        return name, one.username, since, out
    words = _("Password code for {name}", name=one.display_name)
    code = button(_("Password code"), "give_code", value=one.username, kind="s", label=words)
    both = Markup('<div class="ar-row">{}{}</div>').format(code, out)
    return one.display_name, one.username, since, both


def _leaving(one: Member, screen: ClassesPage) -> Markup:
    """Return the question whether somebody is really to be taken out, and what that would mean."""
    _ = screen._
    told = _("You see nothing more of what they do. What they did stays.")
    if screen.profile and one.username == screen.profile.username:
        told = _("You see nothing more of this class.")
    return Markup('<p class="ar-small">{}</p><div class="ar-row">{}{}</div>').format(
        told,
        button(_("Take {name} out", name=one.display_name), "remove", value=one.username, kind="s"),
        button(_("Cancel"), "refresh", kind="quiet s"),
    )


def _where(screen: ClassesPage) -> Markup:
    """Return where a code is typed in; nothing on somebody's own computer, where people sign in without a password."""
    if not is_hosted():
        return NOTHING
    told = screen._("Whoever has a code types it in here:")
    return Markup("<p>{} {}</p>").format(told, markup.spelt("new-password"))


def _one_more(action: str, label: str, words: str, screen: ClassesPage) -> Markup:
    box = Markup('<input class="ar-input" id="{}-{}" name="username" autocapitalize="off" spellcheck="false">')
    help_text = screen._("Their user name")
    control = box.format(screen.uid, action)
    return form(action, labelled(screen.uid, action, label, control, help_text=help_text), submit(words, kind="s"))


def _looked_through(lines: tuple[RosterLine, ...], screen: ClassesPage) -> Markup:
    _ = screen._
    problems = [line for line in lines if line.entry is Entry.PROBLEM]
    shown = [*problems, *(line for line in lines if line.entry is not Entry.PROBLEM)][:LINES]
    kinds = {
        Entry.NEW: state("open", _("new account")),
        Entry.LET_IN: state("passed", _("let in")),
        Entry.IS_IN: state("progress", _("in the class already")),
    }
    rows = [
        (
            line.number,
            line.display_name,
            line.username,
            state("failed", sentence(line.problem, _.language)) if line.problem else kinds[line.entry],
        )
        for line in shown
    ]
    columns = [Column(_("Line"), number=True), Column(_("Name")), Column(_("User name")), Column(_("What happens"))]
    count = _.plural("{n} line", "{n} lines", len(lines))
    more = NOTHING
    if len(lines) > len(shown):
        more = Markup("<p>{}</p>").format(_("The first {shown} of {all} lines.", shown=len(shown), all=len(lines)))
    if problems:
        bad = _.plural("{n} line cannot be used.", "{n} lines cannot be used.", len(problems))
        told = Markup('<p role="alert">{}</p>').format(f"{bad} {_('Mend the file and choose it again.')}")
        go = NOTHING
    else:
        told, go = NOTHING, button(_("Let them all in"), "let_in", kind="primary")
    return markup.card(
        _("What this list would do"),
        told,
        markup.table(_("What this list would do"), columns, rows, cards=True),
        more,
        Markup('<div class="ar-row">{}{}</div>').format(go, button(_("Choose another file"), "close", kind="s")),
        note=count,
    )
