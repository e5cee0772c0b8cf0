"""The REST interface of a running class server, as a program of somebody's own asks it."""

from __future__ import annotations

import functools

import pytest

from aralify_kernel.client import wire
from aralify_kernel.client.messages import AttemptPage, CoursePage, CurrentSignIn, SignedIn
from aralify_kernel.courses.builtin import builtin_courses
from aralify_kernel.courses.folder import read_course
from aralify_kernel.domain.content import Exercise, Quiz
from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.session import OpenLesson, Profile, SubmitResult
from aralify_kernel.server.rest.table import OPERATIONS
from tests.databases import run_sql
from tests.server.conftest import PASSWORD
from tests.server.rest import EVERYTHING, EXERCISE, LESSON, NAMES, QUIZ, Caller, code, signed_in

pytestmark = pytest.mark.slow

SCRIPT = "<script>alert('ñ')</script>\"&<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def nobody(server):
    return Caller(server)


@pytest.fixture(scope="module")
def ana(server):
    return signed_in(server, "ana")


@pytest.fixture(scope="module")
def ben(server):
    """Somebody whom the tests may change."""
    return signed_in(server, "ben")


def address(operation) -> str:
    """Return an address that an operation answers."""
    return operation.path.format(**NAMES | {"activity": EXERCISE})


def ids(operation) -> str:
    return f"{operation.method} {operation.path}"


WITH_SCOPE = [operation for operation in OPERATIONS if operation.scope]
WITH_BODY = [operation for operation in OPERATIONS if operation.body]


@pytest.fixture(scope="module")
def all_but(server):
    """Return how to get a program of an ADMIN that may do everything but one thing; `admin` numbers the people, as
    one person may not ask so much so fast."""

    @functools.cache
    def username(admin):
        return server.application.add_user(f"admin.{admin}", role=Role.ADMIN).username

    @functools.cache
    def caller(scope, admin):
        return signed_in(server, username(admin), *(other for other in EVERYTHING if other != scope))

    return caller


@pytest.mark.parametrize("operation", WITH_SCOPE, ids=ids)
def test_a_token_is_good_for_its_scopes_and_nothing_else(all_but, operation):
    answer = all_but(operation.scope, 0).ask(operation.method, address(operation))
    assert code(answer) == (403, "scope_missing")
    assert answer.json()["error"]["details"] == {"scope": operation.scope}


def test_a_learners_token_for_everything_gives_no_more_than_the_learner_may(server):
    ana = signed_in(server, "ana", *EVERYTHING)
    assert code(ana.ask("PATCH", "/users/ana", {"role": "ADMIN"})) == (403, "not_allowed")
    hidden = ana.ask("PUT", "/courses/python-basics/publication", {"is_published": False})
    assert code(hidden) == (403, "not_allowed")
    assert wire.decode(Profile, ana.get("/profile").content).role.name == "USER"


def test_an_admin_gives_roles_and_a_moderator_hides_courses(server):
    admin, mia = signed_in(server, "root.admin", "admin"), signed_in(server, "mia", "teach")
    changed = wire.decode(Profile, admin.ask("PATCH", "/users/ben", {"is_verified": True}).content)
    assert (changed.username, changed.is_verified) == ("ben", True)
    for is_published in (False, True):
        card = mia.ask("PUT", "/courses/sql-first-steps/publication", {"is_published": is_published}).json()
        assert card["is_published"] is is_published


@pytest.mark.parametrize("operation", WITH_BODY, ids=ids)
@pytest.mark.parametrize(
    ("body", "media_type", "expected"),
    [
        (b"{}", "text/plain", (415, "wrong_content_type")),
        (b"username=ana", "application/x-www-form-urlencoded", (415, "wrong_content_type")),
        (b"{", "application/json", (400, "invalid_request")),
        (b"\xff", "application/json", (400, "invalid_request")),
        (b"[]", "application/json", (400, "invalid_request")),
        (b'{"no_such_key": 1}', "application/json; charset=utf-8", (400, "invalid_request")),
    ],
)
def test_a_body_that_is_not_the_documents_is_refused(all_but, nobody, request, operation, body, media_type, expected):
    other = next(scope for scope in EVERYTHING if scope != operation.scope)
    caller = all_but(other, request.node.callspec.indices["body"]) if operation.scope else nobody
    answer = caller.ask(operation.method, address(operation), body, headers={"Content-Type": media_type})
    assert code(answer) == expected


