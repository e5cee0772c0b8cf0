"""SQL cut into its statements, and what a check in SQL says in its comments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, get_args

from aralify_kernel.errors import N_
from aralify_kernel.i18n import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aralify_kernel.domain.content import Text

MAGIC: Final = "%%sql"
"""The line every cell of an SQL notebook begins with; no part of the SQL."""

_PART: Final = re.compile(
    r"""
      (?P<blank>\s+ | --[^\n]* | /\*.*?(?:\*/|\Z))
    | (?P<text>'(?:[^']|'')*'? | "(?:[^"]|"")*"? | `[^`]*`? | \[[^\]]*\]?)
    | (?P<end>;)
    | (?P<word>\w+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_MAGIC_LINE: Final = re.compile(rf"\A\s*{MAGIC}[^\S\n]*(?:\n|\Z)")
_TRIGGER: Final = re.compile(r"CREATE\s+(?:TEMP(?:ORARY)?\s+)?TRIGGER\b", re.IGNORECASE)
_DIRECTIVE: Final = re.compile(r"\s*--\s*(check|message)(?:\s+(\w+))?\s*:(.*)")

Kind = Literal["result", "rows", "query", "schema"]
Option = Literal["ordered", "names"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement without comments around it; `line` is where it begins in its source, from 1."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Parts:
    """One part of SQL text: its kind, where it stands, and the line it begins on, from 1."""

    kind: str
    text: str
    start: int
    line: int


@dataclass(frozen=True, slots=True)
class SqlCheck:
    """What a check in SQL compares. `body` are the statements below its comments, `table` belongs to `schema`."""

    kind: Kind
    table: str = ""
    options: frozenset[str] = frozenset()
    message: Text = field(default_factory=dict)
    body: tuple[Statement, ...] = ()


class NotACheck(Exception):
    """The comments of a check in SQL do not say what to compare. Holds a template and its values."""

    def __init__(self, template: str, **values: str) -> None:
        super().__init__(template)
        self.template = template
        self.values = values


def parts(source: str) -> Iterator[Parts]:
    """Yield the parts of SQL text in order; all of it is in one of them."""
    line = 1
    for found in _PART.finditer(source):
        yield Parts(found.lastgroup or "other", found[0], found.start(), line)
        line += found[0].count("\n")


def statements(source: str) -> tuple[Statement, ...]:
    r"""Return the statements of `source`, the last one with or without its semicolon.

    >>> [(s.line, s.text) for s in statements("-- two\nSELECT ';' ;\n\nSELECT 2")]
    [(2, "SELECT ';' ;"), (4, 'SELECT 2')]
    """
    found: list[Statement] = []
    first: Parts | None = None
    has_body = False
    end = 0
    recent: list[str] = []
    for part in parts(source):
        if part.kind == "blank" or (first is None and part.kind == "end"):
            continue  # an empty statement is none
        if first is None:
            first, has_body = part, _TRIGGER.match(source, part.start) is not None
        end = part.start + len(part.text)
        if part.kind == "end" and (recent == [";", "END"] or not has_body):
            found.append(Statement(source[first.start : end], first.line))
            first, recent = None, []
        else:
            recent = [*recent[-1:], part.text.upper()]
    if first is not None:
        found.append(Statement(source[first.start : end], first.line))
    return tuple(found)


def read_check(source: str) -> SqlCheck:
    r"""Return what a check compares.

    >>> check = read_check("-- check: result, ordered\n-- message: Sort them.\nDELETE FROM people;")
    >>> check.kind, sorted(check.options), check.message["en"], len(check.body)
    ('result', ['ordered'], 'Sort them.', 1)

    Raises:
        NotACheck: Its comments do not say so.
    """
    checks: list[str] = []
    message: dict[str, str] = {}
    for line in source.splitlines():
        found = _DIRECTIVE.fullmatch(line)
        if not found:
            continue
        key, language, text = found[1], found[2], found[3].strip()
        if key == "check":
            checks.append(text)
        elif language in {None, *LANGUAGES}:
            message |= dict.fromkeys([language] if language else LANGUAGES, text)
        else:
            raise NotACheck(N_("“{value}” is no language of a message. Known: {known}."), value=language, known=_LISTED)
    if len(checks) != 1:
        raise NotACheck(N_("A check in SQL has one line “-- check: …” that says what is compared."))
    return _read(checks[0], message, statements(source))


_LISTED: Final = ", ".join(LANGUAGES)


def _read(text: str, message: Text, body: tuple[Statement, ...]) -> SqlCheck:
    first, *options = [part.strip() for part in text.split(",")]
    kind, _, table = first.partition(" ")
    table = table.strip()
    for value, known in [(kind, get_args(Kind)), *((option, get_args(Option)) for option in options)]:
        if value not in known:
            raise NotACheck(N_("“{value}” is not known here. Known: {known}."), value=value, known=", ".join(known))
    if (kind == "schema") != bool(table):
        raise NotACheck(N_("Only a schema check names a table, and it must: “-- check: schema people”."))
    if kind in {"rows", "query"} and not body:
        raise NotACheck(N_("Write the query of this check below its comments."))
    if kind == "schema" and body:
        raise NotACheck(N_("A schema check has nothing below its comments."))
    return SqlCheck(kind, table, frozenset(options), message, body)  # type: ignore[arg-type]


def words(sources: Iterable[str]) -> frozenset[str]:
    """Return the words of SQL text that may be names of tables and columns."""
    return frozenset(part.text for source in sources for part in parts(source) if part.kind == "word")


def is_sql(source: str) -> bool:
    r"""Return whether a notebook's cell is one of SQL: whether its first line, blank ones aside, says so.

    >>> is_sql("%%sql  \r\nSELECT 1"), is_sql("\n%%sql"), is_sql("%%sqlite\nSELECT 1")
    (True, True, False)
    """
    return _MAGIC_LINE.match(source) is not None


def without_magic(source: str) -> str:
    """Return the SQL of a notebook's cell, without the line that makes it a cell of SQL."""
    return _MAGIC_LINE.sub("", source, count=1)


def with_magic(source: str, language: str) -> str:
    """Return the code cell of a notebook that holds `source`, of a course that teaches `language`."""
    return f"{MAGIC}\n{source}" if language == "sql" else source


def is_check_source(source: str) -> bool:
    """Return whether the SQL is that of a check, which compares and is not run."""
    return any(_DIRECTIVE.fullmatch(line) for line in source.splitlines())
