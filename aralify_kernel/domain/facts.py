"""The kinds of facts that are kept for ever, and from which everything else can be rebuilt."""

from __future__ import annotations

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
