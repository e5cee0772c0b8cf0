"""Tiers per topic: a table with letter, score and state of every lesson of a course."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from aralify_kernel.dashboards import markup
from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.i18n import in_language
from aralify_kernel.widgets.components import NOTHING, difficulty_name, icon, joined

if TYPE_CHECKING:
    from aralify_kernel.domain.session import CourseCard, LessonCard, LevelCard, Progress
    from aralify_kernel.i18n import Translator


def tiers_per_topic(progress: Progress, _: Translator) -> Markup:
    """Return a table per started course."""
    started = [course for course in progress.courses if course.is_started]
    several = len(started) > 1
    tables = (_course(course, _, with_title=several) for course in started)
    return markup.card(_("Tiers per topic"), *tables, _legend(_))


def _course(course: CourseCard, _: Translator, *, with_title: bool) -> Markup:
    title = in_language(course.title, _.language)
    heading = Markup("<h3>{}</h3>").format(title) if with_title else NOTHING
    tiers = joined(Markup('<th scope="col">{}</th>').format(difficulty_name(tier, _)) for tier in Difficulty)
    table = Markup(
        '<table class="ar-matrix"><caption class="ar-sr">{}</caption>'
        '<thead><tr><th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(
        _("Best score per lesson, {course}", course=title),
        _("Topic"),
        tiers,
        joined(_topic(topic, _) for topic in course.levels),
    )
    return heading + markup.scrolling(_("Tiers per topic, {course}", course=title), table)


def _topic(topic: LevelCard, _: Translator) -> Markup:
    by_tier = {lesson.difficulty: lesson for lesson in topic.lessons}
    cells = (_cell(tier, by_tier.get(tier), is_open=topic.is_open, _=_) for tier in Difficulty)
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(in_language(topic.title, _.language), joined(cells))


def _cell(tier: Difficulty, lesson: LessonCard | None, *, is_open: bool, _: Translator) -> Markup:
    letter = tier.name[0]
    if lesson is None:
        kind, content = "none", Markup('<span aria-hidden="true">–</span>') + markup.unseen(_("no lesson"))
    elif lesson.status is LessonStatus.COMPLETED:
        kind, content = letter.lower(), Markup("<b>{}</b> {}").format(letter, lesson.score) + _said(_("passed"))
    elif lesson.status is LessonStatus.IN_PROGRESS:
        kind, content = "try", Markup("<b>{}</b> {}").format(letter, lesson.score) + _said(_("begun"))
    elif is_open:
        kind, content = "none", Markup('{} <span aria-hidden="true">·</span>').format(letter) + _said(_("open"))
    else:
        kind, content = "none", Markup("{} ").format(letter) + icon("locked") + _said(_("locked"))
    return Markup('<td><span class="ar-cell ar-cell--{}">{}</span></td>').format(kind, content)


def _said(word: str) -> Markup:
    return markup.unseen(f", {word}")


def _legend(_: Translator) -> Markup:
    return Markup(
        '<p class="ar-legend"><span><i class="ar-swatch-passed"></i>{}</span><span><i class="ar-swatch-begun"></i>{}'
        "</span><span>· {}</span><span>{} {}</span></p>"
    ).format(_("passed, with score"), _("begun"), _("open"), icon("locked"), _("locked"))
