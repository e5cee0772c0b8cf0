"""`aralify progress`: where a learner stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from aralify_kernel.app import application
from aralify_kernel.cli.output import as_json, language, print_json, print_table, texts
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.i18n import in_language

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.session import CourseCard, LevelCard, Progress


@click.command()
@click.option("--user", "username", required=True, metavar="U")
@as_json
def progress(username: str, *, json_wanted: bool) -> None:
    """Show XP, level, streak and every course of one learner."""
    found = application().session_for(username).progress()
    if json_wanted:
        print_json(_as_json(found))
    else:
        _show(found)


def _as_json(progress: Progress) -> dict[str, Any]:
    profile = progress.profile
    return {
        "username": profile.username,
        "xp_total": profile.xp_total,
        "level": profile.level,
        "streak_current": profile.streak_current,
        "streak_longest": profile.streak_longest,
        "courses": [_course(card) for card in progress.courses if card.is_started],
    }


def _course(card: CourseCard) -> dict[str, Any]:
    return {
        "slug": card.slug,
        "completion_pct": card.completion_pct,
        "mastery_pct": card.mastery_pct,
        "total_xp_earned": card.total_xp_earned,
        "started_at": _iso(card.started_at),
        "completed_at": _iso(card.completed_at),
        "levels": [_level(level) for level in card.levels],
    }


def _level(level: LevelCard) -> dict[str, Any]:
    lessons = {
        lesson.difficulty.slug: {"status": lesson.status.name, "score": lesson.score, "xp_earned": lesson.xp_earned}
        for lesson in level.lessons
    }
    return {"slug": level.slug, "unlocked": level.is_open, "complete": level.is_complete, "lessons": lessons}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _show(progress: Progress) -> None:
    _ = texts()
    profile = progress.profile
    days = _.plural("{n} day", "{n} days", profile.streak_current)
    click.echo(f"{profile.display_name} · Level {profile.level} · {profile.xp_total} XP · Streak: {days}")
    started = [card for card in progress.courses if card.is_started]
    if not started:
        click.echo(_("No course begun yet. Start with: aralify lab"))
    for card in started:
        title = in_language(card.title, language())
        told = _("{done} % complete, {mastered} % mastered", done=card.completion_pct, mastered=card.mastery_pct)
        click.echo(f"\n{title}: {told}")
        print_table([_("Topic"), "EASY", "MEDIUM", "HARD"], [_row(level) for level in card.levels])


def _row(level: LevelCard) -> list[str]:
    _ = texts()
    scores = {lesson.difficulty.slug: lesson for lesson in level.lessons}
    cells = [in_language(level.title, language())]
    for tier in ("easy", "medium", "hard"):
        lesson = scores.get(tier)
        if lesson is None:
            cells.append("")
        elif lesson.status is LessonStatus.NOT_STARTED:
            cells.append("·" if level.is_open else _("locked"))
        else:
            cells.append(str(lesson.score) + (" ✓" if lesson.status is LessonStatus.COMPLETED else ""))
    return cells