def test_a_body_that_is_too_large_is_refused_and_the_next_request_goes_well(ana):
    assert code(ana.submit("x" * 1_000_001)) == (413, "request_too_large")
    assert code(ana.submit("x" * 300_000)) == (422, "source_refused")
    assert code(ana.post("/courses/python-basics/start", b"x" * 1_000_001)) == (413, "request_too_large")
    assert ana.get("/session").status_code == 200


def test_the_list_of_a_whole_school_is_read_with_all_the_columns_that_a_school_has_and_no_longer_one(server):
    tess = signed_in(server, "tess", "teach")
    line = (
        "juan.delacruz{0:05d};de la Cruz Peña;Juan Miguel;juan.delacruz{0:05d}@deped.example.ph;Grade 9 Rizal;{0}\r\n"
    )
    heads = "username;last name;first name;email;section;LRN\r\n"
    school = (heads + "".join(map(line.format, range(136_731_000_000, 136_731_010_000)))).encode("cp1252")
    assert len(school) > 1_000_000
    lines = tess.post("/classes/rizal/roster/preview", {"file": school}).json()["lines"]
    assert {one["problem"] for one in lines} == {None}
    assert (len(lines), lines[-1]["display_name"]) == (10_000, "Juan Miguel de la Cruz Peña")
    too_large = tess.post("/classes/rizal/roster/preview", {"file": 5 * school})
    assert code(too_large) == (413, "request_too_large")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nowhere", (404, "not_found")),
        ("GET", "/courses/", (404, "not_found")),
        ("GET", "/courses/%2e%2e", (404, "not_found")),
        ("GET", "/courses/%00", (404, "not_found")),
        ("GET", "/courses/%ff", (404, "not_found")),
        ("GET", "/courses/nothing-of-this-name", (404, "not_found")),
        ("GET", "/lessons/python-basics/variables/impossible", (404, "not_found")),
        ("GET", "/lessons/Python-Basics/variables/easy", (404, "not_found")),
        ("GET", f"{LESSON}/results/nothing", (404, "not_found")),
        ("GET", "/lessons/python-basics/loops/easy", (403, "level_locked")),
        ("POST", f"{LESSON}/runs", (409, "no_time_limit")),
        ("DELETE", "/courses", (405, "wrong_method")),
        ("BREW", "/courses", (405, "wrong_method")),
        ("GET", "/courses?limit=0", (422, "invalid_value")),
        ("GET", "/courses?limit=1&limit=2", (422, "invalid_value")),
        ("GET", "/courses?limit=%D9%A3", (422, "invalid_value")),
        ("GET", "/courses?cursor=!", (422, "invalid_value")),
        ("GET", "/courses?cursor=bm93aGVyZQ", (422, "invalid_value")),
        ("GET", "/attempts?cursor=bm93aGVyZQ", (422, "invalid_value")),
        ("GET", "/courses?user=ben", (422, "invalid_value")),
    ],
)
def test_what_is_not_there_or_cannot_be_is_refused_in_one_sentence(ana, method, path, expected):
    answer = ana.ask(method, path)
    assert code(answer) == expected
    assert answer.json()["error"]["message"]
    assert answer.headers["Content-Type"] == "application/json"


def test_a_connection_is_not_kept_by_whoever_is_refused_before_their_request_was_read(ana):
    assert ana.ask("BREW", "/courses").headers["Connection"] == "close"


def test_a_method_that_is_not_for_an_address_is_told_which_are(ana):
    assert ana.ask("PUT", "/session").headers["Allow"] == "DELETE, GET, HEAD, POST"


def test_a_head_is_a_get_without_the_body(ana):
    answer = ana.ask("HEAD", "/profile")
    assert (answer.status_code, answer.content) == (200, b"")


# Sign-ins


def test_a_sign_in_says_what_it_is_good_for_and_ends_for_good(server):
    credentials = {"username": "Ana", "password": PASSWORD, "scopes": ["submit", "read", "read"], "label": "a test"}
    made = wire.decode(SignedIn, Caller(server).post("/session", credentials).content)
    caller = Caller(server, made.token)
    now = wire.decode(CurrentSignIn, caller.get("/session").content)
    assert (now.scopes, now.profile.username) == (("read", "submit"), "ana")
    assert caller.ask("DELETE", "/session").status_code == 204
    assert code(caller.get("/session")) == (401, "not_signed_in")
    assert code(caller.ask("DELETE", "/session")) == (401, "not_signed_in")


