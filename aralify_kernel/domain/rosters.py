"""The list of a class as schools have it: a CSV file out of any spreadsheet, read line by line.

Nothing is guessed about people: who is named by a user name is that person, who is named by a name only is new.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain import accounts
from aralify_kernel.errors import N_, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MOST_LINES: Final = 20_000
MOST_BYTES: Final = 5_000_000

_HEADINGS: Final = {
    "username": "username user login account",
    "name": "name displayname fullname student learner pangalan buongpangalan mag-aaral",
    "first": "firstname givenname first unangpangalan",
    "last": "lastname surname familyname last apelyido",
    "email": "email emailaddress mail",
}
"""By what a column is known, without blanks and in small letters."""

_COLUMNS: Final = {word: column for column, words in _HEADINGS.items() for word in words.split()}


class Entry(Enum):
    """What a line of a roster does."""

    NEW = "new"
    """Makes an account, and lets it in."""
    LET_IN = "let_in"
    """Lets in somebody who has an account."""
    IS_IN = "is_in"
    """Nothing: they are in the class already."""
    PROBLEM = "problem"
    """Cannot be read; `problem` says why."""


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One line, numbered as spreadsheets do. `problem` is an error to be told in the reader's language, or None."""

    number: int
    username: str
    display_name: str
    email: str | None = None
    entry: Entry = Entry.NEW
    problem: InvalidValue | None = None


def read(data: bytes) -> tuple[RosterLine, ...]:
    """Return the lines of a roster as they stand, each checked for itself; `username` is "" where the file has none.

    It may be UTF-8 or UTF-16, with a mark of its byte order or without, or Windows-1252; separated by commas, semicolons or
    tabs; with headings in English or Filipino, or without, and then of user name and name.

    Raises:
        InvalidValue: It is no such file, has no line, or too many.
    """
    if len(data) > MOST_BYTES:
        raise _refused(N_("The file is larger than {most} bytes."), most=MOST_BYTES)
    text = _decoded(data)
    if "\x00" in text:
        raise _refused(N_("This is no CSV file. Save the list as CSV in your spreadsheet."))
    lines = list(_lines(text))
    if not lines:
        raise _refused(N_("The file has no line with a name."))
    if len(lines) > MOST_LINES:
        raise _refused(N_("The file has more than {most} lines."), most=MOST_LINES)
    return tuple(_without_doubles(lines))


def username_for(display_name: str, is_taken: Callable[[str], bool]) -> str:
    """Return a free user name made of a name.

    >>> username_for("Niño de la Peña, Ana", {"nino.de.la.pena.ana"}.__contains__)
    'nino.de.la.pena.ana2'
    >>> username_for("李", set().__contains__)
    'learner'
    """
    plain = unicodedata.normalize("NFKD", display_name).encode("ascii", "ignore").decode().casefold()
    wanted = ".".join(re.findall(r"[a-z0-9]+", plain))[:32].strip(".")
    try:
        wanted = accounts.username(wanted)
    except InvalidValue:
        wanted = "learner"
    if not is_taken(wanted):
        return wanted
    number = 2
    while is_taken(name := f"{wanted[: 32 - len(str(number))]}{number}"):
        number += 1
    return name


def _decoded(data: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _lines(text: str) -> Iterator[RosterLine]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns: Sequence[str] | None = None
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if columns is None:
                columns = _headings(cells)
                if columns is not None:
                    continue
                columns = ("username", "name", "email")
            yield _line(reader.line_num, dict(zip(columns, cells, strict=False)))
    except csv.Error as error:
        raise _refused(N_("Line {line} cannot be read as CSV."), line=reader.line_num) from error


def _headings(cells: Sequence[str]) -> Sequence[str] | None:
    """Return which column is what, when the first line says so."""
    found = [_COLUMNS.get(re.sub(r"[\s_.]|(?<=e)-(?=m)", "", cell).casefold(), "") for cell in cells]
    return found if {"username", "name", "last"} & set(found) else None


def _line(number: int, cells: dict[str, str]) -> RosterLine:
    name = cells.get("name") or " ".join(filter(None, (cells.get("first"), cells.get("last"))))
    username = cells.get("username", "")
    try:
        known = accounts.username(username) if username else ""
        shown = accounts.display_name(name or known)
        return RosterLine(number, known, shown, accounts.email(cells.get("email", "")))
    except InvalidValue as error:
        return RosterLine(number, username[:60], name[:80], entry=Entry.PROBLEM, problem=error)


def _without_doubles(lines: list[RosterLine]) -> Iterator[RosterLine]:
    """Yield the lines; one whose user name or e-mail stands further up already is a problem. Two may share a name."""
    seen: dict[str, int] = {}
    for line in lines:
        again = next((key for key in (line.username, line.email) if key and key in seen), None)
        if again is None or line.entry is Entry.PROBLEM:
            seen |= dict.fromkeys(filter(None, (line.username, line.email)), line.number)
            yield line
            continue
        reason = N_("“{value}” stands on line {line} already.")
        problem = InvalidValue(field="username", value=again, line=seen[again], reason=reason)
        yield RosterLine(line.number, line.username, line.display_name, line.email, Entry.PROBLEM, problem)


def _refused(reason: str, **details: int) -> InvalidValue:
    return InvalidValue(field="roster", value="", reason=reason, **details)
