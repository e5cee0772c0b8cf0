"""The marks of a class: of every learner in every published lesson, by the rule that the class chose for late work."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from aralify_kernel.domain import marks
from aralify_kernel.domain.classrooms import Counts, due_for
from aralify_kernel.domain.marks import Mark, MarkSheet
from aralify_kernel.domain.permissions import Permission
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.scores import Earned, best_points, lesson_score, timed_score
from aralify_kernel.i18n import in_language
from aralify_kernel.services import classrooms
from aralify_kernel.store import class_marks, courses, versions
from aralify_kernel.store import classrooms as stored

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aralify_kernel.domain.marks import Marked, MarksFormat
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.classrooms import Classroom
    from aralify_kernel.store.courses import StoredLesson, StoredLevel
    from aralify_kernel.store.database import Database, Transaction


def export(db: Database, actor: Who | None, slug: str, form: MarksFormat, *, language: str) -> bytes:
    """Return the marks of a class as a file.

    Raises:
        NotFound: There is no such class for this person.
    """
    return marks.written(sheet(db, actor, slug, language=language), form)


def sheet(db: Database, actor: Who | None, slug: str, *, language: str) -> MarkSheet:
    """Return the marks of a class, lessons with their titles in `language`.

    Raises:
        NotFound: There is no such class for this person.
    """
    with db.read() as tx:
        found = classrooms.find(tx, actor, slug, Permission.SEE_CLASS)
        lessons = _lessons(tx, found)
        titles = tuple(
            (ref, f"{in_language(level.title, language)}: {in_language(lesson.title, language)}")
            for ref, (level, lesson) in lessons.items()
        )
        people = class_marks.learners(tx, found.id)
        return MarkSheet(
            found.name, titles, tuple(people.values()), _Reckoning(tx, found, people).marks(dict(titles), lessons)
        )


class _Reckoning:
    """Reckons the marks of a class, which is read once."""

    def __init__(self, tx: Transaction, classroom: Classroom, people: Mapping[int, Marked]) -> None:
        self._tx = tx
        self._classroom = classroom
        self._people = people
        self._due = stored.due_dates(tx, classroom.id)
        self._own = stored.all_extensions(tx, classroom.id)

    def marks(
        self, titles: Mapping[LessonRef, str], lessons: Mapping[LessonRef, tuple[StoredLevel, StoredLesson]]
    ) -> dict[tuple[str, LessonRef], Mark]:
        """Return the mark of each learner in each lesson they have begun."""
        ids = [lesson.id for _, lesson in lessons.values()]
        reached = class_marks.reached(self._tx, self._classroom.id, ids)
        last: dict[tuple[int, int], datetime] = {}
        for one in class_marks.tried(self._tx, self._classroom.id, ids):
            key = (one.user_id, one.lesson_id)
            if one.last_at is not None:
                last[key] = max(one.last_at, last.get(key, one.last_at))
        found = {}
        for ref, (level, lesson) in lessons.items():
            begun = {
                user_id: reached[user_id, lesson.id] for user_id in self._people if (user_id, lesson.id) in reached
            }
            due = {user_id: self._due_for(user_id, level.id) for user_id in begun}
            worked_on = [user_id for user_id in begun if _is_after(last.get((user_id, lesson.id)), due[user_id])]
            counted = self._before_due(ref, lesson, {user_id: due[user_id] for user_id in worked_on})
            for user_id, progress in begun.items():
                who = self._people[user_id]
                found[who.username, ref] = Mark(
                    learner=who,
                    lesson=ref,
                    title=titles[ref],
                    status=progress.status.name,
                    mark=min(progress.score, counted.get(user_id, progress.score)),
                    score=progress.score,
                    due_at=due[user_id],
                    completed_at=progress.completed_at,
                    last_at=last.get((user_id, lesson.id)),
                    is_late=_is_after(progress.completed_at, due[user_id]),
                    time_spent_secs=progress.time_spent_secs,
                )
        return found

    def _due_for(self, user_id: int, level_id: int) -> datetime | None:
        due_at = self._due.get(level_id)
        return None if due_at is None else due_for(due_at, self._own.get((user_id, level_id)))

    def _before_due(self, ref: LessonRef, lesson: StoredLesson, due: Mapping[int, datetime | None]) -> dict[int, int]:
        """Return the scores by what came in before it was due, where the class counts that and more came after."""
        if self._classroom.counts is not Counts.BEFORE_DUE or not due:
            return {}
        content = versions.present_content(self._tx, str(ref))
        hashes = {activity.id: content.activity_hash(activity) for activity in content.activities}
        points = {activity.id: activity.points for activity in content.activities}
        together: dict[datetime, list[int]] = defaultdict(list)
        for user_id, due_at in due.items():
            if due_at is not None:
                together[due_at].append(user_id)
        scores = dict.fromkeys(due, 0)
        for due_at, user_ids in together.items():
            for user_id, best in class_marks.points_before(self._tx, user_ids, lesson.id, due_at).items():
                earned = [
                    Earned(one.activity, one.points, one.run_id)
                    for one in best
                    if hashes.get(one.activity) == one.activity_hash
                ]
                timed = lesson.time_limit_sec is not None
                scores[user_id] = timed_score(earned, points) if timed else lesson_score(best_points(earned), points)
        return scores


def _lessons(tx: Transaction, classroom: Classroom) -> dict[LessonRef, tuple[StoredLevel, StoredLesson]]:
    """Return the published lessons of the courses that a class takes, in their order."""
    found = {}
    for slug in stored.courses_of(tx, classroom.id).values():
        course = courses.find(tx, slug)
        for level in course.levels if course else ():
            for lesson in level.lessons:
                if level.is_published and lesson.is_published:
                    found[LessonRef(slug, level.slug, lesson.difficulty.slug)] = (level, lesson)
    return found


def _is_after(moment: datetime | None, due_at: datetime | None) -> bool:
    return moment is not None and due_at is not None and moment > due_at