def test_a_sign_in_ends_when_its_time_is_over(server):
    caller = signed_in(server, "ana")
    assert caller.get("/profile").status_code == 200
    url = server.application.settings.database_url
    run_sql(
        url,
        "UPDATE auth_sessions SET expires_at = '2020-01-01 00:00:00.000000' WHERE id = (SELECT max(id) FROM auth_sessions)",
    )
    assert code(caller.get("/profile")) == (401, "not_signed_in")


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Bearer k.x", "Basic YW5hOmFuYQ==", "bearer a b"])
def test_a_header_that_is_no_token_signs_nobody_in(nobody, header):
    assert code(nobody.get("/profile", headers={"Authorization": header})) == (401, "not_signed_in")


def test_a_browsers_cookie_is_no_token_and_a_token_is_no_cookie(server, ana):
    browser = server.signed_in("ana", PASSWORD)
    cookie = browser.cookies["aralify-session"]
    assert code(Caller(server, cookie).get("/profile")) == (401, "not_signed_in")
    stranger = server.browser()
    stranger.cookies.set("aralify-session", ana.token)
    assert stranger.get("/aralify/api/v1/profile").status_code == 401


def test_a_browser_changes_things_from_our_own_pages_only(server):
    browser = server.signed_in("ben", PASSWORD)
    address, change = "/aralify/api/v1/profile", {"bio": "I like loops."}
    assert browser.get(address).json()["username"] == "ben"
    assert code(browser.patch(address, json=change)) == (403, "cross_site_request")
    forged = browser.patch(address, json=change, headers={"X-XSRFToken": "forged"})
    assert code(forged) == (403, "cross_site_request")
    own = browser.patch(address, json=change, headers={"X-XSRFToken": browser.cookies["_xsrf"]})
    assert own.json()["bio"] == "I like loops."


@pytest.mark.parametrize(
    "wrong",
    [{"username": "ana", "password": "wrong horse"}, {"username": "nobody-here", "password": PASSWORD}, {}],
)
def test_a_wrong_password_and_a_wrong_name_sound_the_same(nobody, wrong):
    assert code(nobody.post("/session", wrong)) == (401, "wrong_password")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["root"]}, "scopes"),
        ({"label": "a\nb"}, "label"),
        ({"username": "a\0"}, "username"),
    ],
)
def test_a_sign_in_with_terms_that_cannot_be_is_refused(nobody, more, field):
    answer = nobody.post("/session", {"username": "ana", "password": PASSWORD} | more)
    assert code(answer) == (422, "invalid_value")
    assert answer.json()["error"]["details"]["field"] == field


# Revisions and languages


def test_an_answer_says_which_revision_the_server_has(nobody):
    assert nobody.get("/notice").headers["Aralify-Api"] == "1"


@pytest.mark.parametrize("said", ["0", "2", "one", ""])
def test_a_client_of_another_revision_is_told_how_to_update(ana, said):
    answer = ana.get("/courses", headers={"Aralify-Api": said})
    assert code(answer) == (426, "client_outdated")
    assert "pip install --upgrade aralify" in answer.json()["error"]["message"]


def test_a_refusal_speaks_the_persons_language_else_what_the_program_accepts(nobody, ben):
    english = nobody.get("/profile").json()["error"]["message"]
    filipino = nobody.get("/profile", headers={"Accept-Language": "tl-PH, en;q=0.5"}).json()["error"]["message"]
    assert english != filipino
    ben.ask("PATCH", "/profile", {"language": "fil"})
    own = ben.get("/courses/nowhere", headers={"Accept-Language": "en"}).json()["error"]["message"]
    ben.ask("PATCH", "/profile", {"language": "en"})
    assert own != ben.get("/courses/nowhere").json()["error"]["message"]


# Learning


def test_an_answer_is_judged_once_and_the_same_key_returns_the_same_result(ana):
    first = ana.submit("load = 50", "once")
    again = ana.submit("load = 50", "once")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {"repeated": True}
    assert wire.decode(SubmitResult, first.content).judgement.verdict.name == "PASSED"
    assert wire.decode(SubmitResult, ana.get(f"{LESSON}/results/{EXERCISE}").content).repeated


