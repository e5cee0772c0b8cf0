"""What teachers and learners tell each other: notes to all who make one mistake, questions with their replies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aralify_kernel.domain import class_talk
from aralify_kernel.domain.class_talk import Due, LessonTalk, Question
from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.errors import N_, NobodyToAsk, NotFound, NothingToAskAbout
from aralify_kernel.services import classrooms, lessons, sign_ins
from aralify_kernel.store import attempts, class_acts, class_notes, courses, help_requests
from aralify_kernel.store import classrooms as stored
from aralify_kernel.store.class_notes import Group
from aralify_kernel.store.retrying import retried

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.session import SubmitResult
    from aralify_kernel.services.lessons import Place
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.classrooms import Classroom
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.help_requests import HelpRequest
    from aralify_kernel.store.users import User


@retried
def ask_teacher(db: Database, who: Who, ref: LessonRef, activity: str, text: str, *, now: datetime) -> Question:
    """Put a learner's newest answer to an activity before their teachers, in the place of a question that waits.

    Raises:
        InvalidValue: The question is empty or too long.
        NotFound: There is no such lesson for this person.
        NobodyToAsk: They are in no class that takes the course.
        NothingToAskAbout: They have not answered yet.
    """
    words = class_talk.question(text)
    with db.write() as tx:
        user = sign_ins.locked(tx, who)
        place = lessons.find(tx, user, ref)
        if not _classes(tx, user, place):
            raise NobodyToAsk
        newest = attempts.last(tx, user.id, place.lesson.id, activity)
        if newest is None:
            raise NothingToAskAbout
        help_requests.forget_waiting(tx, user.id, place.lesson.id, activity)
        request = help_requests.NewRequest(user.id, place.lesson.id, activity, newest.id, words, now)
        return question(help_requests.add(tx, request), ref)


def reply(db: Database, actor: Who | None, slug: str, request_id: int, text: str, *, now: datetime) -> None:
    """Answer a question of a learner who is in a class.

    Raises:
        InvalidValue: The reply is empty or too long.
        NotFound: There is no such class for this person, or no such question in it.
    """
    words = class_talk.note(text)
    with db.write() as tx:
        found = classrooms.find_to_change(tx, actor, slug)
        request = help_requests.get(tx, request_id)
        taken = courses_of(tx, found)
        if (
            request is None
            or request.lesson_id not in taken
            or stored.role_in(tx, found.id, request.user_id) is not ClassRole.LEARNER
        ):
            raise NotFound(kind=N_("question"), name=str(request_id))
        help_requests.reply(tx, request.id, classrooms.id_of(tx, actor), words, now=now)


def write_note(
    db: Database,
    actor: Who | None,
    slug: str,
    ref: LessonRef,
    activity: str,
    signature: str,
    text: str,
    *,
    now: datetime,
) -> int:
    """Write to everybody in a class whose answers fail in one way, now and later; an earlier note to them goes.

    Returns:
        The number by which the note can be withdrawn.

    Raises:
        InvalidValue: The note is empty or too long.
        NotFound: There is no such class for this person, or no such lesson in its courses.
    """
    words = class_talk.note(text)
    with db.write() as tx:
        found = classrooms.find_to_change(tx, actor, slug)
        ids = {ref: id_ for id_, ref in courses_of(tx, found).items()}
        if ref not in ids or not signature:
            raise NotFound(kind=N_("lesson"), name=str(ref))
        group = Group(ids[ref], activity[:64], signature[:64])
        return class_notes.write(tx, found.id, group, classrooms.id_of(tx, actor), words, now=now)


def withdraw_note(db: Database, actor: Who | None, slug: str, note_id: int, *, now: datetime) -> None:
    """Let a note reach nobody any more.

    Raises:
        NotFound: There is no such class for this person, or it has no such note.
    """
    with db.write() as tx:
        found = classrooms.find_to_change(tx, actor, slug)
        if not class_notes.withdraw(tx, found.id, note_id, now=now):
            raise NotFound(kind=N_("note"), name=str(note_id))


def told_about(tx: Transaction, user_id: int, lesson_id: int | None, result: SubmitResult) -> SubmitResult:
    """Return a result with the notes to everybody whose answers fail so, and the newest question about its activity."""
    signature = result.judgement.signature
    if not signature or lesson_id is None:
        return result
    notes = class_notes.to_learner(tx, user_id, Group(lesson_id, result.activity, signature))
    asked = help_requests.newest(tx, user_id, lesson_id, result.activity)
    return replace(result, notes=notes, question=question(asked, result.lesson) if asked else None)


def of_lesson(tx: Transaction, user: User, place: Place) -> LessonTalk:
    """Return what concerns a learner's classes in a lesson."""
    found = _classes(tx, user, place)
    asked = help_requests.of_lesson(tx, user.id, place.lesson.id)
    if not found and not asked:
        return class_talk.NO_TALK
    newest = attempts.newest_moment(tx, user.id, place.lesson.id)
    dates = (_due(tx, user, classroom, place.level.id) for classroom in found)
    return LessonTalk(
        has_teacher=bool(found),
        due=tuple(due for due in dates if due),
        received_at=newest,
        questions=tuple(question(one, place.ref) for one in asked),
        readers=class_acts.readers(tx, user.id, place.ref),
    )


def question(request: HelpRequest, ref: LessonRef) -> Question:
    """Return a stored question as everybody sees it."""
    return Question(ref, request.activity, request.question, request.asked_at, request.reply)


def courses_of(tx: Transaction, classroom: Classroom) -> dict[int, LessonRef]:
    """Return every lesson of the courses that a class takes, by its id."""
    refs = {}
    for slug in stored.courses_of(tx, classroom.id).values():
        course = courses.find(tx, slug)
        for level in course.levels if course else ():
            for lesson in level.lessons:
                refs[lesson.id] = LessonRef(slug, level.slug, lesson.difficulty.slug)
    return refs


def _classes(tx: Transaction, user: User, place: Place) -> list[Classroom]:
    course = place.standing.course.id
    found = stored.of_member(tx, user.id, ClassRole.LEARNER)
    return [one for one in found if one.archived_at is None and course in stored.courses_of(tx, one.id)]


def _due(tx: Transaction, user: User, classroom: Classroom, level_id: int) -> Due | None:
    date = stored.due_dates(tx, classroom.id).get(level_id)
    if date is None:
        return None
    due_at = classrooms.due_dates(tx, classroom.id, user.id)[level_id]
    return Due(classroom.name, due_at, is_extended=due_at > date, holds_solutions=classroom.holds_solutions)
