"""A learner's progress, made up: five topics, the first two passed in every tier, three weeks of work."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import (
    ActiveDay,
    CourseCard,
    LessonCard,
    LessonStatus,
    LevelCard,
    Profile,
    Progress,
    RecentAttempt,
    XpPoint,
)
from aralify_kernel.domain.user_levels import level_progress

TODAY = date(2026, 11, 20)
TOPICS = (
    ("variables", "Variables", "Mga variable", (100, 95, 88)),
    ("control-flow", "Control flow", "Control flow", (100, 90, 80)),
    ("loops", "Loops", "Mga loop", (100, 40, None)),
    ("functions", "Functions", "Mga function", (None, None, None)),
    ("lists", "Lists and strings", "Mga list at string", (None, None, None)),
)
AWARDS = (
    ("2026-10-26", "variables/easy", 50),
    ("2026-10-28", "variables/medium", 100),
    ("2026-10-30", "variables/hard", 150),
    ("2026-11-04", "control-flow/easy", 60),
    ("2026-11-09", "control-flow/medium", 120),
    ("2026-11-13", "control-flow/hard", 180),
    ("2026-11-20", "loops/easy", 80),
)
WEEKS = ((1, 0, 5, 4, 0, 0, 0), (4, 3, 0, 1, 0, 5, 0), (1, 0, 5, 0, 3, 0, 0), (4, 0, 2, 1, 0, 5, 4), (1, 6, 0, 4, 3, 0, 0),
         (4, 3, 2, 1, 6))  # fmt: skip
RECENT = (
    ("2026-11-20T09:12", "loops/medium", "first-match", "First match", "Unang tugma", "FAILED", 1, 3, False),
    ("2026-11-20T08:58", "loops/medium", "sum-of-evens", "Sum of evens", "Kabuuan ng even", "PASSED", 3, 3, False),
    ("2026-11-20T08:31", "loops/easy", "quiz-1", "Quiz", "Quiz", "PASSED", 1, 1, False),
    ("2026-11-13T20:31", "control-flow/hard", "leap-year", "Leap year", "Leap year", "PASSED", 4, 4, True),
    ("2026-11-10T18:02", "variables/easy", "change", "Change", "Sukli", "TIMEOUT", 0, 2, False),
)
COURSE = "python-basics"
MANILA = timedelta(hours=8)


def manila(text: str) -> datetime:
    """Return the UTC time of a clock in Manila."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - MANILA


def make_profile(**changes) -> Profile:
    xp = changes.pop("xp_total", 740)
    level = level_progress(xp)
    profile = Profile(
        username="ana",
        display_name="Ana",
        email=None,
        bio="",
        avatar_url=None,
        language="en",
        timezone="Asia/Manila",
        role=Role.USER,
        is_guest=False,
        is_verified=False,
        has_password=False,
        time_factor=1.0,
        xp_total=xp,
        level=level.level,
        level_xp=level.starts_at,
        next_level_xp=level.next_at,
        streak_current=5,
        streak_longest=6,
        today_counts=True,
        week=(True, True, True, True, True, False, False),
        weekday=4,
    )
    return dataclasses.replace(profile, **changes)


def make_course(topics=TOPICS, **changes) -> CourseCard:
    levels, is_open, before = [], True, None
    for number, (slug, title, title_fil, scores) in enumerate(topics):
        lessons = tuple(
            make_lesson(LessonRef(COURSE, slug, tier.slug), f"{title} lesson {tier.value}", 50 + 10 * number, score)
            for tier, score in zip(Difficulty, scores, strict=True)
        )
        complete = any(lesson.status is LessonStatus.COMPLETED for lesson in lessons)
        levels.append(
            LevelCard(slug, {"en": title, "fil": title_fil}, is_open, complete, None if is_open else before, lessons)
        )
        is_open, before = complete, {"en": title, "fil": title_fil}
    card = CourseCard(
        slug=COURSE,
        language="python",
        title={"en": "Python Basics", "fil": "Mga Batayan ng Python"},
        description={"en": "", "fil": ""},
        icon_url=None,
        color="#3776AB",
        estimated_hours=8.0,
        is_started=True,
        is_completed=False,
        completion_pct=60.0,
        mastery_pct=46.67,
        total_xp_earned=740,
        is_published=True,
        levels=tuple(levels),
    )
    return dataclasses.replace(card, **changes)


