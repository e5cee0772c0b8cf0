"""Answers that an author has foreseen: they get the author's own message, and nothing of ours beside it."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from aralify_kernel.domain.explanations.programs import program

if TYPE_CHECKING:
    from aralify_kernel.domain.content import Mistake
    from aralify_kernel.domain.judging import CheckOutcome, Judgement


def listed(mistakes: tuple[Mistake, ...], source: str, language: str) -> Mistake | None:
    """Return the listed mistake that `source` is, whatever its comments and spaces, where it has a message of its own."""
    told = [mistake for mistake in mistakes if mistake.expect]
    wanted = _essence(source, language) if told else None
    return next((mistake for mistake in told if _essence(mistake.source, language) == wanted), None)


def with_mistake(judgement: Judgement, mistake: Mistake) -> Judgement:
    """Return `judgement` with the author's message for `mistake` where the learner looks first, and without shapes.

    The check that says it may be a later one than the first that fails.
    """
    failing = [outcome for outcome in judgement.checks if not outcome.passed]
    chosen = next((one.message for one in failing if _says(one, mistake.expect)), None)
    checks = tuple(replace(outcome, shape={}) for outcome in judgement.checks)
    if chosen is not None:
        first = judgement.checks.index(failing[0])
        checks = (*checks[:first], replace(checks[first], message=chosen), *checks[first + 1 :])
    return replace(judgement, checks=checks)


def _says(outcome: CheckOutcome, expect: str) -> bool:
    return any(expect in told for told in outcome.message.values())


def _essence(source: str, language: str) -> str:
    read = program(source)
    if language == "python" and read.is_readable:
        try:
            return ast.dump(read.tree)
        except RecursionError:
            return source
    return "\n".join(line.rstrip() for line in source.strip().splitlines())
