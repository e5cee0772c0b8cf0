"""What a result says and in which order (DESIGN §8), before it becomes HTML or text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.content import Example
from aralify_kernel.domain.explanations import CANNOT_BE_READ, explain, renumbered
from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.domain.statements import words
from aralify_kernel.domain.user_levels import threshold
from aralify_kernel.errors import JudgeUnavailable
from aralify_kernel.i18n import Translator, in_language, sentence, translator
from aralify_kernel.widgets.class_talk import told_with
from aralify_kernel.widgets.components import difficulty_name

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from aralify_kernel.domain.judging import CheckOutcome, LearnerError
    from aralify_kernel.domain.session import CourseCard, OpenLesson, SubmitResult
    from aralify_kernel.widgets.class_talk import Told

_IS_CALL: Final = re.compile(r"\w\(")
"""A check may also look at a name or a value; then there is no input to tell."""
LANGUAGES_TAUGHT: Final = {"python": "Python", "javascript": "JavaScript", "sql": "SQL"}


@dataclass(frozen=True, slots=True)
class Failing:
    """The first check that does not pass: what was expected, what came, for which input, and how the two differ."""

    title: str
    name: str
    message: str
    rows: tuple[tuple[str, str, tuple[int, int]], ...]
    """Label, value, and the part of the value that differs (from, to)."""
    shape: str


@dataclass(frozen=True, slots=True)
class Raised:
    """The learner's own error: what it means, what to try, and its line, counted in the source and as it is shown."""

    line: int | None
    shown_line: int | None
    cannot_be_read: bool
    """Whether nothing ran at all."""
    said: str
    """Python's own message."""
    explanation: str
    advice: str


@dataclass(frozen=True, slots=True)
class Earned:
    """What a completed lesson brought, and the way to the next level."""

    xp: str
    for_what: str
    words: str
    to_go: str
    level_label: str
    xp_total: int
    level_xp: int
    next_level_xp: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a result says. `notes` and `folds` are pairs: icon or title, and words."""

    _: Translator
    kind: str
    verdict: str
    aside: str
    notes: tuple[tuple[str, str], ...]
    failing: Failing | None
    error: Raised | None
    step_label: str
    step: str
    earned: Earned | None
    opened: tuple[str, ...]
    counted: tuple[str, ...]
    """What it did for level and streak, which somebody may have switched off."""
    folds: tuple[tuple[str, str], ...]
    told: Told
    source: str
    first_line: int
    """The number that the first line of `source` has in the learner's cell."""

    @property
    def is_passed(self) -> bool:
        """Whether the next step is somewhere else; it is then said last, after what was earned."""
        return self.kind == "passed"

    def as_text(self) -> str:
        """Return it line by line, for hosts without HTML and for screen readers that prefer it."""
        lines = [f"{self.verdict} · {self.aside}" if self.aside else self.verdict]
        lines += [words for _, words in self.notes]
        if self.failing:
            lines += [f"{self.failing.title} {self.failing.name}".strip(), self.failing.message]
            lines += [f"  {label}: {_below(value)}" for label, value, _ in self.failing.rows]
            lines.append(self.failing.shape)
        if self.error:
            lines += [self._line_as_text(), self.error.explanation]
        step = f"{self.step_label} {self.step}" if self.step else ""
        lines.append("" if self.is_passed else step)
        lines += [f"{who}: {what}" for who, what in self.told]
        if self.earned:
            lines += [f"{self.earned.xp} · {self.earned.for_what}", f"{self.earned.words} · {self.earned.to_go}"]
        lines += self.opened + self.counted
        lines.append(step if self.is_passed else "")
        lines += [f"{title}: {body}" for title, body in self.folds]
        return "\n".join(line for line in lines if line)

    def _line_as_text(self) -> str:
        lines = self.source.splitlines()
        if self.error is None or not self.error.line or self.error.line > len(lines):
            return ""
        return f"  {self.error.shown_line} | {lines[self.error.line - 1]}"


def _below(value: str) -> str:
    """Return a value of several lines, such as a table, as it stands below its label."""
    return "\n    ".join(["", *value.splitlines()]) if "\n" in value else value


def reading_of(
    result: SubmitResult,
    lesson: OpenLesson,
    language: str,
    *,
    source: str,
    first_line: int = 1,
    notebook_names: AbstractSet[str] = frozenset(),
    course: CourseCard | None = None,
) -> Reading:
    """Return what is told about `result`.

    The arguments are those of `results.result_screen`, and `course`, after the attempt, gives opened topics their titles.
    """
    _ = translator(language)
    raised = result.judgement.error
    error = _raised(raised, source, lesson, first_line, notebook_names, _) if raised else None
    step_label, step = _step(result, lesson, error, _)
    return Reading(
        _=_,
        kind={Verdict.PASSED: "passed", Verdict.UNGRADED: "queued"}.get(result.judgement.verdict, "failed"),
        verdict=_verdict(result, error, _),
        aside=_aside(result, lesson, _),
        notes=_notes(result, _),
        failing=_failing(result, _),
        error=error,
        step_label=step_label,
        step=step,
        earned=_earned(result, lesson, _) if result.xp_awarded else None,
        opened=_opened(result, course, _),
        counted=_counted(result, _),
        folds=_folds(result, lesson, error, _),
        told=told_with(result, _),
        source=source,
        first_line=first_line,
    )


