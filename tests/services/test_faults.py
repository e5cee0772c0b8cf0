"""What goes wrong with computers: nothing that was acknowledged is lost, and nobody has to mend anything."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, event, make_url

from aralify_kernel.errors import DatabaseReadOnly, DatabaseUnreachable, DiskFull, StoreError
from aralify_kernel.services import rebuild
from aralify_kernel.store.database import Database
from aralify_kernel.store.retrying import Patience
from tests.databases import SQLITE_ONLY, PostgresServer, migrated, postgres_binaries, run_sql, server_user
from tests.small_disk import small_disk
from tests.submitter import session_of, submission

ROOT = Path(__file__).parents[2]


def check(database):
    return rebuild.check(database, lambda *_: None)


def tell(what, acknowledged, url):
    """Compare what learners were told with what is there, and say both."""
    kept = {key for (key,) in run_sql(url, "SELECT attempt_key FROM attempts")}
    found = kept & set(acknowledged)
    print(f"{make_url(url).get_backend_name()}, {what}: acknowledged {len(acknowledged)}, found {len(found)}")
    assert len(found) == len(acknowledged) > 0
    return kept


def test_a_kill_in_the_middle_of_submitting_loses_nothing_that_was_acknowledged(world):
    names = ("ana", "ben")
    for name in names:
        world.learner(name)
    command = [sys.executable, "-m", "tests.submitter", world.url, str(world.folder)]
    working = [subprocess.Popen([*command, name], cwd=ROOT, stdout=subprocess.PIPE, text=True) for name in names]
    acknowledged = []
    for process in working:
        acknowledged += [process.stdout.readline().strip() for _ in range(12)]
    for process in working:
        process.kill()
    for process in working:
        acknowledged += process.stdout.read().split()
        process.stdout.close()
        assert process.wait() == -signal.SIGKILL
    tell("kill -9", acknowledged, world.url)
    assert check(world.database) == ()
    world.submit(world.session("of-ana"))


def begin(session):
    """Let some answers find their place while there is room; return their keys."""
    acknowledged = [f"full-{number}" for number in range(8)]
    for number, key in enumerate(acknowledged):
        session.submit(submission(key, number))
    return acknowledged


def bulky(number):
    """An answer for which a disk soon has no room."""
    answer = submission(f"full-{number}", number)
    padding = Random(number).randbytes(16_000).hex()  # noqa: S311 - only so that it cannot be made smaller
    return replace(answer, content=f"{answer.content} # {padding}") if answer.activity == "area" else answer


def submit_until_refused(session, acknowledged):
    for number in count(len(acknowledged)):
        try:
            session.submit(bulky(number))
        except (DiskFull, DatabaseUnreachable) as error:
            return error
        acknowledged.append(f"full-{number}")
    raise AssertionError


@SQLITE_ONLY
def test_a_full_disk_is_told_and_work_goes_on_when_there_is_room(world):
    ana = world.learner()
    acknowledged = begin(ana)
    world.database.dispose()
    pages = world.one("PRAGMA page_count") + 3

    def fill(connection, _record):
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "connect", fill)
    try:
        told = submit_until_refused(ana, acknowledged)
    finally:
        event.remove(Engine, "connect", fill)
        world.database.dispose()
    assert "Free some space" in str(told)
    assert tell("disk full", acknowledged, world.url) == set(acknowledged)
    assert world.rows("PRAGMA integrity_check") == [("ok",)]
    assert check(world.database) == ()
    assert not ana.submit(bulky(len(acknowledged))).repeated


@pytest.fixture
def small_disks():
    """Makes small disks that belong to whoever a PostgreSQL server of ours runs as, and those servers."""
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("needs a PostgreSQL server's programs (Debian: apt-get install postgresql)")
    with ExitStack() as stack:

        def make(size_mb):
            return stack.enter_context(small_disk(size_mb * 2**20, server_user() or {}))

        def start(**settings):
            server = PostgresServer(binaries, **settings)
            stack.callback(server.stop)
            return server

        yield make, start


def go_on(session, number, database):
    """Send the answer that was refused once more, and see that all is sound."""
    session.submit(bulky(number))
    assert check(database) == ()


def test_tables_of_postgresql_that_fill_their_disk_are_told_and_work_goes_on_when_there_is_room(
    small_disks, make_school, tmp_path
):
    make_disk, start = small_disks
    disk = make_disk(64)
    url = migrated(start().new_in(disk.folder))
    school = make_school(url, ("ana",))
    with session_of(url, tmp_path, "ana") as ana:
        acknowledged = begin(ana)
        disk.fill()
        assert "Free some space" in str(submit_until_refused(ana, acknowledged))
        assert tell("disk of the tables full", acknowledged, url) == set(acknowledged)
        disk.free()
        go_on(ana, len(acknowledged), school.database)


def test_a_journal_of_postgresql_that_fills_its_disk_loses_nothing_that_was_acknowledged(
    small_disks, make_school, tmp_path
):
    """The server ends itself then: whoever looks after it makes room and starts it again."""
    make_disk, start = small_disks
    disk = make_disk(24)
    server = start(durable=True, wal=disk.folder)
    url = migrated(server.new())
    school = make_school(url, ("ana",))
    with session_of(url, tmp_path, "ana", Patience(again=1)) as ana:
        acknowledged = begin(ana)
        disk.fill()
        assert "try again soon" in str(submit_until_refused(ana, acknowledged))
        server.halt(signal.SIGQUIT)
        disk.free()
        server.start()
        kept = tell("disk of the journal full", acknowledged, url)
        assert kept - set(acknowledged) <= {f"full-{len(acknowledged)}"}
        go_on(ana, len(acknowledged), school.database)


@contextmanager
def locked(world):
    """Keep everybody else from writing about Ana until the block ends."""
    with world.database.write() as tx:
        tx.connection().exec_driver_sql("UPDATE users SET bio = bio WHERE username = 'ana'")
        yield


def test_a_database_that_is_locked_for_five_seconds_is_waited_for(world):
    ana, began = world.learner(), time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        with locked(world):
            result = pool.submit(ana.submit, submission("locked", 1))
            threading.Event().wait(5)
            assert not result.done()
        assert result.result(timeout=60).attempt
    assert time.monotonic() - began >= 5
    tell("locked for 5 s", ["locked"], world.url)
    assert check(world.database) == ()


def read_only(world):
    """Return a URL by which everything can be read and nothing written."""
    if world.database.is_local:
        return f"sqlite:///file:{world.database.url.database}?mode=ro&uri=true"
    reader = f"reader_{world.database.url.database}"
    run_sql(world.url, f"CREATE ROLE {reader} LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader}")
    return world.url.replace("aralify@", f"{reader}@")


def test_a_read_only_database_is_told_shows_everything_and_loses_nothing(world):
    ana = world.learner()
    ana.submit(submission("before", 0))
    with session_of(read_only(world), world.folder, "ana") as session:
        with pytest.raises(DatabaseReadOnly, match="nothing was saved"):
            session.submit(submission("refused", 1))
        assert session.last_result(submission("before", 0).lesson, "area").attempt
    ana.submit(submission("refused", 1))
    assert tell("read-only", ["before", "refused"], world.url) == {"before", "refused"}
    assert check(world.database) == ()


def test_a_clock_that_is_set_back_an_hour_loses_nothing(world):
    ana, acknowledged = world.learner(), []
    for number in range(8):
        if number == 4:
            world.clock.turn(hours=-1)
        world.clock.turn(seconds=30)
        ana.submit(submission(f"clock-{number}", number))
        acknowledged.append(f"clock-{number}")
    tell("clock back an hour", acknowledged, world.url)
    assert ana.progress().profile.streak_current == 1
    assert world.one("SELECT xp_total FROM users") == 50
    assert world.one("SELECT time_spent_secs FROM user_course_progress") >= 0
    assert check(world.database) == ()


@pytest.fixture
def durable():
    """A PostgreSQL server that keeps what it acknowledged, as those of schools do, with learners in a database."""
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("needs a PostgreSQL server's programs (Debian: apt-get install postgresql)")
    server = PostgresServer(binaries, durable=True)
    yield server
    server.stop()


def test_a_postgresql_that_is_restarted_under_load_loses_nothing_that_was_acknowledged(durable, make_school, tmp_path):
    url = migrated(durable.new())
    names = ("ana", "ben", "cora", "dan")
    make_school(url, names)
    acknowledged, stop = [], threading.Event()

    def work(name):
        with session_of(url, tmp_path, name) as session:
            for number in count():
                while not stop.is_set():
                    with suppress(StoreError):  # the learner sends the same answer once more
                        session.submit(submission(f"{name}-{number}", number))
                        acknowledged.append(f"{name}-{number}")
                        break
                else:
                    return

    with ThreadPoolExecutor(len(names)) as pool:
        working = [pool.submit(work, name) for name in names]
        try:
            for how in (signal.SIGINT, signal.SIGQUIT):
                wait_for_more(acknowledged, 20)
                durable.halt(how)
                durable.start()
            wait_for_more(acknowledged, 20)
        finally:
            stop.set()
        for one in working:
            one.result(timeout=60)
    tell("stopped and crashed under load", acknowledged, url)
    database = Database(url)
    assert check(database) == ()
    database.dispose()


def wait_for_more(things, number):
    enough, deadline = len(things) + number, time.monotonic() + 120
    while len(things) < enough:
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
