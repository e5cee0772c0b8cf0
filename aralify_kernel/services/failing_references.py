"""Why a reference does not pass: itself, one of its checks or one of its rules, each named."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.judging import Verdict
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aralify_kernel.domain.content import Text
    from aralify_kernel.domain.course import Problem
    from aralify_kernel.domain.judging import CheckOutcome, Judgement, JudgeTask
    from aralify_kernel.grading import Grader

    Reporter = Callable[..., Problem]

_NOT_INSTALLED: Final = re.compile(r"ModuleNotFoundError: No module named '([^']+)'")


def reasons(task: JudgeTask, exercise: str, grader: Grader, report: Callable[[str], Reporter]) -> Iterator[Problem]:
    """Yield what is wrong where the reference of `exercise`, the source of `task`, does not pass.

    The reference is judged once more without checks, then with all of them visible, since their author may see them.

    Args:
        task: The reference as it was judged.
        exercise: The id of the exercise.
        grader: What judged it.
        report: Returns, for the key of a place, what makes a problem there.
    """
    alone = grader.judge(replace(task, checks=(), rules=(), mistakes=()))
    if alone.verdict is not Verdict.PASSED:
        yield _of_reference(alone, report(exercise))
        return
    checks = tuple(replace(check, hidden=False) for check in sorted(task.checks, key=lambda check: check.hidden))
    judgement = grader.judge(replace(task, checks=checks, mistakes=()))
    failing = [
        (report(check.id), outcome)
        for check, outcome in zip(checks, judgement.checks, strict=False)
        if not outcome.passed
    ]
    if failing and judgement.verdict in {Verdict.TIMEOUT, Verdict.LIMIT}:
        yield _of_endless_check(judgement, failing[0][0])  # the ones after it have not run
    else:
        for at_check, outcome in failing:
            yield _of_check(outcome, at_check)
    for number, outcome in enumerate(judgement.checks[len(checks) :], start=1):
        if not outcome.passed:
            at_rule = report(f"{exercise}.rules[{number}]")
            yield at_rule(N_("The reference does not keep this rule: {told}"), told=_either(outcome.message))


def _of_reference(judgement: Judgement, report: Reporter) -> Problem:
    told = f"{judgement.error.type}: {judgement.error.message}" if judgement.error else judgement.verdict.value
    missing = _NOT_INSTALLED.match(told)
    if missing:
        return report(N_("The reference imports “{module}”, which is not installed here."), module=missing[1])
    if judgement.verdict is Verdict.TIMEOUT:
        return report(N_("The reference does not come to an end: {told}"), told=told)
    return report(N_("The reference stops before any check: {told}"), told=told)


def _of_endless_check(judgement: Judgement, report: Reporter) -> Problem:
    told = f"{judgement.error.type}: {judgement.error.message}" if judgement.error else judgement.verdict.value
    if judgement.verdict is Verdict.TIMEOUT:
        return report(N_("With the reference, this check does not come to an end: {told}"), told=told)
    return report(N_("With the reference, this check needs more than an answer may use: {told}"), told=told)


def _of_check(outcome: CheckOutcome, report: Reporter) -> Problem:
    missing = _NOT_INSTALLED.match(outcome.got or "")
    if missing:
        return report(N_("This check imports “{module}”, which is not installed here."), module=missing[1])
    values = {"call": outcome.call, "expected": outcome.expected, "got": outcome.got}
    details = ", ".join(f"{key}: {value}" for key, value in values.items() if value is not None)
    told = " · ".join(filter(None, (*dict.fromkeys(outcome.message.values()), details)))
    return report(N_("The reference does not pass this check: {told}"), told=told or Verdict.FAILED.value)


def _either(message: Text) -> str:
    return " · ".join(dict.fromkeys(message.values()))
