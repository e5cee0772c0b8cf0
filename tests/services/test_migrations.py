"""Databases of earlier versions: upgraded, they keep everything, and what is new in them follows from the facts."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from aralify_kernel.services import rebuild
from aralify_kernel.store import schema
from aralify_kernel.store.database import Database
from tests.fakes import Clock

STORED = sorted((Path(__file__).parent.parent / "store" / "schemas").glob("*.sqlite3"))


def contents(file):
    """Every row of every table, by its columns' names."""
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: [dict(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in tables}


def follow(tx):
    return rebuild.follow(tx, lambda *_: None, now=Clock()())


@pytest.fixture(params=STORED, ids=[file.stem for file in STORED])
def old(request, tmp_path):
    return shutil.copy(request.param, tmp_path / "old.sqlite3")


@pytest.fixture
def database(old):
    database = Database(f"sqlite:///{old}")
    yield database
    database.dispose()


def test_there_is_a_stored_database_of_every_earlier_schema():
    revisions = {one.revision for one in ScriptDirectory.from_config(schema.config()).walk_revisions()}
    assert {file.stem for file in STORED} == revisions - {schema.HEAD}


def test_an_upgrade_keeps_every_row(old, database):
    before = contents(old)
    assert before["attempts"]
    assert schema.upgrade(database, follow)
    after = contents(old)
    for table in before.keys() - {"alembic_version"}:
        kept = [{name: row[name] for name in before[table][0]} for row in after[table]] if before[table] else []
        assert kept == before[table], table
    assert all(row["content_hash"] for row in after["attempts"])


def test_an_upgrade_fills_what_is_new_so_that_everything_follows_from_the_facts(old, database):
    schema.upgrade(database, follow)
    assert len(contents(old)["learner_activities"]) > 1
    assert rebuild.check(database, lambda *_: None) == ()


def test_an_upgrade_that_cannot_fill_what_is_new_changes_nothing(old, database):
    def fail(_):
        raise OSError("the power goes")

    before = contents(old)
    with pytest.raises(OSError, match="the power goes"):
        schema.upgrade(database, fail)
    assert contents(old) == before
