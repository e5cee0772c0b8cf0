"""What `%aralify` does, typed into a real kernel."""

from __future__ import annotations

import json

import pytest

from aralify_kernel.domain.permissions import Role
from tests.kernel.conftest import EXERCISE, LESSON, attempts

pytestmark = pytest.mark.slow


def test_help_lists_every_command(lesson):
    shown = lesson.kernel.run("%aralify help").shown
    for command in ("status", "login", "courses", "lesson", "hint", "quiz", "restore", "progress"):
        assert f"%aralify {command}" in shown


def test_an_unknown_command_is_told_with_what_there_is(lesson):
    shown = lesson.kernel.run("%aralify statsu").shown
    assert "statsu" in shown
    assert "%aralify status" in shown


def test_status_says_who_is_signed_in_and_what_they_earned(lesson):
    lesson.answer("load = 50")
    shown = lesson.kernel.run("%aralify status").shown
    assert "Ana (ana)" in shown
    assert "Today counts" in shown


def test_hints_climb_for_the_exercise_that_was_tried_last(lesson):
    lesson.answer("load = 5")
    first, second = (lesson.kernel.run("%aralify hint").shown for _ in range(2))
    assert first.startswith("Hint 1")
    assert second.startswith("Hint 2")


def test_a_hint_before_any_try_says_how_to_ask(lesson):
    assert f"%aralify hint {EXERCISE}" in lesson.kernel.run("%aralify hint").shown


def test_a_deleted_exercise_comes_back_as_the_next_cell(lesson):
    notebook = json.loads(lesson.path.read_text(encoding="utf-8"))
    deleted = lesson.exercise_cell
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != deleted["id"]]
    lesson.path.write_text(json.dumps(notebook), encoding="utf-8")
    cell = lesson.kernel.run("%aralify restore")
    assert [payload["text"] for payload in cell.payload] == [deleted["source"]]


def test_restoring_a_whole_copy_offers_nothing(lesson):
    cell = lesson.kernel.run("%aralify restore")
    assert cell.payload == []
    assert "No exercise is missing" in cell.shown


def test_the_welcome_screen_opens_before_anybody_has_signed_in(app, kernel_in):
    cell = kernel_in().run("%aralify")
    assert "data-ar-panel" in cell.bundles[0]["text/html"]
    assert "broke" not in cell.shown


def test_a_lesson_s_header_shows_its_title(lesson):
    title = lesson.app.session().lesson(LESSON).card.title["en"]
    assert title in lesson.kernel.run("%aralify lesson").shown


def test_outside_a_lesson_the_header_says_where_lessons_are(ana, kernel_in):
    assert "%aralify courses" in kernel_in().run("%aralify lesson").shown


def test_a_visitor_is_told_that_the_visit_is_not_saved(lesson, kernel_in, monkeypatch):
    monkeypatch.setenv("ARALIFY_GUEST", "1")
    kernel = kernel_in(lesson.path)
    assert "not saved" in kernel.run("%aralify lesson").shown


def test_progress_links_to_the_page_where_there_is_one(lesson, kernel_in, monkeypatch):
    assert "aralify lab" in lesson.kernel.run("%aralify progress").shown
    monkeypatch.setenv("ARALIFY_PROGRESS_URL", "/voila/render/dashboards/my-progress.ipynb")
    kernel = kernel_in(lesson.path)
    assert (
        'href="/voila/render/dashboards/my-progress.ipynb"' in kernel.run("%aralify progress").bundles[-1]["text/html"]
    )


def test_an_admin_gives_a_role_from_a_notebook_and_a_learner_is_refused(lesson):
    lesson.app.add_user("ben")
    assert "This needs the role ADMIN." in lesson.kernel.run("%aralify role ben MODERATOR").shown
    lesson.app.set_role("ana", Role.ADMIN)
    assert lesson.kernel.run("%aralify role ben moderator").shown == "ben is MODERATOR now."
    assert [person.role for person in lesson.app.users()] == [Role.ADMIN, Role.MODERATOR]
    assert "The roles are USER, MODERATOR, ADMIN." in lesson.kernel.run("%aralify role ben king").shown


def test_everything_speaks_filipino_to_who_chose_it(lesson):
    lesson.app.choose_language("fil")
    assert "Naka-sign in" in lesson.kernel.run("%aralify status").shown
    starter = lesson.exercise_cell["source"].partition("\n")[2]
    assert "panimulang code" in lesson.answer(starter).shown
    assert attempts(lesson.app) == []


def test_login_does_not_sign_a_guest_out_who_would_lose_what_they_earned(app, kernel_in):
    guest = app.session().continue_as_guest("en").username
    kernel_in().run("%aralify login")
    assert app.session().user == guest


def test_login_shows_the_form_and_keeps_who_is_signed_in_until_somebody_else_is(lesson):
    cell = lesson.kernel.run("%aralify login")
    assert "Ana stays signed in" in cell.shown
    assert "data-ar-panel" in cell.bundles[-1]["text/html"] + cell.bundles[-2]["text/html"]
    assert lesson.app.session().user == "ana"
    assert "Ana (ana)" in lesson.kernel.run("%aralify status").shown


@pytest.mark.parametrize("line", ["%%exercise", f"%%exercise {LESSON}#"])
def test_the_cell_magic_without_an_exercise_says_what_to_write(lesson, line):
    shown = lesson.kernel.run(f"{line}\nload = 50").shown
    assert f"Say which exercise: “%%exercise {EXERCISE}”." in shown
    assert attempts(lesson.app) == []
