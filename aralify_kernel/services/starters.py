"""Starting code: what an exercise has shown to learners before they write anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.domain.content import Exercise
from aralify_kernel.domain.exercise_cells import same_code
from aralify_kernel.errors import UnchangedStarter
from aralify_kernel.store import versions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.store.database import Transaction


def of_lesson(tx: Transaction, ref: LessonRef) -> Mapping[str, frozenset[str]]:
    """Return every starter of every stored version and language, by exercise."""
    found: dict[str, frozenset[str]] = {}
    for content in versions.contents(tx, str(ref)):
        for activity in content.activities:
            if isinstance(activity, Exercise):
                found[activity.id] = found.get(activity.id, frozenset()) | set(activity.starter.values())
    return found


def refuse_unchanged(tx: Transaction, ref: LessonRef, exercise: str, source: str) -> None:
    """Return when `source` is more than starting code.

    Raises:
        UnchangedStarter: It is not, so it is no attempt.
    """
    if any(same_code(source, starter) for starter in of_lesson(tx, ref).get(exercise, ())):
        raise UnchangedStarter
