"""How answers that passed on this computer get to the class server: each as a new attempt, judged there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.bringing import Brought
from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.kept_answers import KeptAnswer
from aralify_kernel.errors import AralifyError, NotSignedIn, ServerUnreachable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aralify_kernel.domain.bringing import PassedAnswer
    from aralify_kernel.domain.session import LearnerSession

AT_ONCE: Final = 5
"""How many answers go between two looks at how far it is."""


def bring(session: LearnerSession, answers: Sequence[PassedAnswer], start: int) -> Brought:
    """Hand the next few answers in, as of `start`, and return what came of them.

    Raises:
        NotSignedIn: The sign-in at the server has ended.
        ServerUnreachable: The server does not answer and its courses are not known here, either.
    """
    some = answers[start : start + AT_ONCE]
    _start_courses(session, {answer.lesson.course for answer in some})
    came = [_bring_one(session, answer) for answer in some]
    end = start + len(some)
    return Brought(
        came.count("counted"), came.count("kept"), came.count("refused"), end if end < len(answers) else None
    )


def _start_courses(session: LearnerSession, slugs: set[str]) -> None:
    for course in session.courses():
        if course.slug in slugs and not course.is_started:
            session.start_course(course.slug)


def _bring_one(session: LearnerSession, answer: PassedAnswer) -> str:
    try:
        result = session.submit(answer.submission)
    except (NotSignedIn, ServerUnreachable):
        raise
    except AralifyError:  # its course, topic or exercise is not there, or not open
        return "refused"
    if isinstance(result, KeptAnswer):
        return "kept"
    return "counted" if result.judgement.verdict is Verdict.PASSED else "refused"
