"""What a learner's own Jupyter server answers, and to whom."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock

import jsonschema
import pytest

from aralify_kernel.courses.builtin import builtin_folder
from aralify_kernel.courses.folder import read_course
from aralify_kernel.domain.class_learning import MyClasses, TeacherWord
from aralify_kernel.domain.class_talk import TeacherNote
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.server.lab import operations
from aralify_kernel.server.lab.workplace import Workplace, WorkspaceElsewhere
from aralify_kernel.server.rest import table
from tests.labs import TOKEN
from tests.server.rest import EXERCISE, LESSON, code

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lab")]

ONLY_FOR_SERVERS = {
    ("GET", "/attempts"), ("GET", "/notice"), ("GET", "/session"), ("POST", "/profile/export"),
    ("POST", "/profile/erasure"),
}  # fmt: skip


def exercises(content):
    return [block for block in content.blocks if hasattr(block, "checks")]


@pytest.fixture(scope="module")
def lesson():
    return read_course(builtin_folder("courses") / "python-basics").levels[0].lessons[0].content


def check(browser, content, key, activity=EXERCISE):
    return check_cell(browser, f"# exercise: python-basics/variables/easy#{activity}\n{content}", key)


def check_cell(browser, source, key, own=None, **more):
    metadata = {} if own is None else {"aralify": own}
    cell = {"cell_type": "code", "source": source, "metadata": metadata, **more}
    return browser.post(f"{LESSON}/check", {**cell, "attempt_key": key})


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


def test_what_teachers_said_comes_as_html_that_fetches_nothing(guest):
    note = TeacherNote("Use `int`.\n\n![plan](https://elsewhere.example/who-reads.png)", "Tess", datetime.now(UTC))
    word = TeacherWord(LessonRef.parse("python-basics/variables/easy"), EXERCISE, note, is_reply=False)
    mine = table.find("GET", "/memberships", operations.of(Workplace(Path.cwd())))[0]
    (shown,) = mine.call(Mock(**{"session.my_classes.return_value": MyClasses((), (word,))})).words
    assert "<code>int</code>" in shown.html
    assert "<p>plan</p>" in shown.html
    assert guest.get("/memberships").json() == {"classes": [], "words": []}


OWN = {"role": "exercise", "lesson": "python-basics/variables/easy", "exercise": EXERCISE}


@pytest.mark.parametrize(
    ("source", "own"),
    [
        ("load = 5", OWN),
        (f"%%exercise {EXERCISE}\nload = 5", None),
        (f"%%exercise python-basics/variables/easy#{EXERCISE}\nload = 5", {**OWN, "exercise": "another"}),
    ],
)
def test_a_cell_answers_for_check_what_it_answers_for_the_kernel(guest, source, own):
    checked = check_cell(guest, source, "one", own).json()
    assert (checked["result"]["activity"], checked["text"][:13]) == (EXERCISE, "Not yet right")


@pytest.mark.parametrize(
    ("source", "own", "refused", "said"),
    [
        ("load = 5", None, "answers_nothing", "Click into the cell of an exercise"),
        ("load = 5", {**OWN, "role": "check"}, "answers_nothing", "Click into the cell of an exercise"),
        ("%%time\nload = 5", None, "answers_nothing", "Click into the cell of an exercise"),
        ("%%time\nload = 5", OWN, "magic_over_answer", "begins with “%%time”, so it was not checked"),
        ("%%sql\nSELECT 5", OWN, "magic_over_answer", "begins with “%%sql”, so it was not checked"),
        ("%%exercise\nload = 5", OWN, "no_exercise_named", "%%exercise "),
        ("%%exercise no/such#one\nload = 5", OWN, "invalid_value", ""),
    ],
)
def test_what_is_no_answer_is_told_and_no_try(guest, source, own, refused, said):
    answer = check_cell(guest, source, "one", own)
    assert code(answer) == (422, refused)
    assert said in answer.json()["error"]["message"]
    assert code(check_cell(guest, "load = 5", "two", OWN, cell_type="markdown")) == (422, "answers_nothing")
    assert set(steps(guest).values()) == {"open"}


def test_in_somebody_else_s_notebook_it_is_told_whose_it_is_and_for_whom_it_counts(guest):
    me = guest.get("/here").json()["profile"]["username"]
    told = f"This notebook belongs to “ana”, and you are signed in as “{me}”: the result counts for “{me}”."
    for owner, note in [("ana", told), (me, ""), ("", "")]:
        assert check_cell(guest, "load = 5", owner or "nobody", OWN, owner=owner).json()["note"][: len(told)] == note
        assert guest.get(f"{LESSON}/standing?owner={owner}").json()["whose"][: len(told)] == note
    assert check_cell(guest, "load = 5", "again", OWN).json()["note"] == ""


def steps(browser):
    return {step["id"]: step["state"] for step in browser.get(f"{LESSON}/standing").json()["steps"]}


def test_the_bar_above_a_lesson_is_told_where_one_stands(guest, lesson):
    assert set(steps(guest).values()) == {"open"}
    check(guest, "load = 5", "wrong")
    assert steps(guest)[EXERCISE] == "progress"
    check(guest, next(one for one in exercises(lesson) if one.id == EXERCISE).reference, "right")
    standing = guest.get(f"{LESSON}/standing").json()
    assert [step["state"] for step in standing["steps"] if step["id"] == EXERCISE] == ["passed"]
    assert standing["score"].endswith("80 to pass")
    assert (standing["clock"], standing["dates"]) == (None, [])


def test_who_is_in_no_class_has_no_teacher_to_ask(guest):
    assert not guest.get(f"{LESSON}/standing").json()["has_teacher"]
    question = {"activity": EXERCISE, "question": "Why?"}
    assert code(guest.post(f"{LESSON}/questions", question)) == (409, "nobody_to_ask")
    assert code(guest.post(f"{LESSON}/questions", {**question, "question": "y" * 301})) == (422, "invalid_value")


def test_a_notebook_that_is_open_gets_back_what_is_missing(guest):
    path = guest.post(f"{LESSON}/working-copy").json()["path"]
    notebook = guest.http.get(f"/api/contents/{path}").json()["content"]
    whole, mine = notebook["cells"], {"cell_type": "code", "source": "mine = 1", "metadata": {}}
    answer = guest.post(f"{LESSON}/cells", {"cells": [*whole[:2], mine], "metadata": notebook["metadata"]}).json()
    assert [cell["at"] for cell in answer["cells"]][:3] == [0, 1, None]
    assert [one["cell"]["id"] for one in answer["cells"] if one["at"] != 2] == [cell["id"] for cell in whole]
    assert [one["cell"]["source"] for one in answer["cells"] if one["at"] == 2] == ["mine = 1"]
    nonsense = {"cells": [{"cell_type": "code"}], "metadata": {}}
    assert code(guest.post(f"{LESSON}/cells", nonsense)) == (422, "invalid_value")


def test_its_document_lists_what_it_answers_and_what_comes_is_as_described(guest, stranger):
    told = guest.get("/openapi.json").json()
    here = {(one.method, one.path) for one in operations.of(Workplace(Path.cwd()))}
    assert {(method.upper(), path) for path, methods in told["paths"].items() for method in methods} == here
    cell = {
        "cell_type": "code",
        "source": f"%%exercise {EXERCISE}\nload = 5",
        "metadata": {},
        "attempt_key": "described",
    }
    for method, path, body in (
        ("GET", "/here", None),
        ("GET", "/memberships", None),
        ("GET", "/bringing", None),
        ("POST", "/lessons/{course}/{level}/{tier}/working-copy", None),
        ("POST", "/lessons/{course}/{level}/{tier}/check", cell),
        ("POST", "/lessons/{course}/{level}/{tier}/cells", {"cells": [], "metadata": {}}),
        ("GET", "/lessons/{course}/{level}/{tier}/standing", None),
    ):
        answer = guest.ask(method, path.replace("/lessons/{course}/{level}/{tier}", LESSON), body)
        described = told["paths"][path][method.lower()]["responses"][str(answer.status_code)]
        assert answer.status_code == 200, answer.text
        jsonschema.validate(
            answer.json(), {**described["content"]["application/json"]["schema"], "components": told["components"]}
        )
    status, refusal = code(stranger.get("/here"))
    assert refusal in told["paths"]["/here"]["get"]["responses"][str(status)]["description"]


def test_hidden_checks_stay_where_they_are(guest, lesson):
    hidden = {one.source for exercise in exercises(lesson) for one in exercise.checks if one.hidden}
    assert hidden
    told = guest.post(f"{LESSON}/open").text + guest.get(LESSON).text + guest.get("/progress").text
    told += guest.get(f"{LESSON}/standing").text + guest.post(f"{LESSON}/cells", {"cells": [], "metadata": {}}).text
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
