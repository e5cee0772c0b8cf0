"""What SQLite refuses, in words for beginners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.explanations.cases import closest, code
from aralify_kernel.domain.statements import parts
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.domain.explanations.cases import Case, Said

_KEYWORDS: Final = frozenset(
    (
        *("SELECT", "FROM", "WHERE", "ORDER", "GROUP", "HAVING", "INSERT", "INTO", "VALUES", "UPDATE", "DELETE"),
        *("CREATE", "TABLE", "JOIN", "LEFT", "INNER", "DISTINCT", "LIMIT", "BETWEEN", "LIKE", "UNION", "PRIMARY"),
    )
)
_STARTS: Final = frozenset(("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "WITH", "VALUES"))
_FUNCTIONS: Final = frozenset(
    (
        *("abs", "avg", "coalesce", "count", "date", "group_concat", "ifnull", "instr", "length", "lower", "max"),
        *("min", "nullif", "replace", "round", "strftime", "substr", "sum", "trim", "upper", "row_number", "rank"),
    )
)
_FRESH: Final = N_("Check how it is spelled. A table from another exercise is not here: each exercise starts fresh.")
_NOT_RUN: Final = N_("Run the cells above first: one of them may make it. If none does, check how it is spelled.")
_ELSEWHERE: Final = {
    "len": "length", "size": "length", "average": "avg", "mean": "avg", "substring": "substr", "concat": "||",
    "isnull": "ifnull", "now": "date", "ucase": "upper", "lcase": "lower",
}  # fmt: skip


def explained(case: Case) -> Said:
    """Return what went wrong in SQL and what to try."""
    said = (explainer(case) for explainer in _EXPLAINERS)
    return next((one for one in said if one is not None), None) or _general(case)


def explained_in_notebook(case: Case) -> Said:
    """Return the same of a cell that ran in its notebook: there, a table may be missing because a cell has not run."""
    return _table(case, if_unknown=_NOT_RUN) or explained(case)


def _stopped(case: Case) -> Said | None:
    if case.type == "TimeoutError":
        found = case.found(r"(\d+(?:\.\d+)?) seconds")
        return case.say(
            N_("These statements kept running for more than {seconds} seconds."),
            N_("Does every table in `FROM` have its condition in `ON` or `WHERE`? Does a `WITH RECURSIVE` ever end?"),
            seconds=found[1] if found else "…",
        )
    if case.type == "OutputLimit":
        return case.say(
            N_("This result is far too large."),
            N_("Ask for fewer rows, and check that every joined table has its condition."),
        )
    if case.type == "MemoryError":
        return case.say(
            N_("These statements needed more memory than an exercise may use."),
            N_("Look for a text that becomes huge, or for rows that multiply without end."),
        )
    if case.type == "Crash":
        return case.say(
            N_("The database ended before it could answer."),
            N_("Run your statements one by one, to see which of them does it."),
        )
    return None


def _table(case: Case, if_unknown: str = _FRESH) -> Said | None:
    found = case.found(r"no such table: (?:main\.|temp\.)?(.+)")
    if not found:
        return None
    name = code(found[1])
    close = _known(case, name)
    if close:
        return case.say(
            N_("Line {line} names the table `{name}`, but there is no such table. Did you mean `{close}`?"),
            N_("Write `{close}` on line {line}, then run the cell again."),
            name=name,
            close=close,
        )
    return case.say(
        N_("Line {line} names the table `{name}`, but there is no such table."),
        if_unknown,
        name=name,
    )


def _column(case: Case) -> Said | None:
    found = case.found(r"no such column: \"?([^\"]+?)\"?(?: - should .*)?$") or case.found(
        r"has no column named \"?(.+?)\"?$"
    )
    if not found:
        return None
    name = code(found[1])
    short = name.rpartition(".")[2]
    close = _known(case, short)
    if close:
        return case.say(
            N_("Line {line} uses `{name}`, but there is no such column. Did you mean `{close}`?"),
            N_("Write `{close}` on line {line}, then run the cell again."),
            name=name,
            close=close,
        )
    if _is_value(case, name):
        return case.say(
            N_("Line {line} uses `{name}` as a column, but there is no such column."),
            N_("If it is meant as text, put single quotes around it: `'{name}'`."),
            name=name,
        )
    return case.say(
        N_("Line {line} uses `{name}`, but there is no such column."),
        N_("Look at the table's columns with `SELECT *`. Is its table named in `FROM`?"),
        name=name,
    )


def _known(case: Case, name: str) -> str | None:
    return closest(name, (known for known in case.notebook_names if known.upper() not in _KEYWORDS))


def _is_value(case: Case, name: str) -> bool:
    """Whether `name` stands where a value is compared with or listed."""
    before = ""
    for part in parts(case.program.source):
        if part.kind == "blank":
            continue
        if part.text.strip('"').lower() == name.lower():
            return before.upper() in {"=", "<", ">", "(", ",", "LIKE", "IS"} or part.text.startswith('"')
        before = part.text
    return False


def _function(case: Case) -> Said | None:
    found = case.found(r"no such function: (\w+)")
    if not found:
        return None
    name = found[1]
    close = _ELSEWHERE.get(name.lower()) or closest(name.lower(), _FUNCTIONS)
    what = N_("Line {line} calls `{name}`, but SQLite has no such function.")
    if close:
        return case.say(what, N_("Write `{close}` instead."), name=name, close=close)
    return case.say(what, N_("Check how it is spelled."), name=name)


def _ambiguous(case: Case) -> Said | None:
    found = case.found(r"ambiguous column name: (\S+)")
    if not found:
        return None
    return case.say(
        N_("Line {line} uses `{name}`, which more than one of these tables has."),
        N_("Say whose it is: write the table's name and a dot in front, as in `table.{name}`."),
        name=code(found[1]),
    )


def _aggregate(case: Case) -> Said | None:
    found = case.found(r"misuse of (?:aggregate|window)(?: function)?:? (\w+)")
    if not found:
        return None
    return case.say(
        N_("Line {line} uses `{name}` where single rows are looked at, and it needs many rows."),
        N_("A condition about `{name}` stands in `HAVING`, below `GROUP BY`, not in `WHERE`."),
        name=found[1].upper(),
    )


def _unreadable(case: Case) -> Said | None:
    if case.found(r'unrecognized token: "[\'"]'):
        return case.say(
            N_("The text that begins on line {line} has no closing quote."),
            N_("Write the quote `'` at its end; a quote inside of a text is written twice: `''`."),
        )
    if case.found("incomplete input"):
        return case.say(
            N_("Your last statement ends too early, on line {line}."),
            N_("Is a closing bracket missing, or what comes after the last word?"),
        )
    found = case.found(r'near "(.*?)": syntax error') or case.found(r'unrecognized token: "(.*)"')
    return _near(case, found[1]) if found else None


def _near(case: Case, word: str) -> Said:
    before = _before(case, word)
    for candidate in (word, before):
        if candidate.upper() not in _KEYWORDS and (meant := closest(candidate.upper(), _KEYWORDS)):
            return case.say(
                N_("SQLite cannot read line {line}: `{name}` is no word that it knows there."),
                N_("Did you mean `{close}`?"),
                name=code(candidate),
                close=meant,
            )
    if before == "," and word.upper() in _KEYWORDS | {")"}:
        return case.say(
            N_("SQLite cannot read line {line}: there is a comma just before `{name}`."),
            N_("Take that comma out, or write what should come after it."),
            name=code(word),
        )
    if word.upper() in _STARTS and before not in {"", "(", ";"}:
        return case.say(
            N_("SQLite cannot read line {line}: a new statement begins at `{name}`."),
            N_("End the statement before it with a semicolon `;`."),
            name=code(word),
        )
    return case.say(
        N_("SQLite cannot read line {line}: it stops at `{name}`."),
        N_("Look just before that place: is a word, a comma or a bracket missing, or one too many?"),
        name=code(word),
    )


def _before(case: Case, word: str) -> str:
    """Return the part of the source before the first `word` that stands on the error's line."""
    before = ""
    for part in parts(case.program.source):
        if part.kind == "blank":
            continue
        if part.text == word and part.line == case.line:
            return before
        before = part.text
    return ""


