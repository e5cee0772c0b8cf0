"""The database that the SQL cells of one notebook share: as it is when an answer is judged, but kept from cell to cell."""

from __future__ import annotations

import base64
import math
import tomllib
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.sources import admitted
from aralify_kernel.domain.statements import statements, words
from aralify_kernel.domain.tables import Table, table_of
from aralify_kernel.errors import N_, UsageError
from aralify_kernel.grading.inside.sql_database import Database, OverLimit
from aralify_kernel.grading.sql.attempts import SqlError
from aralify_kernel.grading.sql.judgements import ended, refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from aralify_kernel.domain.judging import LearnerError

_COURSE: Final = "course.toml"
_INTERRUPTED: Final = "interrupted"


class UnreadableFixtures(UsageError):
    """The `.sql` files of a course cannot be read or run."""

    code = "unreadable_fixtures"
    message = N_("The file “{file}” of this course cannot be read: {problem}")


class NotebookDatabase:
    """Runs the SQL cells of one notebook, each after the other.

    Args:
        files: The course's SQL by file name, run before anything else.
        memory_mb: What its tables may use, in megabytes. Nothing else that uses SQLite in this process is limited.

    Raises:
        UnreadableFixtures: One of the files is not SQL that runs.
    """

    def __init__(self, files: Mapping[str, str], memory_mb: int) -> None:
        self._database = Database(memory_mb * 1024 * 1024, math.inf)
        self._words: set[str] = set()
        for name, source in files.items():
            outcome = self._database.run([statement.text for statement in statements(source)])
            if outcome.error is not None:
                raise UnreadableFixtures(file=name, problem=str(outcome.error))
            self._words |= words([source])

    def run(self, source: str) -> Table | LearnerError | None:
        """Run a cell; return its last result, None when it has none, or what stopped it, explained.

        Raises:
            SourceRefused: It is too large or no text.
            KeyboardInterrupt: It was interrupted, by a person or by the clock.
        """
        source = admitted(source)
        asked = statements(source)
        try:
            outcome = self._database.run([statement.text for statement in asked])
        except OverLimit as limit:
            return ended(str(limit), source, math.inf)[1]
        error = outcome.error
        if error is None:
            self._words |= words([source])
            return table_of(outcome.result)
        if str(error) == _INTERRUPTED:
            raise KeyboardInterrupt
        told = SqlError(type(error).__name__, str(error), outcome.ran, outcome.position)
        return refused(told, source, asked, frozenset(self._words), in_notebook=True)


def files_of_lesson(files: Mapping[str, str]) -> dict[str, str]:
    """Return the SQL among the `files` of a lesson, which are base64."""
    return {name: _text(base64.b64decode(data)) for name, data in files.items() if _is_sql(name)}


def files_of_author(folder: Path) -> dict[str, str]:
    """Return the SQL that the course around an author's notebook names; none where the folder is in no course.

    Raises:
        UnreadableFixtures: The course or one of its files cannot be read.
    """
    course = next((each for each in (folder, *folder.parents) if (each / _COURSE).is_file()), None)
    if course is None:
        return {}
    name = _COURSE
    files = {}
    try:
        for name in _sql_names(tomllib.loads((course / _COURSE).read_text(encoding="utf-8")).get("files")):
            files[name] = _text((course / name).read_bytes())
    except (OSError, ValueError) as error:
        raise UnreadableFixtures(file=name, problem=str(error)) from None
    return files


def _sql_names(files: object) -> Iterable[str]:
    return [name for name in files if isinstance(name, str) and _is_sql(name)] if isinstance(files, list) else []


def _is_sql(name: str) -> bool:
    return name.lower().endswith(".sql")


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace")
