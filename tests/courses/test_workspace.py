"""Working copies on the disk."""

from __future__ import annotations

import base64
import errno
import json
import os
from pathlib import Path, PurePosixPath

import pytest

from aralify_kernel.courses import workspace as module
from aralify_kernel.courses.folder import read_course
from aralify_kernel.courses.workspace import (
    folder_name,
    locate,
    open_working_copy,
    read,
    relative_path,
    set_aside,
    write,
    write_files,
)
from aralify_kernel.errors import DiskFull, NotebookInvalid, WorkspaceUnusable
from aralify_kernel.i18n import sentence
from tests.courses.authoring import write_course
from tests.courses.openings import REF, opening

EMPTY = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture
def opened(tmp_path):
    return opening(read_course(write_course(tmp_path / "tiny")).levels[0].lessons[0].content)


@pytest.fixture
def workspace(tmp_path):
    return tmp_path / "workspace"


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_copy_stands_under_its_learner_course_and_topic(workspace, opened):
    path = open_working_copy(workspace, opened, "en", "ana")
    assert path == workspace / "ana" / "tiny" / "01-first" / "easy.ipynb"
    assert relative_path("ana", REF, 11) == PurePosixPath("ana/tiny/12-first/easy.ipynb")
    assert read(path)["metadata"]["aralify"]["username"] == "ana"


def test_two_learners_have_two_copies(workspace, opened):
    ana, ben = (open_working_copy(workspace, opened, "en", name) for name in ("ana", "ben"))
    assert ana != ben


def test_a_topic_that_moves_keeps_its_copies_where_they_are(workspace, opened):
    path = open_working_copy(workspace, opened, "en", "ana")
    moved = opening(opened.content, level_index=4)
    assert open_working_copy(workspace, moved, "en", "ana") == path
    assert locate(workspace, "ben", REF, 4) == workspace / "ben" / "tiny" / "05-first" / "easy.ipynb"


@pytest.mark.parametrize("name", ["..", ".", "../../etc", "a/b", "a\\b", "con", "aux.txt", "a.", "ñandú", "a b", "50%"])
def test_a_user_name_is_one_folder_and_no_way_out(name):
    folder = folder_name(name)
    assert PurePosixPath(folder).parts == (folder,)
    assert folder not in {".", ".."}
    assert not set(folder) & set('/\\:*?"<>| ')
    assert folder.partition(".")[0] not in {"con", "aux"}
    assert not folder.endswith(".")


def test_different_user_names_have_different_folders():
    names = ["a b", "a%20b", "a%2520b", "ab", ".ab", "%2Eab", "con", "%63on"]
    assert len({folder_name(name) for name in names}) == len(names)


def test_opening_again_keeps_the_answer_and_does_not_touch_an_unchanged_file(workspace, opened):
    path = open_working_copy(workspace, opened, "en", "ana")
    notebook = read(path)
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "exercise-area")
    cell["source"] = [f"{cell['source'].partition(chr(10))[0]}\n", "my answer"]  # as JupyterLab saves it
    path.write_text(json.dumps(notebook), encoding="utf-8")
    before = path.stat()

    open_working_copy(workspace, opened, "en", "ana")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)

    open_working_copy(workspace, opened, "fil", "ana")
    assert "my answer" in path.read_text(encoding="utf-8")
    assert "Kumusta" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not JSON"),
        ("my essay", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "no notebook of format 4"),
        ('{"nbformat": 3, "worksheets": []}', "no notebook of format 4"),
        ('{"nbformat": 4}', "not notebook cells"),
        ('{"nbformat": 4, "cells": [1]}', "not notebook cells"),
        ('{"nbformat": 4, "cells": [{"cell_type": "code", "source": 1}]}', "not notebook cells"),
        ('{"nbformat": 4, "cells": [{"cell_type": "heading", "source": ""}]}', "not notebook cells"),
    ],
)
def test_what_is_no_notebook_is_told_and_kept_aside(workspace, opened, text, why):
    path = open_working_copy(workspace, opened, "en", "ana")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NotebookInvalid) as raised:
        read(path)
    assert why in sentence(raised.value, "en")

    assert open_working_copy(workspace, opened, "en", "ana") == path
    assert len(read(path)["cells"]) > 5
    assert (path.parent / "easy.damaged-1.ipynb").read_text(encoding="utf-8") == text
    path.write_bytes(b"\xff")
    open_working_copy(workspace, opened, "en", "ana")
    assert (path.parent / "easy.damaged-2.ipynb").read_bytes() == b"\xff"


