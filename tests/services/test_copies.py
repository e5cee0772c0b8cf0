"""Backups, going back to one, and moving between databases of any kind."""

from __future__ import annotations

import stat
import threading

import pytest

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.errors import CopyFailed, DatabaseNewer, DatabaseUnusable
from aralify_kernel.services import classrooms, copies, personal_data, rebuild
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
    assert copies.restore(school.database, file, silent, now=school.clock()) == 0
    assert contents(school.database) == before
    school.complete(school.session("of-ben"), "demo/one/medium")
    assert rebuild.check(school.database, silent) == ()


def test_who_was_erased_since_the_backup_stays_erased(school, tmp_path):
    file = tmp_path / "backup.sqlite3"
    copies.backup(school.database, file, silent)
    personal_data.erase(school.database, "ana", now=school.clock())
    school.clock.turn(days=1)
    school.learner("ana")  # somebody else
    for _ in range(2):
        assert copies.restore(school.database, file, silent, now=school.clock()) == 1
        assert people(school.database) == ["ben"]
        assert rebuild.check(school.database, silent) == ()
    assert school.one("SELECT count(*) FROM erasures") == 1


def test_going_back_that_fails_changes_nothing(school, tmp_path):
    file = tmp_path / "backup.sqlite3"
    copies.backup(school.database, file, silent)
    school.learner("cora")
    before = contents(school.database)

    def lose_power(done, _total):
        if done > 5:
            raise OSError("the power goes")

    with pytest.raises(OSError, match="the power goes"):
        copies.restore(school.database, file, lose_power, now=school.clock())
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
            copies.restore(school.database, files[name], silent, now=school.clock())
    with pytest.raises(DatabaseNewer):
        copies.restore(school.database, files["newer"], silent, now=school.clock())
    assert contents(school.database) == before


def test_a_copy_has_every_row_and_goes_on_counting(school, other):
    counted = copies.copy(school.database, other, silent)
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
        copies.copy(school.database, other, lose_power)
    with pytest.raises(DatabaseUnusable, match="Repeat the same"):
        schema.require_head(other)
    kept = run_sql(url_of(other), "SELECT count(*) FROM users")
    assert kept == [(2,)]
    personal_data.erase(school.database, "ben", now=school.clock())
    school.clock.turn(days=1)
    school.complete(school.learner("cora"), "demo/one/medium")
    copies.copy(school.database, other, silent)
    assert contents(other) == contents(school.database)
    schema.require_head(other)


@SQLITE_ONLY
def test_nothing_is_copied_over_other_people(school, make_world):
    taken = make_world()
    taken.learner("dan")
    with pytest.raises(CopyFailed, match="Somebody uses it already"):
        copies.copy(school.database, taken.database, silent)
    assert people(taken.database) == ["dan"]


@SQLITE_ONLY
def test_a_copy_of_what_is_damaged_is_told(school, tmp_path, opened):
    school.rows("UPDATE users SET xp_total = 1")
    target = opened(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    with pytest.raises(CopyFailed, match="db check"):
        copies.copy(school.database, target, silent)
