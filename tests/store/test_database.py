from __future__ import annotations

import multiprocessing
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from aralify_kernel.domain.permissions import Role
from aralify_kernel.errors import DatabaseBusy, DatabaseOutdated, DatabaseReadOnly, DatabaseUnusable, DiskFull
from aralify_kernel.store import users
from aralify_kernel.store.database import Database, where

NOW = datetime(2024, 6, 3, 8, 30, 15, 123456, tzinfo=UTC)


def add_user(tx, name="ana", **changes):
    columns = {"username": name, "email": None, "password_hash": None, "display_name": name, "avatar_url": None}
    columns |= {"locale": "en", "timezone": "UTC", "role": Role.USER, "last_login_at": None, "now": NOW}
    return users.add(tx, **(columns | changes))


def test_a_moment_is_stored_as_utc_and_comes_back_aware(database, sql):
    manila = timezone(timedelta(hours=8))
    with database.write() as tx:
        add_user(tx, last_login_at=NOW.astimezone(manila))
    assert sql("SELECT last_login_at FROM users") == [("2024-06-03 08:30:15.123456",)]
    with database.read() as tx:
        found = users.find(tx, "ana")
    assert (found.last_login_at, found.last_login_at.tzinfo) == (NOW, UTC)


def test_a_moment_without_a_zone_is_refused(database, sql):
    with pytest.raises(StatementError, match="without a time zone"), database.write() as tx:
        add_user(tx, last_login_at=NOW.replace(tzinfo=None))
    assert sql("SELECT * FROM users") == []


def test_an_enum_is_stored_by_its_name_and_nothing_else_gets_in(database, sql):
    with database.write() as tx:
        add_user(tx, role=Role.MODERATOR)
    assert sql("SELECT role FROM users") == [("MODERATOR",)]
    with pytest.raises(StatementError), database.write() as tx:
        add_user(tx, "ben", role="KING")


def test_what_is_raised_inside_undoes_everything(database, sql):
    with pytest.raises(ZeroDivisionError), database.write() as tx:
        add_user(tx) and 1 / 0
    assert sql("SELECT * FROM users") == []


def test_reading_waits_for_no_writer_and_sees_one_state(database):
    with database.write() as tx:
        add_user(tx)
    with database.read() as reading:
        assert len(users.all_users(reading)) == 1
        with database.write() as tx:
            add_user(tx, "ben")
        assert len(users.all_users(reading)) == 1
    with database.read() as reading:
        assert len(users.all_users(reading)) == 2


def test_a_reading_transaction_keeps_nothing(database, sql):
    with database.read() as tx:
        add_user(tx)
    assert sql("SELECT * FROM users") == []


@pytest.mark.parametrize("new_url", ["postgresql"], indirect=True)
def test_a_server_keeps_what_it_has_planned_from_one_reading_transaction_to_the_next(new_url):
    database = Database(new_url())
    for _ in range(6):  # the driver prepares what it has been given five times
        with database.read() as tx:
            users.all_users(tx)
    with database.read() as tx:
        prepared = tx.execute(text("SELECT statement FROM pg_prepared_statements")).scalars().all()
    database.dispose()
    assert any("FROM users" in statement for statement in prepared)


def test_a_writing_transaction_holds_the_lock_from_its_beginning(database, file, open_database):
    impatient = open_database(f"sqlite:///{file}", busy_timeout_sec=0.05)
    with database.write(), pytest.raises(DatabaseBusy), impatient.write():
        pytest.fail("two writers at once")


def increment(url: str, times: int) -> None:
    database = Database(url)
    for _ in range(times):
        with database.write() as tx:
            before = users.find(tx, "ana")
            users.change(tx, before.id, now=NOW, xp_total=before.xp_total + 1)
    database.dispose()


def test_four_processes_lose_no_increment(database, file, sql):
    with database.write() as tx:
        add_user(tx)
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=increment, args=(f"sqlite:///{file}", 100)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    assert sql("SELECT xp_total FROM users") == [(400,)]


def test_foreign_keys_are_on_and_commits_reach_the_disk(database):
    with database.write() as tx:
        pragmas = [
            tx.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("foreign_keys", "synchronous")
        ]
    assert pragmas == [1, 2]


def test_a_read_only_database_says_where_it_is(file, open_database):
    database = open_database(f"sqlite:///file:{file}?mode=ro&uri=true")
    with pytest.raises(DatabaseReadOnly, match=r"a\.sqlite3"), database.write() as tx:
        add_user(tx)
    with database.read() as tx:
        assert users.all_users(tx) == []


def test_a_full_disk_keeps_what_was_there(database, sql):
    with database.write() as tx:
        add_user(tx)

    def fill_the_disk(tx):
        pages = tx.connection().exec_driver_sql("PRAGMA page_count").scalar()
        tx.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        for number in range(200):
            add_user(tx, f"user{number}", bio="x" * 500)

    with pytest.raises(DiskFull), database.write() as tx:
        fill_the_disk(tx)
    assert sql("SELECT username FROM users") == [("ana",)]
    assert sql("PRAGMA integrity_check") == [("ok",)]


def test_a_database_without_tables_says_to_upgrade(tmp_path, open_database):
    with closing(sqlite3.connect(tmp_path / "empty.sqlite3")) as connection:
        connection.execute("PRAGMA user_version = 1")
    database = open_database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    with pytest.raises(DatabaseOutdated), database.read() as tx:
        users.all_users(tx)


def test_a_missing_folder_is_said(tmp_path, open_database):
    database = open_database(f"sqlite:///{tmp_path / 'nowhere' / 'a.sqlite3'}")
    with pytest.raises(DatabaseUnusable, match="not there, or you may not open it"), database.read() as tx:
        users.all_users(tx)


def test_a_damaged_file_is_said(tmp_path, open_database):
    (tmp_path / "a.sqlite3").write_bytes(b"no database at all" * 100)
    database = open_database(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    with pytest.raises(DatabaseUnusable, match="damaged"), database.read() as tx:
        users.all_users(tx)


def test_a_mistake_of_ours_is_not_taken_for_the_database_s(database):
    with pytest.raises(IntegrityError), database.write() as tx:
        add_user(tx) and add_user(tx)


def test_people_are_told_where_a_database_is_without_its_password():
    from sqlalchemy import make_url

    assert where(make_url("postgresql://ana:secret@db/aralify")) == "postgresql://ana:***@db/aralify"
