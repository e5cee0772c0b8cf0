"""The schema as the database itself has it: against the design's list, against the models, and through migrations."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Integer, create_engine, inspect, text

from aralify_kernel.errors import DatabaseNewer, DatabaseOutdated, DatabaseUnusable
from aralify_kernel.store import schema
from aralify_kernel.store.database import Database
from aralify_kernel.store.models import Base
from tests.databases import run_sql

SCHEMAS = Path(__file__).parent / "schemas"

SEED = {
    "users": "id email username password_hash display_name avatar_url bio locale timezone xp_total level streak_current "
    "streak_longest role is_verified last_login_at created_at updated_at",
    "courses": "id slug language title_en title_fil description_en description_fil icon_url color order_index "
    "estimated_hours is_published created_at updated_at",
    "levels": "id course_id slug title_en title_fil order_index is_published created_at updated_at",
    "lessons": "id level_id difficulty title_en title_fil content xp_reward time_limit_sec est_time_mins order_index "
    "is_published created_at updated_at",
    "user_course_progress": "id user_id course_id completion_pct mastery_pct total_xp_earned time_spent_secs started_at "
    "completed_at last_activity_at",
    "user_level_unlocks": "id user_id level_id unlocked_at",
    "user_lesson_progress": "id user_id lesson_id status score xp_earned time_spent_secs started_at completed_at",
}
UNIQUE = {
    "users": [("email",), ("username",)],
    "courses": [("slug",)],
    "levels": [("course_id", "slug")],
    "lessons": [("level_id", "difficulty")],
    "user_course_progress": [("user_id", "course_id")],
    "user_level_unlocks": [("user_id", "level_id")],
    "user_lesson_progress": [("user_id", "lesson_id")],
    "attempts": [("user_id", "attempt_key")],
    "lesson_versions": [("lesson_ref", "version")],
    "course_versions": [("course_ref", "version")],
    "xp_events": [("user_id", "lesson_ref")],
    "activity_days": [("user_id", "date")],
    "auth_sessions": [("token_hash",)],
    "login_attempts": [("username", "client")],
    "invitations": [("code_hash",)],
    "consents": [("user_id", "notice_version")],
    "learner_events": [],
    "user_settings": [],
    "classrooms": [("slug",)],
    "classroom_courses": [],
    "classroom_members": [],
    "due_dates": [],
    "due_date_extensions": [("user_id", "classroom_id", "level_id")],
    "erasures": [("person_hash",)],
    "learner_activities": [],
    "learner_courses": [],
    "learner_failures": [],
    "class_days": [],
    "class_activities": [],
    "class_failures": [],
    "classroom_settings": [("join_code",)],
    "class_notes": [],
    "help_requests": [],
    "help_replies": [],
    "class_acts": [],
    "password_codes": [("code_hash",)],
}


@pytest.mark.parametrize("table", SEED)
def test_a_seed_table_has_exactly_the_columns_of_the_design(file, table):
    with closing(sqlite3.connect(file)) as connection:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    assert columns == SEED[table].split()


def test_the_tables_are_these_with_these_unique_columns(file):
    engine = create_engine(f"sqlite:///{file}")
    live = inspect(engine)
    found = {
        table: sorted(tuple(unique["column_names"]) for unique in live.get_unique_constraints(table))
        for table in live.get_table_names()
    }
    engine.dispose()
    assert found == {table: sorted(unique) for table, unique in UNIQUE.items()} | {"alembic_version": []}


def test_only_these_columns_may_be_empty(sql):
    optional = {
        f"{table}.{row[1]}" for table in SEED for row in sql(f"PRAGMA table_info({table})") if not row[3] and not row[5]
    }
    assert optional == {
        "users.email",
        "users.password_hash",
        "users.avatar_url",
        "users.last_login_at",
        "courses.icon_url",
        "lessons.time_limit_sec",
        "user_course_progress.completed_at",
        "user_lesson_progress.started_at",
        "user_lesson_progress.completed_at",
    }


def test_the_revisions_give_what_the_models_say(new_url, open_database):
    with open_database(new_url()).read() as tx:
        context = MigrationContext.configure(tx.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_revisions_give_the_checks_and_cascades_of_the_models(file, tmp_path):
    """What the comparison above does not look at."""

    def constraints(url):
        engine = create_engine(url)
        Base.metadata.create_all(engine)
        live = inspect(engine)
        found = {
            table: (
                sorted((check["name"], check["sqltext"]) for check in live.get_check_constraints(table)),
                sorted(
                    (key["name"], key["referred_table"], key["options"]["ondelete"])
                    for key in live.get_foreign_keys(table)
                ),
                live.get_pk_constraint(table),
            )
            for table in Base.metadata.tables
        }
        engine.dispose()
        return found

    assert constraints(f"sqlite:///{file}") == constraints(f"sqlite:///{tmp_path / 'models.sqlite3'}")


def test_every_constraint_has_a_name_so_that_a_later_revision_can_alter_it():
    nameless = [
        f"{table.name}: {constraint}"
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if not constraint.name
    ]
    assert nameless == []


def test_head_is_the_newest_revision():
    assert ScriptDirectory.from_config(schema.config()).get_heads() == [schema.HEAD]


def test_a_database_is_made_with_its_folder_and_upgrading_again_does_nothing(tmp_path, open_database):
    database = open_database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'a.sqlite3'}")
    assert schema.revision(database) is None
    assert schema.upgrade(database)
    assert not schema.upgrade(database)
    assert schema.revision(database) == schema.HEAD
    schema.require_head(database)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_only_its_owner_may_read_a_database_and_what_is_kept_beside_it(tmp_path, open_database):
    before = os.umask(0)
    try:
        database = open_database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
        schema.upgrade(database)
        with database.write() as tx:
            tx.execute(text("DELETE FROM users"))
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("new.sqlite3*")}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(("new.sqlite3", "new.sqlite3-wal", "new.sqlite3-shm"), 0o600)


def test_the_file_remembers_write_ahead_logging(sql):
    assert sql("PRAGMA journal_mode") == [("wal",)]


def test_looking_at_a_database_that_is_not_there_makes_none(tmp_path, open_database):
    file = tmp_path / "a.sqlite3"
    with pytest.raises(DatabaseOutdated):
        schema.require_head(open_database(f"sqlite:///{file}"))
    assert not file.exists()


def test_a_database_of_a_newer_version_is_left_alone(new_url, open_database):
    url = new_url()
    run_sql(url, "UPDATE alembic_version SET version_num = '9999'")
    for refuse in (schema.upgrade, schema.require_head):
        with pytest.raises(DatabaseNewer, match=r"schema 9999"):
            refuse(open_database(url))
    assert run_sql(url, "SELECT version_num FROM alembic_version") == [("9999",)]


def test_a_file_that_is_no_database_is_left_alone(tmp_path, open_database):
    file = tmp_path / "a.sqlite3"
    file.write_text("This is a letter, and a rather long one, so that it fills a page's header. " * 20)
    before = file.read_bytes()
    with pytest.raises(DatabaseUnusable, match="no Aralify database, or it is damaged"):
        schema.upgrade(open_database(f"sqlite:///{file}"))
    assert file.read_bytes() == before


def test_somebody_else_s_database_is_left_alone(tmp_path, open_database):
    with closing(sqlite3.connect(tmp_path / "a.sqlite3")) as connection:
        connection.execute("CREATE TABLE recipes (id INTEGER)")
    with pytest.raises(DatabaseUnusable, match="something else than Aralify's tables"):
        schema.upgrade(open_database(f"sqlite:///{tmp_path / 'a.sqlite3'}"))


def test_a_folder_that_cannot_be_made_is_said(tmp_path, open_database):
    (tmp_path / "a file").write_text("")
    with pytest.raises(DatabaseUnusable, match=r"Its folder .*a file.* cannot be made"):
        schema.upgrade(open_database(f"sqlite:///{tmp_path / 'a file' / 'a.sqlite3'}"))


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path, open_database, monkeypatch):
    database = open_database(f"sqlite:///{tmp_path / 'a.sqlite3'}")

    def fail(*_arguments):
        raise OSError("the power goes")

    monkeypatch.setattr(schema, "_check_foreign_keys", fail)
    with pytest.raises(OSError, match="the power goes"):
        schema.upgrade(database)
    assert schema.revision(database) is None
    monkeypatch.undo()
    assert schema.upgrade(database)


@pytest.mark.parametrize("table", ["users", "lessons"])
def test_altering_a_table_that_others_refer_to_deletes_none_of_their_rows(tmp_path, open_database, monkeypatch, table):
    """SQLite alters by copy, drop and rename; with foreign keys on, the drop takes all that refers to it along."""
    file = shutil.copy(SCHEMAS / "0001.sqlite3", tmp_path / "a.sqlite3")
    database = open_database(f"sqlite:///{file}")
    schema.upgrade(database)

    def counts():
        with closing(sqlite3.connect(file)) as connection:
            return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone() for name in UNIQUE}

    def alter(configuration, _revision):
        operations = Operations(MigrationContext.configure(configuration.attributes["connection"]))
        with operations.batch_alter_table(table, recreate="always") as batch:
            batch.add_column(Column("shoe_size", Integer))

    before = counts()
    assert before["user_lesson_progress"] != (0,)
    monkeypatch.setattr("alembic.command.upgrade", alter)
    schema._migrate(database)
    assert counts() == before
    with closing(sqlite3.connect(file)) as connection:
        assert "shoe_size" in [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def test_a_migration_commits_nothing_while_a_row_refers_to_a_missing_one(file, database, monkeypatch):
    """Foreign keys are off during a migration, so the check before the commit is all there is."""

    def break_a_reference(configuration, _revision):
        connection = configuration.attributes["connection"]
        connection.exec_driver_sql("INSERT INTO activity_days VALUES (1, 77, '2024-06-03', 1, 0)")

    monkeypatch.setattr("alembic.command.upgrade", break_a_reference)
    with pytest.raises(DatabaseUnusable, match="refer to others that are missing"):
        schema._migrate(database)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT * FROM activity_days").fetchall() == []


def _upgrade(url: str) -> None:
    schema.upgrade(Database(url))


def test_several_processes_may_make_the_same_database_at_once(tmp_path, open_database):
    url = f"sqlite:///{tmp_path / 'a.sqlite3'}"
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_upgrade, args=(url,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    schema.require_head(open_database(url))
