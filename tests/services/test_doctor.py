"""What the doctor sees, in an installation that is sound and in one after another that is not."""

from __future__ import annotations

import dataclasses
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from aralify_kernel.domain.judging import Isolation
from aralify_kernel.grading.sandbox.probe import Mode, Probe
from aralify_kernel.services import backups
from aralify_kernel.services.doctor import CHECKS, State, Surroundings, examine, installation, worst
from aralify_kernel.settings import load
from aralify_kernel.store.database import Database
from tests.certificates import certificate_until
from tests.databases import SQLITE_ONLY, run_sql

OK, WARNING, FAILS = State


def offering(isolation):
    return lambda: Probe((Mode(isolation, offered=True),))


@pytest.fixture
def around(tmp_path):
    """A sound installation that nobody has used yet."""
    settings = load({"ARALIFY_HOME": str(tmp_path / "home"), "ARALIFY_WORKSPACE": str(tmp_path / "work")})
    database = Database(settings.database_url)
    yield Surroundings(settings, database, offering(Isolation.LANDLOCK), datetime.now(UTC))
    database.dispose()


@pytest.fixture
def used(around, world, tmp_path):
    """The same with one answer in its database, and with a backup."""
    world.publish()
    world.submit(world.learner())
    backups.back_up(world.database, tmp_path / "backup", around.settings.home, lambda *_: None, now=world.clock())
    return dataclasses.replace(around, database=world.database, now=world.clock())


def changed(around, **settings):
    return dataclasses.replace(around, settings=dataclasses.replace(around.settings, **settings))


def found(around, name):
    """Return the state that the checks of this name find, with what they say."""
    findings = examine(around, [check for check in CHECKS if check.name == name])
    told = " ".join(finding.render(lambda text: text, str) for _, finding in findings)
    return worst(findings), told


def test_a_sound_installation_has_nothing_to_complain_about(used):
    findings = examine(used)

    assert {finding.state for _, finding in findings} == {OK}
    assert {check.name for check, _ in findings} == {check.name for check in CHECKS}


@pytest.mark.parametrize(
    ("demanded", "offered", "state"),
    [("limits", "limits", WARNING), ("landlock", "limits", FAILS), ("landlock", "namespaces", OK)],
)
def test_isolation_is_held_against_what_is_demanded(around, demanded, offered, state):
    there = dataclasses.replace(changed(around, judge_min_isolation=demanded), probe=offering(Isolation(offered)))

    assert found(there, "isolation")[0] is state


def test_what_is_not_there_yet_is_no_mistake_and_is_not_made(around):
    assert worst(examine(around, [check for check in CHECKS if check.name != "backup"])) is OK
    assert not around.settings.home.exists()


@SQLITE_ONLY
def test_a_damaged_file_is_found(used, world, tmp_path):
    world.database.dispose()
    run_sql(world.url, "PRAGMA wal_checkpoint(TRUNCATE)")
    file = tmp_path / "damaged.sqlite3"
    shutil.copy(world.database.url.database, file)
    with file.open("r+b") as damaged:
        damaged.seek(8 * 4096)
        damaged.write(b"\xff" * 4096 * 20)
    database = Database(f"sqlite:///{file}")

    state, told = found(dataclasses.replace(used, database=database), "database")
    database.dispose()

    assert (state, str(file) in told) == (FAILS, True)


def test_a_row_that_refers_to_none_is_found(used, world):
    run_sql(world.url, "DELETE FROM users", references=False)

    state, told = found(used, "database")

    assert (state, "refers to a missing row of users" in told) == (FAILS, True)


def test_an_older_schema_is_found(used, world):
    run_sql(world.url, "UPDATE alembic_version SET version_num = '0001'")

    assert found(used, "database")[0] is (WARNING if world.database.is_local else FAILS)


@pytest.mark.parametrize(("warned_below", "state"), [(0.5, OK), (2, WARNING), (100, FAILS)])
def test_room_on_the_disk_is_held_against_the_setting(around, tmp_path, warned_below, state):
    free_mb = shutil.disk_usage(tmp_path).free // 1_000_000

    assert found(changed(around, disk_warning_mb=int(free_mb * warned_below)), "disk")[0] is state


@SQLITE_ONLY
def test_a_backup_gets_old(used):
    assert found(used, "backup")[0] is OK
    later = dataclasses.replace(used, now=used.now + timedelta(days=8))
    state, told = found(later, "backup")
    assert (state, "8 days old" in told) == (WARNING, True)


@SQLITE_ONLY
def test_a_backup_that_was_taken_away_or_is_another_databases_is_none(used, tmp_path):
    elsewhere = dataclasses.replace(used, database=Database("sqlite:///another.sqlite3"))
    assert "No backup was made" in found(elsewhere, "backup")[1]
    (tmp_path / "backup").unlink()
    state, told = found(used, "backup")
    assert (state, "no longer in" in told) == (WARNING, True)


@pytest.mark.parametrize(("days", "state"), [(90, OK), (10, WARNING), (-1, FAILS)])
def test_a_certificate_ends(around, tmp_path, days, state):
    certificate, key = certificate_until(datetime.now(UTC) + timedelta(days=100), tmp_path)
    there = changed(around, tls_certificate=certificate, tls_key=key)
    there = dataclasses.replace(there, now=datetime.now(UTC) + timedelta(days=100 - days))

    assert found(there, "certificate")[0] is state


def test_passwords_in_the_clear_are_warned_of(around):
    assert found(changed(around, host="0.0.0.0"), "certificate")[0] is WARNING  # noqa: S104 - nothing listens


def test_a_requirement_that_is_not_met_is_named(around, monkeypatch):
    wanted = ["click>=99", "not-there; python_version>'3'", "not-there-either; extra == 'dev'", "sqlalchemy>=2"]
    monkeypatch.setattr(installation.metadata, "requires", lambda _: wanted)

    state, told = found(around, "versions")

    assert state is FAILS
    assert "click>=99" in told
    assert "not-there (–)" in told
    assert "either" not in told
    assert "sqlalchemy" not in told


def test_secrets_that_others_may_read_are_named(around):
    secret = around.settings.home / "cookie_secret"
    secret.parent.mkdir()
    secret.write_bytes(b"x" * 32)
    secret.chmod(0o640)

    state, told = found(around, "secrets")

    assert (state, str(secret) in told) == (FAILS, True)
    secret.chmod(0o600)
    assert found(around, "secrets")[0] is OK


def test_a_clock_that_was_set_back_is_noticed(used):
    assert found(dataclasses.replace(used, now=used.now - timedelta(days=1)), "clock")[0] is FAILS
