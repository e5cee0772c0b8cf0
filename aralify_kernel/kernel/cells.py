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

from aralify_kernel.domain.exercise_cells import (
    answer_in,
    exercise_of,
    lesson_named,
    magic_over_answer,
    named_by_metadata,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.domain.exercise_cells import ExerciseCell
    from aralify_kernel.domain.references import LessonRef

_LARGEST_NOTEBOOK_BYTES: Final = 16_000_000
"""Beyond this a notebook is somebody's data, not a lesson, and is not worth reading at each run."""


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
    return answer_in(source, _named(cell_id, names))


def magic_here(source: str, cell_id: str | None, names: Mapping[str, Any]) -> str | None:
    """Return the cell magic that keeps the answer to an exercise from being one; the arguments are those of `answered_by`."""
    return magic_over_answer(source, _named(cell_id, names))


def is_check(cell_id: str | None, names: Mapping[str, Any]) -> bool:
    """Whether the cell with this id holds a visible check of a lesson; `names` as for `answered_by`."""
    notebook = current_notebook(names) if cell_id else None
    return notebook is not None and cell_id in notebook.checks


def _named(cell_id: str | None, names: Mapping[str, Any]) -> tuple[LessonRef, str] | None:
    notebook = current_notebook(names) if cell_id else None
    return notebook.by_cell_id.get(cell_id or "") if notebook else None


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
        by_cell_id = {str(cell.get("id")): known for cell in code if (known := named_by_metadata(_ours(cell)))}
        in_text = {named for cell in code if (named := exercise_of("".join(cell.get("source", ""))))}
        return LessonNotebook(
            path=Path(path),
            lesson=lesson_named(own.get("lesson")),
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


def _is_check(own: Mapping[str, Any]) -> bool:
    return own.get("role") == "check" and lesson_named(own.get("lesson")) is not None