def make_lesson(ref: LessonRef, title: str, xp_reward: int, score: int | None) -> LessonCard:
    if score is None:
        status = LessonStatus.NOT_STARTED
    else:
        status = LessonStatus.COMPLETED if score >= 80 else LessonStatus.IN_PROGRESS
    xp = xp_reward * ref.difficulty.multiplier
    return LessonCard(
        ref=ref,
        difficulty=ref.difficulty,
        title={"en": title, "fil": ""},
        xp=xp,
        est_time_mins=15,
        time_limit_sec=None,
        pass_score=80,
        status=status,
        score=score or 0,
        xp_earned=xp if status is LessonStatus.COMPLETED else 0,
    )


def make_progress(**changes) -> Progress:
    """Return the made-up progress with `changes`."""
    total, xp = 0, []
    for day, lesson, amount in AWARDS:
        total += amount
        xp.append(XpPoint(manila(f"{day}T08:40"), amount, total, f"{COURSE}/{lesson}"))
    monday = TODAY - timedelta(days=TODAY.weekday(), weeks=len(WEEKS) - 1)
    days = [
        ActiveDay((monday + timedelta(weeks=week, days=weekday)).isoformat(), count)
        for week, counts in enumerate(WEEKS)
        for weekday, count in enumerate(counts)
        if count
    ]
    recent = tuple(
        RecentAttempt(manila(at), LessonRef(COURSE, *lesson.split("/")), activity, {"en": en, "fil": fil}, verdict, points, of, late)
        for at, lesson, activity, en, fil, verdict, points, of, late in RECENT
    )  # fmt: skip
    sql = make_course(
        (("select", "Select", "Select", (85, None, None)), *((f"t{n}", f"T{n}", "", (None,) * 3) for n in range(3))),
        slug="sql-first-steps",
        title={"en": "SQL First Steps", "fil": "Unang Hakbang sa SQL"},
        completion_pct=25.0,
        mastery_pct=8.33,
    )
    progress = Progress(
        profile=make_profile(),
        courses=(make_course(), sql),
        xp=tuple(xp),
        days=tuple(days),
        recent=recent,
        active_secs_this_week=2 * 3600 + 40 * 60 + 59,
        today=TODAY.isoformat(),
    )
    return dataclasses.replace(progress, **changes)


def make_new_progress(**changes) -> Progress:
    """Return the progress of somebody who has just signed up."""
    topics = tuple((slug, en, fil, (None, None, None)) for slug, en, fil, _ in TOPICS)
    course = make_course(topics, is_started=False, completion_pct=0.0, mastery_pct=0.0, total_xp_earned=0)
    profile = make_profile(xp_total=0, streak_current=0, today_counts=False, week=(False,) * 7)
    new = {"profile": profile, "courses": (course,), "xp": (), "days": (), "recent": (), "active_secs_this_week": 0}
    return make_progress(**(new | changes))


class MadeSession:
    """A session whose progress is given, or is the error that reading it raises."""

    def __init__(self, progress: Progress | Exception) -> None:
        self.made = progress
        self.changes = []

    @property
    def user(self) -> str | None:
        return None if isinstance(self.made, Exception) else self.made.profile.username

    def progress(self) -> Progress:
        if isinstance(self.made, Exception):
            raise self.made
        return self.made

    def update_profile(self, change) -> Profile:
        self.changes.append(change)
        return self.progress().profile
