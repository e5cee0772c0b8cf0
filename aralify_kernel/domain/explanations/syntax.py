"""Sources that Python cannot read: SyntaxError, IndentationError, TabError."""

from __future__ import annotations

import io
import keyword
import re
import tokenize
import warnings
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.explanations import nesting, notebooks
from aralify_kernel.domain.explanations.cases import closest, code
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from aralify_kernel.domain.explanations.cases import Case, Said

_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_OPENING: Final = {closing: opening for opening, closing in _CLOSING.items()}
_FOREIGN: Final = {
    "&&": "and",
    "||": "or",
    "=>": ">=",
    "=<": "<=",
    "=!": "!=",
    "<>": "!=",
    "===": "==",
    "++": "+= 1",
    "--": "-= 1",
}
_QUESTIONS: Final = ("if", "elif", "while")
_FIRST_WORDS: Final = frozenset(
    ("if", "elif", "else", "for", "while", "def", "return", "import", "from", "class", "try")
)


def unreadable(case: Case) -> Said:
    """Explain a SyntaxError; there is always something to say."""
    return (
        notebooks.only_there(case)
        or nesting.too_deep_to_read(case)
        or _quote(case)
        or _bracket(case)
        or _character(case)
        or _foreign_word(case)
        or _equals(case)
        or _colon(case)
        or _print(case)
        or _misplaced(case)
        or _number(case)
        or _reserved(case)
        or _alone(case)
        or _half(case)
        or _misspelled(case)
        or _comma(case)
        or _general(case)
    )


def indentation(case: Case) -> Said:
    """Explain an IndentationError or a TabError."""
    if case.type == "TabError" or case.found("inconsistent use of tabs"):
        return case.say(
            N_("Line {line} mixes tabs and spaces."), N_("Use spaces only: 4 of them for each step to the right.")
        )
    block = case.found(r"expected an indented block(?: after .* on line (\d+))?")
    if block:
        return _empty_block(case, int(block[1]) if block[1] else max((case.line or 2) - 1, 1))
    deep = nesting.too_deep_to_read(case)
    if deep:
        return deep
    if case.found("unindent does not match"):
        return case.say(
            N_("The start of line {line} is not in line with any line above it."),
            N_("Use 4 spaces for each step, and the same number for lines that belong together."),
        )
    return case.say(
        N_("Line {line} starts with spaces that do not belong there."),
        N_("Put line {line} right under the start of the line before it."),
    )


def _empty_block(case: Case, header: int) -> Said:
    what = N_("Line {header_line} ends with `:`, but nothing below it is indented.")
    if case.program.text_of(case.line).strip() and case.line != header:
        return case.say(what, N_("Put 4 spaces at the start of line {line}."), header_line=header)
    return case.say(what, N_("Write at least one line below it, with 4 spaces in front."), header_line=header)


def _text(case: Case) -> str:
    return case.program.text_of(case.line).strip()


def _bare(case: Case) -> str:
    """Return the line without what stands in quotes and without its comment."""
    return re.sub(r"#.*", "", re.sub(r"'[^']*'|\"[^\"]*\"", '""', _text(case)))


def _quote(case: Case) -> Said | None:
    if case.found(r"unterminated triple-quoted|EOF while scanning triple"):
        return case.say(
            N_("The text that begins with three quotes on line {line} never ends."),
            N_("Put the same three quotes at the end of the text."),
        )
    if not case.found(r"unterminated (?:f-|t-)?string literal|EOL while scanning"):
        return None
    text = _text(case)
    if re.search(r"\w'\w", text):
        return case.say(
            N_("The text on line {line} ends too early, at the `'` inside it."),
            N_("Put `\"` around the text instead of `'`.") if '"' not in text else N_("Write `\\'` inside the text."),
        )
    quote = next((character for character in text if character in "\"'"), '"')
    return case.say(
        N_("The text on line {line} begins with a quote, but has no quote at its end."),
        N_("Put the same quote, `{quote}`, at the end of the text."),
        quote=quote,
    )


