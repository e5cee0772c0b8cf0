"""From what became of an attempt in JavaScript to the judgement a learner reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.explanations import (
    LIMITS,
    SeenInJavaScript,
    explain,
    explain_check,
    javascript_shape,
    texts_of,
)
from aralify_kernel.domain.judging import CheckOutcome, Judgement, LearnerError, Verdict
from aralify_kernel.grading.javascript.programs import only_loop, shown_call
from aralify_kernel.grading.judgements import STDOUT_LENGTH, cut, signature

if TYPE_CHECKING:
    from aralify_kernel.domain.content import Check, Text
    from aralify_kernel.domain.judging import Isolation, JudgeTask
    from aralify_kernel.grading.javascript.attempts import Told

_LENGTH: Final = 400
_NOT_DEFINED: Final = re.compile(r"([\w$]+) is not defined|Cannot access '([\w$]+)' before initialization")
_TOO_MUCH: Final = re.compile(
    r"Array buffer allocation failed|Invalid string length|could not allocate memory|Invalid typed array length"
)
_ENDS: Final = {
    "memory": (Verdict.LIMIT, *LIMITS["memory"]),
    "output": (Verdict.LIMIT, *LIMITS["output"]),
    "settled": (Verdict.ERROR, "PromiseNeverSettled", "a promise was awaited that never settles"),
    "garbled": (Verdict.ERROR, "Crash", "the program spoilt its own answers"),
    "left": (Verdict.ERROR, "Exit", ""),
}


def judged(
    task: JudgeTask, source: str, told: Told, seconds: float, isolation: Isolation, duration_ms: float
) -> Judgement:
    """Return what an attempt says about `source`."""
    reading = _Reading(task, source, told, seconds)
    outcomes = tuple(reading.outcome(number, check) for number, check in enumerate(task.checks))
    verdict, error = reading.verdict(all(outcome.passed for outcome in outcomes))
    return Judgement(
        verdict=verdict,
        points=sum(outcome.points for outcome in outcomes if outcome.passed),
        max_points=sum(check.points for check in task.checks),
        checks=outcomes,
        isolation=isolation,
        error=error,
        stdout=cut(whole(told.stdout), STDOUT_LENGTH),
        signature="" if verdict is Verdict.PASSED else signature(task, verdict, error, outcomes),
        duration_ms=duration_ms,
    )


class _Reading:
    """Reads one attempt."""

    def __init__(self, task: JudgeTask, source: str, told: Told, seconds: float) -> None:
        self._task = task
        self._source = source
        self._told = told
        self._seconds = seconds
        self._raised: dict[str, Any] | None = None

    def outcome(self, number: int, check: Check) -> CheckOutcome:
        """Return what came of one check."""
        told = self._told.outcomes.get(number)
        if told is None or told["outcome"] == "passed":
            return CheckOutcome(check.name, told is not None, check.hidden, check.points)
        if check.hidden:
            is_compared = told["outcome"] == "failed" and "raised" not in told
            message = texts_of(told.get("message")) if is_compared else explain_check("hidden")
            return CheckOutcome(check.name, False, True, check.points, message)
        call = cut(shown_call(told["call"], told["names"]), _LENGTH) if "call" in told else None
        got, expected = told.get("got"), told.get("expected")
        if "raised" in told:
            got = whole(f"{told['raised']['name']}: {told['raised']['message']}".removeprefix(": "))
        message = self._message(told, call)
        got = cut(whole(got), _LENGTH) if got is not None else None
        shape = _shape(told, expected or "", got or "") if "printed" in told else {}
        return CheckOutcome(check.name, False, False, check.points, message, call, expected, got, shape)

    def _message(self, told: dict[str, Any], call: str | None) -> Text:
        if told["outcome"] == "broke":
            return explain_check("broke", error=whole(told["error"]))
        raised = told.get("raised")
        if raised is None:
            return texts_of(told.get("message"))
        missing = _NOT_DEFINED.match(raised["message"]) if raised["name"] == "ReferenceError" else None
        if missing and raised["line"] is None:
            return explain_check("missing", name=missing[1] or missing[2], source=self._source, language="javascript")
        self._raised = self._raised or raised
        return explain_check("raised", type=raised["name"] or "throw", call=call)

    def verdict(self, all_passed: bool) -> tuple[Verdict, LearnerError | None]:
        """Return the verdict, and the error that a learner is told; after `outcome` of every check."""
        if self._told.end:
            return self._ended(self._told.end)
        raised = self._told.error or self._raised
        if raised and raised["name"] == "RangeError" and _TOO_MUCH.search(raised["message"]):
            return self._ended("memory")
        if raised:
            return Verdict.ERROR, self._explained(raised["name"], raised["message"], raised["line"])
        return (Verdict.PASSED if all_passed else Verdict.FAILED), None

    def _ended(self, how: str) -> tuple[Verdict, LearnerError | None]:
        line = only_loop(self._source)
        if how == "time":
            error = self._explained("TimeoutError", f"stopped after {self._seconds:g} seconds", line)
            return Verdict.TIMEOUT, error
        verdict, name, message = _ENDS[how]
        if self._told.is_hidden and verdict is Verdict.ERROR:
            return verdict, None
        return verdict, self._explained(name, message, None)

    def _explained(self, name: str, message: str, line: int | None) -> LearnerError:
        name, message = whole(name) or "throw", whole(message)
        told = explain(name, message, line, self._source, language="javascript")
        return LearnerError(name, message, line, told.explanation, told.advice)


def _shape(told: dict[str, Any], expected: str, got: str) -> Text:
    changed = {name: (before, after) for name, (before, after) in told["changed"].items()}
    call = shown_call(told["call"], {})
    return javascript_shape(SeenInJavaScript(call, expected, got, told["printed"], told["before"], changed))


def whole(text: str) -> str:
    """Return `text` without what cannot be stored: half characters and NUL."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
