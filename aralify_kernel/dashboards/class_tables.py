"""The tables of the page of a class: learners by lessons, how good the lessons are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from aralify_kernel.dashboards import markup
from aralify_kernel.dashboards.class_sections import download, name_of
from aralify_kernel.dashboards.markup import Column
from aralify_kernel.dashboards.words import duration
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.widgets.components import NOTHING, icon, joined, notice, state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aralify_kernel.dashboards.class_sections import Titles
    from aralify_kernel.domain.lesson_quality import LessonQuality, Spread
    from aralify_kernel.domain.marks import Cell
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.teaching import MatrixCell, MatrixRow, Person
    from aralify_kernel.i18n import Translator
    from aralify_kernel.widgets.screen import Screen


def matrix(found: Sequence[MatrixRow], turning: Markup, screen: Screen, titles: Titles) -> Markup:
    """Return learners by lessons: tier and best score in each cell. `turning` leads to the other learners."""
    _ = screen._
    heads: list[Cell] = ["username", "name"]
    heads += [text for ref in titles.lessons for text in (str(ref), f"{ref} state")]
    rows: list[Sequence[Cell]] = [heads, *(_matrix_figures(row, titles, _) for row in found)]
    body = (
        _matrix_table(found, screen, titles) if found else Markup("<p>{}</p>").format(_("Nobody is in this class yet."))
    )
    legend = Markup('<p class="ar-legend ar-small">{}</p>').format(
        _("E, M, H: passed with this score · dashed: begun · red: stuck · clock: late · dot: not begun")
    )
    note = _("Each cell: tier and best score. Open a cell for the answers in it, a name for all of somebody's work.")
    return markup.card(
        _("Learners and lessons"),
        body,
        legend if found else NOTHING,
        turning,
        note=note,
        action=download("matrix", rows, screen),
    )


def quality(found: Sequence[LessonQuality], screen: Screen, titles: Titles) -> Markup:
    """Return the figures of each lesson, those to mend first."""
    _ = screen._
    heads: list[Cell] = ["lesson", "n", "first_try", "discrimination", "attempts_to_pass", "attempts_to_pass_q1"]
    heads += ["attempts_to_pass_q3", "time_spent_secs", "hint_rate", "gave_up", "verdict"]
    rows: list[Sequence[Cell]] = [heads, *(_quality_figures(one, _) for one in found)]
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
    body = _to_mend(found, titles, _) + table if found else Markup("<p>{}</p>").format(_("No answer yet."))
    return markup.card(_("Lesson quality"), body, note=note, action=download("quality", rows, screen))


@dataclass(frozen=True, slots=True)
class CellState:
    """How far somebody is in a lesson: how the cell looks, its icons, the words."""

    kind: str
    icons: tuple[str, ...]
    words: str

    @property
    def shown(self) -> tuple[str, str]:
        """The icon that stands before the words, where there is room for words."""
        return (self.icons[0] if self.icons else "progress" if self.kind == "try" else "passed", self.words)


def state_of(cell: MatrixCell, _: Translator) -> CellState:
    """Return how far somebody is in a lesson that they have begun."""
    if cell.is_stuck:
        return CellState("stuck", ("failed", "late") if cell.is_late else ("failed",), _("stuck"))
    if cell.status is not LessonStatus.COMPLETED:
        return CellState("try", (), _("begun"))
    tier = cell.lesson.difficulty.slug[0]
    return CellState(tier, ("late",), _("passed late")) if cell.is_late else CellState(tier, (), _("passed"))


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
            '<table class="ar-matrix ar-matrix--class"><caption class="ar-sr">{}</caption><thead><tr><th scope="col">{}</th>{}</tr></thead>'
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
    at = state_of(cell, _)
    icons = joined(icon(name) for name in at.icons)
    told = markup.unseen(f"{who.display_name}, {titles.of(ref)}, {at.words}: ")
    return Markup(
        '<button type="button" class="ar-cell ar-cell--{}" data-action="open_answers" data-value="{} {}">{}<b>{}</b> {}{}'
        "</button>"
    ).format(at.kind, ref, who.username, told, letter, cell.score, icons)


def _matrix_figures(row: MatrixRow, titles: Titles, _: Translator) -> Sequence[Cell]:
    """Return a row of the matrix for spreadsheets: of each lesson the score and the state."""
    of = {cell.lesson: cell for cell in row.cells}
    cells: list[Cell] = []
    for ref in titles.lessons:
        cell = of.get(ref)
        cells += [cell.score, state_of(cell, _).words] if cell else [None, None]
    return [row.learner.username, row.learner.display_name, *cells]


def _quality_row(one: LessonQuality, titles: Titles, _: Translator) -> Sequence[Markup | str | int]:
    time = _minutes(one.time_spent_secs, _)
    figures = [_share(one.first_try), _number(one.discrimination), _spread(one.attempts_to_pass), time]
    look, words = _verdict(one, _)
    verdict: Markup | str = state(look, words) if look else words
    row: list[Markup | str | int] = [
        titles.of(one.lesson),
        one.n,
        *figures,
        _share(one.hinted),
        _share(one.gave_up),
        verdict,
    ]
    if one.is_thin:  # grey, not only by colour: the words say it too
        return [Markup('<span class="ar-muted">{}</span>').format(cell) for cell in row]
    return row


def _quality_figures(one: LessonQuality, _: Translator) -> Sequence[Cell]:
    """Return the figures of a lesson for spreadsheets."""
    tries, time = one.attempts_to_pass, one.time_spent_secs
    spread = (tries.median, tries.low, tries.high) if tries else (None, None, None)
    shares = (one.hinted, one.gave_up, _verdict(one, _)[1])
    return (str(one.lesson), one.n, one.first_try, one.discrimination, *spread, time.median if time else None, *shares)


def _to_mend(found: Sequence[LessonQuality], titles: Titles, _: Translator) -> Markup:
    """Return the lessons to fix in one line; nothing when there is none."""
    names = " · ".join(titles.of(one.lesson) for one in found if one.is_to_mend)
    words = Markup("<strong>{}</strong> {}").format(_("Fix first:"), names)
    return notice("failed", words, color="fail") if names else NOTHING


def _verdict(one: LessonQuality, _: Translator) -> tuple[str, str]:
    """Return what is to be done about a lesson: an icon, if there is one, and the words."""
    if one.is_thin:
        return "", _("n under 20: read with care")
    if one.is_to_mend:
        return "failed", _("Fix this lesson")
    return ("eye", _("Look at the checks")) if one.checks_may_be_off else ("", _("fine"))


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _spread(value: Spread | None) -> str:
    return "–" if value is None else f"{value.median:g} ({value.low:g}–{value.high:g})"


def _minutes(value: Spread | None, _: Translator) -> str:
    return "–" if value is None else duration(round(value.median), _)