def _bracket(case: Case) -> Said | None:
    opened = case.found(r"'([(\[{])' was never closed")
    if opened:
        return case.say(
            N_("The `{bracket}` on line {line} is never closed."),
            N_("Put the `{closing}` that belongs to it where it ends, often at the end of line {line}."),
            bracket=opened[1],
            closing=_CLOSING[opened[1]],
        )
    mixed = case.found(r"closing parenthesis '([)\]}])' does not match opening parenthesis '([(\[{])'")
    if mixed:
        return case.say(
            N_("Line {line} closes with `{bracket}` what was opened with `{opening}`."),
            N_("Write `{closing}` instead of `{bracket}`."),
            bracket=mixed[1],
            opening=mixed[2],
            closing=_CLOSING[mixed[2]],
        )
    extra = case.found(r"unmatched '([)\]}])'")
    if extra:
        return case.say(
            N_("Line {line} has one `{bracket}` too many."),
            N_("Remove it, or add the `{opening}` that belongs to it."),
            bracket=extra[1],
            opening=_OPENING[extra[1]],
        )
    if case.found(r"unexpected EOF while parsing"):
        return case.say(
            N_("The code ends before Python expects it, on line {line}."),
            N_("Look for a bracket or a quote that is never closed."),
        )
    return None


def _character(case: Case) -> Said | None:
    found = case.found(r"invalid character '(.)' \(U\+") or case.found(r"invalid non-printable character (U\+\w+)")
    if not found:
        return None
    if found[1] in "“”„‘’‚":
        return case.say(
            N_("Line {line} has the curly quote `{character}`, which Python does not read as a quote."),
            N_('Type it again as a straight quote: `"`.'),
            character=found[1],
        )
    return case.say(
        N_("Line {line} has the character `{character}`, which Python cannot read."),
        N_("Remove it, and type that place again."),
        character=code(found[1]),
    )


def _foreign_word(case: Case) -> Said | None:
    """Explain `else if`, `&&`, `=>`: spellings of other languages."""
    bare = _bare(case)
    if re.match(r"else\s+if\b|elseif\b|elif?se\b", bare) or (re.match(r"else\b\s*[^\s:]", bare)):
        return case.say(
            N_("The `else` on line {line} is followed by a condition, but in Python that is `elif`."),
            N_("Write `elif`, then the condition, then `:`. A plain `else:` has no condition."),
        )
    wrong = next((sign for sign in sorted(_FOREIGN, key=len, reverse=True) if sign in bare), None)
    if wrong is None:
        return None
    return case.say(
        N_("`{wrong}` on line {line} is not an operator of Python."),
        N_("Write `{right}` instead of `{wrong}`."),
        wrong=wrong,
        right=_FOREIGN[wrong],
    )


def _equals(case: Case) -> Said | None:
    is_assignment = case.found(r"cannot assign to|Maybe you meant '=='")
    first = _text(case).split(" ")[0].split("(")[0]
    if not is_assignment:
        return None
    if first in _QUESTIONS:
        return case.say(
            N_("Line {line} uses one `=` to compare, but one `=` stores a value."),
            N_("Write `==` on line {line} to ask whether both sides are equal."),
        )
    return case.say(
        N_("What stands on the left of `=` on line {line} cannot store a value."),
        N_("Put one name on the left of `=`, and its value on the right."),
    )


def _colon(case: Case) -> Said | None:
    if not case.found("expected ':'"):
        return None
    if _bare(case).rstrip().endswith(":") or not _is_whole_header(case):
        return case.say(
            N_("A colon (`:`) is missing on line {line}."),
            N_("Put the `:` right after the condition or the brackets, and check the line for anything else."),
        )
    return case.say(N_("A colon (`:`) is missing at the end of line {line}."), N_("Add `:` at the end of line {line}."))


