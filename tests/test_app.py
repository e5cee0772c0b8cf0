"""The application as a fresh computer meets it: real files, the real course, the real grader."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from aralify_kernel.app import Application
from aralify_kernel.courses.folder import read_course
from aralify_kernel.domain.content import Exercise, Quiz
from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.errors import CourseInvalid, DatabaseNewer, DatabaseReadOnly, InvalidValue, NotFound
from aralify_kernel.services.local_time_zone import local_timezone
from aralify_kernel.settings import load
from tests.fakes import FakeGrader

EASY = LessonRef.parse("python-basics/variables/easy")


@pytest.fixture
def start(tmp_path, put_into_use):
    """Return a function that starts another process's application on the same computer."""
    made = []
    put_into_use(tmp_path / "home")

    def start_one(**environment):
        variables = {"ARALIFY_HOME": str(tmp_path / "home"), "ARALIFY_WORKSPACE": str(tmp_path / "ws")}
        variables["ARALIFY_JUDGE_IDLE_MINUTES"] = "0"  # this process judges
        made.append(Application(load(variables | environment)))
        return made[-1]

    yield start_one
    for one in made:
        one.close()


def file_of(app):
    return app.settings.home / "aralify.sqlite3"


def query(app, statement):
    with closing(sqlite3.connect(file_of(app))) as connection, connection:
        return connection.execute(statement).fetchall()


def answers(app):
    """Every activity of the first lesson with a right answer, as its author wrote it."""
    lesson = read_course(app.builtin_folder("courses") / "python-basics").levels[0].lessons[0]
    for activity in lesson.content.activities:
        if isinstance(activity, Exercise):
            yield activity.id, activity.reference
        elif isinstance(activity, Quiz):
            yield (
                activity.id,
                ",".join(option.id for option in activity.options if option.correct) or activity.answers[0],
            )


def test_a_computer_without_a_database_gets_one_with_the_built_in_courses(start, new_computer):
    app = start()
    assert not file_of(app).exists()
    session = app.session()
    assert session.user is None
    session.sign_up("ana", password=None, email=None, display_name="Ana", language="fil")
    assert [(card.slug, len(card.levels)) for card in session.courses()] == [
        ("python-basics", 4),
        ("javascript-first-steps", 2),
        ("sql-first-steps", 2),
    ]


def test_the_whole_first_lesson_with_the_real_grader(start):
    app = start()
    app.add_user("ana")
    session = app.session_for("ana")
    wrong = session.submit(Submission(EASY, "first-load", "load = 1", "k"))
    assert wrong.judgement.verdict in {Verdict.FAILED, Verdict.ERROR}
    results = [session.submit(Submission(EASY, activity, answer, f"k-{activity}")) for activity, answer in answers(app)]
    assert {result.judgement.verdict for result in results} == {Verdict.PASSED}
    assert (results[-1].lesson_score, sum(result.xp_awarded for result in results)) == (100, 50)
    assert [slug for result in results for slug in result.unlocked] == ["python-basics/control-flow"]
    assert app.db_check(lambda *_: None) == ()


def test_a_second_start_publishes_nothing_again(start, new_computer):
    start().session()
    before = query(start(), "SELECT * FROM course_versions")
    app = start()
    app.session()
    assert query(app, "SELECT * FROM course_versions") == before


def test_a_newer_built_in_course_is_published_at_start(start, tmp_path, monkeypatch):
    app = start()
    app.session()
    newer = tmp_path / "courses" / "python-basics"
    shutil.copytree(app.builtin_folder("courses") / "python-basics", newer)
    toml = newer / "course.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace('en = "Python Basics"', 'en = "Python, newer"', 1), encoding="utf-8"
    )
    monkeypatch.setattr("aralify_kernel.courses.builtin.builtin_courses", lambda: [newer])
    assert start().all_courses()[0].title["en"] == "Python, newer"


def test_the_language_is_kept_before_and_after_somebody_signs_in(start):
    app = start()
    assert app.language() is None
    app.choose_language("fil")
    assert start().language() == "fil"
    app.session().continue_as_guest("en")
    assert start().language() == "en", "the profile's"
    app.choose_language("fil")
    assert (start().language(), app.session().profile().language) == ("fil", "fil")
    app.session().sign_out()
    assert start().language() == "fil"
    with pytest.raises(InvalidValue):
        app.choose_language("de")


def test_a_language_set_for_the_installation_is_the_one_before_any_choice(start):
    assert start(ARALIFY_LANGUAGE="fil").language() == "fil"


