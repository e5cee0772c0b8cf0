"""Quizzes of all four kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.widgets.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import LearnerSession, SubmitResult


def quiz(
    session: LearnerSession,
    ref: LessonRef,
    quiz_id: str,
    *,
    language: str,
    new_key: Callable[[], str],
    on_result: Callable[[SubmitResult], None] | None = None,
) -> Panel:
    """Return one question of a lesson.

    Args:
        session: Who answers.
        ref: The lesson.
        quiz_id: The quiz's id in it.
        language: What to begin with.
        new_key: Makes an attempt key (a new UUID as text).
        on_result: Called after each judged answer (the kernel refreshes the header).

    Raises:
        NotFound: The lesson has no such quiz.
    """
    return Panel()
