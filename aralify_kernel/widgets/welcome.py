"""The root of the welcome notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.widgets.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import LearnerSession


def welcome(
    session: LearnerSession,
    *,
    language: str | None,
    choose_language: Callable[[str], None],
    open_lesson: Callable[[LessonRef], Path],
    screen: str = "courses",
) -> Panel:
    """Return the navigator, with language choice and sign-in in front where they are still to be done.

    Args:
        session: Whose courses to show.
        language: The language chosen on this computer, or None to ask.
        choose_language: Keeps a choice of language.
        open_lesson: Writes the working copy of a lesson and returns its path.
        screen: Where to begin once signed in: `courses` or `profile`.
    """
    return Panel()
