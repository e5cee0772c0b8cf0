"""The answers with which somebody passed: what they take along when they go to a class server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.domain.bringing import PassedAnswer
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.store import attempts

if TYPE_CHECKING:
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.database import Database


def of_learner(db: Database, who: Who) -> tuple[PassedAnswer, ...]:
    """Return the newest passed answer to each activity, in the order in which the activities were first passed.

    In this order each topic is open when its answers come. What is no longer kept of an answer is not among them.
    """
    with db.read() as tx:
        found = {(one.lesson_ref, one.activity): one for one in attempts.passed(tx, who(tx).id)}
    return tuple(
        PassedAnswer(LessonRef.parse(one.lesson_ref), one.activity, one.kind, one.content, one.attempt_key)
        for one in found.values()
    )
