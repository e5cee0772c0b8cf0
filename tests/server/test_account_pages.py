"""Making an account, and what a person can do with what is held about them, in a browser."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.session import ProfileChange
from aralify_kernel.errors import NotFound
from aralify_kernel.services import accounts, invitations, notices, rosters
from aralify_kernel.store import login_attempts
from aralify_kernel.store.login_attempts import FailedSignIns
from tests.server.conftest import PASSWORD
from tests.servers import post

pytestmark = pytest.mark.slow

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


@pytest.fixture
def invited(server):
    """Return a function that makes an invitation code."""

    def make(**wanted):
        application = server.application
        wanted = invitations.NewInvitation(**wanted)
        return invitations.make(application.database, accounts.OPERATOR, wanted, now=application.now())[0]

    return make


def ask(browser, **fields):
    given = {"password": PASSWORD, "agree": "1", "notice_version": notices.VERSION} | fields
    browser.get("/sign-up")
    return post(browser, "/sign-up", **given)


def test_the_notice_is_read_before_the_form_and_the_consent_is_kept_with_its_version_and_language(server, invited):
    browser = server.browser("203.0.113.70")
    page = browser.get("/sign-up", headers={"Accept-Language": "fil"}).text
    assert page.index("Sino ang nakakakita ng ano") < page.index('name="username"')
    assert f'name="notice_version" value="{notices.VERSION}"' in page
    code = invited()
    refused = ask(browser, invitation=code, username="dina", agree="")
    assert refused.status_code == 400
    assert "tick that you agree" in refused.text
    assert 'id="agree-error"' in refused.text
    post(browser, "/language", language="fil")
    assert ask(browser, invitation=code.lower(), username="dina", email="dina@example.ph").status_code == 303
    assert "dina" in browser.get("/").text
    with server.application.database.read() as tx:
        user = accounts.find(tx, "dina")
    assert (user.locale, user.email, user.role.name) == ("fil", "dina@example.ph", "USER")
    data = json.loads(zipfile.ZipFile(io.BytesIO(export(browser).content)).read("data.json"))
    (consent,) = data["consents"]
    assert (consent["notice_version"], consent["language"]) == (notices.VERSION, "fil")


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(server, invited):
    browser = server.browser("203.0.113.71")
    code = invited()
    for field, value, error_id in (
        ("username", "x y", "username"),
        ("username", "ana", "username"),
        ("password", "short", "password"),
        ("email", "no address", "email"),
        ("display_name", "a\nb", "display_name"),
        ("invitation", "WRONG", "invitation"),
        ("notice_version", "1999-01-01", "agree"),
    ):
        answer = ask(browser, **({"invitation": code, "username": "eric", "display_name": "Eric"} | {field: value}))
        assert answer.status_code == 400, field
        assert re.findall(r'id="(\w+)-error"', answer.text) == [error_id], field
        assert PASSWORD not in answer.text
        if field not in {"display_name", "notice_version"}:
            assert 'value="Eric"' in answer.text
    with pytest.raises(NotFound):
        server.application.session_for("eric")
    assert ask(browser, invitation=code, username="eric").status_code == 303, "none of it used the code up"


@pytest.fixture(scope="module")
def code_of(server):
    """Return a function that lets somebody new in by a roster and returns their code."""

    def let_in(username):
        application = server.application
        line, now = f"{username},{username.title()}\n".encode(), application.now()
        return (
            rosters.let_in(application.database, None, "rizal", line, language="en", timezone="Asia/Manila", now=now)
            .codes[0]
            .code
        )

    return let_in


def redeem(browser, username, code, new="mangga at bayabas", **fields):
    browser.get("/new-password")
    given = {"username": username, "code": code, "password": new, "agree": "1", "notice_version": notices.VERSION}
    return post(browser, "/new-password", **given | fields)


def test_a_code_from_a_teacher_sets_a_password_signs_in_and_ends_the_sign_ins_before(server, code_of):
    code, browser, before = code_of("lito"), server.browser("203.0.113.71"), server.browser_of("lito")
    assert 'href="/new-password"' in browser.get("/sign-in").text
    for wrong, status, words in (
        ({"agree": ""}, 400, "tick that you agree"),
        ({"new": "short"}, 400, 'id="password-error"'),
        ({"code": "ABCD-EFGH-JKMN"}, 401, "code do not go together"),
        ({"username": "nobody-here"}, 401, "code do not go together"),
        ({"_xsrf": "forged"}, 403, ""),
    ):
        answer = redeem(browser, **{"username": "lito", "code": code} | wrong)
        assert (answer.status_code, words in answer.text) == (status, True), wrong
    assert before.get("/").status_code == 200
    assert redeem(browser, "Lito", code.lower().replace("-", " ")).headers["Location"] == "/"
    assert "Hello, Lito" in browser.get("/").text
    assert before.get("/").status_code == 302
    data = json.loads(zipfile.ZipFile(io.BytesIO(export(browser, "mangga at bayabas").content)).read("data.json"))
    assert [consent["notice_version"] for consent in data["consents"]] == [notices.VERSION]
    assert redeem(server.browser("203.0.113.72"), "lito", code).status_code == 401, "a code is good once"


def test_who_guesses_codes_has_to_wait_as_who_guesses_passwords(server, code_of):
    code, browser, db = code_of("nena"), server.browser("203.0.113.73"), server.application.database
    assert redeem(browser, "nena", "ABCD-EFGH-JKMN").status_code == 401
    with db.write() as tx:
        assert login_attempts.find(tx, "nena", "203.0.113.73").failures == 1
        later = server.application.now() + timedelta(hours=1)
        login_attempts.put(tx, "nena", "203.0.113.73", FailedSignIns(9, later))
    answer = redeem(browser, "nena", code)
    assert (answer.status_code, answer.headers["Retry-After"].isdigit()) == (429, True)
    assert redeem(server.browser("203.0.113.74"), "nena", code).status_code == 303


def export(browser, password=PASSWORD):
    browser.get("/account")
    return post(browser, "/account/export", password=password)


def test_a_person_downloads_everything_with_their_password(server):
    ana = server.browser_of("ana")
    refused = export(ana, "not this one")
    assert refused.status_code == 401
    assert 'id="export-password-error"' in refused.text
    answer = export(ana)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="aralify-ana.zip"'
    assert answer.headers["Cache-Control"] == "no-store"
    data = json.loads(zipfile.ZipFile(io.BytesIO(answer.content)).read("data.json"))
    assert [user["username"] for user in data["users"]] == ["ana"]
    assert all("token_hash" not in row for row in data["auth_sessions"])


def test_a_person_sees_where_they_are_signed_in_and_ends_it_there(server):
    here, there, bens = server.browser_of("tess"), server.browser_of("tess"), server.browser_of("ben")
    page = here.get("/account").text
    ids = re.findall(r'name="id" value="(\d+)"', page)
    assert len(ids) == 1, "the one in which this is read is not ended here"
    post(bens, "/account/end", id=ids[0])
    assert there.get("/account").status_code == 200, "nobody ends somebody else's"
    for nonsense in ("", "x", "-1", "9" * 30, "²"):
        assert post(here, "/account/end", id=nonsense).status_code == 303
    assert post(here, "/account/end", id=ids[0]).status_code == 303
    assert there.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_a_person_erases_everything_and_says_once_more_who_they_are(server):
    server.application.add_user("leaving", password=PASSWORD)
    browser = server.browser_of("leaving")
    for fields, status in (
        ({"username": "leaving", "password": "not this one"}, 401),
        ({"username": "ana", "password": PASSWORD}, 401),
        ({"username": "", "password": PASSWORD}, 401),
    ):
        assert post(browser, "/account/erase", **fields).status_code == status
    assert post(browser, "/account/erase", username=" Leaving ", password=PASSWORD).status_code == 200
    assert browser.get("/account").status_code == 302
    with pytest.raises(NotFound):
        server.application.session_for("leaving")
    assert server.application.session_for("ana").profile()


def test_a_guest_erases_themselves_by_their_name(server):
    browser = server.browser("203.0.113.72")
    browser.get("/sign-in")
    post(browser, "/guest")
    name = re.search(r"guest-\w+", browser.get("/account").text)[0]
    assert post(browser, "/account/erase", username=name).status_code == 200
    with pytest.raises(NotFound):
        server.application.session_for(name)


@pytest.fixture(scope="module")
def mallory(server):
    """The browser of somebody who calls themselves, as others their class, by what would be a program on a careless page."""
    server.application.add_user("mallory", password=PASSWORD)
    server.application.session_for("mallory").update_profile(ProfileChange(display_name=HOSTILE, bio=HOSTILE))
    made = server.application.new_class(HOSTILE, ["python-basics"], [])
    server.application.add_to_class(made.slug, ["mallory"], ClassRole.LEARNER, [])
    return server.browser_of("mallory")


@pytest.mark.parametrize("path", ["/", "/account", "/join", "/notice", "/nothing-there", "/account/erase"])
def test_what_a_person_calls_themselves_is_text_on_every_page(mallory, path):
    page = (post(mallory, path, username="x") if path == "/account/erase" else mallory.get(path)).text
    assert "&lt;script&gt;alert(1)" in page
    assert "{{7*7}}" in page
    assert "<script" not in page
    assert "<img" not in page


def test_what_is_typed_into_an_address_is_text(server):
    page = server.browser().get("/sign-up", params={"invitation": HOSTILE}).text
    assert "<img" not in page
    assert "&lt;img" in page
    page = server.browser().get("/sign-in", params={"next": f"/{HOSTILE}"}).text
    assert "<img" not in page
