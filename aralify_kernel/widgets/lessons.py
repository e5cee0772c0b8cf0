"""The header of a lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.widgets.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import LearnerSession


class LessonHeader(Panel):
    """The header of one lesson; `refresh(say=…)` after each submit."""

    def refresh(self, say: str = "") -> None:
        """Show where the learner stands now; `say` is read out politely by a screen reader."""


def lesson_header(
    session: LearnerSession,
    ref: LessonRef,
    *,
    language: str,
    choose_language: Callable[[str], None],
    now: Callable[[], datetime],
) -> LessonHeader:
    """Return the header of a lesson.

    Args:
        session: Whose lesson it is.
        ref: The lesson.
        language: What to begin with.
        choose_language: Called when the learner switches; the header has switched itself already.
        now: The clock (aware UTC).
    """
    return LessonHeader()