def test_a_folder_in_the_way_is_kept_aside(workspace, opened):
    path = workspace / relative_path("ana", REF, 0)
    path.mkdir(parents=True)
    (path / "notes.txt").write_text("mine", encoding="utf-8")
    assert open_working_copy(workspace, opened, "en", "ana").is_file()
    assert (path.parent / "easy.damaged-1.ipynb" / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_notebook_with_odd_but_harmless_parts_is_read(tmp_path):
    path = tmp_path / "odd.ipynb"
    path.write_text('{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a"]}], "metadata": 3}', "utf-8")
    assert (read(path)["metadata"], read(path)["nbformat_minor"]) == ({}, 5)


def test_half_a_character_survives_writing(tmp_path):
    notebook = {**EMPTY, "metadata": {"half": "\ud800", "ñ": "ñ"}}
    write(tmp_path / "a.ipynb", notebook)
    assert read(tmp_path / "a.ipynb") == notebook


@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EROFS, WorkspaceUnusable), (errno.EIO, WorkspaceUnusable)],
)  # fmt: skip
def test_a_disk_that_fails_leaves_the_old_file_whole(tmp_path, monkeypatch, number, error):
    path = tmp_path / "easy.ipynb"
    write(path, EMPTY)

    def fail(_descriptor):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(module.os, "fsync", fail)
    with pytest.raises(error):
        write(path, {**EMPTY, "metadata": {"x": "y" * 10_000}})
    assert read(path) == EMPTY
    assert files(tmp_path) == ["easy.ipynb"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full (Linux)")
def test_a_really_full_disk_is_told_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "with_name", lambda _path, _name: Path("/dev/full"))
    monkeypatch.setattr(Path, "unlink", lambda _path, **_options: None)
    with pytest.raises(DiskFull):
        write(tmp_path / "easy.ipynb", EMPTY)


def test_a_file_where_a_folder_should_be_is_told(tmp_path, opened):
    (tmp_path / "workspace").write_text("a file", encoding="utf-8")
    with pytest.raises(WorkspaceUnusable) as raised:
        open_working_copy(tmp_path / "workspace", opened, "en", "ana")
    assert "cannot be used, so nothing was changed" in sentence(raised.value, "en")


def test_a_renewed_copy_keeps_its_permissions(tmp_path):
    path = tmp_path / "easy.ipynb"
    write(path, EMPTY)
    path.chmod(0o600)
    write(path, {**EMPTY, "metadata": {"a": 1}})
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_courses_files_stand_beside_the_copy_read_only(workspace, opened):
    folder = open_working_copy(workspace, opened, "en", "ana").parent
    assert (folder / "data" / "rain.csv").read_text(encoding="utf-8") == "day,mm\n1,20\n"
    assert not (folder / "data" / "rain.csv").stat().st_mode & 0o222


def test_a_newer_file_replaces_ours_but_not_the_learners(tmp_path):
    write_files(tmp_path, {"rain.csv": base64.b64encode(b"old").decode()})
    write_files(tmp_path, {"rain.csv": base64.b64encode(b"new").decode()})
    assert files(tmp_path) == ["rain.csv"]

    (tmp_path / "rain.csv").chmod(0o644)
    (tmp_path / "rain.csv").write_bytes(b"my own numbers")
    write_files(tmp_path, {"rain.csv": base64.b64encode(b"new").decode()})
    assert (tmp_path / "rain.csv").read_bytes() == b"new"
    assert (tmp_path / "rain.yours-1.csv").read_bytes() == b"my own numbers"


@pytest.mark.parametrize("name", ["../rain.csv", "/rain.csv", "a\\..\\b"])
def test_no_file_is_written_out_of_the_folder(tmp_path, name):
    with pytest.raises(WorkspaceUnusable):
        write_files(tmp_path / "in", {name: ""})
    assert files(tmp_path) == []


def test_setting_aside_never_overwrites(tmp_path):
    for text in ("one", "two"):
        (tmp_path / "a.ipynb").write_text(text, encoding="utf-8")
        set_aside(tmp_path / "a.ipynb", "damaged")
    assert [path.read_text(encoding="utf-8") for path in sorted(tmp_path.iterdir())] == ["one", "two"]
