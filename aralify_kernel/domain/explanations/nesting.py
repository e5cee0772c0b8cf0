"""Sources in which too much stands inside each other for Python to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from aralify_kernel.domain.explanations.cases import Case, Said


def too_deep_to_read(case: Case) -> Said | None:
    """Explain that brackets, blocks or one expression are nested more deeply than Python reads."""
    if case.line is None:
        return case.say(
            N_("Your code has one expression that is too long or too deep for Python to read."),
            N_("Split it: store its parts in variables, or use a loop."),
        )
    if case.found("too many nested parentheses"):
        return case.say(
            N_("Line {line} has more brackets inside each other than Python can read."),
            N_("Split it: store its parts in variables, or use a loop."),
        )
    if case.found("too many (?:levels of indentation|statically nested blocks)"):
        return case.say(
            N_("Line {line} is inside more blocks than Python can read."),
            N_("Put the inner part into a function of its own."),
        )
    return None
