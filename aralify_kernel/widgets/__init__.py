"""What learners see inside a notebook: screens over a `LearnerSession`, as HTML with a few lines of JavaScript.

A screen (`sign_in`, `courses`, `lessons`, …) is a plain Python object that holds state and renders itself to HTML; it
is tested without a front end. A `Panel` puts one screen into a notebook's output and carries what the learner does
there back to it. What a notebook saves is that HTML alone, without buttons, so that a reopened lesson never shows a
broken widget.

The names below are imported on first use: importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aralify_kernel.widgets.failures import error_bundle
    from aralify_kernel.widgets.lessons import LessonHeader, lesson_header
    from aralify_kernel.widgets.panel import Panel
    from aralify_kernel.widgets.profiles import profile_card
    from aralify_kernel.widgets.quizzes import quiz
    from aralify_kernel.widgets.results import result_bundle, result_panel
    from aralify_kernel.widgets.welcome import welcome

_HOMES = {
    "LessonHeader": "lessons",
    "Panel": "panel",
    "error_bundle": "failures",
    "lesson_header": "lessons",
    "profile_card": "profiles",
    "quiz": "quizzes",
    "result_bundle": "results",
    "result_panel": "results",
    "welcome": "welcome",
}

__all__ = [
    "LessonHeader",
    "Panel",
    "error_bundle",
    "lesson_header",
    "profile_card",
    "quiz",
    "result_bundle",
    "result_panel",
    "welcome",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
