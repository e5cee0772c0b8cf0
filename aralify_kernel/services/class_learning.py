"""A learner's classes: coming into one, and what the teachers said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.domain.class_learning import MOST_WORDS, MyClass, MyClasses, TeacherWord
from aralify_kernel.services import class_settings
from aralify_kernel.store import class_notes, courses, help_requests

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.class_talk import TeacherNote
    from aralify_kernel.domain.teaching import ClassCard
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.database import Database, Transaction


def my_classes(db: Database, who: Who) -> MyClasses:
    """Return the classes a person learns in, and what teachers told them, newest first."""
    classes = tuple(_mine(card) for card in class_settings.learns_in(db, who))
    with db.read() as tx:
        return MyClasses(classes, _words(tx, who(tx).id))


def join(db: Database, who: Who, code: str, *, now: datetime) -> MyClass:
    """Let a person into the class with this code, as a learner; who learns in it already stays as they are.

    Raises:
        NotFound: No class has this code.
        TeachesThere: They teach it, and cannot be its learner as well.
    """
    return _mine(class_settings.join(db, who, code, now=now))


def _words(tx: Transaction, user_id: int) -> tuple[TeacherWord, ...]:
    said: list[tuple[TeacherNote, int, str, bool]] = [
        (asked.reply, asked.lesson_id, asked.activity, True)
        for asked in help_requests.replied(tx, user_id, MOST_WORDS)
        if asked.reply is not None
    ]
    notes = class_notes.about_newest(tx, user_id, MOST_WORDS)
    said += [(note, group.lesson_id, group.activity, False) for group, note in notes]
    said = sorted(said, key=lambda one: one[0].written_at, reverse=True)[:MOST_WORDS]
    refs = courses.lesson_refs(tx, {lesson_id for _, lesson_id, _, _ in said}) if said else {}
    return tuple(TeacherWord(refs[lesson_id], activity, note, is_reply) for note, lesson_id, activity, is_reply in said)


def _mine(card: ClassCard) -> MyClass:
    return MyClass(card.name, card.courses, card.teachers)
