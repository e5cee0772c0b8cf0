"""The difficulty picker of one topic, and which tier is suggested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.errors import N_
from aralify_kernel.i18n import in_language
from aralify_kernel.widgets.components import NOTHING, button, difficulty_name, icon, joined, state, tier

if TYPE_CHECKING:
    from aralify_kernel.domain.session import CourseCard, LessonCard, LevelCard
    from aralify_kernel.i18n import Translator

DEPTHS = {
    Difficulty.EASY: N_("Guided, one step at a time."),
    Difficulty.MEDIUM: N_("Less help, two ideas together."),
    Difficulty.HARD: N_("A small problem of your own to solve."),
}


def suggestion(level: LevelCard, _: Translator) -> tuple[LessonCard, str] | None:
    """Return the tier to go on with and why; None when all are passed."""
    left = [lesson for lesson in level.lessons if lesson.status is not LessonStatus.COMPLETED]
    begun = next((lesson for lesson in left if lesson.status is LessonStatus.IN_PROGRESS), None)
    if begun:
        return begun, _("Suggested: you have begun this one")
    if not left:
        return None
    passed = [
        lesson for lesson in level.lessons if lesson not in left and lesson.difficulty.value < left[0].difficulty.value
    ]
    if passed:
        return left[0], _("Suggested: you passed {tier}", tier=difficulty_name(passed[-1].difficulty, _))
    return left[0], _("Suggested: a good place to start")


def status_words(lesson: LessonCard, _: Translator) -> tuple[str, str]:
    """Return the icon and the words for how far somebody is in a lesson."""
    match lesson.status:
        case LessonStatus.COMPLETED:
            return "passed", _("Passed")
        case LessonStatus.IN_PROGRESS:
            return "progress", _("In progress")
        case LessonStatus.NOT_STARTED:
            return "open", _("Open")


def minutes(seconds: int) -> int:
    """Return whole minutes, at least one."""
    return max(1, round(seconds / 60))


def picker(course: CourseCard, level: LevelCard, _: Translator, *, focus: Markup, chosen: str) -> Markup:
    """Return the tiers of `level` side by side; the one whose reference is `chosen` is marked."""
    topic = _("Topic {number}", number=course.levels.index(level) + 1)
    suggested = suggestion(level, _)
    return Markup(
        '<div class="ar-stack"><div><p class="ar-crumb">{} › {}</p><h2{}>{}</h2><p class="ar-muted">{}</p></div>'
        '<ul class="ar-grid ar-grid--picks">{}</ul></div>'
    ).format(
        in_language(course.title, _.language),
        topic,
        focus,
        in_language(level.title, _.language),
        _("Same ideas in three depths. Any one of them opens the next topic."),
        joined(_card(lesson, suggested, _, is_marked=str(lesson.ref) == chosen) for lesson in level.lessons),
    )


def _card(lesson: LessonCard, suggested: tuple[LessonCard, str] | None, _: Translator, *, is_marked: bool) -> Markup:
    why = suggested[1] if suggested and suggested[0] is lesson else ""
    return Markup(
        '<li class="ar-card ar-pick{}"{}>{}<div><p class="ar-bigxp ar-game">{} <small>{}×</small></p>'
        '<p class="ar-small"><strong>{}</strong></p><p class="ar-small ar-muted">{}</p></div>{}'
        '<div class="ar-stack ar-stack--s">{}{}</div></li>'
    ).format(
        " ar-pick--suggested" if is_marked else "",
        Markup(' aria-current="true"') if is_marked else NOTHING,
        tier(lesson.difficulty, _),
        _("{xp} XP", xp=lesson.xp),
        lesson.difficulty.multiplier,
        in_language(lesson.title, _.language),
        _(DEPTHS[lesson.difficulty]),
        _facts(lesson, _),
        _why(lesson, why, _),
        _open_button(lesson, _, is_primary=is_marked),
    )


def _facts(lesson: LessonCard, _: Translator) -> Markup:
    limit = (
        Markup("{} {}").format(icon("clock"), _("{n} min a run", n=minutes(lesson.time_limit_sec)))
        if lesson.time_limit_sec
        else _("none")
    )
    best = (
        _("{score} of {goal} to pass", score=lesson.score, goal=lesson.pass_score)
        if lesson.status is LessonStatus.IN_PROGRESS
        else str(lesson.score)
        if lesson.status is LessonStatus.COMPLETED
        else _("none yet")
    )
    rows = (
        (_("Time"), _("about {n} min", n=lesson.est_time_mins)),
        (_("Time limit"), limit),
        (_("Best score"), best),
        (_("Status"), state(*status_words(lesson, _))),
    )
    return Markup('<dl class="ar-facts">{}</dl>').format(
        joined(Markup("<dt>{}</dt><dd>{}</dd>").format(name, value) for name, value in rows)
    )


def _why(lesson: LessonCard, why: str, _: Translator) -> Markup:
    lines = []
    if why:
        lines.append(Markup('<p class="ar-pick__why">{}</p>').format(why))
    if lesson.status is LessonStatus.COMPLETED:
        words = _("XP already earned; practice counts for your streak.")
        lines.append(Markup('<p class="ar-help ar-game">{}</p>').format(words))
    elif lesson.time_limit_sec:
        lines.append(_help(_("The clock starts when you say so. You may start again any time.")))
    return joined(lines)


def _help(words: str) -> Markup:
    return Markup('<p class="ar-help">{}</p>').format(words)


def _open_button(lesson: LessonCard, _: Translator, *, is_primary: bool) -> Markup:
    templates = {
        LessonStatus.COMPLETED: N_("Practise {tier} again"),
        LessonStatus.IN_PROGRESS: N_("Continue {tier}"),
        LessonStatus.NOT_STARTED: N_("Start {tier}"),
    }
    words = _(templates[lesson.status], tier=difficulty_name(lesson.difficulty, _))
    return button(words, "open", value=str(lesson.ref), kind="block primary" if is_primary else "block")
