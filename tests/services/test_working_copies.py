from __future__ import annotations

import shutil

import pytest

from aralify_kernel.services.working_copies import hand_over


@pytest.fixture
def workspace(tmp_path):
    copy = tmp_path / "guest-1" / "demo" / "easy.ipynb"
    copy.parent.mkdir(parents=True)
    copy.write_text("mine")
    return tmp_path


def read(workspace, username):
    return (workspace / username / "demo" / "easy.ipynb").read_text()


def test_the_account_gets_copies_and_the_guest_s_stay(workspace):
    hand_over(workspace, "guest-1", "ana")
    assert (read(workspace, "ana"), read(workspace, "guest-1")) == ("mine", "mine")


def test_nothing_that_is_there_is_touched(workspace):
    (workspace / "ana" / "demo").mkdir(parents=True)
    (workspace / "ana" / "demo" / "easy.ipynb").write_text("older")
    hand_over(workspace, "guest-1", "ana")
    assert read(workspace, "ana") == "older"


def test_a_guest_without_notebooks_leaves_nothing(tmp_path):
    hand_over(tmp_path, "guest-1", "ana")
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_fails_keeps_nobody_from_signing_up(workspace, monkeypatch):
    def fail(*_arguments):
        raise OSError("no room")

    monkeypatch.setattr(shutil, "copytree", fail)
    hand_over(workspace, "guest-1", "ana")
    assert read(workspace, "guest-1") == "mine"
