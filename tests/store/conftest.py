"""A migrated database file for each test, and plain sqlite3 on it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from aralify_kernel.store import schema
from aralify_kernel.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "migrated.sqlite3"
    database = Database(f"sqlite:///{file}")
    schema.upgrade(database)
    database.dispose()
    return file


@pytest.fixture
def file(tmp_path: Path, migrated_file: Path) -> Path:
    return shutil.copy(migrated_file, tmp_path / "a.sqlite3")


@pytest.fixture
def open_database() -> Iterator[Callable[..., Database]]:
    opened: list[Database] = []

    def open_one(url: str, **more: Any) -> Database:
        opened.append(Database(url, **more))
        return opened[-1]

    yield open_one
    for database in opened:
        database.dispose()


@pytest.fixture
def database(file: Path, open_database: Callable[..., Database]) -> Database:
    return open_database(f"sqlite:///{file}")


@pytest.fixture
def sql(file: Path) -> Callable[..., list[tuple[Any, ...]]]:
    """Run one statement past everything that is ours, with foreign keys on."""

    def run(statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("PRAGMA foreign_keys = ON")
            return connection.execute(statement, values).fetchall()

    return run
