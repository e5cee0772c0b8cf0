"""The cells of an author notebook: read from the file, each with its role, its metadata and its place."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.courses.quizzes import MALFORMED_ID
from aralify_kernel.courses.tables import Table
from aralify_kernel.domain.references import is_activity_id
from aralify_kernel.domain.statements import MAGIC, is_sql, without_magic
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from aralify_kernel.courses.tables import Place

ROLES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "prose": ("markdown", ("lang", "pair")),
    "example": ("code", ()),
    "exercise": ("code", ("title", "mode", "rules", "needs")),
    "check": ("code", ("exercise", "points", "hidden", "name")),
    "hint": ("markdown", ("exercise", "lang", "pair")),
    "quiz": ("raw", ()),
    "mistake": ("raw", ("exercise", "expect")),
}
"""By role: the kind of cell it is, and the keys it takes beside `role`."""

_ROLE_WITHOUT_METADATA: Final = {"markdown": "prose", "code": "example"}
_ATTACHMENT: Final = re.compile(r"attachment:([^\s)\"'>]+)")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that says something. `meta` are its keys under `metadata.aralify`."""

    role: str
    id: str
    source: str
    meta: Table
    place: Place


def read_cells(path: Path, language: str, place: Place) -> list[Cell]:
    """Return the cells of an author notebook in order, its mistakes noted at `place`.

    Left out are empty cells without a role, and cells whose role cannot be told.
    """
    raw_cells = _read_raw_cells(path, place)
    _report_repeated_ids(raw_cells, place)
    cells = (_read_cell(raw, number, language, place) for number, raw in enumerate(raw_cells, start=1))
    return [cell for cell in cells if cell is not None]


def joined(source: Any) -> str | None:
    """Return a notebook's multi-line text, which may be written as a list of lines; None when it is neither."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else None


def _read_raw_cells(path: Path, place: Place) -> list[Any]:
    try:
        notebook = json.loads(path.read_bytes())
        json.dumps(notebook, ensure_ascii=False).encode()
    except OSError as error:
        place.report(N_("This file cannot be read: {detail}."), detail=error.strerror)
        return []
    except UnicodeEncodeError:
        place.report(N_("This notebook holds half of a character (a lone surrogate). Write that character again."))
        return []
    except (ValueError, RecursionError) as error:
        place.report(N_("This file is not a notebook, because it is not JSON: {detail}."), detail=error)
        return []
    form = [notebook.get(key) for key in ("nbformat", "nbformat_minor")] if isinstance(notebook, dict) else []
    if form[:1] != [4] or type(form[1]) is not int or form[1] < 5:
        place.at("nbformat").report(N_("This must be a notebook of format 4.5. Open and save it in JupyterLab 4."))
        return []
    if not isinstance(notebook.get("cells"), list):
        place.at("cells").report(N_("This notebook has no list of cells."))
        return []
    return list(notebook["cells"])


def _report_repeated_ids(raw_cells: Iterable[Any], place: Place) -> None:
    seen: set[str] = set()
    for raw in raw_cells:
        name = raw.get("id") if isinstance(raw, dict) else None
        if isinstance(name, str) and name in seen:
            place.at(name).report(N_("Two cells have this id; each needs its own."))
        elif isinstance(name, str):
            seen.add(name)


def _read_cell(raw: Any, number: int, language: str, place: Place) -> Cell | None:
    name = raw.get("id") if isinstance(raw, dict) else None
    place = place.at(name if isinstance(name, str) and name else f"cells[{number}]")
    source = joined(raw.get("source")) if isinstance(raw, dict) else None
    metadata = raw.get("metadata", {}) if isinstance(raw, dict) else None
    if source is None or not isinstance(metadata, dict):
        place.report(N_("This is not a notebook cell."))
        return None
    if not isinstance(name, str) or not is_activity_id(name):
        place.report(MALFORMED_ID, value=name)
        return None
    if "\x00" in source:
        place.report(N_("This cell holds a NUL character, which no database takes."))
    role = _role(raw["cell_type"] if isinstance(raw.get("cell_type"), str) else "", source, metadata, place)
    if role is None:
        return None
    keys = ("role", *ROLES[role][1])
    source = _with_attachments(source.replace("\r\n", "\n"), raw.get("attachments"))
    if language == "sql":
        if raw["cell_type"] == "code" and not is_sql(source):
            place.report(N_("A code cell of an SQL course begins with the line “{magic}”."), magic=MAGIC)
        source = without_magic(source)
    return Cell(role, name, source, Table(metadata.get("aralify", {}), keys, place), place)


def _role(cell_type: str, source: str, metadata: Mapping[str, Any], place: Place) -> str | None:
    meta = metadata.get("aralify", {})
    if not isinstance(meta, dict):
        place.at("metadata.aralify").report(N_("This must be a table of keys and values."))
        return None
    if "role" not in meta and not source.strip():
        return None
    role = meta.get("role", _ROLE_WITHOUT_METADATA.get(cell_type))
    if role is None:
        place.at("role").report(N_("A raw cell must say what it is: quiz or mistake."))
        return None
    if not isinstance(role, str) or role not in ROLES:
        place.at("role").report(N_("“{value}” is no role. Known: {known}."), value=role, known=", ".join(ROLES))
        return None
    if ROLES[role][0] != cell_type:
        place.report(
            N_("The role “{role}” belongs in a {expected} cell; this is a {cell_type} cell."),
            role=role,
            expected=ROLES[role][0],
            cell_type=cell_type,
        )
        return None
    return role


def _with_attachments(source: str, attachments: Any) -> str:
    """Pictures pasted into a Markdown cell travel inside the text, as the published lesson has no attachments."""
    if not isinstance(attachments, dict):
        return source

    def inlined(match: re.Match[str]) -> str:
        for media_type, data in attachments.get(match.group(1), {}).items():
            return f"data:{media_type};base64,{(joined(data) or '').replace(chr(10), '')}"
        return match.group(0)

    return _ATTACHMENT.sub(inlined, source)
