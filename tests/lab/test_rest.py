"""What a learner's own Jupyter server answers, and to whom."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aralify_kernel.courses.builtin import builtin_folder
from aralify_kernel.courses.folder import read_course
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.server.lab import operations
from aralify_kernel.server.lab.workplace import Workplace, WorkspaceElsewhere
from aralify_kernel.server.rest import table
from tests.labs import TOKEN
from tests.server.rest import EXERCISE, LESSON, code

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lab")]

ONLY_FOR_SERVERS = {
    ("GET", "/attempts"), ("GET", "/notice"), ("GET", "/session"), ("POST", "/profile/export"),
    ("POST", "/profile/erasure"), ("GET", "/openapi.json"),
}  # fmt: skip


def exercises(content):
    return [block for block in content.blocks if hasattr(block, "checks")]


@pytest.fixture(scope="module")
def lesson():
    return read_course(builtin_folder("courses") / "python-basics").levels[0].lessons[0].content


def check(browser, content, key, activity=EXERCISE):
    cell = f"# exercise: python-basics/variables/easy#{activity}\n{content}"
    return browser.post(f"{LESSON}/check", {"activity": activity, "content": cell, "attempt_key": key})


def every_operation():
    return [
        pytest.param(one.method, one.path.replace("{", "").replace("}", ""), id=f"{one.method} {one.path}")
        for one in operations.of(Workplace(Path.cwd()))
    ]


@pytest.mark.parametrize(("method", "path"), every_operation())
def test_jupyter_s_own_sign_in_stands_before_everything(stranger, method, path):
    assert code(stranger.ask(method, path)) == (403, "jupyter_refuses")


def test_a_page_of_another_site_changes_nothing(address, stranger, jupyter):
    stranger.http.get("/lab", params={"token": TOKEN}).raise_for_status()  # as the browser of whoever uses the lab
    wish = {"guest": True}
    assert code(stranger.post("/session", wish)) == (403, "jupyter_refuses")
    forgery = stranger.http.cookies["_xsrf"]
    assert (
        code(stranger.post("/session", wish, Origin="https://elsewhere.example", **{"X-XSRFToken": forgery}))[0] == 403
    )
    assert code(stranger.get("/here", Origin="https://elsewhere.example"))[0] == 403
    assert jupyter.get("/here").json()["profile"] is None
    assert stranger.post("/session", wish, **{"X-XSRFToken": forgery}).status_code == 201
    assert jupyter.get("/here").json()["profile"]["is_guest"]


def test_signing_in_signs_the_computer_in_and_tells_the_browser_no_token(jupyter, running_lab):
    account = {"username": "ana", "password": "", "language": "en", "timezone": "Asia/Manila", "notice_version": ""}
    answer = jupyter.post("/accounts", account)
    assert (answer.status_code, answer.json()["username"]) == (201, "ana")
    kept = json.loads((running_lab.log.parent / "home" / "session.json").read_text())
    assert kept["token"] not in answer.text
    assert kept["token"] not in jupyter.get("/here").text
    assert jupyter.ask("DELETE", "/session").status_code == 204
    assert code(jupyter.get("/courses")) == (401, "not_signed_in")
    assert jupyter.post("/session", {"username": "ana"}).status_code == 201


def test_a_lesson_opens_as_a_notebook_that_jupyter_can_show(guest):
    path = guest.post(f"{LESSON}/working-copy").json()["path"]
    notebook = guest.http.get(f"/api/contents/{path}").json()["content"]
    assert notebook["metadata"]["aralify"]["lesson"] == "python-basics/variables/easy"
    assert notebook["metadata"]["kernelspec"]["name"] == "aralify"
    assert code(guest.post("/lessons/python-basics/control-flow/easy/working-copy")) == (403, "level_locked")


def test_a_cell_is_checked_as_running_it_would(guest, lesson):
    exercise = next(one for one in exercises(lesson) if one.id == EXERCISE)
    assert code(check(guest, exercise.starter["en"], "start")) == (422, "unchanged_starter")
    wrong = check(guest, "load = 5", "first").json()
    assert wrong["text"].startswith("Not yet right")
    assert "ar-result--failed" in wrong["html"]
    again = check(guest, "load = 5", "second").json()
    assert again["result"]["attempt_key"] == "first", "the same source shows its result again"
    right = check(guest, exercise.reference, "third").json()
    assert (right["result"]["judgement"]["verdict"], right["text"].splitlines()[0][:6]) == ("PASSED", "Passed")
    assert guest.get("/here").json()["profile"]["today_counts"]
    assert code(check(guest, "load = 5", "fourth", activity="no-such")) == (404, "not_found")


def test_hidden_checks_stay_where_they_are(guest, lesson):
    hidden = {one.source for exercise in exercises(lesson) for one in exercise.checks if one.hidden}
    assert hidden
    told = guest.post(f"{LESSON}/open").text + guest.get(LESSON).text + guest.get("/progress").text
    told += check(guest, "load = 5", "peeping").text + guest.get(f"{LESSON}/results/{EXERCISE}").text
    assert [source for source in hidden if json.dumps(source)[1:-1] in told] == []


def test_it_speaks_the_language_of_the_computer(guest):
    assert guest.ask("PUT", "/language", {"language": "fil"}).json()["profile"]["language"] == "fil"
    refused = guest.get("/courses/no-such-course").json()["error"]["message"]
    guest.ask("PUT", "/language", {"language": "en"})
    assert refused != guest.get("/courses/no-such-course").json()["error"]["message"]
    assert code(guest.ask("PUT", "/language", {"language": "xx"})) == (422, "invalid_value")


@pytest.mark.parametrize(("method", "path"), sorted(ONLY_FOR_SERVERS))
def test_what_only_a_class_server_does_is_not_there(jupyter, method, path):
    assert jupyter.ask(method, path).status_code in {404, 405}


def test_lessons_outside_the_folder_that_jupyter_shows_are_one_sentence(tmp_path):
    workplace = Workplace(tmp_path / "shown")
    with pytest.raises(WorkspaceElsewhere, match="aralify lab"):
        workplace.open_working_copy(LessonRef("python-basics", "variables", "easy"))
    workplace.close()


def test_everything_else_of_the_class_server_is_there_under_the_same_name():
    here = {(one.method, one.path) for one in operations.of(Workplace(Path.cwd()))}
    elsewhere = {(one.method, one.path) for one in table.OPERATIONS} - here
    assert {(method, path) for method, path in elsewhere if not path.startswith("/classes")} == ONLY_FOR_SERVERS
    assert not [path for _, path in here if path.startswith("/classes")]
