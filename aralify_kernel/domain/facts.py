"""The kinds of facts that are kept for ever, and from which everything else can be rebuilt."""

from __future__ import annotations

import hashlib
from enum import Enum


class ActivityKind(Enum):
    """What an attempt answers. Stored by name."""

    EXERCISE = "exercise"
    QUIZ = "quiz"


class EventType(Enum):
    """What a learner did, or was given. Stored by name."""

    COURSE_STARTED = "course_started"
    LESSON_OPENED = "lesson_opened"
    RUN_STARTED = "run_started"
    ATTEMPT_JUDGED = "attempt_judged"
    HINT_TAKEN = "hint_taken"
    ANSWER_SHOWN = "answer_shown"
    LEVEL_GIVEN = "level_given"


def content_hash(content: str) -> str:
    """Return what tells this answer from others, also when the answer itself is no longer kept.

    >>> content_hash("print(1)") == content_hash("print(1)") != content_hash("print(2)")
    True
    """
    return hashlib.sha256(content.encode()).hexdigest()[:32]