def _is_whole_header(case: Case) -> bool:
    """Whether the line would be read with a colon at its end."""
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(_header(_text(case)), "", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _header(text: str) -> str:
    text = re.sub(r"#[^\"']*$", "", text).rstrip()
    before = {"elif": "if 1:\n pass\n", "else": "if 1:\n pass\n", "except": "try:\n pass\n", "finally": "try:\n pass\n"}
    return before.get(re.split(r"\W", text)[0], "") + text + ":\n pass"


def _print(case: Case) -> Said | None:
    found = case.found(r"Missing parentheses in call to '(\w+)'")
    if not found:
        return None
    return case.say(
        N_("The `{function}` on line {line} has no parentheses."),
        N_("Write `{function}(…)`, with what it should use between the parentheses."),
        function=found[1],
    )


def _misplaced(case: Case) -> Said | None:
    if case.found(r"'return' outside function"):
        return case.say(
            N_("The `return` on line {line} is not inside a function."),
            N_("Indent it under the `def` it belongs to, or remove it."),
        )
    found = case.found(r"'(break|continue)' (?:outside|not properly in) loop")
    if found:
        return case.say(
            N_("The `{word}` on line {line} is not inside a loop."),
            N_("Indent it under the loop it belongs to, or remove it."),
            word=found[1],
        )
    return None


def _number(case: Case) -> Said | None:
    if case.found("leading zeros in decimal"):
        return case.say(
            N_("Line {line} has a number that begins with 0."),
            N_("Leave the 0 out, or put quotes around it if it is text, such as a phone number."),
        )
    if case.found(r"invalid (?:decimal|hexadecimal|octal|binary|imaginary) literal"):
        return case.say(
            N_("Line {line} has a number with letters right after it."),
            N_("A name cannot begin with a digit. If you want to multiply, write `*` between the two."),
        )
    return None


def _reserved(case: Case) -> Said | None:
    bare = _bare(case)
    found = re.match(r"(\w+)\s*(?:=[^=]|[-+*/]=)", bare) or re.match(r"(?:def|for|class|import)\s+(\w+)", bare)
    if not found or not keyword.iskeyword(found[1]):
        return None
    return case.say(
        N_("Python keeps the word `{word}` on line {line} for itself, so it cannot be a name."),
        N_("Choose another name, such as `my_{word}`."),
        word=found[1].lower(),
    )


def _alone(case: Case) -> Said | None:
    """Explain an `else` that no `if` stands above."""
    found = re.match(r"(else|elif)\b.*:", _bare(case))
    if not found:
        return None
    return case.say(
        N_("The `{word}` on line {line} has no `if` that it belongs to."),
        N_("Put it under its `if`, with as many spaces in front, and with nothing else between the two parts."),
        word=found[1],
    )


def _half(case: Case) -> Said | None:
    """Explain a line that ends where a value should follow."""
    found = re.search(r"(\*\*|//|[-+*/%=<>]=?|\b(?:and|or|not|in))$", _bare(case).rstrip())
    if not found:
        return None
    return case.say(
        N_("Line {line} ends with `{operator}`, but nothing follows it."),
        N_("Write the missing value after `{operator}`, or remove it."),
        operator=found[1],
    )


def _misspelled(case: Case) -> Said | None:
    """Explain a first word that is nearly a word of Python: `whlie x < 3:`."""
    found = re.match(r"([a-zA-Z_]\w*)\b(?!\s*[=(.\[,:])", _text(case))
    suggested = case.found(r"Did you mean '(\w+)'")
    close = suggested[1] if suggested else (closest(found[1], _FIRST_WORDS) if found else None)
    if not found or not close or keyword.iskeyword(found[1]):
        return None
    return case.say(
        N_("Line {line} begins with `{word}`, which Python does not know. Did you mean `{close}`?"),
        N_("Write `{close}` on line {line}, then run the cell again."),
        word=found[1],
        close=close,
    )


def _comma(case: Case) -> Said | None:
    if not case.found("forgot a comma"):
        return None
    return case.say(
        N_("Something is missing between two values on line {line}, maybe a comma."),
        N_("Put a `,` between the values, or an operator such as `+`."),
    )


def _general(case: Case) -> Said:
    if case.line and case.line > 1 and _ends_open(case.program.text_of(case.line - 1)):
        return case.say(
            N_("Python cannot read line {line}, because line {previous_line} is not finished."),
            N_("Look for a missing bracket, quote or comma on line {previous_line}."),
            previous_line=case.line - 1,
        )
    return case.say(
        N_("Python cannot read line {line}."),
        N_("Look at line {line} and the one before it: is a bracket, a quote, a comma or a `:` missing?"),
    )


def _ends_open(text: str) -> bool:
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            depth += (token.string in _CLOSING) - (token.string in _OPENING) if token.type == tokenize.OP else 0
    except (tokenize.TokenError, SyntaxError):
        return True
    return depth > 0
