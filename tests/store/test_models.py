"""What the database itself enforces, seen with plain sqlite3."""

from __future__ import annotations

import sqlite3

import pytest

NOW = "2024-06-03 00:00:00.000000"


@pytest.fixture
def filled(sql):
    """Two learners, a course with a level and a lesson, and a row of each kind about the first learner."""

    def insert(table, **columns):
        marks = ", ".join("?" * len(columns))
        sql(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", *columns.values())

    def add_user(name, **changes):
        columns = {"username": name, "display_name": name, "bio": "", "locale": "en", "timezone": "UTC", "xp_total": 0}
        columns |= {"level": 1, "streak_current": 0, "streak_longest": 0, "role": "USER", "is_verified": 0}
        insert("users", **(columns | {"created_at": NOW, "updated_at": NOW} | changes))

    sql.insert, sql.add_user = insert, add_user
    made = {"created_at": NOW, "updated_at": NOW, "is_published": 1, "order_index": 0, "title_en": "", "title_fil": ""}
    add_user("ana")
    add_user("ben")
    insert(
        "courses",
        slug="c",
        language="python",
        description_en="",
        description_fil="",
        color="",
        estimated_hours=1,
        **made,
    )
    insert("levels", course_id=1, slug="l", **made)
    insert("lessons", level_id=1, difficulty="EASY", content="{}", xp_reward=50, est_time_mins=1, **made)
    insert(
        "lesson_versions",
        lesson_id=1,
        lesson_ref="c/l/easy",
        version=1,
        content="{}",
        content_hash="",
        published_at=NOW,
    )
    insert("course_versions", course_id=1, course_ref="c", version=1, outline="{}", published_at=NOW)
    event = {"created_at": NOW, "local_date": "2024-06-03", "details": "{}"}
    insert("learner_events", user_id=1, type="RUN_STARTED", course_id=1, lesson_id=1, lesson_ref="c/l/easy", **event)
    insert("attempts", **ATTEMPT)
    insert("xp_events", user_id=1, lesson_id=1, lesson_ref="c/l/easy", attempt_id=1, amount=50, created_at=NOW)
    insert("activity_days", user_id=1, date="2024-06-03", attempts=1, utc_offset_min=0)
    insert("auth_sessions", user_id=1, token_hash="h", created_at=NOW, last_seen_at=NOW, expires_at=NOW)
    insert("consents", user_id=1, notice_version="1", language="en", agreed_at=NOW)
    insert("invitations", made_by_id=1, code_hash="h", role="USER", uses_left=1, created_at=NOW, expires_at=NOW)
    insert("user_settings", user_id=1, time_factor=1.5)
    percent = {"completion_pct": 0, "mastery_pct": 0, "total_xp_earned": 0, "time_spent_secs": 0}
    insert("user_course_progress", user_id=1, course_id=1, started_at=NOW, last_activity_at=NOW, **percent)
    insert("user_level_unlocks", user_id=1, level_id=1, unlocked_at=NOW)
    insert(
        "user_lesson_progress", user_id=1, lesson_id=1, status="IN_PROGRESS", score=0, xp_earned=0, time_spent_secs=0
    )
    return sql


ATTEMPT = {
    "user_id": 1, "lesson_id": 1, "lesson_ref": "c/l/easy", "activity": "a", "kind": "EXERCISE", "content": "x",
    "verdict": "PASSED", "points": 1, "max_points": 1, "checks": "[]", "stdout": "", "signature": "",
    "isolation": "LIMITS", "duration_ms": 1, "activity_hash": "", "content_version": 1, "run_id": 1, "late": 0,
    "attempt_key": "k", "outcome": "{}", "created_at": NOW, "local_date": "2024-06-03", "utc_offset_min": 0,
}  # fmt: skip


def filled_tables(sql):
    names = [name for (name,) in sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
    counts = {name: sql(f"SELECT count(*) FROM {name}")[0][0] for name in names}
    return {name: count for name, count in counts.items() if count and name != "alembic_version"}


def test_a_deleted_user_takes_every_record_of_theirs_and_nothing_else(filled):
    filled("DELETE FROM users WHERE username = 'ana'")
    left = {"users": 1, "courses": 1, "levels": 1, "lessons": 1, "lesson_versions": 1, "course_versions": 1}
    assert filled_tables(filled) == left


def test_a_deleted_course_takes_levels_lessons_and_progress_and_leaves_the_facts_with_their_slugs(filled):
    filled("DELETE FROM courses")
    assert filled_tables(filled) == {
        "users": 2,
        "lesson_versions": 1,
        "course_versions": 1,
        "learner_events": 1,
        "attempts": 1,
        "xp_events": 1,
        "activity_days": 1,
        "auth_sessions": 1,
        "consents": 1,
        "invitations": 1,
        "user_settings": 1,
    }
    for table in ("attempts", "xp_events", "lesson_versions"):
        assert filled(f"SELECT lesson_id, lesson_ref FROM {table}") == [(None, "c/l/easy")]
    assert filled("SELECT course_id, lesson_id, lesson_ref FROM learner_events") == [(None, None, "c/l/easy")]


def test_a_deleted_level_takes_its_lessons_and_unlocks(filled):
    filled("DELETE FROM levels")
    gone = {"levels", "lessons", "user_level_unlocks", "user_lesson_progress"}
    assert gone.isdisjoint(filled_tables(filled))
    assert "user_course_progress" in filled_tables(filled)


def test_a_deleted_lesson_takes_its_progress(filled):
    filled("DELETE FROM lessons")
    assert "user_lesson_progress" not in filled_tables(filled)


@pytest.mark.parametrize(
    "again",
    [
        "INSERT INTO levels SELECT 9, course_id, slug, '', '', 1, 1, created_at, updated_at FROM levels",
        "INSERT INTO xp_events SELECT 9, user_id, NULL, lesson_ref, NULL, 1, created_at FROM xp_events",
        "INSERT INTO user_level_unlocks SELECT 9, user_id, level_id, unlocked_at FROM user_level_unlocks",
        "INSERT INTO activity_days SELECT 9, user_id, date, attempts, 0 FROM activity_days",
        "UPDATE users SET username = 'ben' WHERE id = 1",
        "UPDATE users SET email = 'same@example.ph'",
        "INSERT INTO consents SELECT 9, user_id, notice_version, language, agreed_at FROM consents",
    ],
)
def test_what_must_be_unique_is(filled, again):
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        filled(again)


def test_the_same_attempt_key_is_taken_once_per_learner(filled):
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        filled.insert("attempts", **ATTEMPT)
    filled.insert("attempts", **(ATTEMPT | {"user_id": 2}))


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("users", "role = 'admin'"),
        ("users", "role = 'KING'"),
        ("users", "username = 'Ana'"),
        ("users", "xp_total = -1"),
        ("users", "level = 0"),
        ("users", "streak_current = 2"),
        ("lessons", "difficulty = 'easy'"),
        ("lessons", "xp_reward = -1"),
        ("lessons", "time_limit_sec = 0"),
        ("user_lesson_progress", "status = 'DONE'"),
        ("user_lesson_progress", "status = 'COMPLETED'"),
        ("user_lesson_progress", "score = 101"),
        ("user_course_progress", "completion_pct = 100.01"),
        ("attempts", "verdict = 'UNGRADED'"),
        ("attempts", "verdict = 'passed'"),
        ("attempts", "points = 2"),
        ("attempts", "isolation = 'limits'"),
        ("learner_events", "type = 'SLEPT'"),
        ("xp_events", "amount = -1"),
        ("user_settings", "time_factor = 3"),
        ("invitations", "uses_left = -1"),
        ("invitations", "role = 'KING'"),
    ],
)
def test_a_value_that_cannot_be_is_refused(filled, table, change):
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        filled(f"UPDATE {table} SET {change} WHERE rowid = 1")


@pytest.mark.parametrize("column", ["username", "display_name", "locale", "timezone", "role", "created_at"])
def test_a_value_that_must_be_there_is(filled, column):
    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"):
        filled(f"UPDATE users SET {column} = NULL")


def test_a_row_about_nobody_is_refused(filled):
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        filled("UPDATE user_level_unlocks SET user_id = 77")


def test_people_without_email_are_many(filled):
    assert filled("SELECT count(*) FROM users WHERE email IS NULL") == [(2,)]
