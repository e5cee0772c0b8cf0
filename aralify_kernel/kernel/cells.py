"""Which exercise a cell answers.

The cell's metadata in the saved notebook decides; where that is out of reach (a notebook never saved, a cell that was
pasted, a front end that tells no cell id), the first line does: `# exercise: python-basics/variables/easy#area`.
A cell of an author notebook has no lesson in either place, so running one submits nothing.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.domain.references import LessonRef

_FIRST_LINE: Final = re.compile(r"[ \t]*(?:#|//|--)[ \t]*exercise:[ \t]*(?P<lesson>[^\s#]+)#(?P<exercise>[\w-]+)[ \t]*")
_LARGEST_NOTEBOOK_BYTES: Final = 16_000_000
"""Beyond this a notebook is somebody's data, not a lesson, and is not worth reading at each run."""


@dataclass(frozen=True, slots=True)
class ExerciseCell:
    """A cell that answers an exercise. `source` is without the line that names it."""

    lesson: LessonRef
    exercise: str
    source: str


@dataclass(frozen=True, slots=True)
class LessonNotebook:
    """The working copy this kernel runs. `exercises` are the exercise cells in it: exercise by cell id."""

    path: Path
    lesson: LessonRef | None
    language: str | None
    exercises: Mapping[str, tuple[LessonRef, str]]
    source_lines: frozenset[str]
    """Every first line of a code cell, so that exercises known by their line are found too."""


def exercise_of(source: str, cell_id: str | None, names: Mapping[str, Any]) -> ExerciseCell | None:
    """Return the exercise that a cell with this `source` answers, or None.

    Args:
        source: The cell as the learner wrote it.
        cell_id: The id that the front end sent along with the code, if it did.
        names: The learner's namespace, where VS Code says which notebook this is.
    """
    if source.lstrip().startswith("%%"):
        return None
    first_line, _, rest = source.partition("\n")
    named = _named_in(first_line)
    notebook = current_notebook(names) if cell_id else None
    known = notebook.exercises.get(cell_id or "") if notebook else None
    lesson, exercise = known or named or (None, "")
    if lesson is None:
        return None
    return ExerciseCell(lesson, exercise, rest if named else source)


def exercise_line(lesson: LessonRef, exercise: str) -> str:
    """Return the first line by which a cell without metadata answers `exercise`.

    >>> from aralify_kernel.domain.references import LessonRef
    >>> exercise_line(LessonRef("python-basics", "variables", "easy"), "area")
    '# exercise: python-basics/variables/easy#area'
    """
    return f"# exercise: {lesson}#{exercise}"


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
        return LessonNotebook(
            path=Path(path),
            lesson=_lesson(own.get("lesson")),
            language=own.get("lang"),
            exercises={str(cell["id"]): known for cell in code if "id" in cell and (known := _exercise(_ours(cell)))},
            source_lines=frozenset("".join(cell.get("source", "")).partition("\n")[0] for cell in code),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # a broken file is told about by whoever opens it; here it is just no lesson


def _ours(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    found = holder.get("metadata", {}).get("aralify", {})
    return found if isinstance(found, dict) else {}


def _exercise(own: Mapping[str, Any]) -> tuple[LessonRef, str] | None:
    lesson, exercise = _lesson(own.get("lesson")), own.get("exercise")
    return (lesson, exercise) if lesson and isinstance(exercise, str) and own.get("role") == "exercise" else None


def _named_in(line: str) -> tuple[LessonRef, str] | None:
    match = _FIRST_LINE.fullmatch(line)
    lesson = _lesson(match["lesson"]) if match else None
    return (lesson, match["exercise"]) if match and lesson else None


def _lesson(text: object) -> LessonRef | None:
    from aralify_kernel.domain.references import LessonRef

    try:
        return LessonRef.parse(text) if isinstance(text, str) else None
    except InvalidValue:
        return None
