"""From what an attempt reported to the judgement a learner reads."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.explanations import (
    LIMITS,
    Seen,
    busy_line,
    explain,
    explain_check,
    given,
    is_too_deep,
    name_missing,
    shape,
    texts_of,
)
from aralify_kernel.domain.judging import CheckOutcome, Judgement, LearnerError, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aralify_kernel.domain.content import Check, Text
    from aralify_kernel.domain.judging import Isolation, JudgeTask
    from aralify_kernel.grading.asserts import Assert, Prepared
    from aralify_kernel.grading.traces import Event, Trace

STDOUT_LENGTH: Final = 10_000
_OF_THIS_MACHINE: Final = re.compile(r"0x[0-9a-fA-F]{4,}| \((?:/|[A-Z]:\\)[^)]*\)")
"""What differs between equal failures: addresses in memory, and the places of modules."""
_WALL_CLOCK: Final = re.compile(r"Timeout \((\d+):(\d\d):(\d\d)")
"""What an attempt that is stopped while it waits, rather than computes, leaves behind: its limit."""


def ungraded(task: JudgeTask, isolation: Isolation, duration_ms: float) -> Judgement:
    """Return the judgement of an answer that could not be judged."""
    return Judgement(
        verdict=Verdict.UNGRADED,
        points=0,
        max_points=sum(check.points for check in task.checks),
        checks=tuple(_outcome(check, passed=False) for check in task.checks),
        isolation=isolation,
        duration_ms=duration_ms,
    )


def judged(
    task: JudgeTask,
    source: str,
    checks: Sequence[Prepared],
    trace: Trace,
    isolation: Isolation,
    seconds: float,
    duration_ms: float,
) -> Judgement | None:
    """Return what `trace` says about `source`, or None when it says nothing that can be trusted."""
    reading = _Reading(task, source, checks, seconds)
    for event in trace.events:
        reading.take(event)
    if not reading.has_started or trace.was_killed or (trace.noise and not trace.ran_out_of_time):
        return None
    reading.end(trace)
    return reading.judgement(isolation, duration_ms)


class _Reading:
    """Reads the events of one attempt in order."""

    def __init__(self, task: JudgeTask, source: str, checks: Sequence[Prepared], seconds: float) -> None:
        self._task = task
        self._source = source
        self._checks = checks
        self._seconds = seconds
        self._outcomes: dict[int, CheckOutcome] = {}
        self._stdout = ""
        self._running: int | None = None
        self._printed: dict[int | None, str] = {}
        self._seen: dict[int, Seen] = {}
        self._error: LearnerError | None = None
        self._verdict: Verdict | None = None
        self._is_hidden = False
        self.has_started = False

    def take(self, event: Event) -> None:
        """Take one event in."""
        match event.name:
            case "learner":
                self.has_started = True
            case "out":
                said = event.fields.get("text", "")
                self._stdout += said
                self._printed[self._running] = self._printed.get(self._running, "") + said
            case "check":
                check, self._running = self._check(event), event.number("number")
                self._is_hidden = self._is_hidden or (check is not None and check.hidden)
            case "error":
                self._stopped(event)
            case "limit":
                self._limited(event)
            case "garbled":
                self._verdict = Verdict.ERROR
                self._error = self._explained("Crash", "the program spoilt its own answers", None)
            case "passed" | "failed" | "raised" | "broke":
                self._outcome_of(event)
            case _:
                pass

    def end(self, trace: Trace) -> None:
        """Take in how the process ended."""
        if trace.ran_out_of_time:
            line = None if self._is_hidden else busy_line(self._source, trace.lines)
            self._verdict = Verdict.TIMEOUT
            self._error = self._explained("TimeoutError", f"stopped after {self._limit(trace):g} seconds", line)
        elif not trace.has("done") and self._verdict is None:
            self._verdict = Verdict.ERROR
            if not self._is_hidden:
                self._error = self._explained(*_death(trace.status), line=None)

    def _limit(self, trace: Trace) -> float:
        """Return how many seconds the clock that stopped the attempt allows."""
        waited = _WALL_CLOCK.search(trace.tail)
        if waited is None:
            return self._seconds
        hours, minutes, seconds = map(int, waited.groups())
        return 3600 * hours + 60 * minutes + seconds

    def judgement(self, isolation: Isolation, duration_ms: float) -> Judgement:
        """Return the judgement of all that was taken in."""
        task = self._task
        outcomes = tuple(self._outcome(n, check) for n, check in enumerate(task.checks))
        all_passed = all(outcome.passed for outcome in outcomes)
        verdict = self._verdict or (Verdict.PASSED if all_passed else Verdict.FAILED)
        return Judgement(
            verdict=verdict,
            points=sum(outcome.points for outcome in outcomes if outcome.passed),
            max_points=sum(check.points for check in task.checks),
            checks=outcomes,
            isolation=isolation,
            error=self._error,
            stdout=cut(self._stdout, STDOUT_LENGTH),
            signature="" if verdict is Verdict.PASSED else signature(task, verdict, self._error, outcomes),
            duration_ms=duration_ms,
        )

    def _outcome(self, number: int, check: Check) -> CheckOutcome:
        outcome = self._outcomes.get(number) or _outcome(check, passed=False)
        seen = self._seen.get(number)
        # What a check printed is known only now: its last piece comes after the word that the check failed.
        return replace(outcome, shape=shape(replace(seen, printed=self._printed.get(number, "")))) if seen else outcome

    def _check(self, event: Event) -> Check | None:
        number = event.number("number")
        return self._task.checks[number] if number is not None and number < len(self._task.checks) else None

    def _stopped(self, event: Event) -> None:
        self._verdict = Verdict.ERROR
        self._error = self._error_of(event)

    def _limited(self, event: Event) -> None:
        kind = event.fields.get("kind", "")
        if kind == "memory" and is_too_deep(self._source):  # Python's parser says so with a MemoryError
            self._verdict = Verdict.ERROR
            self._error = self._explained("RecursionError", "too much is nested to be parsed", line=None)
            return
        self._verdict = Verdict.LIMIT
        name, message = LIMITS.get(kind, LIMITS["memory"])
        self._error = self._explained(name, message, None if self._is_hidden else event.number("line"))

    def _outcome_of(self, event: Event) -> None:
        number, check = event.number("number"), self._check(event)
        if number is None or check is None:
            return
        if event.name == "passed":
            self._outcomes[number] = _outcome(check, passed=True)
        elif check.hidden:
            self._outcomes[number] = _outcome(check, passed=False, message=self._hidden_message(number, event))
        else:
            if event.name == "raised":
                self._verdict = Verdict.ERROR
                self._error = self._error or self._error_of(event)
            self._outcomes[number] = self._visible_outcome(number, check, event)

    def _hidden_message(self, number: int, event: Event) -> Text:
        """Return the author's message where it is a literal, which no value of the attempt can have entered."""
        index = event.number("index")
        asserts = self._checks[number].asserts
        if event.name != "failed":
            return explain_check("hidden")
        return texts_of(asserts[index].message) if index is not None and index < len(asserts) else {}

    def _visible_outcome(self, number: int, check: Check, event: Event) -> CheckOutcome:
        index = event.number("index")
        asserts = self._checks[number].asserts
        told = asserts[index] if index is not None and index < len(asserts) else None
        fields = event.fields
        names = {key.removeprefix("name:"): text for key, text in fields.items() if key.startswith("name:")}
        call = told.call_with(names) if told else None
        error = f"{fields.get('type', '')}: {fields.get('message', '')}"
        if event.name == "failed":
            mine, other = ("left", "right") if told is None or told.theirs == "left" else ("right", "left")
            got = fields.get(mine)
            expected = told.expected_with(call or "", fields.get(other)) if told and got is not None else None
            message = _author_texts(fields)
            if told and expected is not None and got is not None:
                changed = _changed(check, self._task, told, fields, got)
                self._seen[number] = Seen(told.call, expected, got, source=self._source, changed=changed)
        else:
            got, expected = cut(error, 400), told.expected if told else None
            message = self._why_not_run(event, call)
        return replace(_outcome(check, passed=False, message=message), call=call, expected=expected, got=got)

    def _why_not_run(self, event: Event, call: str | None) -> Text:
        fields = event.fields
        if event.name == "raised":
            return explain_check("raised", type=fields.get("type", ""), call=call)
        missing = name_missing(fields.get("type", ""), fields.get("message", ""))
        if missing:
            return explain_check("missing", name=missing, source=self._source)
        error = f"{fields.get('type', '')}: {fields.get('message', '')}"
        return explain_check("broke", error=error, call=call)

    def _error_of(self, event: Event) -> LearnerError:
        fields = event.fields
        span = tuple(int(part) for part in fields.get("span", "").split(",") if part.isascii() and part.isdigit())
        spot = span if len(span) == 4 else None
        return self._explained(fields.get("type", ""), fields.get("message", ""), event.number("line"), spot)

    def _explained(
        self, name: str, message: str, line: int | None, span: tuple[int, ...] | None = None
    ) -> LearnerError:
        told = explain(name, message, line, self._source, span=span)
        return LearnerError(name, message, line, told.explanation, told.advice, span)


