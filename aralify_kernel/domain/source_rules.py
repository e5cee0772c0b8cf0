"""Rules about how an answer is written: what its source must use, and what it must not use.

A rule teaches; it is no lock: code that hides what it uses (`eval`, an alias made at run time) is found by nobody but a
teacher.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.explanations.cases import Word
from aralify_kernel.domain.explanations.checks import text
from aralify_kernel.domain.explanations.programs import program
from aralify_kernel.domain.judging import CheckOutcome, Verdict
from aralify_kernel.domain.source_parts import first_use
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from aralify_kernel.domain.content import Rule, Text
    from aralify_kernel.domain.judging import Judgement

LONGEST: Final = 64 * 1024
"""In longer sources nothing is looked for: that would take seconds."""
_NAMED: Final[dict[str, str]] = {
    "loop": N_("a loop"),
    "recursion": N_("recursion"),
    "function": N_("a function (`def`)"),
    "comprehension": N_("a comprehension"),
    "slice": N_("a slice"),
    "f-string": N_("an f-string"),
}


def outcomes(rules: tuple[Rule, ...], source: str, language: str) -> tuple[CheckOutcome, ...]:
    """Return for each rule whether `source` keeps it; one that cannot be read keeps none. Never raises."""
    return tuple(_outcome(rule, source, language) for rule in rules)


def with_rules(judgement: Judgement, kept: tuple[CheckOutcome, ...]) -> Judgement:
    """Return `judgement` with the outcomes of the rules after its checks.

    An answer that breaks a rule is not PASSED and earns nothing, whatever its checks say; other verdicts stay.
    """
    judgement = replace(judgement, checks=(*judgement.checks, *kept))
    broken = [number for number, outcome in enumerate(kept) if not outcome.passed]
    if not broken or judgement.verdict not in {Verdict.PASSED, Verdict.FAILED}:
        return replace(judgement, points=0) if broken else judgement
    signature = hashlib.sha256(repr((judgement.signature, broken)).encode()).hexdigest()[:16]
    return replace(judgement, verdict=Verdict.FAILED, points=0, signature=signature)


def _outcome(rule: Rule, source: str, language: str) -> CheckOutcome:
    template = N_("Use {what}") if rule.must_use else N_("Do without {what}")
    told = CheckOutcome(text(template, what=_label(rule.what, language)), passed=True, hidden=False, points=0)
    if len(source) > LONGEST:
        message = N_("Your code is too long for this to be found out. Keep only what the exercise asks for.")
        return replace(told, passed=False, message=text(message))
    if language == "python" and not program(source).is_readable:
        message = N_("Your code cannot be read as Python, so this is not known yet.")
        return replace(told, passed=False, message=text(message))
    used = first_use(rule.what, source, language)
    if rule.must_use == (used is not None):
        return told
    return replace(told, passed=False, message=rule.message or _default(rule, used, _label(rule.what, language)))


def _default(rule: Rule, used: str | None, what: str) -> Text:
    if rule.must_use:
        template = N_("This exercise asks you to use {what}, and your code does not do that yet.")
        return text(template, what=what)
    template = N_("This exercise asks for an answer without {what}, but your code has `{used}`.")
    return text(template, what=what, used=used)


def _label(what: str, language: str) -> str:
    return Word(_NAMED[what]) if language == "python" and what in _NAMED else f"`{what}`"
