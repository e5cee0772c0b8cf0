"""A lesson as a learner has it open, made from its content alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import LessonCard, LessonStatus, OpenLesson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.domain.content import LessonContent

REF = LessonRef("tiny", "first", "easy")


def opening(
    content: LessonContent,
    *,
    version: int = 1,
    starters: Mapping[str, frozenset[str]] | None = None,
    level_index: int = 0,
) -> OpenLesson:
    card = LessonCard(
        ref=REF,
        difficulty=Difficulty.EASY,
        title={"en": "Areas", "fil": "Mga area"},
        xp=50,
        est_time_mins=10,
        time_limit_sec=None,
        pass_score=80,
        status=LessonStatus.IN_PROGRESS,
        score=0,
        xp_earned=0,
    )
    return OpenLesson(
        card=card,
        course_title={"en": "Tiny"},
        level_title={"en": "First"},
        level_index=level_index,
        content=content.public(),
        content_version=version,
        starters=starters or {},
        activities=(),
        run=None,
    )