def _verdict(result: SubmitResult, error: Raised | None, _: Translator) -> str:
    match result.judgement.verdict:
        case Verdict.PASSED:
            return _("Passed")
        case Verdict.FAILED:
            return _("Not yet right")
        case Verdict.TIMEOUT:
            return _("Stopped: it kept running for too long")
        case Verdict.LIMIT:
            return _("Stopped: it needed more memory or wrote more than allowed")
        case Verdict.UNGRADED:
            return _("Not checked just now")
        case Verdict.ERROR:
            if error is None or error.line is None:
                return _("Your code stopped")
            if error.cannot_be_read:
                return _("Line {line} cannot be read yet", line=error.shown_line)
            return _("Your code stopped on line {line}", line=error.shown_line)


def _aside(result: SubmitResult, lesson: OpenLesson, _: Translator) -> str:
    judgement = result.judgement
    if judgement.verdict is Verdict.ERROR:
        return judgement.error.type if judgement.error else ""
    words = []
    if judgement.checks and judgement.verdict in {Verdict.PASSED, Verdict.FAILED}:
        done = sum(check.passed for check in judgement.checks)
        words.append(_("{done} of {all} checks pass", done=done, all=len(judgement.checks)))
    if judgement.verdict is Verdict.PASSED and result.lesson_status is not LessonStatus.COMPLETED:
        words.append(_("score now {score}, {goal} to pass", score=result.lesson_score, goal=lesson.card.pass_score))
    return " · ".join(words)


def _notes(result: SubmitResult, _: Translator) -> tuple[tuple[str, str], ...]:
    if result.judgement.verdict is Verdict.UNGRADED:
        return (("queued", sentence(JudgeUnavailable(), _.language)),)
    notes = []
    if result.late:
        late = _("Late: the time of this run is over. The answer is kept, but earns no points. A new run can start.")
        notes.append(("late", late))
    if result.repeated:
        notes.append(("practice", _("This is the same answer as before, so nothing new was recorded.")))
    return tuple(notes)


def _failing(result: SubmitResult, _: Translator) -> Failing | None:
    numbered = enumerate(result.judgement.checks, 1)
    number, check = next(((number, check) for number, check in numbered if not check.passed), (0, None))
    if check is None or (result.judgement.verdict is not Verdict.FAILED and check.call is None):
        return None  # the code stopped before any check: there is nothing to say about checks
    title = _("Check {number} (hidden):", number=number) if check.hidden else _("Check {number}:", number=number)
    pairs = (
        (_("Expected"), check.expected),
        (_("Got"), check.got),
        (_("For this input"), check.call if check.call and _IS_CALL.search(check.call) else None),
    )
    return Failing(
        title=title,
        name=in_language(check.name, _.language),
        message=_message(check, _.language),
        rows=tuple(
            (label, value, _difference(check.expected or "", value) if value is check.got else (0, 0))
            for label, value in pairs
            if value is not None
        ),
        shape=in_language(check.shape, _.language),
    )


def _difference(expected: str, got: str) -> tuple[int, int]:
    """Return which part of `got` is not as in `expected`: what is left between a common beginning and end.

    That is said of texts and collections; a number or a name differs as a whole.
    """
    if "\n" in got:  # a table of rows: two columns of text would be marked across each other
        return 0, 0
    if not got or got[0] not in "[({'\"" or expected[:1] != got[0]:
        return 0, len(got)
    begin = _common_length(expected, got)
    return begin, len(got) - _common_length(expected[begin:][::-1], got[begin:][::-1])


