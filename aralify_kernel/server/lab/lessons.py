"""The operations on a lesson whose notebook is open in front of somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.errors import LevelLocked, NotFound
from aralify_kernel.i18n import translator
from aralify_kernel.server.rest.learning import LESSON
from aralify_kernel.server.rest.operations import Operation, Parameter
from aralify_kernel.widgets.standings import Standing, standing_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.server.rest.operations import Asked


@dataclass(frozen=True, slots=True)
class NotebookCells:
    """The cells of a notebook and its metadata, as the notebook format has them; outputs may be left out."""

    cells: tuple[Mapping[str, Any], ...]
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RenewedCell:
    """A cell as it should be, and where it stood; `at` is None for one that was not there."""

    at: int | None
    cell: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RenewedCells:
    """All cells that a notebook should have, in order: those that were there keep theirs. The others leave it."""

    cells: tuple[RenewedCell, ...]


def _standing(asked: Asked) -> Standing:
    application, session = asked.application, asked.session
    lesson, texts = session.lesson(asked.lesson), translator(application.language() or "en")
    return standing_of(lesson, session.profile(), application.deciding_time(), texts, owner=asked.query["owner"])


def _renew(asked: Asked) -> RenewedCells:
    given: NotebookCells = asked.body
    found = asked.application.renewed_cells(asked.lesson, given.cells, given.metadata)
    return RenewedCells(tuple(RenewedCell(at, cell) for at, cell in found))


_OWNER: Final = (Parameter("owner", "Whose working copy the notebook is in which this is shown"),)

OPERATIONS: Final = (
    Operation("GET", LESSON + "/standing", "Where I stand in a lesson, in words", _standing,
              scope="read", query=_OWNER, returns=Standing, refusals=(NotFound, LevelLocked)),
    Operation("POST", LESSON + "/cells", "What the cells of a lesson's open notebook should be, around what I wrote", _renew,
              scope="read", body=NotebookCells, returns=RenewedCells, refusals=(NotFound, LevelLocked)),
)  # fmt: skip