def _counts(case: Case) -> Said | None:
    found = case.found(r"table (\S+) has (\d+) columns? but (\d+) values?") or case.found(
        r"(\d+) values for (\d+) columns"
    )
    if not found:
        return None
    wanted, given = (found[2], found[3]) if len(found.groups()) == 3 else (found[2], found[1])
    return case.say(
        N_("Line {line} gives {given} values for {wanted} columns."),
        N_("Write as many values as there are columns, in the same order."),
        given=given,
        wanted=wanted,
    )


def _columns_differ(case: Case) -> Said | None:
    if case.found(r"SELECTs to the left and right of"):
        return case.say(
            N_("The two `SELECT`s that line {line} puts together do not have the same number of columns."),
            N_("Give both the same number of columns."),
        )
    if case.found(r"sub-select returns \d+ columns|row value misused"):
        return case.say(
            N_("The inner `SELECT` on line {line} gives more columns than one value has room for."),
            N_("Name one column in the inner `SELECT`."),
        )
    return None


def _constraint(case: Case) -> Said | None:
    found = case.found(r"(UNIQUE|NOT NULL|CHECK|FOREIGN KEY) constraint failed(?:: (.+))?")
    if not found:
        return None
    return case.say(
        {
            "UNIQUE": N_("Line {line} would write the same value twice into `{name}`, where each may stand only once."),
            "NOT NULL": N_("Line {line} leaves `{name}` empty, which must have a value."),
            "CHECK": N_("Line {line} writes a value that the table does not allow: `{name}`."),
            "FOREIGN KEY": N_("Line {line} would leave a row that points to a row which is not there."),
        }[found[1]],
        N_("Look at the rows that are there already, and at the rules in `CREATE TABLE`."),
        name=code(found[2] or ""),
    )


def _exists(case: Case) -> Said | None:
    found = case.found(r"(?:table|view|index) (\S+) already exists")
    if not found:
        return None
    return case.say(
        N_("Line {line} makes `{name}`, which is there already."),
        N_("Choose another name, or change what is there."),
        name=code(found[1]),
    )


def _refused(case: Case) -> Said | None:
    if not case.found(
        r"not authorized|authorization denied|may not be modified|is prohibited|too many attached databases|no such module"
    ):
        return None
    return case.say(
        N_("Line {line} does something that exercises may not do."),
        N_("Solve it with the tables that are there, with `SELECT`, `INSERT`, `UPDATE`, `DELETE` or `CREATE`."),
    )


def _general(case: Case) -> Said:
    advice = N_("Run your statements one by one, and look at the tables with `SELECT *`.")
    if case.line is None:
        return case.say(N_("SQLite stopped: `{error}`."), advice, error=code(case.message))
    return case.say(N_("SQLite stopped on line {line}: `{error}`."), advice, error=code(case.message))


_EXPLAINERS: Final[tuple[Callable[[Case], Said | None], ...]] = (
    _stopped,
    _table,
    _column,
    _function,
    _ambiguous,
    _aggregate,
    _unreadable,
    _counts,
    _columns_differ,
    _constraint,
    _exists,
    _refused,
)
