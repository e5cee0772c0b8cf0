"""Folders of attempts: what a killed grader left is swept, however it was filled, and what is in use stays."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from aralify_kernel.grading import warm
from aralify_kernel.grading.sandbox import folders

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows starts no fork servers")

OWNER = """
from aralify_kernel.grading import warm
folder = warm.make_scratch_root()
open(f"{folder}/answer.txt", "w").close()
print(folder, flush=True)
input()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def owner():
    """Another process that has a scratch folder, and that folder."""
    command = [sys.executable, "-c", OWNER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_what_a_killed_owner_left_is_swept_at_the_next_start(owner, temporary):
    process, folder = owner
    process.kill()
    process.wait()
    assert (folder / "answer.txt").exists()
    mine = warm.make_scratch_root()
    assert [str(one) for one in temporary.iterdir()] == [mine]
    warm.remove_scratch_root(mine)
    assert not any(temporary.iterdir())


def test_what_another_process_uses_stays(owner, temporary):
    _, folder = owner
    warm.remove_scratch_root(warm.make_scratch_root())
    assert (folder / "answer.txt").exists()


def test_two_of_this_process_stay_as_well():
    first, second = warm.make_scratch_root(), warm.make_scratch_root()
    assert Path(first).is_dir()
    for folder in (first, second):
        warm.remove_scratch_root(folder)


def test_what_is_no_scratch_folder_stays(temporary):
    (temporary / "aralify-scratch-file").write_text("mine")
    (temporary / "outside").mkdir()
    (temporary / "aralify-scratch-link").symlink_to(temporary / "outside")
    warm.remove_scratch_root(warm.make_scratch_root())
    assert (temporary / "outside").is_dir()
    assert (temporary / "aralify-scratch-file").read_text() == "mine"


def test_a_folder_is_removed_however_deep_and_closed_it_is(temporary):
    bad = temporary / "bad"
    bad.mkdir()
    (temporary / "outside.txt").write_text("stays")
    (bad / "link").symlink_to(temporary)
    here = Path.cwd()
    os.chdir(bad)
    try:
        for _ in range(1200):
            Path("deep").mkdir()
            os.chdir("deep")
        Path("x").write_text("x")
    finally:
        os.chdir(here)
    (bad / "closed").mkdir(0)
    assert folders.is_larger(str(bad), 1 << 40)
    folders.remove(str(bad))
    assert not bad.exists()
    assert (temporary / "outside.txt").read_text() == "stays"


def test_a_folder_is_as_large_as_its_files_and_its_names(temporary):
    (temporary / "x").write_bytes(bytes(100_000))
    for number in range(20):
        (temporary / f"empty{number}").touch()
    assert folders.is_larger(str(temporary), 150_000)
    assert not folders.is_larger(str(temporary), 250_000)
