"""The first line of a learner's exercise cell says which exercise it answers; it is no part of the answer.

In a cell of SQL it is the line below `%%sql`, which must be the first.
"""

from __future__ import annotations

import re
from typing import Final

from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.statements import MAGIC, without_magic
from aralify_kernel.errors import InvalidValue

COMMENTS: Final = {"python": "#", "javascript": "//", "sql": "--"}
"""What begins a comment, by the language a course teaches."""

_MARKER: Final = re.compile(r"\ufeff?\s*(?:#|//|--)\s*exercise:\s*(\S+)#([A-Za-z0-9_-]{1,64})\s*")


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


def _trimmed(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.splitlines()).rstrip("\n")


def strip_marker(source: str) -> str:
    r"""Return what a learner wrote: the cell without the line that names its exercise, and without `%%sql` above it.

    >>> strip_marker("# exercise: python-basics/variables/easy#area\npi = 3")
    'pi = 3'
    """
    answer = without_magic(source)
    return answer if exercise_of(source) is None else answer.partition("\n")[2]
