"""The learner's program and the checks, put together for Deno.

The program is one module: what runs before the learner's source stands around it in blocks, so that its names are
within reach and may be declared again. Behind it stands a function that evaluates a piece of a check in its midst.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.javascript import declared_names, line_of, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aralify_kernel.domain.javascript import Token

SCOPE: Final = "$aralify_scope$"
_ASKING: Final = frozenset(("equal", "deepEqual", "throws", "prints"))
_CAPTURED: Final = ".from(($aralify$) => eval($aralify$))"
_DECLARES: Final = frozenset(("const", "let", "var", "function", "class"))
_LONGEST_VALUE: Final = 60
_LOOPS: Final = frozenset(("while", "for"))


@dataclass(frozen=True, slots=True)
class Program:
    """A learner's program for Deno. `before` counts the lines above the learner's own, `module` has the whole."""

    source: str
    module: str
    before: int


def program(context: Sequence[str], source: str, own_names: Sequence[str]) -> Program:
    """Return what runs `source` after `context`, of which the `own_names` are out of reach."""
    around = [without_exports(part) for part in context]
    hidden = sorted(set(own_names).intersection(*[frozenset().union(*map(declared_names, around))]))
    opening = "".join(f"{part}\n;{{\n" for part in around) + "$aralify_barrier$: {{\n"
    # A name whose declaration is never reached can be used by nobody in the block, unless the learner declares it.
    barrier = f"let {', '.join(hidden)};" if hidden else ""
    leave = f"\n;globalThis.{SCOPE} = ($aralify$) => eval($aralify$);\nbreak $aralify_barrier$;\n}}\n"
    closing = f"{leave}{barrier}}}{'}' * len(around)}"
    return Program(source, opening + without_exports(source) + closing, opening.count("\n"))


def without_exports(source: str) -> str:
    """Return `source` with what only a module may say blanked out; every line and column stays where it was."""
    parts = [token for token in tokens(source) if token.kind != "blank"]
    cuts: list[tuple[int, int]] = []
    for at, token in enumerate(parts):
        if token.text != "export" or token.depth or not _begins_statement(parts, at):
            continue
        following = parts[at + 1] if at + 1 < len(parts) else token
        if following.text == "{":
            end = next((p.end for p in parts[at + 2 :] if p.depth == 0 and p.text == "}"), following.end)
        else:
            end = following.end if following.text == "default" else token.end
        cuts.append((token.start, end))
    for start, end in cuts:
        source = source[:start] + "".join(c if c == "\n" else " " for c in source[start:end]) + source[end:]
    return source


def imports(source: str) -> int | None:
    """Return the line of the first `import` of a module, or None."""
    parts = [token for token in tokens(source) if token.kind != "blank"]
    for at, (token, following) in enumerate(pairwise(parts)):
        is_first = token.text == "import" and token.kind == "name" and not token.depth and _begins_statement(parts, at)
        if is_first and following.text not in {"(", ".", "=", ":"}:
            return line_of(source, token.start)
    return None


def _begins_statement(parts: Sequence[Token], at: int) -> bool:
    return at == 0 or parts[at - 1].text in {";", "}"} or parts[at - 1].kind != "sign"


def check_source(source: str) -> str:
    """Return a check whose calls know the variables within reach where they stand."""
    parts = [token for token in tokens(source) if token.kind != "blank"]
    places = [
        token.end
        for at, token in enumerate(parts[:-1])
        if token.text in _ASKING
        and parts[at + 1].text == "("
        and (at == 0 or parts[at - 1].text not in {".", "function"})
    ]
    for place in reversed(places):
        source = source[:place] + _CAPTURED + source[place:]
    return source


def shown_call(thunk: str, values: dict[str, str]) -> str:
    """Return what a piece of a check calls, without the `() =>` around it and with its variables filled in."""
    parts = tokens(thunk)
    arrow = next((token for token in parts if token.text == "=>" and token.depth == 0), None)
    body = [token for token in parts if arrow is None or token.start >= arrow.end]
    code = [token for token in body if token.kind != "blank"]
    if arrow and code and code[0].text == "{" and code[-1].text == "}":
        body = body[body.index(code[0]) + 1 : body.index(code[-1])]
    own = {after.text for before, after in pairwise(code) if before.text in _DECLARES}
    shown = []
    before = ""
    for token in body:
        value = values.get(token.text) if token.kind == "name" and token.text not in own and before != "." else None
        shown.append(value if value is not None and len(value) <= _LONGEST_VALUE else token.text)
        before = before if token.kind == "blank" else token.text
    return " ".join("".join(shown).split())


def only_loop(source: str) -> int | None:
    """Return the line of the only loop in `source`; None where there is none, or more than one."""
    lines = [line_of(source, token.start) for token in tokens(source) if token.kind == "name" and token.text in _LOOPS]
    return lines[0] if len(lines) == 1 else None
