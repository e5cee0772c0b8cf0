"""Giving a quiz up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.domain.content import Quiz
from aralify_kernel.domain.facts import EventType
from aralify_kernel.domain.quizzes import full_feedback
from aralify_kernel.errors import N_, NotFound
from aralify_kernel.services import events, lessons, sign_ins
from aralify_kernel.store import versions
from aralify_kernel.store.retrying import retried

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import QuizFeedback
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.database import Database


@retried
def show_answer(db: Database, who: Who, ref: LessonRef, quiz: str, *, now: datetime) -> QuizFeedback:
    """Return everything about a quiz, and record that it earns no more points.

    Raises:
        NotFound: There is no such quiz.
    """
    with db.write() as tx:
        user = sign_ins.locked(tx, who)
        place = lessons.find_open(tx, user, ref)
        content = versions.present_content(tx, str(ref))
        activity = lessons.find_activity(content, ref, quiz)
        if not isinstance(activity, Quiz):
            raise NotFound(kind=N_("quiz"), name=f"{ref}#{quiz}")
        if not place.is_preview:
            lessons.enter(tx, user, place, now=now)
            decides = content.activity_hash(activity)
            events.note(tx, user, EventType.ANSWER_SHOWN, place, now=now, activity=quiz, activity_hash=decides)
        return full_feedback(activity)
