from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import event

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import ProfileChange
from aralify_kernel.errors import KeyConflict, NotFound, NotSignedIn, WrongPassword
from aralify_kernel.services import accounts, classrooms, personal_data, rebuild
from aralify_kernel.store import attempts
from aralify_kernel.store.models import Base
from tests.databases import SQLITE_ONLY

EASY = LessonRef.parse("demo/one/easy")


@pytest.fixture
def rizal(world):
    """A class in which Ana and Ben have learned, made the same mistake, and asked for a hint."""
    classrooms.new(world.database, None, "Rizal", ["demo"], now=world.clock())
    for name in ("ana", "ben"):
        session = world.learner(name)
        classrooms.add(world.database, None, "rizal", [name], ClassRole.LEARNER, now=world.clock())
        session.next_hint(EASY, "area")
        world.submit(session, content="c1")
        world.complete(session, "demo/one/easy")
        session.update_profile(ProfileChange(time_factor=1.5, bio="=1+1, ñ"))
    classrooms.set_due(world.database, None, "rizal", "demo/one", world.clock())
    classrooms.extend_due(world.database, None, "rizal", "demo/one", "ana", world.clock.turn(days=1), now=world.clock())
    accounts.set_password(world.database, "ana", "a good password", now=world.clock())
    world.session("of-ana").sign_in("ana", "a good password")
    with pytest.raises(WrongPassword):
        world.session("elsewhere").sign_in("ana", "a wrong password")
    return world


def exported(world, name):
    file = io.BytesIO()
    counted = personal_data.export(world.database, name, file)
    archive = zipfile.ZipFile(file)
    return counted, json.loads(archive.read("data.json")), archive


def about(world, user_id):
    """Return which tables hold something about a person, by their columns' own references."""
    found = {}
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == "users":
                query = f"SELECT count(*) FROM {table.name} WHERE {key.parent.name} = ?"
                found[table.name] = world.one(query, user_id)
    return {table: count for table, count in found.items() if count}


def test_an_export_has_every_row_about_a_person_and_none_about_another(rizal):
    counted, data, _ = exported(rizal, "ana")
    expected = about(rizal, 1) | {"users": 1, "login_attempts": 1}
    assert len(expected) > 12
    assert {table: count for table, count in counted.items() if count} == expected
    assert {table: len(rows) for table, rows in data.items() if rows} == expected
    assert {row["user_id"] for rows in data.values() for row in rows if "user_id" in row} == {1}


@SQLITE_ONLY
def test_an_export_can_be_read_by_people_and_by_spreadsheets(rizal):
    _, data, archive = exported(rizal, "ana")
    (user,), attempt = data["users"], data["attempts"][0]
    assert (user["username"], user["bio"], user["role"]) == ("ana", "=1+1, ñ", "USER")
    assert (attempt["content"], attempt["lesson"], attempt["verdict"]) == ("c1", "demo/one/easy", "FAILED")
    assert attempt["created_at"].endswith("+00:00")
    rows = list(csv.DictReader(io.StringIO(archive.read("attempts.csv").decode())))
    assert [row["content"] for row in rows] == [row["content"] for row in data["attempts"]]
    assert set(archive.namelist()) == {"data.json", *(f"{table}.csv" for table, of in data.items() if of)}


def test_an_export_holds_nothing_that_serves_to_sign_in(rizal):
    _, data, _ = exported(rizal, "ana")
    secrets = rizal.rows("SELECT password_hash FROM users") + rizal.rows("SELECT token_hash FROM auth_sessions")
    assert not [secret for (secret,) in secrets if secret and secret in json.dumps(data)]


def test_of_a_person_who_was_erased_nothing_is_left_and_the_class_has_the_figures_of_the_others(rizal):
    before = rizal.one("SELECT attempts, learners FROM class_activities WHERE activity = 'area'")
    ben = exported(rizal, "ben")[1]
    rizal.erase("ana")
    assert about(rizal, 1) == {}
    assert rizal.rows("SELECT username FROM users") == [("ben",)]
    assert rizal.rows("SELECT * FROM login_attempts") == []
    after = rizal.one("SELECT attempts, learners FROM class_activities WHERE activity = 'area'")
    assert (before, after) == ((4, 2), (2, 1))
    assert rebuild.check(rizal.database, lambda *_: None) == ()
    assert exported(rizal, "ben")[1] == ben


