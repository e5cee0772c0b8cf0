"""What a learner has of their classes: which they are in, who sees them there, and what their teachers told them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from aralify_kernel.domain.class_talk import Question, TeacherNote
    from aralify_kernel.domain.references import LessonRef

MOST_WORDS: Final = 5
"""How many of the things that teachers said are told at once: the newest."""


@dataclass(frozen=True, slots=True)
class MyClass:
    """A class in which a person learns. Its teachers, by the names that are shown, see what they do in its courses."""

    name: str
    courses: tuple[str, ...]
    teachers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeacherWord:
    """What a teacher said about an activity: a reply to a question, or a note to all whose answers fail as theirs does."""

    lesson: LessonRef
    activity: str
    note: TeacherNote
    is_reply: bool


@dataclass(frozen=True, slots=True)
class MyClasses:
    """The classes of a learner by name, and what teachers said to them, newest first."""

    classes: tuple[MyClass, ...] = ()
    words: tuple[TeacherWord, ...] = ()


class ClassLearning(Protocol):
    """What a person can do as a learner of classes. Every method may raise an `AralifyError`."""

    def my_classes(self) -> MyClasses:
        """Return the classes this person learns in, and what their teachers told them last."""

    def join_class(self, code: str) -> MyClass:
        """Come into the class with this code, as a learner; not into one they teach."""

    def ask_teacher(self, ref: LessonRef, activity: str, question: str) -> Question:
        """Put the newest answer to an activity before one's teachers, with a question of one sentence."""
