"""What a teacher looks at more closely: one learner, to print; their answers in one lesson; one answer with its code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from aralify_kernel.dashboards import markup
from aralify_kernel.dashboards.class_sections import compared, download, question
from aralify_kernel.dashboards.class_tables import state_of
from aralify_kernel.dashboards.markup import Column
from aralify_kernel.dashboards.sections import result
from aralify_kernel.dashboards.words import duration
from aralify_kernel.i18n import in_language
from aralify_kernel.widgets.code import listing
from aralify_kernel.widgets.components import NOTHING, button, joined, notice, percent, state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aralify_kernel.dashboards.class_sections import Moment, Titles
    from aralify_kernel.domain.marks import Cell
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.teaching import Asked, AttemptLine, AttemptSeen, LearnerPage, MatrixCell, Person
    from aralify_kernel.i18n import Translator
    from aralify_kernel.widgets.screen import Screen


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one learner in one lesson."""

    learner: Person
    lesson: LessonRef
    lines: tuple[AttemptLine, ...]


def learner(found: LearnerPage, where: str, screen: Screen, titles: Titles, moment: Moment) -> Markup:
    """Return one learner: where they stand, lesson by lesson, what they asked, their answers while in the class.

    `where` is the class and the course, for who reads it on paper.
    """
    _ = screen._
    facts = [
        where,
        _("completion {percent}", percent=percent(found.completion_pct)),
        _("mastery {percent}", percent=percent(found.mastery_pct)),
        _("active time {time}", time=duration(found.time_spent_secs, _)),
        _("last answer {moment}", moment=moment(found.last_at)) if found.last_at else _("no answer yet"),
    ]
    lessons = [cell for cell in found.lessons if titles.takes(cell.lesson)]
    printing = button(_("Print"), "print", kind="s")
    return joined(
        [
            _head(found.learner.display_name, " · ".join(facts), printing, screen),
            _lessons(lessons, found.learner, screen, titles),
            _questions(found.asked, screen, titles, moment),
            _answers(found.attempts, found.learner, screen, titles, moment),
        ]
    )


def answers(found: Answers, screen: Screen, titles: Titles, moment: Moment) -> Markup:
    """Return what one learner answered in one lesson."""
    head = _head(found.learner.display_name, titles.of(found.lesson), NOTHING, screen)
    return head + _answers(found.lines, found.learner, screen, titles, moment)


def attempt(seen: AttemptSeen, screen: Screen, titles: Titles, moment: Moment) -> Markup:
    """Return one answer with its code and what each check said."""
    _ = screen._
    judged = seen.judgement
    code = (
        listing(seen.content.splitlines(), label=_("Code"), marked=judged.error.line if judged.error else None)
        if seen.content
        else Markup("<p>{}</p>").format(_("The code has not been kept."))
    )
    error = (
        Markup("<p><code>{}: {}</code></p>").format(judged.error.type, judged.error.message)
        if judged.error
        else NOTHING
    )
    checks = joined(
        Markup("<li>{} {}</li>").format(
            state("passed" if check.passed else "failed", in_language(check.name, _.language) or _("A check")),
            compared(check.call, check.expected, check.got, _) if not check.passed else NOTHING,
        )
        for check in judged.checks
    )
    facts = (titles.of(seen.line.lesson), seen.line.activity, moment(seen.line.at))
    where = " · ".join(filter(None, (*facts, _given(seen.line.claimed_at, moment, _))))
    told = _("The learner sees in the header of the lesson that you opened this answer.")
    return _head(seen.learner.display_name, where, NOTHING, screen) + markup.card(
        _("The answer"), code, error, Markup('<ul class="ar-stack ar-stack--s">{}</ul>').format(checks), note=told
    )


def _head(title: str, facts: str, action: Markup, screen: Screen) -> Markup:
    back = button(screen._("Back"), "close", kind="s")
    return Markup(
        '<div class="ar-row ar-row--apart"><div><h1{}>{}</h1><p class="ar-muted">{}</p></div>'
        '<div class="ar-row">{}{}</div></div>'
    ).format(screen.focus, title, facts, action, back)


