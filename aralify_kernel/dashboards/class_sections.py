"""The parts of the page of a class, each with what it offers to do. Nothing in them is trusted."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from aralify_kernel.dashboards import markup
from aralify_kernel.domain.marks import csv_file
from aralify_kernel.domain.needs_help import Rule
from aralify_kernel.i18n import in_language
from aralify_kernel.widgets.code import listing
from aralify_kernel.widgets.components import (
    NOTHING,
    button,
    difficulty_name,
    icon,
    joined,
    notice,
    state,
    submit,
    tier,
)
from aralify_kernel.widgets.markdown import inline, letter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aralify_kernel.dashboards.class_filter import Filter
    from aralify_kernel.domain.marks import Cell
    from aralify_kernel.domain.needs_help import Reason
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import CourseCard
    from aralify_kernel.domain.teaching import (
        Asked,
        FailureGroup,
        NeedsHelp,
        Person,
    )
    from aralify_kernel.i18n import Translator
    from aralify_kernel.widgets.screen import Screen

    Moment = Callable[..., str]

GROUPS_SHOWN: Final = 5
"""How many groups stand open; the smaller ones are folded away."""

LINES_SHOWN: Final = 12
"""How much of an example stands in a group; the rest is one click away."""

_ICONS: Final = {Rule.ASKED: "hand", Rule.LAST_HINTS: "hint", Rule.BEHIND: "down", Rule.IDLE: "clock"}


def needs_help(found: Sequence[NeedsHelp], screen: Screen, titles: Titles, moment: Moment) -> Markup:
    """Return whom to sit beside, each with the rules that put them there."""
    _ = screen._
    rows = [["username", "name", "lesson", "exercise", "reasons", "question", "last_at_utc"]]
    rows += [
        [
            one.learner.username,
            one.learner.display_name,
            str(one.lesson or ""),
            one.activity or "",
            "; ".join(reason_words(reason, _) for reason in one.reasons),
            "; ".join(asked.question.text for asked in one.questions),
            f"{one.last_at:%Y-%m-%d %H:%M:%S}" if one.last_at else "",
        ]
        for one in found
    ]
    items = joined(_in_need(one, screen, titles, moment) for one in found)
    body = Markup("<ul>{}</ul>").format(items) if found else Markup("<p>{}</p>").format(_("Nobody, just now."))
    note = _("Each line says the rule that put the learner here; it leaves by itself.")
    return markup.card(_("Needs help now"), body, note=note, action=download("needs-help", rows, screen))


def reason_words(reason: Reason, _: Translator) -> str:
    """Return a rule with its figure in words."""
    n = reason.n
    match reason.rule:
        case Rule.ASKED:
            return _("Asked for help")
        case Rule.SAME_ERROR:
            return _("Same error {n} times running", n=n)
        case Rule.WRONG_ANSWERS:
            return _("{n} different wrong answers running", n=n)
        case Rule.LAST_HINTS:
            return _("Last hint taken in {n} lessons running", n=n)
        case Rule.BEHIND:
            return _("{n} lessons behind the class", n=n)
        case Rule.IDLE:
            return _.plural("No answer for {n} day", "No answer for {n} days", n)


def failures(found: Sequence[FailureGroup], screen: Screen, titles: Titles, moment: Moment) -> Markup:
    """Return how a class fails, with the note to each group or the form to write one."""
    _ = screen._
    heads = ["lesson", "exercise", "learners", "answers", "said", "input", "expected", "got", "example", "note"]
    rows: list[Sequence[Cell]] = [heads, *(_failure_row(one, _) for one in found)]
    groups = [_group(one, screen, titles, moment) for one in found]
    body = Markup("<ul>{}</ul>").format(joined(groups[:GROUPS_SHOWN]))
    if not groups:
        body = Markup("<p>{}</p>").format(_("No wrong answer yet."))
    elif len(groups) > GROUPS_SHOWN:
        more = _.plural("{n} smaller group", "{n} smaller groups", len(groups) - GROUPS_SHOWN)
        rest = Markup('<details data-key="groups"><summary>{}</summary><ul>{}</ul></details>')
        body += rest.format(more, joined(groups[GROUPS_SHOWN:]))
    note = _("Wrong answers that go wrong in the same way, biggest group first.")
    return markup.card(_("How they fail"), body, note=note, action=download("failures", rows, screen))


class Titles:
    """The lessons of a course in their order, with their titles; a slug stands in for what is not published any more.

    Args:
        course: The course; None when it is not published any more.
        lessons: Its lessons.
        chosen: Which of them are looked at.
        _: The language to write in.
    """

    def __init__(self, course: CourseCard | None, lessons: Iterable[LessonRef], chosen: Filter, _: Translator) -> None:
        levels = course.levels if course else ()
        self.topics = {level.slug: in_language(level.title, _.language) for level in levels}
        self.lessons: tuple[LessonRef, ...] = tuple(ref for ref in lessons if chosen.takes(ref))
        self.takes = chosen.takes
        self._translate = _

    def topic(self, ref: LessonRef) -> str:
        """Return the title of a lesson's topic."""
        return self.topics.get(ref.level) or ref.level

    def of(self, ref: LessonRef) -> str:
        """Return `Loops, EASY`."""
        return f"{self.topic(ref)}, {difficulty_name(ref.difficulty, self._translate)}"


def download(name: str, rows: Sequence[Sequence[Cell]], screen: Screen) -> Markup:
    """Return the link that saves a table as CSV: what it shows, numbers as numbers, no text a formula."""
    file = f"aralify-{name}.csv"
    words = Markup("{} CSV").format(icon("download"))
    return saving(file, csv_file(rows), words, label=screen._("Save {file}", file=file))


