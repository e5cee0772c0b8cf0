"""Which exercise a learner's cell answers, and what of it is the answer.

Its metadata says it, else its first line, which is no part of the answer; in a cell of SQL that is the line below `%%sql`,
which must be the first. `%%exercise` says it in any cell, whatever else does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.statements import MAGIC, is_sql, without_magic
from aralify_kernel.errors import EmptyAnswer, InvalidValue, UnchangedStarter

if TYPE_CHECKING:
    from collections.abc import Iterable

EXERCISE: Final = "%%exercise"
"""The magic that makes a cell an answer to the exercise named behind it."""

COMMENTS: Final = {"python": "#", "javascript": "//", "sql": "--"}
"""What begins a comment, by the language a course teaches."""

_MARKER: Final = re.compile(r"\ufeff?\s*(?:#|//|--)\s*exercise:\s*(\S+)#([A-Za-z0-9_-]{1,64})\s*")


@dataclass(frozen=True, slots=True)
class ExerciseCell:
    """A cell that answers an exercise. `source` is without the line that names it and without `%%sql`.

    `first_line` is the number that the source's first line has in the cell, where the learner and Python count.
    """

    lesson: LessonRef
    exercise: str
    source: str
    first_line: int
    is_sql: bool = False


def marker(ref: LessonRef, exercise: str, language: str = "python") -> str:
    r"""Return the first line of the cell that answers `exercise`; of SQL, the first two.

    >>> marker(LessonRef("python-basics", "variables", "easy"), "area")
    '# exercise: python-basics/variables/easy#area'
    >>> marker(LessonRef("sql-first-steps", "reading-rows", "easy"), "prices", "sql")
    '%%sql\n-- exercise: sql-first-steps/reading-rows/easy#prices'
    """
    line = f"{COMMENTS[language]} exercise: {ref}#{exercise}"
    return f"{MAGIC}\n{line}" if language == "sql" else line


def exercise_of(source: str) -> tuple[LessonRef, str] | None:
    r"""Return lesson and exercise named in the first line of a cell; None when it names none.

    >>> exercise_of("# exercise: python-basics/variables/easy#area\npi = 3")
    (LessonRef(course='python-basics', level='variables', tier='easy'), 'area')
    >>> exercise_of("pi = 3") is None
    True
    """
    found = _MARKER.fullmatch(without_magic(source).partition("\n")[0])
    if found is None:
        return None
    try:
        return LessonRef.parse(found.group(1)), found.group(2)
    except InvalidValue:
        return None


def same_code(one: str, other: str) -> bool:
    r"""Whether two sources differ in nothing but what an editor changes on its own: blank ends of lines and of the text.

    >>> same_code("load = 50", "load = 50  \n"), same_code("load = 50", "\nload = 50")
    (True, False)
    """
    return _trimmed(one) == _trimmed(other)


def require_a_try(source: str, starters: Iterable[str]) -> None:
    """Return when `source` is more than nothing, and more than any of these `starters`.

    Raises:
        EmptyAnswer: It is nothing.
        UnchangedStarter: It is one of them.
    """
    if not source.strip():
        raise EmptyAnswer
    if any(same_code(source, starter) for starter in starters):
        raise UnchangedStarter


def _trimmed(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.splitlines()).rstrip("\n")


def strip_marker(source: str) -> str:
    r"""Return what a learner wrote: the cell without the line that names its exercise, and without `%%sql` above it.

    >>> strip_marker("# exercise: python-basics/variables/easy#area\npi = 3")
    'pi = 3'
    """
    answer = without_magic(source)
    return answer if exercise_of(source) is None else answer.partition("\n")[2]


def named_by_metadata(own: object) -> tuple[LessonRef, str] | None:
    """Return lesson and exercise that a cell's metadata names, of which `own` is our part; None when it names none."""
    if not isinstance(own, dict) or own.get("role") != "exercise":
        return None
    ref, exercise = lesson_named(own.get("lesson")), own.get("exercise")
    return (ref, exercise) if ref and isinstance(exercise, str) else None


def lesson_named(text: object) -> LessonRef | None:
    """Return the lesson that metadata names, None where it names none, whatever stands there."""
    try:
        return LessonRef.parse(text) if isinstance(text, str) else None
    except InvalidValue:
        return None


def answer_in(source: str, named: tuple[LessonRef, str] | None) -> ExerciseCell | None:
    """Return what a cell answers, None when it answers nothing; `named` is what its metadata says, if it does."""
    if source.lstrip().startswith("%%") and not is_sql(source):
        return None
    known = named or exercise_of(source)
    if known is None:
        return None
    answer = strip_marker(source)
    head = source.removesuffix(answer)
    return ExerciseCell(*known, answer, first_line=head.count("\n") + 1, is_sql=is_sql(source))


def magic_over_answer(source: str, named: tuple[LessonRef, str] | None) -> str | None:
    """Return the cell magic, such as `%%time`, that keeps the answer to an exercise from being one; else None.

    The arguments are those of `answer_in`. `%%exercise` and `%%sql` are no such magics: their cells are answers.
    """
    first, _, rest = source.lstrip().partition("\n")
    magic = first.split()[0] if first.startswith("%%") else None
    return magic if magic not in {None, EXERCISE, MAGIC} and (named or exercise_of(rest)) else None


def under_exercise_magic(source: str) -> tuple[str, str] | None:
    r"""Return what stands behind `%%exercise`, and the cell below it; None of a cell that does not begin with it.

    >>> under_exercise_magic("%%exercise area\npi = 3"), under_exercise_magic("%%exercises area\npi = 3")
    (('area', 'pi = 3'), None)
    """
    first, _, below = source.lstrip().partition("\n")
    magic, _, argument = first.partition(" ")
    return (argument.strip(), below) if magic.rstrip() == EXERCISE else None


def marked(ref: LessonRef, exercise: str, cell: str) -> str:
    r"""Return the cell that stood below `%%exercise` with the line that names its exercise; its lines keep their numbers.

    >>> marked(LessonRef("python-basics", "variables", "easy"), "area", "pi = 3\n")
    '# exercise: python-basics/variables/easy#area\npi = 3'
    """
    line = marker(ref, exercise, "sql" if is_sql(cell) else "python")
    return f"{line}\n{without_magic(cell).removesuffix(chr(10))}"
