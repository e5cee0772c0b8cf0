"""Judging an answer against a course folder, with nothing published and nothing recorded."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aralify_kernel.domain import quizzes
from aralify_kernel.domain.content import Exercise
from aralify_kernel.domain.judging import judge_task
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.errors import N_, AralifyError, NotFound
from aralify_kernel.services import lessons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aralify_kernel.domain.content import LessonContent
    from aralify_kernel.domain.course import Course
    from aralify_kernel.domain.facts import ActivityKind
    from aralify_kernel.domain.judging import Judgement
    from aralify_kernel.grading import Grader


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to try: source of an exercise, or answer of a quiz. `lesson` is `level/tier`, or in full."""

    lesson: str
    activity: str
    source: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of an answer: its lesson's full reference and the judgement, or why there is none."""

    reference: LessonRef | None = None
    judgement: Judgement | None = None
    error: AralifyError | None = None


def judge_answers(course: Course, answers: Iterable[Answer], grader: Grader, at_once: int) -> Iterator[Tried]:
    """Yield what comes of each answer to `course`, in their order, judging `at_once` of them at the same time.

    An answer that cannot be judged does not keep the others from it. Answers are taken as they are needed.
    """
    threads = ThreadPoolExecutor(at_once, "aralify-trial")
    begun: deque[Future[Tried]] = deque()
    try:
        for answer in answers:
            begun.append(threads.submit(_tried, course, answer, grader))
            if len(begun) > 2 * at_once:  # enough that a slow one does not keep the others waiting
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def _tried(course: Course, answer: Answer, grader: Grader) -> Tried:
    try:
        return Tried(*judge_answer(course, answer.lesson, answer.activity, answer.source, grader))
    except AralifyError as error:
        return Tried(error=error)


def judge_answer(
    course: Course, lesson: str, activity_id: str, answer: str, grader: Grader, kind: ActivityKind | None = None
) -> tuple[LessonRef, Judgement]:
    """Judge `answer` (source of an exercise, or answer of a quiz) to an activity of `course`.

    `lesson` is `level/tier`, or in full `course/level/tier`; `kind` is what a person said the activity is, if they did.

    Returns:
        The lesson's full reference and the judgement.

    Raises:
        NotFound: The course has no such lesson, or the lesson no such activity.
        WrongKindOfAnswer: The activity is of the other kind.
        InvalidValue: `lesson` is not of the form `level/tier`.
    """
    reference = LessonRef.parse(lesson if lesson.count("/") > 1 else f"{course.slug}/{lesson}")
    content = _content(course, reference)
    activity = lessons.find_activity(content, reference, activity_id, kind)
    if isinstance(activity, Exercise):
        return reference, grader.judge(judge_task(content, activity, answer))
    return reference, quizzes.judge(activity, answer).judgement


def _content(course: Course, reference: LessonRef) -> LessonContent:
    for level in course.levels:
        for lesson in level.lessons:
            if LessonRef(course.slug, level.slug, lesson.difficulty.slug) == reference:
                return lesson.content
    raise NotFound(kind=N_("lesson"), name=str(reference))