def test_a_key_that_was_used_for_another_answer_is_a_conflict_and_changes_nothing(ana):
    ana.submit("load = 49", "taken")
    before = ana.get("/attempts").json()
    assert code(ana.submit("load = 50", "taken")) == (409, "key_conflict")
    assert code(ana.submit("load = 49", "taken", QUIZ)) == (409, "key_conflict")
    assert ana.get("/attempts").json() == before


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"activity": "nothing"}, (404, "not_found")),
        ({"kind": "quiz"}, (422, "wrong_kind_of_answer")),
        ({"kind": "essay"}, (400, "invalid_request")),
        ({"attempt_key": ""}, (422, "invalid_value")),
        ({"attempt_key": "k" * 65}, (422, "invalid_value")),
        ({"attempt_key": "a\0b"}, (422, "invalid_value")),
        ({"content": "load = '\0'"}, (422, "source_refused")),
        ({"content": 7}, (400, "invalid_request")),
        ({"client_time": "2026-11-26T08:00:00"}, (400, "invalid_request")),
    ],
)
def test_an_answer_that_cannot_be_judged_is_refused(ana, given, expected):
    answer = {"activity": EXERCISE, "content": "load = 1", "attempt_key": "never"} | given
    assert code(ana.post(f"{LESSON}/submit", answer)) == expected


def test_a_lesson_tells_no_hidden_check_no_solution_and_no_answer(ana):
    for course in map(read_course, builtin_courses()):
        level = course.levels[0]
        for lesson in level.lessons:
            address = f"/lessons/{course.slug}/{level.slug}/{lesson.difficulty.slug}"
            told = wire.decode(OpenLesson, ana.get(address).content).content
            assert told == lesson.content.public() != lesson.content
            exercises = [block for block in told.blocks if isinstance(block, Exercise)]
            assert not any(check.hidden for exercise in exercises for check in exercise.checks)
            assert not any(exercise.reference or exercise.hints for exercise in exercises)
            quizzes = [block for block in told.blocks if isinstance(block, Quiz)]
            assert not any(quiz.answers or any(option.correct for option in quiz.options) for quiz in quizzes)


def test_what_a_person_wrote_comes_back_as_it_was_and_never_as_a_page(ben):
    changed = ben.ask("PATCH", "/profile", {"display_name": SCRIPT[:80], "bio": SCRIPT})
    assert (changed.json()["display_name"], changed.json()["bio"]) == (SCRIPT[:80], SCRIPT)
    result = ben.submit(f"print({SCRIPT!r})")
    assert SCRIPT in wire.decode(SubmitResult, result.content).judgement.stdout
    opened = ben.post(f"{LESSON}/open")
    assert wire.decode(OpenLesson, opened.content).activities[0].last_source == f"print({SCRIPT!r})"
    for answer in (changed, result, opened, ben.get(f"/courses/{'%3Cscript%3E'}")):
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def pages(caller, path, kind):
    """Return everything of a list, read in pages of one."""
    found, cursor = [], ""
    while True:
        page = wire.decode(kind, caller.get(f"{path}?limit=1{cursor}").content)
        assert len(page.items) <= 1
        found += page.items
        if page.next_cursor is None:
            return found
        cursor = f"&cursor={page.next_cursor}"


def test_a_long_list_comes_in_pages(ana):
    ana.submit("baon = 1", "page-1")
    ana.submit("baon = 2", "page-2")
    assert pages(ana, "/courses", CoursePage) == list(wire.decode(CoursePage, ana.get("/courses").content).items)
    attempts = pages(ana, "/attempts", AttemptPage)
    assert attempts == list(wire.decode(AttemptPage, ana.get("/attempts").content).items)
    assert len(attempts) >= 2


def test_hints_and_answers_are_given_and_progress_counts(ben):
    assert ben.post(f"{LESSON}/hints", {"exercise": EXERCISE}).json()["rung"] == 1
    assert ben.post(f"{LESSON}/answers", {"quiz": QUIZ}).json()["correct_options"]
    assert code(ben.post(f"{LESSON}/hints", {"exercise": "nothing"})) == (404, "not_found")
    assert ben.get("/progress").json()["profile"]["username"] == "ben"
