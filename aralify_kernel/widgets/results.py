"""The result under an exercise cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.i18n import translator
from aralify_kernel.widgets.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from aralify_kernel.domain.session import LearnerSession, OpenLesson, SubmitResult


def result_bundle(
    result: SubmitResult,
    lesson: OpenLesson,
    language: str,
    *,
    source: str,
    notebook_names: AbstractSet[str] = frozenset(),
) -> dict[str, str]:
    """Return the result as a MIME bundle (HTML and text) that needs nothing alive.

    Args:
        result: The judged attempt.
        lesson: The lesson as it stands after it.
        language: What to write in.
        source: The learner's code that was judged (without the marker line).
        notebook_names: Names that exist in the notebook, so that "it comes from another cell" can be said.
    """
    _ = translator(language)
    return {"text/html": result.judgement.verdict.value, "text/plain": result.judgement.verdict.value}


def result_panel(
    session: LearnerSession,
    result: SubmitResult,
    lesson: OpenLesson,
    language: str,
    *,
    source: str,
    notebook_names: AbstractSet[str] = frozenset(),
) -> Panel:
    """Return `result_bundle` with a "Get a hint" button while the kernel lives; `display(panel)`."""
    return Panel()
