"""What becomes of an answer in a cell, whoever sends it: the kernel that ran it, or JupyterLab's Check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.domain.exercise_cells import same_code
from aralify_kernel.errors import N_, NotFound

if TYPE_CHECKING:
    from aralify_kernel.domain.kept_answers import KeptAnswer
    from aralify_kernel.domain.session import ActivityCard, LearnerSession, OpenLesson, Submission, SubmitResult


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
