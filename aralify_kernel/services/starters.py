"""What is no try: nothing at all, and the code that an exercise has shown to learners before they wrote anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.domain.content import Exercise
from aralify_kernel.domain.exercise_cells import require_a_try
from aralify_kernel.store import versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aralify_kernel.store.database import Transaction
    from aralify_kernel.store.versions import LessonVersion


def of_lesson(tx: Transaction, published: Iterable[LessonVersion]) -> Mapping[str, frozenset[str]]:
    """Return every starter of these versions of a lesson in every language, by exercise."""
    found: dict[str, frozenset[str]] = {}
    for version in published:
        for activity in versions.content(tx, version).activities:
            if isinstance(activity, Exercise):
                found[activity.id] = found.get(activity.id, frozenset()) | set(activity.starter.values())
    return found


def refuse_unchanged(tx: Transaction, published: Iterable[LessonVersion], exercise: str, source: str) -> None:
    """Return when `source` is more than starting code of any of these versions of a lesson.

    Raises:
        EmptyAnswer: It is nothing at all.
        UnchangedStarter: It is not, so it is no attempt.
    """
    require_a_try(source, of_lesson(tx, published).get(exercise, ()))