def saving(name: str, data: bytes, words: Markup | str, *, label: str = "") -> Markup:
    """Return a link that saves a file; `label` says more than `words` do."""
    address = f"data:text/csv;charset=utf-8;base64,{b64encode(data).decode()}"
    told = Markup(' aria-label="{}"').format(label) if label else NOTHING
    return Markup('<a class="ar-btn ar-btn--s" download="{}" href="{}"{}>{}</a>').format(name, address, told, words)


def _failure_row(one: FailureGroup, _: Translator) -> Sequence[Cell]:
    where = (str(one.lesson), one.activity, one.learners, one.attempts)
    said, note = in_language(one.said, _.language), one.note.text if one.note else None
    return (*where, said, one.call, one.expected, one.got, one.example, note)


def _in_need(one: NeedsHelp, screen: Screen, titles: Titles, moment: Moment) -> Markup:
    _ = screen._
    chips = joined(
        state(_ICONS.get(reason.rule, "failed"), reason_words(reason, _), chip=True) for reason in one.reasons
    )
    where = Markup("{} {}").format(titles.topic(one.lesson), tier(one.lesson.difficulty, _)) if one.lesson else NOTHING
    when = moment(one.last_at) if one.last_at else _("no answer yet")
    see = NOTHING
    if one.attempt is not None:
        label = _("See the answer of {name}", name=one.learner.display_name)
        see = button(_("See the answer"), "open_attempt", value=str(one.attempt), kind="s", label=label)
    return Markup(
        '<li class="ar-help-row"><div><h3>{}</h3><span class="ar-small ar-muted">{} {}</span></div>'
        '<div class="ar-stack ar-stack--s"><div class="ar-row">{}</div>{}</div><div class="ar-row">{}</div></li>'
    ).format(name_of(one.learner), where, when, chips, joined(question(asked, screen) for asked in one.questions), see)


def question(asked: Asked, screen: Screen) -> Markup:
    """Return a question that waits, with the form to reply."""
    _ = screen._
    uid = f"{screen.uid}-reply-{asked.id}"
    return Markup(
        '<p class="ar-quote ar-small">{}</p><form class="ar-stack ar-stack--s ar-form" data-action="reply" novalidate>'
        '<input type="hidden" name="question" value="{}"><div class="ar-field"><label for="{}">{}</label>'
        '<textarea class="ar-input" id="{}" name="note" rows="2"></textarea></div><div class="ar-row">{}</div></form>'
    ).format(asked.question.text, asked.id, uid, _("Your reply"), uid, submit(_("Reply"), kind="s"))


def _group(one: FailureGroup, screen: Screen, titles: Titles, moment: Moment) -> Markup:
    _ = screen._
    lines = one.example.splitlines()
    code = listing(lines[:LINES_SHOWN], label=_("Code")) if one.example else NOTHING
    more = NOTHING
    if one.attempt is not None:
        more = button(_("See the answer"), "open_attempt", value=str(one.attempt), kind="s")
    words = _.plural("{n} learner", "{n} learners", one.learners)
    answers = _.plural("{n} answer", "{n} answers", one.attempts)
    return Markup(
        '<li class="ar-group"><div class="ar-stack ar-stack--s"><h3><span class="ar-group__n">{}</span> {}</h3>'
        '<p class="ar-small ar-muted">{} · {} · {}</p><p>{}</p>{}{}<div class="ar-row">{}</div></div>{}</li>'
    ).format(
        one.learners,
        words.removeprefix(str(one.learners)).strip(),
        titles.of(one.lesson),
        one.activity,
        answers,
        inline(in_language(one.said, _.language)),
        compared(one.call, one.expected, one.got, _),
        code,
        more,
        _note(one, screen, moment),
    )


def _note(one: FailureGroup, screen: Screen, moment: Moment) -> Markup:
    _ = screen._
    if one.note is not None:
        written = Markup("<strong>{}</strong>{}").format(
            _("Your note, since {moment}", moment=moment(one.note.written_at)), letter(one.note.text)
        )
        withdraw = button(_("Withdraw"), "withdraw_note", value=str(one.note_id), kind="quiet s")
        return Markup('<div class="ar-stack ar-stack--s">{}<div class="ar-row">{}</div></div>').format(
            notice("note", written, color="accent"), withdraw
        )
    # Named by the group and not by its place: what is being typed stays with it when others overtake it.
    uid = f"{screen.uid}-note-{one.lesson.level}-{one.lesson.tier}-{one.activity}-{one.signature}"
    label = _("Note to them, and to everyone who makes this mistake later")
    return Markup(
        '<form class="ar-stack ar-stack--s ar-form" data-action="write_note" novalidate>{}'
        '<div class="ar-field"><label for="{}">{}</label><textarea class="ar-input" id="{}" name="note" rows="3"></textarea>'
        '<p class="ar-help">{}</p></div><div class="ar-row">{}</div></form>'
    ).format(
        joined(
            Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
            for name, value in (("lesson", one.lesson), ("activity", one.activity), ("signature", one.signature))
        ),
        uid,
        label,
        uid,
        _("English or Filipino; one is enough. It appears under their cell."),
        submit(_("Send note"), kind="s"),
    )


def compared(call: str | None, expected: str | None, got: str | None, _: Translator) -> Markup:
    """Return input, expected and got, as far as there are any."""
    pairs = ((_("For this input"), call), (_("Expected"), expected), (_("Got"), got))
    rows = joined(Markup("<dt>{}</dt><dd>{}</dd>").format(label, value) for label, value in pairs if value is not None)
    return Markup('<dl class="ar-compare">{}</dl>').format(rows) if rows else NOTHING


def name_of(who: Person) -> Markup:
    """Return the name of a learner, which opens their page."""
    return button(who.display_name, "open_learner", value=who.username, kind="quiet s inline")
