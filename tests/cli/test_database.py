"""`aralify db`: what an operator sees of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from aralify_kernel.app import application


@pytest.fixture
def spoiled(aralify):
    """A database in which one figure does not follow from what Ana did, which is nothing."""
    aralify("user", "add", "ana")
    with closing(sqlite3.connect(application().settings.home / "aralify.sqlite3")) as connection, connection:
        connection.execute("UPDATE users SET xp_total = 7")


TOLD = "ana: users  xp_total: 7 is stored, 0 follows"


@pytest.mark.usefixtures("spoiled")
def test_rebuilding_tells_what_was_different_and_then_nothing_is(aralify):
    assert (aralify("db", "check").status, aralify("db", "check").err) == (1, f"{TOLD}\n")
    assert aralify("db", "rebuild").out == f"{TOLD}\n1 figure was different.\n"
    assert aralify("db", "check").status == 0
    assert aralify("db", "rebuild").out == "Nothing was different.\n"


@pytest.mark.usefixtures("spoiled")
def test_programs_are_told_as_json(aralify):
    assert aralify("db", "check", "--json").json == {"ok": False, "differences": [TOLD]}
    assert aralify("db", "rebuild", "--json").json == {"differences": [TOLD]}


def test_a_backup_brings_back_who_was_there(aralify, tmp_path, nobody_answers):
    aralify("user", "add", "ana")
    file = tmp_path / "backup.sqlite3"
    assert aralify("db", "backup", file).out == f"The backup is in {file}.\n"
    assert "There is a file already" in aralify("db", "backup", file).err
    aralify("user", "erase", "ana", "--yes")
    aralify("user", "add", "ben")
    nobody_answers()
    assert aralify("db", "restore", file).status == 1
    ran = aralify("db", "restore", file, "--yes")
    assert ran.out == "The database is what it was at the backup.\n1 person was erased again.\n"
    assert aralify("user", "list", "--json").json == []


def test_a_database_can_be_moved(aralify, tmp_path):
    aralify("user", "add", "ana")
    source = f"sqlite:///{application().settings.home / 'aralify.sqlite3'}"
    target = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    assert aralify("db", "copy", source, target, "--json").json["rows"]["users"] == 1
    assert "Somebody uses it already" in aralify("db", "copy", source, target).err
    assert aralify("db", "copy", source, "nowhere").status == 1
