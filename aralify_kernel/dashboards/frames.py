"""A learner's progress as tables: what the charts draw, what stands below them, what the CSV holds.

Every time in them is the learner's local time, without a zone, so that charts and tables show the same clock.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pandas as pd

from aralify_kernel.domain.references import LessonRef
from aralify_kernel.errors import InvalidValue
from aralify_kernel.i18n import in_language

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.session import Progress

WEEKS: Final = 6
"""How far back the active days go."""


def xp_over_time(progress: Progress, language: str) -> pd.DataFrame:
    """Return one row per award, oldest first: `at`, `lesson` (as `Loops E`), `amount`, `total`."""
    names = _topics(progress, language)
    rows = [
        (_local(point.at, progress), _lesson(point.lesson, names), point.amount, point.total) for point in progress.xp
    ]
    return pd.DataFrame(rows, columns=["at", "lesson", "amount", "total"]).sort_values(
        "at", kind="stable", ignore_index=True
    )


def courses(progress: Progress, language: str) -> pd.DataFrame:
    """Return one row per started course: `course`, `completion` and `mastery` in percent."""
    rows = [
        (in_language(card.title, language), card.completion_pct, card.mastery_pct)
        for card in progress.courses
        if card.is_started
    ]
    return pd.DataFrame(rows, columns=["course", "completion", "mastery"])


def active_days(progress: Progress, weeks: int = WEEKS) -> pd.DataFrame:
    """Return how many answers were judged: a row per week (indexed by its Monday, the present one last), columns 0–6.

    Days that are still to come are missing values.
    """
    today = date.fromisoformat(progress.today)
    monday = today - timedelta(days=today.weekday())
    mondays = [monday - timedelta(weeks=back) for back in reversed(range(weeks))]
    counts = {day.date: day.attempts for day in progress.days}
    rows = [[_count(start + timedelta(days=weekday), today, counts) for weekday in range(7)] for start in mondays]
    return pd.DataFrame(rows, index=mondays, columns=range(7), dtype="Int64")


def attempts(progress: Progress, language: str) -> pd.DataFrame:
    """Return the recent attempts: `lesson`, `activity`, `verdict`, `late`, `points`, `max_points`, `at`."""
    names = _topics(progress, language)
    rows = [
        (
            _lesson(str(attempt.lesson), names),
            in_language(attempt.title, language) or attempt.activity,
            attempt.verdict,
            attempt.late,
            attempt.points,
            attempt.max_points,
            _local(attempt.at, progress),
        )
        for attempt in progress.recent
    ]
    columns = ["lesson", "activity", "verdict", "late", "points", "max_points", "at"]
    return pd.DataFrame(rows, columns=columns)


def _count(day: date, today: date, counts: dict[str, int]) -> int | None:
    return None if day > today else counts.get(day.isoformat(), 0)


def _local(at: datetime, progress: Progress) -> datetime:
    return at.astimezone(ZoneInfo(progress.profile.timezone)).replace(tzinfo=None)


def _topics(progress: Progress, language: str) -> dict[str, str]:
    return {
        f"{course.slug}/{level.slug}": in_language(level.title, language)
        for course in progress.courses
        for level in course.levels
    }


def _lesson(reference: str, topics: dict[str, str]) -> str:
    """Return `Loops E`; the slug stands in for the title of what has been unpublished since."""
    try:
        ref = LessonRef.parse(reference)
    except InvalidValue:
        return reference
    return f"{topics.get(ref.level_ref) or ref.level} {ref.difficulty.name[0]}"
