"""What a result says and in which order (DESIGN §8), before it becomes HTML or text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.domain.user_levels import threshold
from aralify_kernel.errors import JudgeUnavailable
from aralify_kernel.i18n import Translator, in_language, sentence, translator
from aralify_kernel.widgets.components import difficulty_name

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from aralify_kernel.domain.judging import CheckOutcome, LearnerError
    from aralify_kernel.domain.session import CourseCard, OpenLesson, SubmitResult

LANGUAGES_TAUGHT: Final = {"python": "Python", "javascript": "JavaScript", "sql": "SQL"}
_CANNOT_BE_READ: Final = frozenset({"SyntaxError", "IndentationError", "TabError"})
_UNDEFINED_NAME: Final = re.compile(r"name '([^']+)' is not defined")


@dataclass(frozen=True, slots=True)
class Failing:
    """The first check that does not pass, with what was expected, what came, and for which input."""

    title: str
    name: str
    message: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """The learner's own error, with its line and what it means."""

    line: int | None
    explanation: str


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

    text: Translator
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
    folds: tuple[tuple[str, str], ...]
    source: str

    def as_text(self) -> str:
        """Return it line by line, for hosts without HTML and for screen readers that prefer it."""
        lines = [f"{self.verdict} · {self.aside}" if self.aside else self.verdict]
        lines += [words for _, words in self.notes]
        if self.failing:
            lines += [f"{self.failing.title} {self.failing.name}".strip(), self.failing.message]
            lines += [f"  {label}: {value}" for label, value in self.failing.rows]
        if self.error:
            lines += [self._line_as_text(), self.error.explanation]
        lines.append(f"{self.step_label} {self.step}" if self.step else "")
        if self.earned:
            lines += [f"{self.earned.xp} · {self.earned.for_what}", f"{self.earned.words} · {self.earned.to_go}"]
        lines += self.opened
        lines += [f"{title}: {body}" for title, body in self.folds]
        return "\n".join(line for line in lines if line)

    def _line_as_text(self) -> str:
        lines = self.source.splitlines()
        if self.error is None or not self.error.line or self.error.line > len(lines):
            return ""
        return f"  {self.error.line} | {lines[self.error.line - 1]}"


def reading_of(
    result: SubmitResult,
    lesson: OpenLesson,
    language: str,
    *,
    source: str,
    notebook_names: AbstractSet[str] = frozenset(),
    course: CourseCard | None = None,
) -> Reading:
    """Return what is told about `result`; the arguments are those of `results.result_bundle`."""
    text = translator(language)
    error = result.judgement.error
    step_label, step = _step(result, lesson, text, notebook_names)
    return Reading(
        text=text,
        kind={Verdict.PASSED: "passed", Verdict.UNGRADED: "queued"}.get(result.judgement.verdict, "failed"),
        verdict=_verdict(result, text),
        aside=_aside(result, lesson, text),
        notes=_notes(result, text),
        failing=_failing(result, text),
        error=_raised(error, text, notebook_names) if error else None,
        step_label=step_label,
        step=step,
        earned=_earned(result, lesson, text) if result.xp_awarded else None,
        opened=_opened(result, course, text),
        folds=_folds(result, lesson, text),
        source=source,
    )


def _verdict(result: SubmitResult, text: Translator) -> str:
    error = result.judgement.error
    match result.judgement.verdict:
        case Verdict.PASSED:
            return text("Passed")
        case Verdict.FAILED:
            return text("Not yet right")
        case Verdict.TIMEOUT:
            return text("Stopped: it kept running for too long")
        case Verdict.LIMIT:
            return text("Stopped: it needed more memory or wrote more than allowed")
        case Verdict.UNGRADED:
            return text("Not checked just now")
        case Verdict.ERROR:
            if error is None or error.line is None:
                return text("Your code stopped")
            if error.type in _CANNOT_BE_READ:
                return text("Line {line} cannot be read yet", line=error.line)
            return text("Your code stopped on line {line}", line=error.line)


def _aside(result: SubmitResult, lesson: OpenLesson, text: Translator) -> str:
    judgement = result.judgement
    if judgement.verdict is Verdict.UNGRADED:
        return ""
    words = []
    if judgement.checks:
        done = sum(check.passed for check in judgement.checks)
        words.append(text("{done} of {all} checks pass", done=done, all=len(judgement.checks)))
    if judgement.verdict is Verdict.PASSED and result.lesson_status is not LessonStatus.COMPLETED:
        words.append(text("score now {score}, {goal} to pass", score=result.lesson_score, goal=lesson.card.pass_score))
    return " · ".join(words)


def _notes(result: SubmitResult, text: Translator) -> tuple[tuple[str, str], ...]:
    if result.judgement.verdict is Verdict.UNGRADED:
        return (("queued", sentence(JudgeUnavailable(), text.language)),)
    notes = []
    if result.late:
        late = text("Late: the time of this run is over. The answer is kept, but earns no points. A new run can start.")
        notes.append(("late", late))
    if result.repeated:
        notes.append(("practice", text("This is the same answer as before, so nothing new was recorded.")))
    return tuple(notes)


def _failing(result: SubmitResult, text: Translator) -> Failing | None:
    numbered = enumerate(result.judgement.checks, 1)
    number, check = next(((number, check) for number, check in numbered if not check.passed), (0, None))
    if check is None or (result.judgement.error and check.call is None):
        return None  # where the code stopped before any check, the error says it all
    title = text("Check {number} (hidden):", number=number) if check.hidden else text("Check {number}:", number=number)
    pairs = (
        (text("Expected"), check.expected),
        (text("Got"), check.got),
        (text("For this input"), check.call),
    )
    return Failing(
        title=title,
        name=in_language(check.name, text.language),
        message=_message(check, text.language),
        rows=tuple((label, value) for label, value in pairs if value is not None),
    )


