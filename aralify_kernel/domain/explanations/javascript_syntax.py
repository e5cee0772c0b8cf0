"""JavaScript that cannot be read, in words for beginners. The messages are V8's, and the parser's of Deno."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.explanations.cases import closest, code
from aralify_kernel.domain.javascript import line_of, tokens
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aralify_kernel.domain.explanations.cases import Case, Said
    from aralify_kernel.domain.javascript import Token

KEYWORDS: Final = frozenset(
    (
        *("const", "let", "var", "function", "return", "if", "else", "for", "while", "do", "switch", "case", "break"),
        *("continue", "class", "extends", "new", "this", "super", "true", "false", "null", "undefined", "typeof"),
        *("throw", "try", "catch", "finally", "async", "await", "of", "in", "export", "default", "static", "yield"),
    )
)
GLOBALS: Final = frozenset(
    (
        *("console", "Math", "Number", "String", "Boolean", "Array", "Object", "Map", "Set", "Date", "JSON", "Promise"),
        *("RegExp", "Symbol", "BigInt", "Error", "TypeError", "RangeError", "parseInt", "parseFloat", "isNaN"),
    )
)
ELSEWHERE: Final = {
    "print": "console.log", "echo": "console.log", "puts": "console.log", "log": "console.log", "None": "null",
    "nil": "null", "NULL": "null", "True": "true", "False": "false", "self": "this", "len": ".length",
    "str": "String", "int": "Number", "float": "Number", "and": "&&", "or": "||", "not": "!", "elif": "else if",
    "elseif": "else if", "def": "function", "func": "function", "fn": "function", "fun": "function",
    "except": "catch", "raise": "throw",
}  # fmt: skip


def unreadable(case: Case) -> Said | None:
    """Return why a source cannot be read; None where it can, and a text that it reads cannot."""
    if case.found("JSON|Invalid regular expression"):
        return None
    said = (reader(case) for reader in _READERS)
    return next((one for one in said if one is not None), None) or case.say(
        N_("JavaScript cannot read line {line}: `{error}`."),
        N_(
            "Look at this line and the one above: is a bracket, a comma, a quote or an operator missing, or one too many?"
        ),
        error=code(case.message),
    )


def _foreign_word(case: Case) -> Said | None:
    for token in on_line(case):
        right = ELSEWHERE.get(token.text) if token.kind == "name" else None
        if right is None and token.kind == "name" and token.text not in KEYWORDS and token.text not in GLOBALS:
            near = closest(token.text, (word for word in KEYWORDS if len(word) > 4))
            right = near if near and _words_follow(case, token) else None
        if right:
            return case.say(
                N_("JavaScript cannot read line {line}: it does not know the word `{name}` there."),
                N_("Did you mean `{close}`?"),
                name=code(token.text),
                close=right,
            )
    return None


def _words_follow(case: Case, token: Token) -> bool:
    """Whether another word or value stands right behind `token`, as only behind a word of the language."""
    parts = list(on_line(case))
    after = parts[parts.index(token) + 1 : parts.index(token) + 2]
    return bool(after) and (after[0].kind != "sign" or after[0].text == "{")


def _not_closed(case: Case) -> Said | None:
    if case.found("Unterminated template"):
        return case.say(N_("The text that begins on line {line} is not closed."), N_("Write the backtick at its end."))
    if case.found("Unterminated string|Invalid or unexpected token") and (quote := _open_quote(case)):
        return case.say(
            N_("The text that begins on line {line} is not closed."), N_("Write `{quote}` at its end."), quote=quote
        )
    opened = _open_bracket(case.program.source)
    if case.found("Unexpected end of input|Expected '[)}]'|Expected ','|<eof>") and opened:
        return case.say(
            N_("The `{bracket}` on line {open_line} is never closed."),
            N_("Write `{closing}` where it should end."),
            bracket=opened.text,
            closing=_PAIRS[opened.text],
            open_line=line_of(case.program.source, opened.start),
        )
    if case.found("Unexpected end of input"):
        return case.say(
            N_("Your code ends too early, on line {line}."),
            N_("What should come after the last word or sign?"),
        )
    return None


_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}


def _open_quote(case: Case) -> str | None:
    texts = [token.text for token in on_line(case) if token.kind == "text"]
    return texts[-1][0] if texts and (len(texts[-1]) == 1 or texts[-1][-1] != texts[-1][0]) else None


def _open_bracket(source: str) -> Token | None:
    """Return the innermost bracket that is not closed, or None where all are, or one too many."""
    opened: list[Token] = []
    for token in tokens(source):
        if token.kind != "sign":
            continue
        if token.text in _PAIRS:
            opened.append(token)
        elif token.text in _PAIRS.values():
            if not opened:
                return None
            if _PAIRS[opened.pop().text] != token.text:
                return None
    return opened[-1] if opened else None


def _too_many(case: Case) -> Said | None:
    if not case.found("Expression expected|Unexpected token"):
        return None
    depth = 0
    for token in tokens(case.program.source):
        depth += {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}.get(token.text, 0) * (token.kind == "sign")
        if depth < 0:
            return case.say(
                N_("The `{bracket}` on line {close_line} closes nothing."),
                N_("Take it out, or look for the bracket that should open it."),
                bracket=token.text,
                close_line=line_of(case.program.source, token.start),
            )
    return None


def _twice(case: Case) -> Said | None:
    found = case.found(r"Identifier '(.+?)' has already been declared")
    if not found:
        return None
    return case.say(
        N_("Line {line} makes `{name}` a second time."),
        N_("Write `let` or `const` only the first time; afterwards the name alone is enough."),
        name=code(found[1]),
    )


def _misplaced(case: Case) -> Said | None:
    found = case.found(r"Illegal (return|break|continue) statement")
    if found and found[1] == "return":
        return case.say(
            N_("The `return` on line {line} is outside of any function."),
            N_("Move it into the function, between its `{{` and `}}`."),
        )
    if found:
        return case.say(
            N_("The `{word}` on line {line} is outside of any loop."),
            N_("Move it into the loop, between its `{{` and `}}`."),
            word=found[1],
        )
    if case.found("Unexpected reserved word|await is only valid"):
        return case.say(
            N_("Line {line} uses `await` in a function that is not `async`."),
            N_("Write `async` in front of that function."),
        )
    return None


def _no_value(case: Case) -> Said | None:
    if case.found("Missing initializer in const declaration"):
        return case.say(
            N_("The `const` on line {line} gets no value."),
            N_("Write `= …` behind the name, or use `let`."),
        )
    if case.found("Invalid assignment target|Invalid left-hand side"):
        return case.say(
            N_("On line {line}, what stands to the left of the `=` cannot get a value."),
            N_("The name stands to the left, its value to the right. To compare, write `===`."),
        )
    return None


def _missing_sign(case: Case) -> Said | None:
    found = case.found(r"^Expected '(.)', got (?:'(.+?)'|(?:numeric|string) literal)")
    if not found:
        return None
    return case.say(
        N_("JavaScript cannot read line {line}: it expects `{sign}` there."),
        N_("Is a `{sign}` missing on line {line}, or another bracket or comma just before it?"),
        sign=found[1],
    )


_READERS: Final[tuple[Callable[[Case], Said | None], ...]] = (
    _twice, _misplaced, _no_value, _foreign_word, _too_many, _not_closed, _missing_sign,
)  # fmt: skip


def on_line(case: Case) -> Iterator[Token]:
    """Return the parts of the line that an error is on, comments left out."""
    source = case.program.source
    return (t for t in tokens(source) if t.kind != "blank" and line_of(source, t.start) == case.line)
