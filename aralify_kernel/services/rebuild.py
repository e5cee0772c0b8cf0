"""Proving that everything stored follows from the facts, and making it so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aralify_kernel.services.replaying import Figures, Published, Shares, replay
from aralify_kernel.store import activity_days, courses, progress, summaries, users, xp_events
from aralify_kernel.store.activity_days import ActivityDay
from aralify_kernel.store.schema import broken_references
from aralify_kernel.store.xp_events import XpEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime

    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.users import User


def check(db: Database, on_progress: Callable[[int, int], None]) -> tuple[str, ...]:
    """Return every difference between what is stored and what the facts say, one line each; none when all is sound.

    Args:
        db: The database.
        on_progress: Called with the number of learners replayed, of all learners.
    """
    found = []
    with db.read() as tx:
        found += broken_references(tx)
        shares = Shares()
        for user, is_stored, expected in _replayed(tx, shares, on_progress):
            found += differences(user.username, is_stored, expected)
        found += differences("classes", stored_shares(tx), shares)
    return tuple(found)


def rebuild(db: Database, on_progress: Callable[[int, int], None], *, now: datetime) -> tuple[str, ...]:
    """Make everything stored what the facts say; return what was different, one line each.

    It is one transaction, and nobody else writes meanwhile: interrupted, it has changed nothing.

    Args:
        db: The database.
        on_progress: Called with the number of learners replayed, of all learners.
        now: When it is done.
    """
    with db.write(alone=True) as tx:
        return follow(tx, on_progress, now=now)


def follow(tx: Transaction, on_progress: Callable[[int, int], None], *, now: datetime) -> tuple[str, ...]:
    """Make everything stored what the facts say, in a transaction of the caller's; return what was different."""
    found, ids, shares = [], ids_of(tx), Shares()
    for user, is_stored, expected in _replayed(tx, shares, on_progress):
        tables = [name for name in Figures.__slots__ if getattr(is_stored, name) != getattr(expected, name)]
        if tables:
            keep(tx, user.id, expected, ids, now=now, tables=tables)
            found += differences(user.username, is_stored, expected)
    lines = differences("classes", stored_shares(tx), shares)
    if lines:
        for table in summaries.CLASS_TABLES:
            summaries.replace_of_classes(tx, table, getattr(shares, table))
        found += lines
    return tuple(found)


def _replayed(
    tx: Transaction, shares: Shares, on_progress: Callable[[int, int], None]
) -> Iterator[tuple[User, Figures, Figures]]:
    """Yield every learner with what is stored and what follows; what they add to their classes goes into `shares`."""
    everybody, published, ids = users.all_users(tx), Published(tx), ids_of(tx)
    for number, user in enumerate(everybody):
        on_progress(number, len(everybody))
        expected, adds = replay(tx, user, published)
        shares.add(adds)
        yield user, stored(tx, user, ids), expected
    on_progress(len(everybody), len(everybody))


def differences(whose: str, is_stored: Figures | Shares, expected: Figures | Shares) -> list[str]:
    """Return a line for every value that is stored otherwise than `expected`."""
    lines = []
    for table in type(expected).__slots__:
        have, want = getattr(is_stored, table), getattr(expected, table)
        for key in sorted(have.keys() | want.keys()):
            row, should = have.get(key, {}), want.get(key, {})
            lines += [
                f"{whose}: {table} {_words(key)} {column}: {row.get(column)} is stored, {should.get(column)} follows"
                for column in sorted(row.keys() | should.keys())
                if row.get(column) != should.get(column)
            ]
    return lines


def stored(tx: Transaction, user: User, ids: Ids) -> Figures:
    """Return what the tables hold about a learner."""
    names, levels, lessons = (
        {id_: ref for ref, id_ in refs.items()} for refs in (ids.courses, ids.levels, ids.lessons)
    )
    return Figures(
        users={"": {key: getattr(user, key) for key in ("xp_total", "level", "streak_current", "streak_longest")}},
        user_course_progress={
            names[course_id]: _row(row, "user_id", "course_id")
            for course_id, row in progress.of_courses(tx, user.id).items()
        },
        user_level_unlocks={levels[id_]: _row(row, "level_id") for id_, row in progress.unlocks(tx, user.id).items()},
        user_lesson_progress={
            lessons[id_]: _row(row, "lesson_id") for id_, row in progress.of_lessons(tx, user.id).items()
        },
        xp_events={
            row.lesson_ref: {"amount": row.amount, "created_at": row.created_at, "attempt_id": row.attempt_id}
            for row in xp_events.of_user(tx, user.id)
        },
        activity_days={day.date.isoformat(): _row(day, "date") for day in activity_days.of_user(tx, user.id)},
        **{table: summaries.of_learner(tx, table, user.id) for table in summaries.LEARNER_TABLES},
    )


def keep(
    tx: Transaction,
    user_id: int,
    figures: Figures,
    ids: Ids,
    *,
    now: datetime,
    tables: Collection[str] = Figures.__slots__,
) -> None:
    """Make `figures` what these tables hold about a learner."""
    if "users" in tables:
        users.change(tx, user_id, now=now, **figures.users[""])
    if "user_course_progress" in tables:
        in_courses = figures.user_course_progress.items()
        rows = [progress.CourseProgress(user_id, ids.courses[course], **row) for course, row in in_courses]
        progress.replace_courses(tx, user_id, rows)
    if "user_level_unlocks" in tables:
        unlocks = figures.user_level_unlocks.items()
        progress.replace_unlocks(
            tx, user_id, [progress.LevelUnlock(ids.levels[level], **row) for level, row in unlocks]
        )
    if "user_lesson_progress" in tables:
        in_lessons = figures.user_lesson_progress.items()
        of_lessons = [progress.LessonProgress(ids.lessons[lesson], **row) for lesson, row in in_lessons]
        progress.replace_lessons(tx, user_id, of_lessons)
    if "xp_events" in tables:
        awards = [XpEvent(ids.lessons.get(lesson), lesson, **row) for lesson, row in figures.xp_events.items()]
        xp_events.replace(tx, user_id, awards)
    if "activity_days" in tables:
        days = [ActivityDay(dt.date.fromisoformat(date), **row) for date, row in figures.activity_days.items()]
        activity_days.replace(tx, user_id, days)
    for table in summaries.LEARNER_TABLES:
        if table in tables:
            summaries.replace_of_learner(tx, table, user_id, getattr(figures, table))


@dataclass(frozen=True, slots=True)
class Ids:
    """The row ids of courses, levels and lessons by their references."""

    courses: dict[str, int]
    levels: dict[str, int]
    lessons: dict[str, int]


def ids_of(tx: Transaction) -> Ids:
    """Return the ids of everything that was ever published and not deleted."""
    ids = Ids({}, {}, {})
    for course in courses.all_courses(tx):
        ids.courses[course.slug] = course.id
        for level in course.levels:
            ids.levels[f"{course.slug}/{level.slug}"] = level.id
            for lesson in level.lessons:
                ids.lessons[f"{course.slug}/{level.slug}/{lesson.difficulty.slug}"] = lesson.id
    return ids


def stored_shares(tx: Transaction) -> Shares:
    """Return what the tables hold about classes."""
    return Shares(**{table: summaries.of_classes(tx, table) for table in summaries.CLASS_TABLES})


def _words(key: str | tuple[Any, ...]) -> str:
    return key if isinstance(key, str) else " ".join(str(part) for part in key)


def _row(value: Any, *without: str) -> dict[str, Any]:
    return {name: getattr(value, name) for name in type(value).__slots__ if name not in without}
