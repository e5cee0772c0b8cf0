"""Working copies, made again around what a learner wrote.

A pure function on notebook dicts; `workspace` puts them on the disk. Whatever is not provably ours, unchanged, is the
learner's and stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.courses.rendering import Cell, Notebook, cell_id, notebook_metadata, rendered_cells, text_hash
from aralify_kernel.domain.content import Exercise
from aralify_kernel.domain.exercise_cells import exercise_of, strip_marker
from aralify_kernel.domain.references import is_activity_id
from aralify_kernel.domain.statements import with_magic, without_magic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aralify_kernel.domain.session import OpenLesson

_LIVE: Final = ("header", "quiz")
"""Roles whose outputs speak the language they were run in."""
_AT: Final = "aralify_at"
"""Where a cell stood, in its metadata while `refreshed_cells` works."""


def refresh(existing: Notebook, opened: OpenLesson, language: str, username: str) -> Notebook:
    """Return `existing` with our cells as they are now and in `language`, around everything the learner wrote.

    Cells of ours come back where they were deleted, and leave where the lesson has dropped them. An exercise that
    still holds a starter gets the starter of now; any other keeps its text and its outputs. A cell of ours that the
    learner changed stays, as their own, below the one that is made again; a changed example simply stays.
    Refreshing twice changes nothing more.
    """
    old = existing["metadata"].get("aralify")
    old = old if isinstance(old, dict) else {}
    metadata = notebook_metadata(existing["metadata"], opened, language, username)
    lesson = _Lesson(
        opened,
        fresh={cell["id"]: cell for cell in rendered_cells(opened, language)},
        speaks_anew=any(old.get(key) != metadata["aralify"][key] for key in ("lang", "content_version")),
    )
    cells = [_normal(cell) for cell in existing["cells"]]
    ours = lesson.choose(cells)
    result: list[Cell] = []
    placed: dict[str, Cell] = {}
    for index, cell in enumerate(cells):
        if index in ours:
            renewed = lesson.renewed(cell, ours[index])
            placed[ours[index]] = renewed[0]
            result += renewed
        else:
            result += lesson.left_over(cell)
    _insert_missing(result, lesson.fresh, placed)
    _give_ids(result, placed)
    minor = max(existing.get("nbformat_minor", 5), 5)
    return {**existing, "cells": result, "metadata": metadata, "nbformat": 4, "nbformat_minor": minor}


def refreshed_cells(
    existing: Notebook, opened: OpenLesson, language: str, username: str
) -> Iterator[tuple[int | None, Cell]]:
    """Yield the cells that `refresh` returns, each with its place in `existing`; None for one that was not there.

    Those that were there come in their order, so that a front end can change a notebook that is open.
    """
    normal = normalized(existing)
    cells = [{**cell, "metadata": {**cell["metadata"], _AT: at}} for at, cell in enumerate(normal["cells"])]
    for cell in refresh({**normal, "cells": cells}, opened, language, username)["cells"]:
        yield cell["metadata"].pop(_AT, None), cell


def missing_exercises(existing: Notebook, opened: OpenLesson) -> tuple[str, ...]:
    """Return the ids of the exercises that no cell of the notebook answers any more."""
    lesson = _Lesson(opened, fresh={cell["id"]: cell for cell in rendered_cells(opened, "en")}, speaks_anew=False)
    present = set(lesson.choose([_normal(cell) for cell in existing["cells"]]).values())
    return tuple(
        block.id
        for block in opened.content.blocks
        if isinstance(block, Exercise) and cell_id("exercise", block.id) not in present
    )


def normalized(notebook: Notebook) -> Notebook:
    """Return the notebook with its cells written as `refresh` writes them, so that the two can be compared."""
    return {**notebook, "cells": [_normal(cell) for cell in notebook["cells"]]}


def source_of(cell: Mapping[str, Any]) -> str:
    """Return what stands in a cell, without the line that names its exercise."""
    source = cell["source"]
    return strip_marker(source if isinstance(source, str) else "".join(source))


@dataclass(frozen=True, slots=True)
class _Lesson:
    """The cells as they should be now, by id, and the rules for what to do with each cell that is there."""

    opened: OpenLesson
    fresh: dict[str, Cell]
    speaks_anew: bool

    def choose(self, cells: Sequence[Cell]) -> dict[int, str]:
        """Return which cell stands for which of ours, by index: the likeliest, and of those the first.

        Likeliest is one that is unchanged or names its exercise, then one that has our id.
        """
        best: dict[str, tuple[bool, bool, int]] = {}
        for index, cell in enumerate(cells):
            key = self._key(cell)
            if key not in self.fresh or (_role(cell) == "exercise" and cell["cell_type"] != "code"):
                continue
            rank = (_is_changed(cell) and not self._is_marked(cell, key), cell["id"] != key, index)
            best[key] = min(best.get(key, rank), rank)
        return {index: key for key, (_, _, index) in best.items()}

    def renewed(self, cell: Cell, key: str) -> list[Cell]:
        """Return the cell that stands for `key` as it should be now."""
        new = self.fresh[key]
        if _role(new) == "exercise":
            return [self._merged(cell, {**new, "source": self._exercise_source(cell, new)})]
        if not _is_changed(cell):
            return [self._merged(cell, new)]
        if _role(new) == "example" and cell["cell_type"] == "code":
            rendered = cell["metadata"]["aralify"].get("rendered")
            aralify = {**new["metadata"]["aralify"], "rendered": rendered}
            return [self._merged(cell, {**new, "source": cell["source"], "metadata": {"aralify": aralify}})]
        return [new, _own(cell)]

    def left_over(self, cell: Cell) -> list[Cell]:
        """Return what becomes of a cell that stands for none of ours."""
        key = self._key(cell)
        if key is None:
            return [cell]
        if key in self.fresh:
            return [cell if self._is_marked(cell, key) else _own(cell)]
        if _role(cell) == "exercise":
            mine = source_of(cell)
            return (
                []
                if self._is_starter(key, mine)
                else [_own({**cell, "source": with_magic(mine, self.opened.content.language)})]
            )
        return [_own(cell)] if _is_changed(cell) else []

    def _key(self, cell: Cell) -> str | None:
        aralify = cell["metadata"].get("aralify")
        if not isinstance(aralify, dict) or "role" not in aralify:
            named = exercise_of(cell["source"]) if cell["cell_type"] == "code" else None
            key = cell_id("exercise", named[1]) if named and named[0] == self.opened.card.ref else None
            return key if key in self.fresh else None
        if aralify.get("lesson") != str(self.opened.card.ref):
            return None
        if aralify["role"] == "exercise":
            return cell_id("exercise", str(aralify.get("exercise")))
        return str(aralify.get("cell"))

    def _is_marked(self, cell: Cell, key: str) -> bool:
        named = exercise_of(cell["source"]) if cell["cell_type"] == "code" else None
        return named is not None and named[0] == self.opened.card.ref and cell_id("exercise", named[1]) == key

    def _exercise_source(self, cell: Cell, new: Cell) -> str:
        starter = source_of(new)
        head = new["source"].removesuffix(starter)
        named = exercise_of(cell["source"])
        mine = source_of(cell) if named == exercise_of(new["source"]) else without_magic(cell["source"])
        return f"{head}{starter if self._is_starter(new['id'], mine) else mine}"

    def _is_starter(self, key: str, source: str) -> bool:
        if not source.strip():
            return True
        stored = {
            starter
            for exercise, starters in self.opened.starters.items()
            for starter in starters
            if cell_id("exercise", exercise) == key
        }
        now = {
            starter
            for block in self.opened.content.blocks
            if isinstance(block, Exercise) and cell_id("exercise", block.id) == key
            for starter in block.starter.values()
        }
        return source in stored | now

    def _merged(self, cell: Cell, new: Cell) -> Cell:
        """Return `new` with what the front end keeps with the cell: folding, tags, outputs."""
        kept = {key: value for key, value in cell["metadata"].items() if key not in {"editable", "deletable"}}
        metadata = {**kept, **new["metadata"]}
        if isinstance(kept.get("jupyter"), dict):
            metadata["jupyter"] = {**kept["jupyter"], **new["metadata"].get("jupyter", {})}
        merged = {**new, "metadata": metadata}
        keeps = _role(new) == "exercise" or cell["source"] == new["source"]
        stale = self.speaks_anew and _role(new) in _LIVE
        if new["cell_type"] == cell["cell_type"] == "code" and keeps and not stale:
            merged |= {key: cell[key] for key in ("outputs", "execution_count")}
        return merged


def _insert_missing(cells: list[Cell], fresh: Mapping[str, Cell], placed: dict[str, Cell]) -> None:
    """Put each cell of ours that is not there behind the one it follows in the lesson."""
    position = 0
    for key, cell in fresh.items():
        if key not in placed:
            placed[key] = cell
            cells.insert(position, cell)
        position = 1 + next(index for index, other in enumerate(cells) if other is placed[key])


def _give_ids(cells: Sequence[Cell], placed: Mapping[str, Cell]) -> None:
    """Give every cell without an id of its own a new one; the notebook format wants them unique."""
    ours = {id(cell) for cell in placed.values()}
    taken = {cell["id"] for cell in cells}
    used = set(placed)
    number = 1
    for cell in cells:
        if id(cell) in ours:
            continue
        if cell["id"] in used or not is_activity_id(cell["id"]):
            while (name := f"own-{number}") in taken:
                number += 1
            cell["id"] = name
            taken.add(name)
        used.add(cell["id"])


def _own(cell: Cell) -> Cell:
    """Return a cell of ours as one of the learner's, free to change and to delete."""
    ours = {"aralify", "editable", "deletable", "jupyter"}
    return {**cell, "id": "", "metadata": {key: value for key, value in cell["metadata"].items() if key not in ours}}


def _normal(cell: Mapping[str, Any]) -> Cell:
    """Return a cell as the notebook format writes it, its text in one piece."""
    source, metadata, name = cell["source"], cell.get("metadata"), cell.get("id")
    normal = {
        **{key: value for key, value in cell.items() if key not in {"outputs", "execution_count"}},
        "id": name if isinstance(name, str) else "",
        "metadata": metadata if isinstance(metadata, dict) else {},
        "source": source if isinstance(source, str) else "".join(source),
    }
    if cell["cell_type"] == "code":
        outputs = cell.get("outputs")
        normal["outputs"] = outputs if isinstance(outputs, list) else []
        normal["execution_count"] = cell.get("execution_count")
    return normal


def _role(cell: Mapping[str, Any]) -> str | None:
    aralify = cell["metadata"].get("aralify")
    return aralify.get("role") if isinstance(aralify, dict) else None


def _is_changed(cell: Cell) -> bool:
    aralify = cell["metadata"].get("aralify")
    return not isinstance(aralify, dict) or aralify.get("rendered") != text_hash(cell["source"])
