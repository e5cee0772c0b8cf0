"""Working copies on the disk: written whole or not at all, and never over something that is not ours."""

from __future__ import annotations

import base64
import errno
import json
import os
import re
import stat
import threading
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.courses.cells import joined
from aralify_kernel.courses.folder import is_inside
from aralify_kernel.courses.rendering import render
from aralify_kernel.courses.working_copies import normalized, refresh
from aralify_kernel.domain.references import WINDOWS_DEVICES
from aralify_kernel.errors import N_, DiskFull, NotebookInvalid, WorkspaceUnusable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.courses.rendering import Notebook
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import OpenLesson

_CELL_TYPES: Final = ("markdown", "code", "raw")
_NO_ROOM: Final = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_UNSAFE: Final = re.compile(r"[^\w@+.-]")


def open_working_copy(workspace: Path, opened: OpenLesson, language: str, username: str) -> Path:
    """Write a lesson's working copy, or renew the one that is there, and return its path.

    A file that is no notebook is kept beside it under another name. A copy that is as it should be is not touched, so
    that a front end that has it open sees no change.

    Raises:
        DiskFull: Nothing was written.
        WorkspaceUnusable: Nothing was written.
    """
    path = locate(workspace, username, opened.card.ref, opened.level_index)
    try:
        existing = read(path) if path.exists() else None
    except NotebookInvalid:
        set_aside(path, "damaged")
        existing = None
    write_files(path.parent, opened.content.files)
    if existing is None:
        write(path, render(opened, language, username))
    elif (renewed := refresh(existing, opened, language, username)) != normalized(existing):
        write(path, renewed)
    return path


def relative_path(username: str, ref: LessonRef, level_index: int) -> PurePosixPath:
    """Return where a working copy stands in the workspace; `level_index` counts from 0, the folders from 1.

    >>> from aralify_kernel.domain.references import LessonRef
    >>> str(relative_path("ana", LessonRef("python-basics", "variables", "easy"), 0))
    'ana/python-basics/01-variables/easy.ipynb'
    """
    return PurePosixPath(folder_name(username), ref.course, f"{level_index + 1:02d}-{ref.level}", f"{ref.tier}.ipynb")


def locate(workspace: Path, username: str, ref: LessonRef, level_index: int) -> Path:
    """Return the working copy's path: where it already is, should the topic's number have changed, else its place."""
    path = workspace / relative_path(username, ref, level_index)
    if not path.exists():
        numbered = re.compile(rf"\d{{2,}}-{re.escape(ref.level)}")
        earlier = path.parent.parent.glob(f"*-{ref.level}/{path.name}")
        return next((file for file in sorted(earlier) if numbered.fullmatch(file.parent.name)), path)
    return path


def folder_name(username: str) -> str:
    """Return a folder name for a user name, different for each; most are used as they are.

    >>> folder_name("ana"), folder_name("../ana"), folder_name("con")
    ('ana', '%2E.%2Fana', '%63on')
    """
    name = _UNSAFE.sub(lambda found: _escaped(found.group()), username)
    if name.startswith(".") or name.partition(".")[0].lower() in WINDOWS_DEVICES:
        name = _escaped(name[0]) + name[1:]
    return name[:-1] + _escaped(".") if name.endswith(".") else name


def read(path: Path) -> Notebook:
    """Return the notebook in a file.

    Raises:
        NotebookInvalid: The file is no notebook of format 4.
        WorkspaceUnusable: The file cannot be read.
    """
    try:
        notebook = json.loads(path.read_bytes())
    except IsADirectoryError as error:
        raise NotebookInvalid(path=str(path), reason=N_("it is a folder.")) from error
    except OSError as error:
        raise WorkspaceUnusable(path=str(path), detail=error.strerror) from error
    except (ValueError, RecursionError) as error:
        raise NotebookInvalid(path=str(path), reason=N_("it is not JSON ({detail})."), detail=str(error)) from error
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        raise NotebookInvalid(path=str(path), reason=N_("it is no notebook of format 4."))
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(map(is_cell, cells)):
        raise NotebookInvalid(path=str(path), reason=N_("its cells are not notebook cells."))
    metadata, minor = notebook.get("metadata"), notebook.get("nbformat_minor")
    return {
        **notebook,
        "metadata": metadata if isinstance(metadata, dict) else {},
        "nbformat_minor": minor if isinstance(minor, int) else 5,
    }


def is_cell(cell: Any) -> bool:
    """Whether something out of JSON is a cell of a notebook, with a type that there is and with a text."""
    return isinstance(cell, dict) and cell.get("cell_type") in _CELL_TYPES and joined(cell.get("source")) is not None


def write(path: Path, notebook: Notebook) -> None:
    """Write a notebook, whole or not at all.

    Raises:
        DiskFull: There is no room.
        WorkspaceUnusable: The folder cannot be written to.
    """
    text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    try:
        data = text.encode()
    except UnicodeEncodeError:  # half a character in an output: JSON can say it, UTF-8 cannot
        data = (json.dumps(notebook, indent=1) + "\n").encode()
    _write_atomically(path, data)


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write a course's read-only files beside a working copy; `files` are base64 by relative path.

    A file that the learner put there or changed is kept under another name.

    Raises:
        DiskFull: There is no room.
        WorkspaceUnusable: The folder cannot be written to.
    """
    for name, encoded in files.items():
        if not is_inside(name):
            raise WorkspaceUnusable(path=name, detail=os.strerror(errno.EPERM))
        path, data = folder / name, base64.b64decode(encoded)
        if _holds(path, data):
            continue
        if path.exists() and (path.is_dir() or path.stat().st_mode & stat.S_IWUSR):
            set_aside(path, "yours")
        _write_atomically(path, data, mode=0o444)


def set_aside(path: Path, why: str) -> Path:
    """Give a file another name, so that nothing in it is lost; return `<name>.<why>-<n><suffix>`.

    Raises:
        WorkspaceUnusable: The folder cannot be written to.
    """
    number = 1
    while (aside := path.with_name(f"{path.stem}.{why}-{number}{path.suffix}")).exists():
        number += 1
    try:
        path.rename(aside)
    except OSError as error:
        raise WorkspaceUnusable(path=str(path), detail=error.strerror) from error
    return aside


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and path.read_bytes() == data
    except OSError as error:
        raise WorkspaceUnusable(path=str(path), detail=error.strerror) from error


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))


def _write_atomically(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write beside the file, make sure that it reached the disk, then put it in its place in one step."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode if mode is None else mode)
            if os.name == "nt":
                path.chmod(0o666)  # Windows replaces no read-only file
        elif mode is not None:
            temporary.chmod(mode)
        temporary.replace(path)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DiskFull from error
        raise WorkspaceUnusable(path=str(path), detail=error.strerror) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
