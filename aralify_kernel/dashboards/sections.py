"""The cards of "My progress", each from a learner's values to HTML."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pandas as pd
from markupsafe import Markup

from aralify_kernel.dashboards import markup, words
from aralify_kernel.dashboards.markup import Column
from aralify_kernel.dashboards.next_step import NextStep, Reason, courses_by_use, next_step
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.domain.user_levels import level
from aralify_kernel.i18n import N_, in_language
from aralify_kernel.widgets.components import difficulty_name, icon, joined, percent, state
from aralify_kernel.widgets.markdown import inline

if TYPE_CHECKING:
    from aralify_kernel.dashboards.places import Place
    from aralify_kernel.domain.session import CourseCard, Profile, Progress
    from aralify_kernel.i18n import Translator

_RESULTS: Final = {
    "PASSED": ("passed", N_("Passed")),
    "FAILED": ("failed", N_("Not yet right")),
    "ERROR": ("failed", N_("Stopped by an error")),
    "TIMEOUT": ("failed", N_("Took too long")),
    "LIMIT": ("failed", N_("Used too much memory or output")),
}
_REASONS: Final = {
    Reason.BEGUN: N_("You have begun it: your score is {score} so far, and {pass_score} passes."),
    Reason.NEXT_TOPIC: N_("This topic is open for you, and this is the gentlest way in."),
    Reason.NEW_COURSE: N_("A new course, “{course}”, begins here."),
    Reason.HARDER_TIER: N_("Every topic is complete. This lesson adds to your mastery of {course}."),
}


def heading(progress: Progress, _: Translator) -> Markup:
    """Return the title of the page and the day it shows."""
    today = words.long_day(date.fromisoformat(progress.today), _.language)
    guest = _("You are here as a guest: make an account in the welcome notebook, and all of this stays yours.")
    return Markup('<div><h1>{}</h1><p class="ar-muted">{}. {}</p></div>').format(
        _("My progress"), today, guest if progress.profile.is_guest else ""
    )


def what_next(progress: Progress, place: Place, _: Translator) -> Markup:
    """Return the card with the one thing to do next."""
    step = next_step(progress)
    if step is None:
        title, text, action = (
            _("Everything here is passed"),
            _("There is no lesson left that you have not passed. New ones will appear here."),
            place.lessons(_("Look at the lessons"), kind="ar-btn"),
        )
    else:
        title, text = _step_title(step, _), _step_reason(step, progress.profile, _)
        action = place.opening(step.lesson, _("Open the lesson"), _)
    return Markup(
        '<section class="ar-card" aria-label="{0}"><div class="ar-cols ar-cols--wide ar-cols--middle">'
        '<div class="ar-stack ar-stack--s"><p class="ar-why">{0}</p><h2>{1}</h2><p class="ar-muted">{2}</p></div>'
        '<div class="ar-row ar-end">{3}</div></div></section>'
    ).format(_("What next"), title, text, action)


def figures_now(progress: Progress, _: Translator) -> Markup:
    """Return the five figures: level, streak, completion, mastery, active time."""
    profile = progress.profile
    days = _.plural("{n} day", "{n} days", profile.streak_current)
    counts = state("passed", _("Today counts")) if profile.today_counts else _("Today: not yet")
    left = _("{xp} XP · {left} to Level {level}", xp=profile.xp_total, left=_xp_left(profile), level=profile.level + 1)
    figures = [
        _figure(_("Level"), str(profile.level), left),
        _figure(_("Streak"), days, counts),
        *_course_figures(next(iter(courses_by_use(progress)), None), _),
        _figure(
            _("Active time, this week"),
            words.duration(progress.active_secs_this_week, _),
            _("pauses over 5 min not counted"),
        ),
    ]
    return Markup('<section class="ar-card" aria-label="{}"><dl class="ar-kpis">{}</dl></section>').format(
        _("Now"), joined(figures)
    )


def xp_over_time(frame: pd.DataFrame, _: Translator) -> Markup:
    """Return XP over time: the chart, and a row for every award."""
    if frame.empty:
        return markup.card(
            _("XP over time"), Markup("<p>{}</p>").format(_("No XP yet. It comes when you pass your first lesson."))
        )
    first, last = frame.iloc[0], frame.iloc[-1]
    summary = _(
        "XP rose in steps from {first} on {start} to {last} on {end}. The numbers are in the table below.",
        first=first["total"],
        start=words.short_day(first["at"], _.language),
        last=last["total"],
        end=words.short_day(last["at"], _.language),
    )
    columns = [Column(_("Date")), Column(_("Lesson")), Column(_("XP"), number=True), Column(_("Total"), number=True)]
    rows = [
        (words.short_day(at, _.language), lesson, f"+{amount}", total)
        for at, lesson, amount, total in frame.itertuples(index=False, name=None)
    ]
    title = _("XP over time")
    return markup.card(
        title,
        markup.chart("xp", summary, markup.table(title, columns, rows), _),
        note=_("A step for every lesson passed. XP never falls."),
    )


def completion_and_mastery(frame: pd.DataFrame, _: Translator) -> Markup:
    """Return completion and mastery per started course."""
    sentence = _("{course}: completion {completion}, mastery {mastery}.")
    rows = [
        (course, percent(completion), percent(mastery))
        for course, completion, mastery in frame.itertuples(index=False, name=None)
    ]
    summary = " ".join(sentence.format(course=row[0], completion=row[1], mastery=row[2]) for row in rows)
    title = _("Completion and mastery")
    columns = [Column(_("Course")), Column(_("Completion"), number=True), Column(_("Mastery"), number=True)]
    legend = Markup(
        '<p class="ar-legend"><span><i class="ar-swatch-1"></i>{}</span><span><i class="ar-swatch-2"></i>{}</span></p>'
    ).format(_("Completion"), _("Mastery"))
    return markup.card(
        title,
        legend,
        markup.chart("courses", summary, markup.table(title, columns, rows), _),
        note=_("Completion: any lesson of a topic. Mastery: every lesson of it."),
    )


def active_days(frame: pd.DataFrame, _: Translator) -> Markup:
    """Return the active days: the field of days, and the same numbers as a table."""
    per_week = [int(count) for count in (frame > 0).sum(axis=1)]
    summary = _(
        "Active days in the last {weeks} weeks, the present one last: {days}. The numbers are in the table below.",
        weeks=len(per_week),
        days=", ".join(map(str, per_week)),
    )
    title = _("Active days")
    days = [Column(day, number=True) for day in words.weekdays(_.language)]
    columns = [Column(_("Week of")), *days, Column(_("Active days"), number=True)]
    rows = [
        (words.short_day(monday, _.language), *("" if pd.isna(count) else count for count in row), active)
        for monday, row, active in zip(frame.index, frame.itertuples(index=False, name=None), per_week, strict=True)
    ]
    return markup.card(
        title,
        markup.chart("days", summary, markup.table(title, columns, rows), _),
        note=_("The number is how many answers were judged, right or wrong."),
    )


def recent_attempts(frame: pd.DataFrame, today: date, _: Translator) -> Markup:
    """Return the recent attempts, with what stands on the screen as CSV."""
    columns = [
        Column(_("Exercise")),
        Column(_("Result"), whole=True),
        Column(_("Score"), number=True),
        Column(_("When"), whole=True),
    ]
    rows = [
        (
            inline(f"{lesson} · {activity}"),
            *result(verdict, late=late, _=_),
            _("{points} of {max_points}", points=points, max_points=max_points),
            words.moment(at, today, _),
        )
        for lesson, activity, verdict, late, points, max_points, at in frame.itertuples(index=False, name=None)
    ]
    on_screen = [(name, state(kind, result), score, when) for name, kind, result, score, when in rows]
    as_text = [(name.striptags(), result, score, when) for name, _kind, result, score, when in rows]
    title = _("Recent attempts")
    download = Markup('<a class="ar-btn ar-btn--s" download="aralify-attempts.csv" href="{}">{} CSV</a>').format(
        _csv([tuple(column.heading for column in columns), *as_text]), icon("download")
    )
    return markup.card(title, markup.table(title, columns, on_screen, cards=True), action=download)


def _step_title(step: NextStep, _: Translator) -> str:
    topic = in_language(step.level.title, _.language)
    tier = difficulty_name(step.lesson.difficulty, _)
    if step.reason is Reason.BEGUN:
        return _("Finish {topic}, {tier}", topic=topic, tier=tier)
    return _("Start {topic}, {tier}", topic=topic, tier=tier)


def _step_reason(step: NextStep, profile: Profile, _: Translator) -> str:
    lesson = step.lesson
    reason = _(
        _REASONS[step.reason],
        score=lesson.score,
        pass_score=lesson.pass_score,
        course=in_language(step.course.title, _.language),
    )
    about = _("“{title}”, about {minutes} minutes.", title=in_language(lesson.title, _.language),
              minutes=lesson.est_time_mins)  # fmt: skip
    reached = level(profile.xp_total + lesson.xp)
    if reached > profile.level:
        worth = _("It is worth {xp} XP and takes you to Level {level}.", xp=lesson.xp, level=reached)
    else:
        worth = _("It is worth {xp} XP.", xp=lesson.xp)
    return f"{about} {worth} {reason}"


def _xp_left(profile: Profile) -> int:
    return max(0, profile.next_level_xp - profile.xp_total)


def _figure(name: str, value: str, note: str | Markup) -> Markup:
    return Markup('<div class="ar-kpi"><dt>{}</dt><dd>{}</dd><dd>{}</dd></div>').format(name, value, note)


def _course_figures(course: CourseCard | None, _: Translator) -> list[Markup]:
    """Return completion and mastery of the course in use, with what they are counted from."""
    if course is None:
        return []
    title = in_language(course.title, _.language)
    topics = [
        topic for topic in course.levels if topic.is_published and any(card.is_published for card in topic.lessons)
    ]
    lessons = [card for topic in topics for card in topic.lessons if card.is_published]
    complete = sum(topic.is_complete for topic in topics)
    passed = sum(card.status is LessonStatus.COMPLETED for card in lessons)
    return [
        _figure(
            _("Completion, {course}", course=title),
            percent(course.completion_pct),
            _("{done} of {all} topics", done=complete, all=len(topics)),
        ),
        _figure(
            _("Mastery, {course}", course=title),
            percent(course.mastery_pct),
            _("{done} of {all} lessons", done=passed, all=len(lessons)),
        ),
    ]


def result(verdict: str, *, late: bool, _: Translator) -> tuple[str, str]:
    """Return the kind and the words of a result."""
    kind, text = _RESULTS.get(verdict, ("practice", N_("Not judged")))
    if late and verdict == "PASSED":
        return "late", _("Passed, late")
    return kind, _(text)


def _csv(rows: list[tuple[str, ...]]) -> str:
    """Return `rows` as a `data:` address. It begins with a byte order mark, without which Excel spoils ñ and “."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return "data:text/csv;charset=utf-8," + quote("\ufeff" + text.getvalue())