def _common_length(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _message(check: CheckOutcome, language: str) -> str:
    message = in_language(check.message, language)
    return message if message != in_language(check.name, language) else ""


def _raised(
    error: LearnerError,
    source: str,
    lesson: OpenLesson,
    first_line: int,
    notebook_names: AbstractSet[str],
    _: Translator,
) -> Raised:
    """Return what is told of an error, explained anew: only here it is known which cell and notebook it stands in."""
    if lesson.content.language == "sql":  # the names are those of tables and columns, which the examples make
        notebook_names = words(block.source for block in lesson.content.blocks if isinstance(block, Example))
    told = explain(
        error.type,
        error.message,
        error.line,
        source,
        span=error.span,
        notebook_names=frozenset(notebook_names),
        first_line=first_line,
        language=lesson.content.language,
    )
    said = renumbered(error.type, error.message, first_line)
    return Raised(
        line=error.line,
        shown_line=None if error.line is None else error.line + first_line - 1,
        cannot_be_read=error.type in CANNOT_BE_READ,
        said=": ".join(filter(None, (error.type, said))),
        explanation=in_language(told.explanation, _.language),
        advice=in_language(told.advice, _.language),
    )


def _step(result: SubmitResult, lesson: OpenLesson, error: Raised | None, _: Translator) -> tuple[str, str]:
    judgement = result.judgement
    if judgement.verdict is Verdict.PASSED:
        return _("Next:"), _step_after_passing(result, lesson, _)
    if judgement.verdict is Verdict.UNGRADED:
        return "", ""
    if error:
        return _("Try:"), error.advice
    return _("Next:"), _step_after_failing(result, _)


def _step_after_passing(result: SubmitResult, lesson: OpenLesson, _: Translator) -> str:
    ids = [activity.id for activity in lesson.activities]
    later = ids.index(result.activity) + 1 if result.activity in ids else 0
    around = (*lesson.activities[later:], *lesson.activities[:later])
    left = next((one for one in around if one.best_points < one.points and one.id != result.activity), None)
    if left is None:
        return ""
    title = in_language(left.title, _.language)
    if left.kind == "quiz":
        return _("the quiz “{title}”.", title=title) if title else _("the quiz.")
    return _("“{title}”.", title=title)


def _step_after_failing(result: SubmitResult, _: Translator) -> str:
    judgement = result.judgement
    if judgement.verdict is Verdict.TIMEOUT:
        return _(
            "make sure that every loop comes to an end, then run the cell again. Nothing in your notebook was lost."
        )
    if judgement.verdict is Verdict.LIMIT:
        return _("look for what grows without end, then run the cell again. Nothing in your notebook was lost.")
    failing = next((check for check in judgement.checks if not check.passed), None)
    if failing and failing.expected is not None and not failing.shape:
        return _("compare what was expected with what came, change your code, and run the cell again.")
    return _("change your code and run the cell again.")


def _earned(result: SubmitResult, lesson: OpenLesson, _: Translator) -> Earned:
    goal = threshold(result.level + 1)
    return Earned(
        xp=_("+{xp} XP", xp=result.xp_awarded),
        for_what=_(
            "{topic}, {tier} is complete · score {score}",
            topic=in_language(lesson.level_title, _.language),
            tier=difficulty_name(lesson.card.difficulty, _),
            score=result.lesson_score,
        ),
        words=_("Level {level} · {xp} of {goal} XP", level=result.level, xp=result.xp_total, goal=goal),
        to_go=_("{xp} XP to Level {level}", xp=goal - result.xp_total, level=result.level + 1),
        level_label=_("Way to Level {level}", level=result.level + 1),
        xp_total=result.xp_total,
        level_xp=threshold(result.level),
        next_level_xp=goal,
    )


def _opened(result: SubmitResult, course: CourseCard | None, _: Translator) -> tuple[str, ...]:
    if not (result.xp_awarded or result.unlocked):
        return ()
    levels = {f"{course.slug}/{level.slug}": level.title for level in course.levels} if course else {}
    titles = [in_language(levels.get(ref, {}), _.language) or ref for ref in result.unlocked]
    said = [_("“{title}” is open now.", title=title) for title in titles]
    if result.course.completed:
        said.append(_("You have completed the whole course."))
    return tuple(said)


def _counted(result: SubmitResult, _: Translator) -> tuple[str, ...]:
    if not (result.xp_awarded or result.unlocked):
        return ()
    said = []
    if result.leveled_up:
        said.append(_("You reached Level {level}.", level=result.level))
    if result.streak_current:
        said.append(
            _.plural("Today counts: {n} day in a row.", "Today counts: {n} days in a row.", result.streak_current)
        )
    return tuple(said)


def _folds(
    result: SubmitResult, lesson: OpenLesson, error: Raised | None, _: Translator
) -> tuple[tuple[str, str], ...]:
    judgement = result.judgement
    folds = []
    if error:
        taught = LANGUAGES_TAUGHT.get(lesson.content.language, lesson.content.language)
        folds.append((_("What {language} said", language=taught), error.said))
    if judgement.verdict is not Verdict.PASSED and judgement.stdout.strip():
        folds.append((_("What your code printed"), judgement.stdout.rstrip()))
    if judgement.verdict is Verdict.FAILED and len(judgement.checks) > 1:
        folds.append((_("All checks"), "\n".join(_checks(result, _))))
    return tuple(folds)


def _checks(result: SubmitResult, _: Translator) -> list[str]:
    lines = []
    for number, check in enumerate(result.judgement.checks, 1):
        told = _("passed") if check.passed else _("not yet")
        name = in_language(check.name, _.language)
        hidden = f" ({_('hidden')})" if check.hidden else ""
        lines.append(f"{number}{hidden} · {told}" + (f" · {name}" if name else ""))
    return lines
