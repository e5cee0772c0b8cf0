"""What the grader is asked, and what it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.bound_names import bound_names
from aralify_kernel.i18n import in_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.domain.content import Check, Exercise, LessonContent, Mistake, Rule, Text


_MAKES_CLASSES: Final = re.compile(
    r"\bclass\b|\bnamedtuple\b|\bmake_dataclass\b|\bNamedTuple\b|\bEnum\(|\btype\([^)]*,"
)


class Verdict(Enum):
    """The outcome of one judgement. Listed in order of precedence: the first that applies."""

    UNGRADED = "UNGRADED"
    LIMIT = "LIMIT"
    TIMEOUT = "TIMEOUT"
    ERROR = "ERROR"
    FAILED = "FAILED"
    PASSED = "PASSED"


class Isolation(Enum):
    """How well the learner's code was kept apart, from strongest to weakest."""

    NAMESPACES = "namespaces"
    LANDLOCK = "landlock"
    LIMITS = "limits"


TWO_PROCESS: Final = "two_process"
SAME_PROCESS: Final = "same_process"


@dataclass(frozen=True, slots=True)
class JudgeTask:
    """One answer to judge.

    Attributes:
        own_names: What the reference binds: deleted from the context first.
        rules: What the source must keep to.
        mistakes: Wrong answers whose message the author has chosen.
        mode: `two_process`, or `same_process` for checks that cannot be kept apart from the learner's code.
        has_classes: Whether the reference or the context makes classes. Where none does, an answer's own objects are
            no answer: what they would say of themselves is not asked.
        learner: Whose answer it is, for taking turns; it decides nothing about the judgement.
        reference: What some runners compare with. It never goes where the learner's code runs.
    """

    language: str
    context: tuple[str, ...]
    own_names: tuple[str, ...]
    source: str
    checks: tuple[Check, ...]
    packages: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    mode: str = TWO_PROCESS
    has_classes: bool = False
    learner: str = ""
    reference: str = ""


def judge_task(content: LessonContent, exercise: Exercise, source: str, learner: str = "") -> JudgeTask:
    """Return what the grader is asked about `source` as the answer of `learner` to `exercise` of `content`."""
    return JudgeTask(
        language=content.language,
        context=content.context_of(exercise),
        own_names=bound_names(exercise.reference) if content.language == "python" else (),
        source=source,
        checks=exercise.checks,
        packages=content.packages,
        files=content.files,
        rules=exercise.rules,
        mistakes=exercise.mistakes,
        mode=exercise.mode,
        has_classes=any(map(makes_classes, (exercise.reference, *content.context_of(exercise)))),
        learner=learner,
        reference=exercise.reference,
    )


def makes_classes(source: str) -> bool:
    r"""Return whether Python code makes a class, as far as its text tells.

    >>> makes_classes("def area(w, h):\n    return w * h"), makes_classes("Point = namedtuple('Point', 'x y')")
    (False, True)
    """
    return _MAKES_CLASSES.search(source) is not None


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What came of one check, or of one rule, which earns no points.

    `call`, `expected` and `got` are None for hidden checks and where unknown; `shape` says how the two differ, where
    that is certain.
    """

    name: Text
    passed: bool
    hidden: bool
    points: int
    message: Text = field(default_factory=dict)
    call: str | None = None
    expected: str | None = None
    got: str | None = None
    shape: Text = field(default_factory=dict)

    def as_json(self, language: str) -> dict[str, Any]:
        """Return the keys of COURSE_FORMAT, texts in `language`."""
        return {
            "name": in_language(self.name, language),
            "passed": self.passed,
            "hidden": self.hidden,
            "points": self.points,
            "message": in_language(self.message, language) or None,
            "call": self.call,
            "expected": self.expected,
            "got": self.got,
            "shape": in_language(self.shape, language) or None,
        }


@dataclass(frozen=True, slots=True)
class LearnerError:
    """What the learner's own code raised, with the line of *their* source (from 1), if it has one.

    `span` is what of the source raised: first line, last line, first and last column (in bytes), where that is known.
    `explanation` and `advice` count lines from 1 in the source; who shows a cell explains the rest of this anew.
    """

    type: str
    message: str
    line: int | None
    explanation: Text = field(default_factory=dict)
    advice: Text = field(default_factory=dict)
    span: tuple[int, ...] | None = None

    def as_json(self, language: str) -> dict[str, Any]:
        """Return the keys of COURSE_FORMAT, the explanation in `language`."""
        explanation = " ".join(filter(None, (in_language(text, language) for text in (self.explanation, self.advice))))
        return {"type": self.type, "message": self.message, "line": self.line, "explanation": explanation or None}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The whole answer of the grader. `signature` is equal for equal failures; "" when passed."""

    verdict: Verdict
    points: int
    max_points: int
    checks: tuple[CheckOutcome, ...]
    isolation: Isolation
    error: LearnerError | None = None
    stdout: str = ""
    signature: str = ""
    duration_ms: float = 0.0

    def as_json(self, language: str) -> dict[str, Any]:
        """Return the keys of COURSE_FORMAT (without `lesson` and `exercise`), texts in `language`."""
        return {
            "verdict": self.verdict.value,
            "points": self.points,
            "max_points": self.max_points,
            "isolation": self.isolation.value,
            "checks": [check.as_json(language) for check in self.checks],
            "error": self.error.as_json(language) if self.error else None,
            "stdout": self.stdout,
            "signature": self.signature,
            "duration_ms": round(self.duration_ms, 1),
        }