def test_the_last_of_a_class_takes_all_its_figures_along(rizal):
    for name in ("ana", "ben"):
        rizal.erase(name)
    for table in ("class_days", "class_activities", "class_failures"):
        assert rizal.rows(f"SELECT * FROM {table}") == []


def test_who_was_erased_is_signed_out_and_somebody_else_may_take_the_name(rizal):
    session = rizal.session("of-ana")
    rizal.erase("ana")
    with pytest.raises(NotSignedIn):
        session.profile()
    with pytest.raises(NotFound):
        rizal.erase("ana")
    rizal.clock.turn(days=1)
    again = rizal.learner("ana")
    assert again.profile().xp_total == 0


@SQLITE_ONLY
def test_the_file_keeps_no_trace_of_what_was_erased(rizal):
    rizal.submit(rizal.session("of-ana"), content="# a secret that Ana wrote")
    rizal.erase("ana")
    rizal.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    rizal.database.dispose()
    assert b"a secret that Ana wrote" not in rizal.folder.parent.joinpath("0.sqlite3").read_bytes()


def test_code_is_let_go_of_after_its_time_and_all_that_follows_from_it_stays(rizal):
    ana = rizal.session("of-ana")
    figures = rizal.rows("SELECT xp_total, streak_longest FROM users")
    rizal.clock.turn(days=30)
    rizal.submit(ana, "demo/one/medium", content="c1 new", key="new")
    assert personal_data.let_go_of_sources(rizal.database, 29, now=rizal.clock()) == 4
    kept = rizal.rows("SELECT content, stdout FROM attempts WHERE kind = 'EXERCISE' AND content <> ''")
    assert kept == [("c1 new", "out\n")]
    assert rizal.rows("SELECT content FROM attempts WHERE kind = 'QUIZ'") == [("a",), ("a",)]
    assert rizal.rows("SELECT xp_total, streak_longest FROM users") == figures
    assert rebuild.check(rizal.database, lambda *_: None) == ()


@SQLITE_ONLY
def test_an_answer_without_its_code_is_still_known_by_its_key(rizal):
    ana = rizal.session("of-ana")
    told = rizal.submit(ana, "demo/one/medium", content="c1", key="k")
    rizal.clock.turn(days=30)
    personal_data.let_go_of_sources(rizal.database, 1, now=rizal.clock())
    again = rizal.submit(ana, "demo/one/medium", content="c1", key="k")
    assert (again.repeated, again.attempt, again.judgement.verdict) == (True, told.attempt, told.judgement.verdict)
    with pytest.raises(KeyConflict):
        rizal.submit(ana, "demo/one/medium", content="c2", key="k")
    (area, _) = ana.open_lesson(LessonRef.parse("demo/one/medium")).activities
    assert (area.is_tried, area.last_source) == (True, None)


@SQLITE_ONLY
@pytest.mark.parametrize(("days", "emptied"), [(0, 0), (1, 5), (365, 0)])
def test_for_how_long_code_is_kept_can_be_set(rizal, days, emptied, monkeypatch):
    monkeypatch.setattr(personal_data, "_AT_A_TIME", 2)
    rizal.submit(rizal.session("of-ana"), "demo/one/medium", content="c1")
    later = rizal.clock() + timedelta(days=30)
    assert personal_data.let_go_of_sources(rizal.database, days, now=later) == emptied


@SQLITE_ONLY
def test_looking_for_old_code_goes_through_no_table(world):
    with world.database.read() as tx:
        ran = []
        event.listen(tx.connection(), "before_cursor_execute", lambda *call: ran.append(call[2:4]))
        attempts.has_source_before(tx, world.clock())
        ((statement, values),) = ran
        (plan,) = tx.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    assert "SEARCH attempts USING INDEX ix_attempts_sources" in plan[-1]
