"""A lesson's score and status, from the attempts made in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.session import LessonStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FULL: Final = 100
"""The highest score."""


@dataclass(frozen=True, slots=True)
class Earned:
    """What one attempt earned. `run` is the timed run it belongs to, None in a lesson without a time limit."""

    activity: str
    points: int
    run: int | None = None
    late: bool = False


def best_points(attempts: Iterable[Earned]) -> dict[str, int]:
    """Return the points of the best single attempt at each activity; a late attempt earns none.

    >>> best_points([Earned("area", 2), Earned("area", 1), Earned("quiz", 1, run=7, late=True)])
    {'area': 2, 'quiz': 0}
    """
    best: dict[str, int] = {}
    for attempt in attempts:
        points = 0 if attempt.late else attempt.points
        best[attempt.activity] = max(best.get(attempt.activity, 0), points)
    return best


def lesson_score(best: Mapping[str, int], points: Mapping[str, int]) -> int:
    """Return 100 × Σ best ÷ Σ points, rounded half up; 0 for a lesson without points.

    Args:
        best: The best points by activity. Activities that are no longer in the lesson add nothing.
        points: What each activity of the lesson is worth now. No activity adds more than that.

    >>> lesson_score({"area": 1}, {"area": 3, "quiz": 5}), lesson_score({"area": 1}, {"area": 2, "quiz": 1})
    (13, 33)
    """
    total = sum(points.values())
    reached = sum(min(best.get(activity, 0), worth) for activity, worth in points.items())
    return (200 * reached + total) // (2 * total) if total else 0


def timed_score(attempts: Iterable[Earned], points: Mapping[str, int]) -> int:
    """Return the score of the best run: points of one run are never added to those of another.

    Attempts from before the lesson had a time limit (`run` None) stand together as one run.

    >>> first, second = Earned("area", 1, run=1), Earned("quiz", 1, run=2)
    >>> timed_score([first, second], {"area": 1, "quiz": 1})
    50
    """
    runs: dict[int | None, list[Earned]] = {}
    for attempt in attempts:
        runs.setdefault(attempt.run, []).append(attempt)
    return max((lesson_score(best_points(run), points) for run in runs.values()), default=0)


def raised(previous: int, score: int) -> int:
    """Return the score to keep: it never falls."""
    return max(previous, score)


def opened(status: LessonStatus) -> LessonStatus:
    """Return the status after the lesson was opened.

    >>> opened(LessonStatus.NOT_STARTED).name, opened(LessonStatus.COMPLETED).name
    ('IN_PROGRESS', 'COMPLETED')
    """
    return LessonStatus.IN_PROGRESS if status is LessonStatus.NOT_STARTED else status


def judged(status: LessonStatus, score: int, pass_score: int) -> LessonStatus:
    """Return the status after an attempt that left the lesson at `score`; COMPLETED from `pass_score` on, for good.

    >>> judged(LessonStatus.IN_PROGRESS, 79, 80).name, judged(LessonStatus.IN_PROGRESS, 80, 80).name
    ('IN_PROGRESS', 'COMPLETED')
    """
    return LessonStatus.COMPLETED if score >= pass_score else opened(status)
