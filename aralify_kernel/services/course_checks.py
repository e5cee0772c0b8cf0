"""Proving a course before it is published: every reference passes, every starter and known mistake fails."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from aralify_kernel.courses.folder import read_course
from aralify_kernel.courses.schema import schema_problems
from aralify_kernel.domain.content import Exercise, Quiz
from aralify_kernel.domain.course import Problem
from aralify_kernel.domain.judging import Verdict, judge_task
from aralify_kernel.errors import N_, SourceRefused
from aralify_kernel.i18n import LANGUAGE_NAMES, LANGUAGES, in_language
from aralify_kernel.services.failing_references import reasons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aralify_kernel.domain.content import Text
    from aralify_kernel.domain.course import Course, Lesson
    from aralify_kernel.domain.judging import Judgement
    from aralify_kernel.grading import Grader

_VISIBLE_CHECKS: Final = 2


@dataclass(frozen=True, slots=True)
class CourseReport:
    """What checking a course found. `problems` must be mended before it is published, `warnings` should be.

    `judged` counts the answers that were run: references, starters and mistakes.
    """

    course: Course
    exercises: int
    judged: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing keeps the course from being published."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class _Trial:
    """One answer to be judged, and what should come of it."""

    lesson: Lesson
    exercise: Exercise
    source: str
    kind: str
    number: int = 0
    expect: str = ""


def check_course(folder: Path, grader: Grader, on_progress: Callable[[int, int, str], None]) -> CourseReport:
    """Return what reading the course in `folder` and judging its own answers finds.

    Args:
        folder: The course folder.
        grader: Judges the references, the starters and the mistakes.
        on_progress: Called with the number of answers judged, of all answers, and the lesson and exercise at hand.

    Raises:
        CourseInvalid: The folder cannot be read as a course; every reason is in `details["problems"]`.
        JudgeUnavailable: The grader does not work on this machine.
    """
    course = read_course(folder)
    lessons = [
        (f"{level.slug}/{lesson.difficulty.slug}", lesson) for level in course.levels for lesson in level.lessons
    ]
    problems = list(schema_problems(folder, [lesson.notebook for _, lesson in lessons]))
    trials = [(name, trial) for name, lesson in lessons for trial in _trials(lesson)]
    for number, (name, trial) in enumerate(trials):
        on_progress(number, len(trials), f"{name}#{trial.exercise.id}")
        problems += _judged(trial, grader)
    on_progress(len(trials), len(trials), "")
    exercises = sum(isinstance(block, Exercise) for _, lesson in lessons for block in lesson.content.blocks)
    return CourseReport(course, exercises, len(trials), tuple(problems), tuple(_warnings(course)))


def _trials(lesson: Lesson) -> Iterator[_Trial]:
    for exercise in lesson.content.blocks:
        if isinstance(exercise, Exercise):
            yield _Trial(lesson, exercise, exercise.reference, "reference")
            for starter in dict.fromkeys(exercise.starter.values()):
                yield _Trial(lesson, exercise, starter, "starter")
            for number, mistake in enumerate(exercise.mistakes, start=1):
                yield _Trial(lesson, exercise, mistake.source, "mistake", number, mistake.expect)


def _judged(trial: _Trial, grader: Grader) -> Iterator[Problem]:
    """Yield what is wrong with one answer's verdict."""
    report = _reporter(trial.lesson, trial.exercise.id)
    task = judge_task(trial.lesson.content, trial.exercise, trial.source)
    try:
        judgement = grader.judge(task)
    except SourceRefused as error:
        yield report(N_("This answer cannot be judged: {detail}"), detail=str(error))
        return
    passed = judgement.verdict is Verdict.PASSED
    told = " · ".join(_told(judgement)) or judgement.verdict.value
    if judgement.verdict is Verdict.UNGRADED:
        yield report(N_("The {kind} of this exercise could not be judged."), kind=trial.kind)
    elif trial.kind == "reference" and not passed:
        found = list(reasons(task, trial.exercise.id, grader, lambda key: _reporter(trial.lesson, key)))
        yield from found or [report(N_("The reference passes at one time and not at another: {told}"), told=told)]
    elif trial.kind == "starter" and passed:
        yield report(N_("The starter passes already, so there is nothing to do. Add a check that it fails."))
    elif trial.kind == "mistake" and passed:
        yield report(N_("Mistake {number} passes. Add a check that it fails."), number=trial.number)
    elif trial.kind == "mistake" and not any(trial.expect in text for text in _told(judgement)):
        yield report(
            N_("Mistake {number} fails, but is not told “{expect}”. It is told: {told}"),
            number=trial.number,
            expect=trial.expect,
            told=told,
        )


def _told(judgement: Judgement) -> list[str]:
    """Return what a learner is told, in every language: the failing checks' messages and their own error."""
    texts = [text for check in judgement.checks if not check.passed for text in check.message.values()]
    if judgement.error:
        texts.append(f"{judgement.error.type}: {judgement.error.message}")
    return list(dict.fromkeys(filter(None, texts)))


def _warnings(course: Course) -> Iterator[Problem]:
    yield from _untranslated("course.toml", "title", course.title)
    yield from _untranslated("course.toml", "description", course.description)
    for level in course.levels:
        yield from _untranslated("course.toml", f"levels.{level.slug}.title", level.title)
        for lesson in level.lessons:
            key = f"levels.{level.slug}.lessons.{lesson.difficulty.slug}.title"
            yield from _untranslated("course.toml", key, lesson.title)
            yield from _lesson_warnings(lesson)


def _lesson_warnings(lesson: Lesson) -> Iterator[Problem]:
    for block in lesson.content.blocks:
        for key, text in _texts(block):
            yield from _untranslated(lesson.notebook, key, text)
        if isinstance(block, Exercise):
            report = _reporter(lesson, block.id)
            hidden = sum(check.hidden for check in block.checks)
            if not hidden:
                yield report(N_("This exercise has no hidden check, so its visible checks can be answered one by one."))
            if len(block.checks) - hidden < _VISIBLE_CHECKS:
                yield report(N_("This exercise has fewer than {n} visible checks."), n=_VISIBLE_CHECKS)


def _texts(block: object) -> Iterator[tuple[str, Text]]:
    """Yield every text that a learner reads in a block, with the key it stands under."""
    match block:
        case Exercise():
            yield f"{block.id}.title", block.title
            yield from ((f"{check.id}.name", check.name) for check in block.checks)
            yield from ((f"{block.id}.hint[{rung}]", hint) for rung, hint in enumerate(block.hints, start=1))
        case Quiz():
            yield f"{block.id}.question", block.question
            yield f"{block.id}.explanation", block.explanation
            named = ((f"{block.id}.options.{option.id}", option) for option in block.options)
            yield from chain.from_iterable(((key, o.text), (f"{key}.why", o.why)) for key, o in named)
        case _:
            yield getattr(block, "id", ""), getattr(block, "text", {})


def _untranslated(file: str, key: str, text: Text) -> Iterator[Problem]:
    """Yield a warning for each language that a text lacks; a text that is not there at all lacks none."""
    missing = [language for language in LANGUAGES if not text.get(language, "").strip()]
    if in_language(text, "en"):
        for language in missing:
            yield Problem(file, key, N_("This text is missing in {language}."), {"language": LANGUAGE_NAMES[language]})


def _reporter(lesson: Lesson, key: str) -> Callable[..., Problem]:
    return lambda message, **values: Problem(lesson.notebook, key, message, values)