def signature(task: JudgeTask, verdict: Verdict, error: LearnerError | None, outcomes: Sequence[CheckOutcome]) -> str:
    """Return 16 hex digits that are equal for equal failures, whatever the names, the layout and the line are."""
    failing = [
        (check.id, None if check.hidden else _OF_THIS_MACHINE.sub("", outcome.got or ""))
        for check, outcome in zip(task.checks, outcomes, strict=True)
        if not outcome.passed
    ]
    said = (error.type, _OF_THIS_MACHINE.sub("", error.message)) if error else None
    return hashlib.sha256(repr((verdict.value, said, failing)).encode()).hexdigest()[:16]


def _outcome(check: Check, *, passed: bool, message: Text | None = None) -> CheckOutcome:
    return CheckOutcome(check.name, passed, check.hidden, check.points, message or {})


def _changed(
    check: Check, task: JudgeTask, told: Assert, fields: dict[str, str], got: str
) -> dict[str, tuple[str, str]]:
    """Return the check's variables that the learner's code was given, each before and after."""
    if told.call in told.names:  # the assert looks at such a variable itself
        before = given(check.source, told.call, task.own_names)
        return {told.call: (before, got)} if before is not None else {}
    names = [name for name in told.names if f"name:{name}" in fields and f"after:{name}" in fields]
    return {name: (fields[f"name:{name}"], fields[f"after:{name}"]) for name in names}


def _death(status: int | None) -> tuple[str, str]:
    """Return how a process that said nothing more came to its end, in the words of an exception."""
    if status is not None and status < 0:
        return "Crash", f"the program was ended by signal {-status}"
    return "SystemExit", str(status or 0)


def _author_texts(fields: dict[str, str]) -> Text:
    by_language = {key.removeprefix("text:"): text for key, text in fields.items() if key.startswith("text:")}
    return by_language or texts_of(fields.get("text"))


def cut(text: str, length: int) -> str:
    """Return `text`, cut where it is longer than `length`."""
    return text if len(text) <= length else text[:length] + "…"
