"""Proving that everything stored follows from the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aralify_kernel.services.replaying import Figures, Published, Shares, replay
from aralify_kernel.store import activity_days, courses, progress, summaries, users, xp_events
from aralify_kernel.store.schema import broken_references

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.users import User


def check(db: Database, on_progress: Callable[[int, int], None]) -> tuple[str, ...]:
    """Return every difference between what is stored and what the facts say, one line each; none when all is sound.

    Args:
        db: The database.
        on_progress: Called with the number of learners replayed, of all learners.
    """
    with db.read() as tx:
        found = list(broken_references(tx))
        everybody = users.all_users(tx)
        published, shares = Published(tx), Shares()
        for number, user in enumerate(everybody):
            on_progress(number, len(everybody))
            expected, adds = replay(tx, user, published)
            found += differences(user.username, stored(tx, user), expected)
            shares.add(adds)
        found += differences("classes", stored_shares(tx), shares)
        on_progress(len(everybody), len(everybody))
    return tuple(found)


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


def stored(tx: Transaction, user: User) -> Figures:
    """Return what the tables hold about a learner."""
    levels: dict[int, str] = {}
    lessons: dict[int, str] = {}
    names: dict[int, str] = {}
    for course in courses.all_courses(tx):
        names[course.id] = course.slug
        for topic in course.levels:
            levels[topic.id] = f"{course.slug}/{topic.slug}"
            lessons |= {lesson.id: f"{levels[topic.id]}/{lesson.difficulty.slug}" for lesson in topic.lessons}
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


def stored_shares(tx: Transaction) -> Shares:
    """Return what the tables hold about classes."""
    return Shares(**{table: summaries.of_classes(tx, table) for table in summaries.CLASS_TABLES})


def _words(key: str | tuple[Any, ...]) -> str:
    return key if isinstance(key, str) else " ".join(str(part) for part in key)


def _row(value: Any, *without: str) -> dict[str, Any]:
    return {name: getattr(value, name) for name in type(value).__slots__ if name not in without}
