"""Backups, going back to one, and moving between databases of any kind."""

from __future__ import annotations

import json
import os
import stat
import threading

import pytest

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.errors import CopyFailed, DatabaseNewer, DatabaseReadOnly, DatabaseUnusable
from aralify_kernel.services import classrooms, copies, rebuild
from aralify_kernel.store import copying, schema
from aralify_kernel.store.database import Database
from tests.databases import SQLITE_ONLY, run_sql


def silent(*_):
    pass


@pytest.fixture
def school(world):
    """A class with two learners who have done something."""
    classrooms.new(world.database, None, "Rizal", ["demo"], now=world.clock())
    for name in ("ana", "ben"):
        session = world.learner(name)
        classrooms.add(world.database, None, "rizal", [name], ClassRole.LEARNER, now=world.clock())
        world.submit(session, content="c1")
        world.complete(session, "demo/one/easy")
    return world


@pytest.fixture
def opened():
    databases = []

    def open_one(url):
        databases.append(Database(url))
        return databases[-1]

    yield open_one
    for database in databases:
        database.dispose()


@pytest.fixture
def other(request, world, tmp_path, opened):
    """A new, empty database of the other kind to copy into."""
    if not world.database.is_local:
        yield opened(f"sqlite:///{tmp_path / 'other.sqlite3'}")
        return
    server = request.getfixturevalue("postgres")
    url = server.new()
    database = opened(url)
    yield database
    database.dispose()
    server.drop(url)


def contents(database):
    """Every row of every table, as the store reads it."""
    with database.read() as tx:
        tables = schema.Base.metadata.sorted_tables
        return {table.name: sorted(map(repr, tx.execute(table.select()))) for table in tables}


def people(database):
    return [row[0] for row in run_sql(url_of(database), "SELECT username FROM users ORDER BY id")]


def url_of(database):
    return database.url.render_as_string(hide_password=False)


def test_a_backup_is_the_database_and_only_its_owner_may_read_it(school, tmp_path, opened):
    file = tmp_path / "backup.sqlite3"
    copies.backup(school.database, file, silent)
    assert contents(opened(f"sqlite:///{file}")) == contents(school.database)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.glob("*backup*") if not one.name.endswith(("-wal", "-shm"))] == [file.name]


@SQLITE_ONLY
def test_a_backup_overwrites_nothing(school, tmp_path):
    file = tmp_path / "backup.sqlite3"
    file.write_text("mine")
    with pytest.raises(CopyFailed, match="There is a file already"):
        copies.backup(school.database, file, silent)
    with pytest.raises(CopyFailed, match="cannot be written there"):
        copies.backup(school.database, tmp_path / "nowhere" / "backup.sqlite3", silent)
    assert file.read_text() == "mine"


def test_a_backup_that_is_made_while_learners_work_is_sound(school, tmp_path, opened):
    """Somebody submits without a pause; every backup is one state, in which everything follows from the facts."""
    session, stop = school.session("of-ana"), threading.Event()
    answered = []

    def work():
        while not stop.is_set():
            answered.append(school.submit(session, content=f"c1 {len(answered)}").attempt)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        found = []
        while len(found) < 2:
            before = len(answered)
            file = tmp_path / f"{len(found)}.backup"
            copies.backup(school.database, file, silent)
            backup = opened(f"sqlite:///{file}")
            kept = run_sql(url_of(backup), "SELECT count(*) FROM attempts")[0][0] - 6
            assert rebuild.check(backup, silent) == ()
            found.append((before, kept))
    finally:
        stop.set()
        worker.join()
    assert all(before <= kept for before, kept in found)


def test_going_back_brings_everything_of_then_and_nothing_since(school, tmp_path):
    file = tmp_path / "backup.sqlite3"
    before = contents(school.database)
    copies.backup(school.database, file, silent)
    school.complete(school.learner("cora"), "demo/one/easy")
    school.complete(school.session("of-ben"), "demo/one/medium")
    assert copies.restore(school.database, file, school.erasures, silent, now=school.clock()) == 0
    assert contents(school.database) == before
    school.complete(school.session("of-ben"), "demo/one/medium")
    assert rebuild.check(school.database, silent) == ()


def test_who_was_erased_since_the_backup_stays_erased(school, tmp_path):
    file = tmp_path / "backup.sqlite3"
    copies.backup(school.database, file, silent)
    school.erase("ana")
    school.clock.turn(days=1)
    school.learner("ana")  # somebody else
    for _ in range(2):
        assert copies.restore(school.database, file, school.erasures, silent, now=school.clock()) == 1
        assert people(school.database) == ["ben"]
        assert rebuild.check(school.database, silent) == ()
    assert school.one("SELECT count(*) FROM erasures") == 1


def test_who_was_erased_stays_erased_also_when_the_database_itself_was_lost(school, make_world, tmp_path):
    file = tmp_path / "backup.sqlite3"
    copies.backup(school.database, file, silent)
    school.erase("ana")
    new = make_world()
    assert copies.restore(new.database, file, school.erasures, silent, now=school.clock()) == 1
    assert people(new.database) == ["ben"]
    assert rebuild.check(new.database, silent) == ()
    assert new.one("SELECT count(*) FROM erasures") == 1


