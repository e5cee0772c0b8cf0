"""What a notebook allows and a program does not: magics, shell commands, questions, `await` outside of a function."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from aralify_kernel.domain.explanations.cases import Case, Said

_MARKS: Final = re.compile(r"[%!?]|[\w.]+\?{1,2}$|\w+(?:\s*,\s*\w+)*\s*=\s+(?=[%!])")
_AWAITS: Final = re.compile(r"'(await|async \w+)' outside (?:async )?function|(asynchronous comprehension) outside")


def only_there(case: Case) -> Said | None:
    """Explain a SyntaxError for something that only a notebook understands."""
    return _line_of_a_notebook(case) or _await(case)


def _line_of_a_notebook(case: Case) -> Said | None:
    text = case.program.text_of(case.line).strip()
    found = _MARKS.match(text)
    if not found:
        return None
    advice = N_("Leave such lines out of the exercise's cell; they may stand in a cell of their own.")
    if text[0] in "%!?":
        return case.say(
            N_("Line {line} begins with `{mark}`, which only a notebook understands."), advice, mark=text[0]
        )
    mark = "?" if text.endswith("?") else text[found.end()]
    return case.say(N_("Line {line} uses `{mark}` in a way that only a notebook understands."), advice, mark=mark)


def _await(case: Case) -> Said | None:
    found = _AWAITS.search(case.message)
    if not found:
        return None
    return case.say(
        N_("Line {line} uses `{word}` outside of a function. A notebook allows that; the check does not."),
        N_("Put it into a function that begins with `async def`."),
        word="await" if found[2] else found[1],
    )