def test_a_visitor_from_a_link_is_signed_in_as_a_guest_once(start):
    first = start(ARALIFY_GUEST="1").session()
    second = start(ARALIFY_GUEST="1").session()
    assert first.profile().is_guest
    assert second.user == first.user


def test_a_lesson_opens_as_a_notebook_and_keeps_what_was_written(start):
    app = start()
    app.session().sign_up("ana", password=None, email=None, display_name=None, language="en")
    path = app.open_working_copy(EASY)
    assert path == app.settings.workspace / "ana" / "python-basics" / "01-variables" / "easy.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("### your code here", "my_own = 1"), encoding="utf-8")
    written = path.read_text(encoding="utf-8")
    assert app.open_working_copy(EASY) == path
    assert path.read_text(encoding="utf-8") == written


def test_missing_cells_are_put_back_and_counted(start):
    import json

    app = start()
    app.session().sign_up("ana", password=None, email=None, display_name=None, language="en")
    assert app.restore_cells(EASY) == 3, "of a notebook that was deleted altogether"
    path = app.open_working_copy(EASY)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    exercises = [cell for cell in notebook["cells"] if cell["metadata"].get("aralify", {}).get("role") == "exercise"]
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in exercises[:2]]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert app.restore_cells(EASY) == 2
    assert app.restore_cells(EASY) == 0


def test_the_operator_looks_after_people(start):
    app = start()
    assert app.add_user("Ana", email="ana@example.ph", timezone="Asia/Manila", language="fil").username == "ana"
    assert app.set_role("ana", Role.MODERATOR, is_verified=True).role is Role.MODERATOR
    app.set_password("ana", "a few words in a row")
    (ana,) = app.users()
    assert (ana.is_verified, ana.has_password, ana.timezone, ana.language) == (True, True, "Asia/Manila", "fil")
    assert app.session().user is None, "nobody was signed in"
    with pytest.raises(NotFound, match="no user named “nobody”"):
        app.session_for("nobody")


def test_the_operator_publishes_and_unpublishes(start, tmp_path):
    app = start()
    app.unpublish("python-basics")
    assert {card.slug: card.is_published for card in app.all_courses()}["python-basics"] is False
    assert app.publish(app.builtin_folder("courses") / "python-basics").slug == "python-basics"
    assert {card.slug: card.is_published for card in app.all_courses()}["python-basics"] is True
    (tmp_path / "bad").mkdir()
    with pytest.raises(CourseInvalid):
        app.publish(tmp_path / "bad")


def test_a_trial_is_judged_from_the_folder_and_recorded_nowhere(start, new_computer):
    app = start()
    app.__dict__["own_grader"] = FakeGrader()
    judge = app.trial_judge(app.builtin_folder("courses") / "python-basics")
    reference, judgement = judge("variables/easy", "first-load", "PASS")
    assert (reference, judgement.verdict) == (EASY, Verdict.PASSED)
    assert not file_of(app).exists()


def test_a_database_of_a_newer_version_is_said_and_left_alone(start):
    start().session()
    app = start()
    query(app, "UPDATE alembic_version SET version_num = '9999'")
    for use in (app.session, app.db_upgrade, lambda: app.db_check(lambda *_: None)):
        with pytest.raises(DatabaseNewer):
            use()


def test_a_read_only_database_can_be_looked_at_and_says_so_when_written(start):
    start().add_user("ana")
    app = start()
    app = start(ARALIFY_DATABASE_URL=f"sqlite:///file:{file_of(app)}?mode=ro&uri=true")
    session = app.session_for("ana")
    assert session.courses()[0].slug == "python-basics"
    with pytest.raises(DatabaseReadOnly):
        session.open_lesson(EASY)
    with pytest.raises(DatabaseReadOnly):
        app.add_user("ben")


def test_upgrading_makes_a_database_where_there_is_none(start, new_computer):
    app = start()
    app.db_upgrade()
    assert app.db_check(lambda *_: None) == ()


def test_the_time_zone_of_this_computer_is_one_that_a_profile_can_have():
    from aralify_kernel.domain.time_zones import zone

    assert zone(local_timezone())


def test_importing_the_application_loads_no_database(tmp_path):
    heavy = "{'sqlalchemy', 'alembic', 'argon2', 'pandas', 'nbformat', 'ipywidgets'}"
    code = f"import sys, aralify_kernel.app; print(sorted(set(sys.modules) & {heavy}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
