"""Opening a topic for a class or one learner before they have won it: an event that a rebuild honours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.domain.teaching import Act
from aralify_kernel.errors import N_, NotFound
from aralify_kernel.services import classrooms, events, lessons
from aralify_kernel.services.standings import standing
from aralify_kernel.store import class_acts, progress, users
from aralify_kernel.store import classrooms as stored

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.courses import StoredCourse, StoredLevel
    from aralify_kernel.store.database import Database, Transaction


def give(
    db: Database, actor: Who | None, slug: str, level_ref: str, username: str | None = None, *, now: datetime
) -> int:
    """Open a level, written `course/level`, for everybody who learns in a class now, or for one of them.

    Who has not started the course starts it. For whom it is open already, nothing happens.

    Returns:
        For how many learners it was opened.

    Raises:
        NotFound: There is no such class for this person, no such level in its courses, or nobody of this name learns
            in it.
        ClassArchived: The class has been put away.
    """
    with db.write(alone=True) as tx:
        found = classrooms.find_to_change(tx, actor, slug)
        course, level = classrooms.level_of(tx, found, level_ref)
        learners = stored.learners(tx, found.id)
        if username is not None:
            chosen = classrooms.member(tx, found, username).id
            if chosen not in learners:
                raise NotFound(kind=N_("member of the class"), name=username[:64])
            learners = [chosen]
        giver = classrooms.id_of(tx, actor)
        given = [user_id for user_id in learners if _give(tx, user_id, course, level, now=now)]
        for user_id in given:
            class_acts.note(tx, found.id, user_id, giver, Act.LEVEL_GIVEN, level_ref, now=now)
        return len(given)


def _give(tx: Transaction, user_id: int, course: StoredCourse, level: StoredLevel, *, now: datetime) -> bool:
    """Open a level for a learner; return whether it was locked."""
    user = users.lock(tx, user_id)
    if user is None:
        return False
    lessons.start(tx, user, standing(tx, user_id, course), now=now)
    where = standing(tx, user_id, course)
    if level.id in where.unlocked:
        return False
    events.note_level_given(tx, user, where, level.slug, now=now)
    progress.unlock(tx, user_id, level.id, now=now)
    return True