def test_a_journal_of_erasures_is_its_owners_and_names_nobody(school):
    school.erase("ana")
    file = school.erasures.file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.parent == (school.folder.parent if school.database.is_local else school.folder)
    (line,) = file.read_text().splitlines()
    assert set(json.loads(line)) == {"person", "at"}
    assert "ana" not in line


@SQLITE_ONLY
def test_a_line_of_the_journal_that_a_power_cut_left_unfinished_costs_no_other(school):
    school.erase("ana")
    kept = school.erasures.file.read_text()
    school.erasures.file.write_text(kept + kept[:30])
    school.erase("ben")
    assert len(school.erasures.erased()) == 2


@SQLITE_ONLY
def test_who_cannot_be_noted_in_the_journal_is_not_erased(school):
    school.erasures.file.mkdir()
    with pytest.raises(DatabaseReadOnly, match=r"erasures\.jsonl"):
        school.erase("ana")
    assert people(school.database) == ["ana", "ben"]
    with pytest.raises(DatabaseUnusable, match=r"erasures\.jsonl"):
        school.erasures.erased()


def test_a_journal_that_root_made_belongs_to_whom_the_database_does(school, monkeypatch):
    given = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda _file, *owner: given.append(owner))
    for name in ("ana", "ben"):
        school.erase(name)
    beside = school.erasures.owned_as.stat()
    assert given == [(beside.st_uid, beside.st_gid)]


def test_going_back_that_fails_changes_nothing(school, tmp_path):
    file = tmp_path / "backup.sqlite3"
    copies.backup(school.database, file, silent)
    school.learner("cora")
    before = contents(school.database)

    def lose_power(done, _total):
        if done > 5:
            raise OSError("the power goes")

    with pytest.raises(OSError, match="the power goes"):
        copies.restore(school.database, file, school.erasures, lose_power, now=school.clock())
    assert contents(school.database) == before


@SQLITE_ONLY
def test_what_is_no_backup_is_refused(school, tmp_path):
    files = {name: tmp_path / name for name in ("missing", "letter", "empty", "newer")}
    files["letter"].write_text("Dear all, this is no database. " * 50)
    files["empty"].write_bytes(b"")
    copies.backup(school.database, files["newer"], silent)
    run_sql(f"sqlite:///{files['newer']}", "UPDATE alembic_version SET version_num = '9999'")
    before = contents(school.database)
    for name, error in {"missing": DatabaseUnusable, "letter": DatabaseUnusable, "empty": DatabaseUnusable}.items():
        with pytest.raises(error):
            copies.restore(school.database, files[name], school.erasures, silent, now=school.clock())
    with pytest.raises(DatabaseNewer):
        copies.restore(school.database, files["newer"], school.erasures, silent, now=school.clock())
    assert contents(school.database) == before


def test_a_copy_has_every_row_and_goes_on_counting(school, other):
    replayed = []
    counted = copies.copy(school.database, other, silent, lambda *told: replayed.append(told))
    assert replayed == [(0, 2), (1, 2), (2, 2)]
    assert contents(other) == contents(school.database)
    assert counted["attempts"] == 6
    school.database, before = other, school.database
    school.complete(school.learner("cora"), "demo/one/easy")
    school.complete(school.session("of-ana"), "demo/one/medium")
    assert rebuild.check(other, silent) == ()
    school.database = before


def test_a_copy_that_was_interrupted_is_used_by_nobody_and_goes_on_with_what_came_since(school, other, monkeypatch):
    monkeypatch.setattr(copying, "_AT_A_TIME", 3)
    seen = []

    def lose_power(done, total):
        seen.append(done)
        if done > total * 0.7:
            raise OSError("the power goes")

    with pytest.raises(OSError, match="the power goes"):
        copies.copy(school.database, other, lose_power, silent)
    with pytest.raises(DatabaseUnusable, match="Repeat the same"):
        schema.require_head(other)
    kept = run_sql(url_of(other), "SELECT count(*) FROM users")
    assert kept == [(2,)]
    school.erase("ben")
    school.clock.turn(days=1)
    school.complete(school.learner("cora"), "demo/one/medium")
    copies.copy(school.database, other, silent, silent)
    assert contents(other) == contents(school.database)
    schema.require_head(other)


@SQLITE_ONLY
def test_nothing_is_copied_over_other_people(school, make_world):
    taken = make_world()
    taken.learner("dan")
    with pytest.raises(CopyFailed, match="Somebody uses it already"):
        copies.copy(school.database, taken.database, silent, silent)
    assert people(taken.database) == ["dan"]


@SQLITE_ONLY
def test_a_copy_of_what_is_damaged_is_told(school, tmp_path, opened):
    school.rows("UPDATE users SET xp_total = 1")
    target = opened(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    with pytest.raises(CopyFailed, match="db check"):
        copies.copy(school.database, target, silent, silent)
