"""From what two databases answered to the judgement a learner reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.explanations import LIMITS, explain, explain_check
from aralify_kernel.domain.explanations.results import explain_difference
from aralify_kernel.domain.judging import CheckOutcome, Judgement, LearnerError, Verdict
from aralify_kernel.domain.tables import difference
from aralify_kernel.grading.judgements import cut, signature
from aralify_kernel.grading.sql.attempts import SqlError
from aralify_kernel.grading.sql.places import line_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aralify_kernel.domain.content import Check
    from aralify_kernel.domain.judging import Isolation, JudgeTask
    from aralify_kernel.domain.statements import SqlCheck, Statement
    from aralify_kernel.grading.sql.attempts import Answer

_LENGTH: Final = 2000
_CALL_LENGTH: Final = 400


def compared(check: Check, asks: SqlCheck, expected: Answer, got: Answer) -> CheckOutcome:
    """Return what came of one check, given the answers of the reference's database and of the learner's."""
    failed_alike = isinstance(expected, SqlError) and isinstance(got, SqlError) and expected.message == got.message
    if failed_alike:
        return CheckOutcome(check.name, True, check.hidden, check.points)
    if isinstance(expected, SqlError) or isinstance(got, SqlError):
        error = got.message if isinstance(got, SqlError) else ""
        message = asks.message or (explain_check("broke", error=error) if error and not check.hidden else {})
    else:
        how = difference(expected, got, asks.options | {"ordered"} if asks.kind == "schema" else asks.options)
        if how is None:
            return CheckOutcome(check.name, True, check.hidden, check.points)
        message = asks.message or ({} if check.hidden else explain_difference(how, expected, got))
    if check.hidden:
        return CheckOutcome(check.name, False, True, check.points, message)
    call = cut("\n".join(statement.text for statement in asks.body), _CALL_LENGTH) if asks.kind != "rows" else ""
    return CheckOutcome(check.name, False, False, check.points, message, call or None, _shown(expected), _shown(got))


def _shown(answer: Answer) -> str:
    if isinstance(answer, SqlError):
        return cut(answer.message, _LENGTH)
    return "–" if answer is None else cut(str(answer), _LENGTH)


def judgement(
    task: JudgeTask,
    outcomes: Mapping[int, CheckOutcome],
    isolation: Isolation,
    duration_ms: float,
    *,
    stopped: tuple[Verdict, LearnerError | None] | None = None,
) -> Judgement:
    """Return the judgement of an attempt; what `stopped` it decides the verdict."""
    every = tuple(
        outcomes.get(number) or CheckOutcome(check.name, False, check.hidden, check.points)
        for number, check in enumerate(task.checks)
    )
    verdict, error = stopped or (Verdict.PASSED if all(o.passed for o in every) else Verdict.FAILED, None)
    return Judgement(
        verdict=verdict,
        points=sum(outcome.points for outcome in every if outcome.passed),
        max_points=sum(check.points for check in task.checks),
        checks=every,
        isolation=isolation,
        error=error,
        signature="" if verdict is Verdict.PASSED else signature(task, verdict, error, every),
        duration_ms=duration_ms,
    )


def refused(
    error: SqlError, source: str, statements: Sequence[Statement], names: frozenset[str], *, in_notebook: bool = False
) -> LearnerError:
    """Return the error of a learner's statement, explained; `in_notebook` when a cell ran there and was not judged."""
    language = "sql in a notebook" if in_notebook else "sql"
    line = line_of(error, statements)
    told = explain(error.type, error.message, line, source, language=language, notebook_names=names)
    return LearnerError(error.type, cut(error.message, _LENGTH), line, told.explanation, told.advice)


def ended(why: str, source: str, seconds: float) -> tuple[Verdict, LearnerError]:
    """Return the verdict and the error of statements that were stopped: `memory`, `output`, `time` or `crash`."""
    if why == "time":
        verdict, name, message = Verdict.TIMEOUT, "TimeoutError", f"stopped after {seconds:g} seconds"
    elif why in LIMITS:
        verdict, (name, message) = Verdict.LIMIT, LIMITS[why]
    else:
        verdict, name, message = Verdict.ERROR, "Crash", "the database ended"
    told = explain(name, message, None, source, language="sql")
    return verdict, LearnerError(name, message, None, told.explanation, told.advice)