def _lessons(found: Sequence[MatrixCell], who: Person, screen: Screen, titles: Titles) -> Markup:
    _ = screen._
    title = _("Lessons")
    if not found:
        return markup.card(title, Markup("<p>{}</p>").format(_("No lesson begun yet.")))
    rows: list[Sequence[Cell]] = [["lesson", "state", "score"]]
    rows += [[str(cell.lesson), state_of(cell, _).words, cell.score] for cell in found]
    columns = [Column(_("Lesson")), Column(_("State")), Column(_("Best score"), number=True)]
    shown = [(titles.of(cell.lesson), state(*state_of(cell, _).shown), cell.score) for cell in found]
    file = download(f"{who.username}-lessons", rows, screen)
    return markup.card(title, markup.table(title, columns, shown), action=file)


def _questions(found: Sequence[Asked], screen: Screen, titles: Titles, moment: Moment) -> Markup:
    _ = screen._
    shown = [one for one in found if titles.takes(one.question.lesson)]
    if not shown:
        return NOTHING
    parts = []
    for one in shown:
        reply, where = one.question.reply, titles.of(one.question.lesson)
        head = Markup('<p class="ar-small ar-muted">{} · {}</p>').format(where, moment(one.question.asked_at))
        told = NOTHING
        if reply:
            told = notice("note", Markup("<strong>{}</strong><p>{}</p>").format(reply.author, reply.text))
        said = Markup('<p class="ar-quote">{}</p>').format(one.question.text) if reply else question(one, screen)
        parts.append(Markup('<li class="ar-stack ar-stack--s">{}{}{}</li>').format(head, said, told))
    return markup.card(_("Questions to the teacher"), Markup('<ul class="ar-stack">{}</ul>').format(joined(parts)))


def _answers(found: Sequence[AttemptLine], who: Person, screen: Screen, titles: Titles, moment: Moment) -> Markup:
    _ = screen._
    title = _("Answers")
    shown = [line for line in found if titles.takes(line.lesson)]
    if not shown:
        return markup.card(title, Markup("<p>{}</p>").format(_("No answer yet.")))
    rows: list[Sequence[Cell]] = [
        ["at_utc", "given_at_utc", "lesson", "exercise", "result", "points", "max_points", "late"]
    ]
    rows += [
        [_utc(line.at), _utc(line.claimed_at) if line.claimed_at else None, str(line.lesson), line.activity, line.verdict, line.points, line.max_points,
         int(line.late)]
        for line in shown
    ]  # fmt: skip
    columns = [
        Column(_("When")),
        Column(_("Lesson")),
        Column(_("Exercise")),
        Column(_("Result")),
        Column(_("Points"), number=True),
        Column(_("Code"), on_paper=False),
    ]
    table = markup.table(title, columns, [_line(line, screen, titles, moment) for line in shown])
    return markup.card(title, table, action=download(f"{who.username}-answers", rows, screen))


def _line(line: AttemptLine, screen: Screen, titles: Titles, moment: Moment) -> Sequence[Markup | str]:
    _ = screen._
    when = moment(line.at)
    came = Markup('{}<div class="ar-small ar-muted">{}</div>').format(when, _given(line.claimed_at, moment, _))
    see = button(
        _("See the answer"),
        "open_attempt",
        value=str(line.id),
        kind="s",
        label=_("See the answer of {when}", when=when),
    )
    told = state(*result(line.verdict, late=line.late, _=_))
    first = came if line.claimed_at else when
    return (first, titles.of(line.lesson), line.activity, told, f"{line.points}/{line.max_points}", see)


def _given(claimed_at: datetime | None, moment: Moment, _: Translator) -> str:
    """Return when an answer was given that had to wait for the server, as the learner's own computer says."""
    return _("given {moment}, by their computer", moment=moment(claimed_at)) if claimed_at else ""


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
