"""What becomes of an answer in a cell, whoever sends it: the kernel that ran it, or JupyterLab's Check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.domain.exercise_cells import (
    EXERCISE,
    answer_in,
    magic_over_answer,
    marked,
    named_by_metadata,
    same_code,
    under_exercise_magic,
)
from aralify_kernel.domain.references import LessonRef, is_activity_id
from aralify_kernel.domain.statements import MAGIC
from aralify_kernel.errors import N_, NotFound, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from aralify_kernel.domain.exercise_cells import ExerciseCell
    from aralify_kernel.domain.kept_answers import KeptAnswer
    from aralify_kernel.domain.session import ActivityCard, LearnerSession, OpenLesson, Submission, SubmitResult
    from aralify_kernel.i18n import Translator


class AnswersNothing(UsageError):
    """A cell was to be checked that belongs to no exercise."""

    code = "answers_nothing"
    message = N_("Click into the cell of an exercise first, then check it.")


class MagicOverAnswer(UsageError):
    """What stands in an exercise's cell is no answer, because of a magic above it."""

    code = "magic_over_answer"
    message = N_("This cell begins with “{magic}”, so it was not checked. Take that line out.")


class NoExerciseNamed(UsageError):
    """Something was asked for that needs an exercise, and none is known."""

    code = "no_exercise_named"
    message = N_("Say which exercise: “{command} {example}”.")


def answer_of(source: str, metadata: Mapping[str, Any], session: LearnerSession, here: LessonRef) -> ExerciseCell:
    """Return what a cell of code answers that has not run: what running it in its notebook would submit.

    Args:
        source: The whole cell.
        metadata: What the notebook has about it.
        session: What the learner can do.
        here: The notebook's lesson.

    Raises:
        AnswersNothing: The cell of no exercise.
        MagicOverAnswer: An answer below a magic is none.
        AralifyError: As `exercise_named`.
    """
    named = named_by_metadata(metadata.get("aralify"))
    if (magic := under_exercise_magic(source)) is not None:
        source, named = marked(*exercise_named(magic[0], session, lambda: here), magic[1]), None
    answer = answer_in(source, named)
    if answer is None:
        over = magic_over_answer(source, named)
        raise MagicOverAnswer(magic=over) if over else AnswersNothing
    return answer


def exercise_named(argument: str, session: LearnerSession, here: Callable[[], LessonRef]) -> tuple[LessonRef, str]:
    """Return lesson and exercise that stand behind `%%exercise`: `ID`, or `course/level/tier#ID` outside a lesson.

    Args:
        argument: What stands there.
        session: What the learner can do.
        here: Returns the notebook's lesson.

    Raises:
        NoExerciseNamed: Nothing stands there.
        NotFound: No exercise can have that name.
        AralifyError: As `here`, and what is no name of a lesson.
    """
    lesson, _, exercise = argument.strip().rpartition("#")
    ref = LessonRef.parse(lesson) if lesson else here()
    if not exercise:
        raise NoExerciseNamed(command=EXERCISE, example=first_exercise(session, ref))
    if not is_activity_id(exercise):
        raise NotFound(kind=N_("exercise"), name=exercise)
    return ref, exercise


def first_exercise(session: LearnerSession, ref: LessonRef) -> str:
    """Return an exercise of a lesson to name as an example."""
    return next((card.id for card in session.lesson(ref).activities if card.kind == "exercise"), "ID")


def lesson_of(cell: ExerciseCell, session: LearnerSession) -> OpenLesson:
    """Return the lesson that a cell answers, as it stands.

    Raises:
        MagicOverAnswer: It is a cell of SQL, and the lesson teaches another language.
        AralifyError: As `LearnerSession.lesson`.
    """
    lesson = session.lesson(cell.lesson)
    if cell.is_sql and lesson.content.language != "sql":
        raise MagicOverAnswer(magic=MAGIC)
    return lesson


def whose_copy(owner: str | None, user: str | None, _: Translator) -> str:
    """Return what is told to the person `user` in the working copy of `owner`; nothing in their own, or in nobody's."""
    if not owner or user is None or owner == user:
        return ""
    return _(
        "This notebook belongs to “{owner}”, and you are signed in as “{user}”: the result counts for “{user}”. "
        "Not you? Run “%aralify login”.",
        owner=owner,
        user=user,
    )


def judged(session: LearnerSession, lesson: OpenLesson, submission: Submission) -> SubmitResult | KeptAnswer:
    """Return what came of an answer: the last result again where that judged the same source, else a new one.

    Args:
        session: What the learner can do.
        lesson: The lesson of the answer, as it stands.
        submission: The answer.

    Raises:
        NotFound: The lesson has no such exercise.
        AralifyError: As `LearnerSession.submit`.
    """
    activity = next((card for card in lesson.activities if card.id == submission.activity), None)
    if activity is None:
        raise NotFound(kind=N_("exercise"), name=submission.activity)
    return _judged_before(session, lesson, activity, submission) or session.submit(submission)


def _judged_before(
    session: LearnerSession, lesson: OpenLesson, activity: ActivityCard, submission: Submission
) -> SubmitResult | None:
    """Return the last result when the source is the one it judged; a new timed run judges everything anew."""
    if activity.last_source is None or not same_code(activity.last_source, submission.content):
        return None
    last = session.last_result(submission.lesson, submission.activity)
    if last is None or (lesson.run is not None and (last.run is None or last.run.id != lesson.run.id)):
        return None
    return last
