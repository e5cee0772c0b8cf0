"""The classes of whoever is signed in, as the sidebar shows them: what teachers said comes as HTML, too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aralify_kernel.server.rest.operations import Operation
from aralify_kernel.widgets.markdown import letter

if TYPE_CHECKING:
    from aralify_kernel.domain.class_learning import MyClass
    from aralify_kernel.domain.class_talk import TeacherNote
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.server.rest.operations import Asked


@dataclass(frozen=True, slots=True)
class ShownWord:
    """What a teacher said about an activity; `html` is how it stands under a cell, and fetches nothing."""

    lesson: LessonRef
    activity: str
    note: TeacherNote
    is_reply: bool
    html: str


@dataclass(frozen=True, slots=True)
class ShownClasses:
    """The classes of a learner by name, and what teachers said to them, newest first."""

    classes: tuple[MyClass, ...]
    words: tuple[ShownWord, ...]


def _mine(asked: Asked) -> ShownClasses:
    mine = asked.session.my_classes()
    return ShownClasses(
        mine.classes,
        tuple(
            ShownWord(word.lesson, word.activity, word.note, word.is_reply, str(letter(word.note.text)))
            for word in mine.words
        ),
    )


MINE: Final = Operation("GET", "/memberships", "The classes I learn in, and what my teachers told me last, to be shown",
                        _mine, scope="read", returns=ShownClasses)  # fmt: skip
"""Stands in the place of the class server's."""
