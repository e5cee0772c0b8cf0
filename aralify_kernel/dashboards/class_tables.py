"""The tables of the page of a class: learners by lessons, one learner, how good the lessons are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from aralify_kernel.dashboards import markup
from aralify_kernel.dashboards.class_sections import download, name_of
from aralify_kernel.dashboards.markup import Column
from aralify_kernel.dashboards.words import duration
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.widgets.components import button, icon, joined, state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aralify_kernel.dashboards.class_sections import Moment, Titles
    from aralify_kernel.domain.lesson_quality import LessonQuality, Spread
    from aralify_kernel.domain.marks import Cell
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.teaching import LearnerPage, MatrixCell, MatrixRow, Person
    from aralify_kernel.i18n import Translator
    from aralify_kernel.widgets.screen import Screen


def matrix(found: Sequence[MatrixRow], page: int, is_last: bool, screen: Screen, titles: Titles) -> Markup:
    """Return learners by lessons: tier and best score in each cell."""
    _ = screen._
    heads: list[Cell] = ["username", "name", *(str(ref) for ref in titles.lessons)]
    rows: list[Sequence[Cell]] = [heads]
    for row in found:
        scores = {cell.lesson: cell.score for cell in row.cells}
        rows.append([row.learner.username, row.learner.display_name, *(scores.get(ref) for ref in titles.lessons)])
    turn = joined(
        button(words, "turn", value=str(to), kind="s")
        for words, to, is_there in ((_("Previous 50"), page - 1, page > 0), (_("Next 50"), page + 1, not is_last))
        if is_there
    )
    body = (
        _matrix_table(found, screen, titles) if found else Markup("<p>{}</p>").format(_("Nobody is in this class yet."))
    )
    legend = Markup('<p class="ar-legend ar-small">{}</p>').format(
        _("E, M, H: passed with this score · dashed: begun · red: stuck · clock: late · dot: not begun")
    )
    note = _("Each cell: tier and best score. Open a name to read the answers.")
    return markup.card(
        _("Learners and lessons"),
        body,
        legend,
        Markup('<div class="ar-row">{}</div>').format(turn),
        note=note,
        action=download("matrix", rows),
    )


def quality(found: Sequence[LessonQuality], screen: Screen, titles: Titles) -> Markup:
    """Return the figures of each lesson, those to mend first."""
    _ = screen._
    heads = ["lesson", "n", "first_try", "discrimination", "attempts_to_pass", "time_spent_secs", "hinted", "gave_up"]
    rows: list[Sequence[Cell]] = [heads]
    rows += [
        [
            str(one.lesson),
            one.n,
            one.first_try,
            one.discrimination,
            one.attempts_to_pass.median if one.attempts_to_pass else None,
            one.time_spent_secs.median if one.time_spent_secs else None,
            one.hinted,
            one.gave_up,
        ]
        for one in found
    ]
    columns = [
        Column(_("Lesson")),
        Column("n", number=True),
        Column(_("First-try pass"), number=True),
        Column(_("Discrimination"), number=True),
        Column(_("Attempts to pass"), number=True),
        Column(_("Time on task"), number=True),
        Column(_("Hint rate"), number=True),
        Column(_("Gave up"), number=True),
        Column(_("Verdict")),
    ]
    table = markup.table(_("Lesson quality"), columns, [_quality_row(one, titles, _) for one in found])
    note = _(
        "To mend first. Discrimination: do those who do well elsewhere do well here? Under 0.2 the checks may be off. "
        "Nothing is said under n = 5."
    )
    body = table if found else Markup("<p>{}</p>").format(_("No answer yet."))
    return markup.card(_("Lesson quality"), body, note=note, action=download("quality", rows))


def learner(found: LearnerPage, screen: Screen, titles: Titles, moment: Moment) -> Markup:
    """Return one learner: where they stand, and their answers while in the class."""
    _ = screen._
    facts = [
        _("completion {percent} %", percent=f"{found.completion_pct:.0f}"),
        duration(found.time_spent_secs, _),
        _("last answer {moment}", moment=moment(found.last_at)) if found.last_at else _("no answer yet"),
    ]
    columns = [
        Column(_("When")),
        Column(_("Lesson")),
        Column(_("Exercise")),
        Column(_("Points"), number=True),
        Column(""),
    ]
    rows = [
        (
            moment(line.at),
            titles.of(line.lesson),
            line.activity,
            f"{line.points}/{line.max_points}",
            button(_("See the answer"), "open_attempt", value=str(line.id), kind="s"),
        )
        for line in found.attempts
    ]
    cells = joined(_cell(found.learner, cell.lesson, cell, screen, titles) for cell in found.lessons)
    return markup.card(
        found.learner.display_name,
        Markup('<div class="ar-row">{}</div>').format(cells),
        markup.table(_("Answers"), columns, rows) if rows else Markup("<p>{}</p>").format(_("No answer yet.")),
        note=" · ".join(facts),
        action=button(_("Close"), "close", kind="s"),
    )


def _matrix_table(found: Sequence[MatrixRow], screen: Screen, titles: Titles) -> Markup:
    _ = screen._
    heads = joined(
        Markup('<th scope="col"><span class="ar-sr">{}</span><span aria-hidden="true">{} {}</span></th>').format(
            titles.of(ref), titles.topic(ref), ref.difficulty.name[0]
        )
        for ref in titles.lessons
    )
    body = joined(_matrix_row(row, screen, titles) for row in found)
    return markup.scrolling(
        _("Learners by lessons"),
        Markup(
            '<table class="ar-matrix"><caption class="ar-sr">{}</caption><thead><tr><th scope="col">{}</th>{}</tr></thead>'
            "<tbody>{}</tbody></table>"
        ).format(_("Learners by lessons: tier and best score"), _("Learner"), heads, body),
    )


def _matrix_row(row: MatrixRow, screen: Screen, titles: Titles) -> Markup:
    of = {cell.lesson: cell for cell in row.cells}
    cells = joined(
        Markup("<td>{}</td>").format(_cell(row.learner, ref, of.get(ref), screen, titles)) for ref in titles.lessons
    )
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(name_of(row.learner), cells)


def _cell(who: Person, ref: LessonRef, cell: MatrixCell | None, screen: Screen, titles: Titles) -> Markup:
    _ = screen._
    if cell is None:
        return Markup('<span class="ar-cell ar-cell--none"><span aria-hidden="true">·</span>{}</span>').format(
            markup.unseen(_("not begun"))
        )
    letter = ref.difficulty.name[0]
    if cell.is_stuck:
        kind, words = "stuck", _("stuck")
    elif cell.status is LessonStatus.COMPLETED:
        kind, words = letter.lower(), _("passed late") if cell.is_late else _("passed")
    else:
        kind, words = "try", _("begun")
    marks = joined(icon(name) for name, holds in (("failed", cell.is_stuck), ("late", cell.is_late)) if holds)
    told = markup.unseen(f"{who.display_name}, {titles.of(ref)}, {words}: ")
    return Markup('<span class="ar-cell ar-cell--{}">{}<b>{}</b> {}{}</span>').format(
        kind, told, letter, cell.score, marks
    )


def _quality_row(one: LessonQuality, titles: Titles, _: Translator) -> list[Markup | str | int]:
    time = _minutes(one.time_spent_secs, _)
    figures = [_share(one.first_try), _number(one.discrimination), _spread(one.attempts_to_pass), time]
    return [titles.of(one.lesson), one.n, *figures, _share(one.hinted), _share(one.gave_up), _verdict(one, _)]


def _verdict(one: LessonQuality, _: Translator) -> Markup | str:
    if one.is_thin:
        return _("n under 20: read with care")
    if one.is_to_mend:
        return state("failed", _("Fix this lesson"))
    return state("eye", _("Look at the checks")) if one.checks_may_be_off else _("fine")


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _spread(value: Spread | None) -> str:
    return "–" if value is None else f"{value.median:g} ({value.low:g}–{value.high:g})"


def _minutes(value: Spread | None, _: Translator) -> str:
    return "–" if value is None else duration(round(value.median), _)