def _message(check: CheckOutcome, language: str) -> str:
    message = in_language(check.message, language)
    return message if message != in_language(check.name, language) else ""


def _raised(error: LearnerError, text: Translator, notebook_names: AbstractSet[str]) -> Raised:
    name = _name_from_elsewhere(error, notebook_names)
    if name:
        told = text(
            "`{name}` comes from another cell. Aralify starts fresh each time, so put it in this cell.", name=name
        )
        return Raised(error.line, told)
    return Raised(error.line, in_language(error.explanation, text.language))


def _name_from_elsewhere(error: LearnerError, notebook_names: AbstractSet[str]) -> str | None:
    found = _UNDEFINED_NAME.search(error.message) if error.type == "NameError" else None
    return found[1] if found and found[1] in notebook_names else None


def _step(
    result: SubmitResult, lesson: OpenLesson, text: Translator, notebook_names: AbstractSet[str]
) -> tuple[str, str]:
    judgement = result.judgement
    if judgement.verdict is Verdict.PASSED:
        return text("Next:"), _step_after_passing(result, lesson, text)
    if judgement.verdict is Verdict.UNGRADED:
        return "", ""
    if judgement.error and not _name_from_elsewhere(judgement.error, notebook_names):
        advice = in_language(judgement.error.advice, text.language)
        if advice:
            return text("Try:"), advice
    return text("Next:"), _step_after_failing(result, text)


def _step_after_passing(result: SubmitResult, lesson: OpenLesson, text: Translator) -> str:
    ids = [activity.id for activity in lesson.activities]
    later = ids.index(result.activity) + 1 if result.activity in ids else 0
    around = (*lesson.activities[later:], *lesson.activities[:later])
    left = next((one for one in around if one.best_points < one.points and one.id != result.activity), None)
    if left is None:
        return ""
    title = in_language(left.title, text.language)
    if left.kind == "quiz":
        return text("the quiz “{title}”.", title=title) if title else text("the quiz.")
    return text("“{title}”.", title=title)


def _step_after_failing(result: SubmitResult, text: Translator) -> str:
    judgement = result.judgement
    if judgement.verdict is Verdict.TIMEOUT:
        return text(
            "make sure that every loop comes to an end, then run the cell again. Nothing in your notebook was lost."
        )
    if judgement.verdict is Verdict.LIMIT:
        return text("look for what grows without end, then run the cell again. Nothing in your notebook was lost.")
    failing = next((check for check in judgement.checks if not check.passed), None)
    if failing and failing.got == "None" and failing.expected not in {None, "None"}:
        if judgement.stdout.strip():
            return text("your function prints the answer, but the check needs it returned. Use `return`.")
        return text("your function gives nothing back. Does it end with `return`?")
    if failing and failing.expected is not None:
        return text("compare what was expected with what came, change your code, and run the cell again.")
    return text("change your code and run the cell again.")


def _earned(result: SubmitResult, lesson: OpenLesson, text: Translator) -> Earned:
    goal = threshold(result.level + 1)
    return Earned(
        xp=text("+{xp} XP", xp=result.xp_awarded),
        for_what=text(
            "{topic}, {tier} is complete · score {score}",
            topic=in_language(lesson.level_title, text.language),
            tier=difficulty_name(lesson.card.difficulty, text),
            score=result.lesson_score,
        ),
        words=text("Level {level} · {xp} of {goal} XP", level=result.level, xp=result.xp_total, goal=goal),
        to_go=text("{xp} XP to Level {level}", xp=goal - result.xp_total, level=result.level + 1),
        level_label=text("Way to Level {level}", level=result.level + 1),
        xp_total=result.xp_total,
        level_xp=threshold(result.level),
        next_level_xp=goal,
    )


def _opened(result: SubmitResult, course: CourseCard | None, text: Translator) -> tuple[str, ...]:
    if not (result.xp_awarded or result.unlocked):
        return ()
    levels = {f"{course.slug}/{level.slug}": level.title for level in course.levels} if course else {}
    titles = [in_language(levels.get(ref, {}), text.language) or ref for ref in result.unlocked]
    said = [text("“{title}” is open now.", title=title) for title in titles]
    if result.leveled_up:
        said.append(text("You reached Level {level}.", level=result.level))
    if result.course.completed:
        said.append(text("You have completed the whole course."))
    if result.streak_current:
        said.append(
            text.plural("Today counts: {n} day in a row.", "Today counts: {n} days in a row.", result.streak_current)
        )
    return tuple(said)


def _folds(result: SubmitResult, lesson: OpenLesson, text: Translator) -> tuple[tuple[str, str], ...]:
    judgement = result.judgement
    folds = []
    if judgement.error:
        taught = LANGUAGES_TAUGHT.get(lesson.content.language, lesson.content.language)
        said = ": ".join(filter(None, (judgement.error.type, judgement.error.message)))
        folds.append((text("What {language} said", language=taught), said))
    if judgement.verdict is not Verdict.PASSED and judgement.stdout.strip():
        folds.append((text("What your code printed"), judgement.stdout.rstrip()))
    if judgement.verdict is Verdict.FAILED and len(judgement.checks) > 1:
        folds.append((text("All checks"), "\n".join(_checks(result, text))))
    return tuple(folds)


def _checks(result: SubmitResult, text: Translator) -> list[str]:
    lines = []
    for number, check in enumerate(result.judgement.checks, 1):
        told = text("passed") if check.passed else text("not yet")
        name = in_language(check.name, text.language)
        hidden = f" ({text('hidden')})" if check.hidden else ""
        lines.append(f"{number}{hidden} · {told}" + (f" · {name}" if name else ""))
    return lines
