"""The charts of the page of a class, each with its table: effort against result, and the weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from aralify_kernel.dashboards import figures, markup
from aralify_kernel.dashboards.class_sections import download
from aralify_kernel.dashboards.markup import Column
from aralify_kernel.dashboards.words import short_day
from aralify_kernel.domain.lesson_quality import HIDDEN_UNDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aralify_kernel.dashboards.figures import Figure
    from aralify_kernel.domain.marks import Cell
    from aralify_kernel.domain.teaching import Effort, Week
    from aralify_kernel.i18n import Translator
    from aralify_kernel.widgets.screen import Screen


def figures_of(weeks: Sequence[Week], efforts: Sequence[Effort], _: Translator) -> dict[str, Figure]:
    """Return the charts by name, as far as there is something to draw."""
    found = {"weeks": figures.class_weeks(weeks, _)} if weeks else {}
    if len(efforts) >= HIDDEN_UNDER:
        found["effort"] = figures.effort_against_result(efforts, _)
    return found


def effort(found: Sequence[Effort], screen: Screen) -> Markup:
    """Return what came of the time that learners spent; nothing about fewer than five."""
    _ = screen._
    title = _("Effort against result")
    if len(found) < HIDDEN_UNDER:
        words = _("It is shown once {n} learners have begun the course.", n=HIDDEN_UNDER)
        return markup.card(title, Markup("<p>{}</p>").format(words))
    rows: list[Sequence[Cell]] = [["name", "minutes", "lessons_passed", "mean_score"], *(_row(one) for one in found)]
    columns = [
        Column(_("Learner")),
        Column(_("Active minutes"), number=True),
        Column(_("Lessons passed"), number=True),
        Column(_("Mean score"), number=True),
    ]
    shown = [[one.learner.display_name, *(f"{figure:g}" for figure in _figures(one))] for one in found]
    table = markup.table(title, columns, shown)
    summary = _("A dot for each of {n} learners: active time to the right, mean score upwards.", n=len(found))
    note = _(
        "Each dot is a learner. Low on the right: much work and little to show for it. Pauses over 5 min not counted."
    )
    return markup.card(
        title, markup.chart("effort", summary, table, _), note=note, action=download("effort", rows, screen)
    )


def weeks(found: Sequence[Week], screen: Screen) -> Markup:
    """Return the class week by week; of a week in which fewer than five answered only that."""
    _ = screen._
    title = _("Class over weeks")
    if not found:
        return markup.card(title, Markup("<p>{}</p>").format(_("No answer yet.")))
    heads = ["week_of", "learners", "answers", "right_answers", "lessons_passed"]
    rows: list[Sequence[Cell]] = [heads, *([f"{one.monday}", *_of_week(one)] for one in found)]
    columns = [
        Column(_("Week of")),
        Column(_("Learners"), number=True),
        Column(_("Answers"), number=True),
        Column(_("Right answers"), number=True),
        Column(_("Lessons passed"), number=True),
    ]
    shown = [
        [short_day(one.monday, screen.language), *("–" if n is None else n for n in _of_week(one))] for one in found
    ]
    legend = Markup(
        '<p class="ar-legend"><span><i class="ar-swatch-1"></i>{}</span><span><i class="ar-swatch-2"></i>{}</span></p>'
    ).format(_("Learners"), _("Lessons passed"))
    last = short_day(found[-1].monday, screen.language)
    summary = _("Two bars for each week up to that of {day}: learners who answered, lessons passed.", day=last)
    note = _("Nothing is said about a week in which fewer than {n} learners answered.", n=HIDDEN_UNDER)
    return markup.card(
        title,
        legend,
        markup.chart("weeks", summary, markup.table(title, columns, shown), _),
        note=note,
        action=download("weeks", rows, screen),
    )


def _row(one: Effort) -> Sequence[Cell]:
    return (one.learner.display_name, *_figures(one))


def _figures(one: Effort) -> tuple[float, int, float]:
    return round(one.time_spent_secs / 60, 1), one.lessons_completed, one.mean_score


def _of_week(one: Week) -> list[int | None]:
    """Return learners, answers, right answers and lessons passed of a week; None where they could expose somebody."""
    if one.may_expose:
        return [None] * 4
    return [one.learners, one.attempts, one.passed, one.lessons_completed]
