"""The `aralify` command as operators, authors and outside programs use it."""

from __future__ import annotations

import io
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from aralify_kernel.app import application
from aralify_kernel.courses.builtin import builtin_courses
from aralify_kernel.courses.folder import read_course
from aralify_kernel.domain.content import Quiz
from aralify_kernel.domain.judging import Isolation
from aralify_kernel.grading.sandbox.probe import Mode, Probe
from tests.fakes import FakeGrader

FIRST = ("--lesson", "python-basics/variables/easy", "--exercise", "first-load")


def rows(query):
    database = application().settings.home / "aralify.sqlite3"
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def test_help_lists_every_command_of_the_design(aralify):
    listed = aralify("--help").out
    for command in ("lab", "serve", "doctor", "class", "course", "grade", "submit", "user", "progress", "db"):
        assert f"\n  {command} " in listed


def test_any_command_that_finds_no_database_makes_one_with_the_built_in_courses(aralify, new_computer):
    listed = aralify("course", "list", "--json").json
    basics = next(course for course in listed if course["slug"] == "python-basics")
    assert basics["title"] == {"en": "Python Basics", "fil": "Mga Batayan ng Python"}
    assert basics["is_published"] is True
    assert (basics["levels"], basics["lessons"]) == (4, 12)


def test_an_account_is_made_listed_and_given_a_role(aralify):
    assert aralify("user", "add", "Ana", "--display-name", "Ana Reyes", "--locale", "fil").status == 0
    assert aralify("user", "role", "ana", "MODERATOR", "--verified").status == 0
    (ana,) = aralify("user", "list", "--json").json
    told = ("username", "display_name", "role", "is_verified")
    assert [ana[name] for name in told] == ["ana", "Ana Reyes", "MODERATOR", True]


def test_a_password_comes_from_standard_input_and_is_never_stored_as_it_is(aralify, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("tatlong saging\n"))
    assert aralify("user", "add", "ben", "--password-stdin").status == 0
    ((stored,),) = rows("SELECT password_hash FROM users")
    assert stored.startswith("$argon2id$")
    assert "saging" not in stored


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("user", "add", "x"), 2, "username"),
        (("user", "add", "ana", "--email", "not an address"), 2, "e-mail"),
        (("user", "add", "ana", "--timezone", "Mars/Olympus"), 2, "Mars/Olympus"),
        (("user", "add", "ana", "--timezone", "localtime"), 2, "localtime"),
        (("user", "passwd", "nobody", "--password-stdin"), 1, "nobody"),
        (("user", "role", "ana", "KING"), 2, "KING"),
        (("course", "unpublish", "no-such-course"), 1, "no-such-course"),
        (("course", "check", "no/such/folder"), 1, "course.toml"),
        (("progress", "--user", "nobody"), 1, "nobody"),
        (("submit", "--user", "nobody", *FIRST, "--answer", "1"), 1, "nobody"),
        (("no-such-command",), 2, "no-such-command"),
        (("grade", "--course", "."), 2, "lesson"),
        (("submit", "--user", "ana", *FIRST, "--source", "no/such/file.py"), 2, "no/such/file.py"),
        (("submit", "--user", "ana", *FIRST, "--source", "."), 2, "directory"),
        (("course", "unpublish", "\udcff"), 2, "not UTF-8"),
    ],
)
def test_a_mistake_is_one_sentence_on_standard_error(aralify, monkeypatch, arguments, status, sentence):
    monkeypatch.setattr(sys, "stdin", io.StringIO("long enough\n"))
    ran = aralify(*arguments)
    assert ran.status == status
    assert sentence in ran.err
    assert ran.err.count("\n") == 1 + (arguments[:2] == ("course", "check"))
    assert ran.out == ""


