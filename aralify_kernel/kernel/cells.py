"""Which exercise a cell answers, and which lesson a notebook is.

The cell's metadata in the saved notebook decides; where that is out of reach (a notebook never saved, a cell that was
pasted, a front end that tells no cell id), the first line does. A cell of an author notebook has no lesson in either
place, so running one submits nothing.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.exercise_cells import exercise_of, strip_marker
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.statements import MAGIC, is_sql
from aralify_kernel.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Mapping

_LARGEST_NOTEBOOK_BYTES: Final = 16_000_000
"""Beyond this a notebook is somebody's data, not a lesson, and is not worth reading at each run."""


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


@dataclass(frozen=True, slots=True)
class LessonNotebook:
    """The saved notebook a kernel runs. Everything is None or empty where it is no working copy.

    `by_cell_id` says what the cells with our metadata answer; `exercises` also counts those that say it in their text.
    `checks` are the ids of the cells that hold a visible check.
    """

    path: Path
    lesson: LessonRef | None
    language: str | None
    username: str | None
    by_cell_id: Mapping[str, tuple[LessonRef, str]]
    exercises: frozenset[tuple[LessonRef, str]]
    checks: frozenset[str]


def answered_by(source: str, cell_id: str | None, names: Mapping[str, Any]) -> ExerciseCell | None:
    """Return the exercise that a cell with this `source` answers, or None.

    Args:
        source: The cell as the learner wrote it.
        cell_id: The id that the front end sent along with the code, if it did.
        names: The learner's namespace, where VS Code says which notebook this is.
    """
    if source.lstrip().startswith("%%") and not is_sql(source):
        return None
    known = _named(source, cell_id, names)
    if known is None:
        return None
    answer = strip_marker(source)
    head = source.removesuffix(answer)
    return ExerciseCell(*known, answer, first_line=head.count("\n") + 1, is_sql=is_sql(source))


def is_check(cell_id: str | None, names: Mapping[str, Any]) -> bool:
    """Whether the cell with this id holds a visible check of a lesson; `names` as for `answered_by`."""
    notebook = current_notebook(names) if cell_id else None
    return notebook is not None and cell_id in notebook.checks


def magic_over_answer(source: str, cell_id: str | None, names: Mapping[str, Any]) -> str | None:
    """Return the cell magic, such as `%%time`, that keeps the answer to an exercise from being one; else None.

    The arguments are those of `answered_by`. `%%exercise` and `%%sql` are no such magics: their cells are answers.
    """
    first, _, rest = source.lstrip().partition("\n")
    magic = first.split()[0] if first.startswith("%%") else None
    return magic if magic not in {None, "%%exercise", MAGIC} and _named(rest, cell_id, names) else None


def _named(source: str, cell_id: str | None, names: Mapping[str, Any]) -> tuple[LessonRef, str] | None:
    notebook = current_notebook(names) if cell_id else None
    return (notebook.by_cell_id.get(cell_id or "") if notebook else None) or exercise_of(source)


def current_notebook(names: Mapping[str, Any]) -> LessonNotebook | None:
    """Return the saved notebook that this kernel runs, or None where nobody says which, or it cannot be read."""
    path = names.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME")  # noqa: TID251 - Jupyter's, no setting
    if not isinstance(path, str) or not path.endswith(".ipynb"):
        return None
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return _read(path, status.st_mtime_ns) if status.st_size <= _LARGEST_NOTEBOOK_BYTES else None


@lru_cache(maxsize=1)
def _read(path: str, _mtime_ns: int) -> LessonNotebook | None:
    try:
        notebook = json.loads(Path(path).read_bytes())
        own = _ours(notebook)
        code = [cell for cell in notebook["cells"] if cell.get("cell_type") == "code"]
        by_cell_id = {str(cell.get("id")): known for cell in code if (known := _exercise(_ours(cell)))}
        in_text = {named for cell in code if (named := exercise_of("".join(cell.get("source", ""))))}
        return LessonNotebook(
            path=Path(path),
            lesson=_lesson(own.get("lesson")),
            language=own.get("lang"),
            username=own.get("username"),
            by_cell_id=by_cell_id,
            exercises=frozenset(by_cell_id.values()) | in_text,
            checks=frozenset(str(cell.get("id")) for cell in code if _is_check(_ours(cell))),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None  # a broken file is told about by whoever opens it; here it is just no lesson


def _ours(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    found = holder.get("metadata", {}).get("aralify", {})
    return found if isinstance(found, dict) else {}


def _exercise(own: Mapping[str, Any]) -> tuple[LessonRef, str] | None:
    lesson, exercise = _lesson(own.get("lesson")), own.get("exercise")
    return (lesson, exercise) if lesson and isinstance(exercise, str) and own.get("role") == "exercise" else None


def _is_check(own: Mapping[str, Any]) -> bool:
    return own.get("role") == "check" and _lesson(own.get("lesson")) is not None


def _lesson(text: object) -> LessonRef | None:
    try:
        return LessonRef.parse(text) if isinstance(text, str) else None
    except InvalidValue:
        return None