@pytest.mark.parametrize(
    "arguments", [("progress", "--user", "ana"), ("submit", "--user", "ana", *FIRST, "--answer", "1")]
)
def test_who_records_at_a_class_server_is_told_that_nothing_is_recorded_here(aralify, monkeypatch, arguments):
    monkeypatch.setenv("ARALIFY_SERVER", "https://school.example")
    ran = aralify(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "belongs to https://school.example" in ran.err


@pytest.mark.parametrize("closed", [None, io.StringIO("")], ids=["closed", "empty"])
def test_a_password_that_is_not_there_makes_no_account(aralify, monkeypatch, closed):
    monkeypatch.setattr(sys, "stdin", closed)
    ran = aralify("user", "add", "ana", "--password-stdin")
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert aralify("user", "add", "ana", "--password-stdin").status == 2
    assert aralify("user", "list", "--json").json == []


def test_a_source_from_a_closed_standard_input_is_wrong_usage(aralify, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert aralify("submit", "--user", "ana", *FIRST, "--source", "-").status == 2


@pytest.mark.parametrize("url", ["garbage", "bogus://somewhere/else"])
def test_an_address_of_no_database_is_one_sentence(aralify, monkeypatch, url):
    monkeypatch.setenv("ARALIFY_DATABASE_URL", url)
    ran = aralify("user", "list")
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert "sqlite:///" in ran.err


@pytest.mark.parametrize("command", ["check", "upgrade"])
def test_looking_after_a_database_that_is_not_there_makes_it(new_computer, aralify, command):
    assert aralify("db", command).status == 0
    assert ("python-basics",) in rows("SELECT slug FROM courses")


def test_commands_speak_the_language_of_the_setting(aralify, monkeypatch, python_basics):
    monkeypatch.setenv("ARALIFY_LANGUAGE", "fil")
    assert "Naka-publish na" in aralify("course", "publish", python_basics).out


def test_a_taken_name_says_what_to_do_and_changes_nothing(aralify):
    aralify("user", "add", "ana", "--display-name", "The first")
    assert "already taken" in aralify("user", "add", "ANA", "--display-name", "The second").err
    assert [user["display_name"] for user in aralify("user", "list", "--json").json] == ["The first"]


def test_grading_judges_and_records_nothing(aralify, new_computer, python_basics, source):
    answer = source("load = 5\n")
    ran = aralify(
        "grade",
        "--course",
        python_basics,
        "--lesson",
        "variables/easy",
        "--exercise",
        "first-load",
        "--source",
        answer,
        "--json",
    )
    assert ran.status == 0
    assert ran.json["lesson"] == "python-basics/variables/easy"
    assert (ran.json["verdict"], ran.json["exercise"]) == ("FAILED", "first-load")
    assert ran.json["isolation"] == aralify("grade", "--probe", "--json").json["isolation"]
    visible, hidden = ran.json["checks"][0], ran.json["checks"][-1]
    assert (visible["call"], visible["expected"], visible["got"]) == ("load", "50", "5")
    assert hidden["hidden"] is True
    assert (hidden["call"], hidden["expected"], hidden["got"]) == (None, None, None)
    assert not application().settings.home.joinpath("aralify.sqlite3").exists()


def test_the_probe_tells_every_way_of_keeping_code_apart_and_whether_it_is_enough(aralify, monkeypatch):
    told = aralify("grade", "--probe", "--json").json
    assert [mode["isolation"] for mode in told["modes"]] == ["namespaces", "landlock", "limits"]
    assert told["isolation"] == next(mode["isolation"] for mode in told["modes"] if mode["offered"])
    assert all(mode["offered"] == (mode["why_not"] is None) for mode in told["modes"])
    assert (told["demanded"], told["is_enough"]) == ("limits", True)
    shown = aralify("grade", "--probe").out
    assert all(word in shown for mode in told["modes"] for word in (mode["why_not"] or mode["isolation"]).split())


def test_a_machine_that_is_not_enough_says_so_wherever_it_should_judge(aralify, python_basics, source, monkeypatch):
    monkeypatch.setenv("ARALIFY_JUDGE_MIN_ISOLATION", "landlock")
    monkeypatch.setattr(
        "aralify_kernel.grading.isolation.probe", lambda: Probe((Mode(Isolation.LIMITS, offered=True),))
    )
    monkeypatch.setattr("aralify_kernel.grading.open_grader", lambda _: FakeGrader())
    probed = aralify("grade", "--probe", "--json")
    assert (probed.status, probed.json["demanded"], probed.json["is_enough"]) == (1, "landlock", False)
    assert probed.err.startswith(
        "aralify: Answers are not judged here: ARALIFY_JUDGE_MIN_ISOLATION asks for “landlock”"
    )
    answer = source("load = 50")
    aralify("user", "add", "ana")
    for command in (
        ("grade", "--course", python_basics, "--lesson", "variables/easy", "--exercise", "first-load"),
        ("submit", "--user", "ana", *FIRST),
    ):
        ran = aralify(*command, "--source", answer)
        assert (ran.status, ran.out) == (1, "")
        assert "asks for “landlock”, and this machine offers “limits” at best" in ran.err
        assert ran.err.count("\n") == 1
    assert rows("SELECT count(*) FROM attempts") == [(0,)]


def test_an_answer_to_an_exercise_and_code_for_a_quiz_are_wrong_usage(aralify, python_basics, source):
    aralify("user", "add", "ana")
    quiz = next(
        activity.id
        for activity in read_course(python_basics).levels[0].lessons[0].content.activities
        if isinstance(activity, Quiz)
    )
    graded = ("grade", "--course", python_basics, "--lesson", "variables/easy", "--exercise")
    submitted = ("submit", "--user", "ana", "--lesson", "python-basics/variables/easy", "--exercise")
    for command in (graded, submitted):
        for wrong in (("first-load", "--answer", "load = 50"), (quiz, "--source", source("1"))):
            ran = aralify(*command, *wrong)
            assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
            assert wrong[0] in ran.err
    assert rows("SELECT * FROM attempts") == []


def test_submitting_starting_code_is_told_and_recorded_nowhere_and_grading_still_judges_it(
    aralify, python_basics, source
):
    aralify("user", "add", "ana")
    exercise = read_course(python_basics).levels[0].lessons[0].content.activity("first-load")
    starter = source(exercise.starter["fil"])
    ran = aralify("submit", "--user", "ana", *FIRST, "--source", starter, "--json")
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "starting code" in ran.err
    assert rows("SELECT * FROM attempts") == []
    lesson = ("--course", python_basics, "--lesson", "variables/easy", "--exercise", "first-load")
    assert aralify("grade", *lesson, "--source", starter, "--json").json["verdict"] == "FAILED"


def test_submitting_prints_every_key_of_the_format(aralify, source):
    aralify("user", "add", "ana")
    ran = aralify("submit", "--user", "ana", *FIRST, "--source", source("load = 50\n"), "--attempt-key", "k1", "--json")
    assert ran.status == 0
    assert set(ran.json) == {
        "lesson", "exercise", "verdict", "points", "max_points", "isolation", "checks", "error", "stdout", "signature",
        "duration_ms", "attempt", "attempt_key", "repeated", "late", "lesson_status", "lesson_score", "xp_awarded",
        "xp_total", "level", "streak_current", "unlocked", "course",
    }  # fmt: skip
    assert ran.json["verdict"] == "PASSED"
    assert ran.json["lesson_status"] == "IN_PROGRESS"
    assert ran.json["streak_current"] == 1
    again = aralify(
        "submit", "--user", "ana", *FIRST, "--source", source("load = 50\n"), "--attempt-key", "k1", "--json"
    )
    assert again.json["repeated"] is True
    assert again.json["attempt"] == ran.json["attempt"]
    other = aralify(
        "submit", "--user", "ana", *FIRST, "--source", source("load = 7\n"), "--attempt-key", "k1", "--json"
    )
    assert other.status == 1
    assert "k1" in other.err


def test_a_lesson_passed_pays_once_and_opens_the_next_topic_in_every_table(aralify, python_basics, source):
    """What DESIGN §4 implies, read with plain sqlite3."""
    aralify("user", "add", "ana", "--timezone", "Asia/Manila")
    content = _lesson(python_basics / "01-variables" / "easy.ipynb")
    results = [
        aralify(
            "submit",
            "--user",
            "ana",
            "--lesson",
            "python-basics/variables/easy",
            "--exercise",
            activity,
            flag,
            answer,
            "--json",
        ).json
        for activity, flag, answer in _right_answers(content, source)
    ]
    assert {result["verdict"] for result in results} == {"PASSED"}
    assert sum(result["xp_awarded"] for result in results) == 50
    assert [result["unlocked"] for result in results if result["unlocked"]] == [["python-basics/control-flow"]]
    assert results[-1]["course"] == {"completion_pct": 25.0, "mastery_pct": 8.33, "completed": False}

    assert rows("SELECT xp_total, level, streak_current, streak_longest FROM users") == [(50, 1, 1, 1)]
    assert rows("SELECT status, score, xp_earned FROM user_lesson_progress") == [("COMPLETED", 100, 50)]
    assert rows("SELECT completion_pct, mastery_pct, total_xp_earned FROM user_course_progress") == [(25.0, 8.33, 50)]
    opened = "SELECT levels.slug FROM user_level_unlocks JOIN levels ON levels.id = level_id ORDER BY order_index"
    assert rows(opened) == [("variables",), ("control-flow",)]
    assert rows("SELECT COUNT(*) FROM xp_events") == [(1,)]
    assert rows("SELECT COUNT(*) FROM attempts") == [(len(results),)]
    assert aralify("db", "check").status == 0

    progress = aralify("progress", "--user", "ana", "--json").json
    (course,) = progress["courses"]
    assert (progress["xp_total"], course["slug"], course["completion_pct"]) == (50, "python-basics", 25.0)
    assert [level["unlocked"] for level in course["levels"]] == [True, True, False, False]
    assert course["levels"][0]["lessons"]["easy"] == {"status": "COMPLETED", "score": 100, "xp_earned": 50}


def test_a_locked_topic_says_what_opens_it(aralify, source):
    aralify("user", "add", "ana")
    answer = source("x = 1\n")
    ran = aralify(
        "submit", "--user", "ana", "--lesson", "python-basics/loops/easy", "--exercise", "savings", "--source", answer
    )
    assert ran.status == 1
    assert "“Loops” is still locked. It opens when you pass any lesson of “Control flow”." in ran.err


@pytest.mark.parametrize("text", ["x = 1\0", "x" * 2_000_000], ids=["a NUL byte", "two megabytes"])
def test_what_is_no_source_is_refused_with_a_sentence(aralify, source, text):
    aralify("user", "add", "ana")
    ran = aralify("submit", "--user", "ana", *FIRST, "--source", source(text), "--json")
    assert ran.status == 1
    assert "cannot be judged" in ran.err
    assert len(ran.err) < 400
    assert rows("SELECT COUNT(*) FROM attempts") == [(0,)]


def test_bytes_that_are_no_utf8_are_refused_with_a_sentence(aralify, tmp_path):
    aralify("user", "add", "ana")
    answer = tmp_path / "answer.py"
    answer.write_bytes(b"load = '\xff'\n")
    ran = aralify("submit", "--user", "ana", *FIRST, "--source", answer)
    assert ran.status == 1
    assert "cannot be judged" in ran.err


def test_the_built_in_course_is_sound(aralify, python_basics):
    ran = aralify("course", "check", python_basics, "--json")
    assert ran.status == 0
    assert ran.json == {"ok": True, "problems": [], "warnings": []}


def test_a_course_with_mistakes_tells_all_of_them_and_is_not_published(aralify, python_basics, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(python_basics, broken)
    toml = (broken / "course.toml").read_text(encoding="utf-8")
    toml = toml.replace('slug = "python-basics"', 'slug = "Broken!"').replace('"#3776AB"', '"blue"')
    (broken / "course.toml").write_text(toml, encoding="utf-8")
    (broken / "01-variables" / "easy.ipynb").write_text("{not json", encoding="utf-8")
    ran = aralify("course", "publish", broken)
    assert ran.status == 1
    for expected in ("course.toml: slug", "course.toml: color", "easy.ipynb"):
        assert expected in ran.err
    assert ran.err.splitlines()[-1].endswith("Mend them, then try again.")
    listed = {course["slug"] for course in aralify("course", "list", "--json").json}
    assert listed == {folder.name for folder in builtin_courses()}


def test_an_unpublished_course_is_hidden_from_learners_until_it_is_published_again(aralify, python_basics, source):
    aralify("user", "add", "ana")
    aralify("course", "unpublish", "python-basics")
    assert aralify("submit", "--user", "ana", *FIRST, "--source", source("load = 50")).status == 1
    assert aralify("course", "publish", python_basics).status == 0
    assert aralify("submit", "--user", "ana", *FIRST, "--source", source("load = 50")).status == 0


def test_a_database_of_a_newer_version_is_refused_and_left_alone(aralify):
    aralify("course", "list")
    application().close()
    application.cache_clear()
    database = application().settings.home / "aralify.sqlite3"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from_the_future'")
        connection.commit()
    ran = aralify("course", "list")
    assert ran.status == 1
    assert "newer Aralify" in ran.err
    assert rows("SELECT version_num FROM alembic_version") == [("from_the_future",)]


def test_commands_speak_filipino_to_who_chose_it(aralify, monkeypatch):
    monkeypatch.setenv("ARALIFY_LANGUAGE", "fil")
    ran = aralify("progress", "--user", "wala")
    assert ran.status == 1
    assert "Walang" in ran.err


def test_the_module_is_the_command():
    ran = subprocess.run([sys.executable, "-m", "aralify_kernel", "--version"], capture_output=True, text=True)
    assert ran.returncode == 0
    assert "aralify" in ran.stdout


def _lesson(path):
    from aralify_kernel.courses.folder import read_course

    course = read_course(path.parents[1])
    return next(
        lesson.content for level in course.levels for lesson in level.lessons if path.match(f"*/{lesson.notebook}")
    )


def _right_answers(content, source):
    from aralify_kernel.domain.content import Exercise

    for number, activity in enumerate(content.activities):
        if isinstance(activity, Exercise):
            yield activity.id, "--source", source(activity.reference, f"{number}.py")
        else:
            correct = ",".join(option.id for option in activity.options if option.correct)
            yield activity.id, "--answer", correct or activity.answers[0]
