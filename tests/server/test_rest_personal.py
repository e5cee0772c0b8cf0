"""What REST does with what is held about a person, and with the ways in to it."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from tests.server.conftest import PASSWORD
from tests.server.rest import EVERYTHING, Caller, code, signed_in, token_of

pytestmark = pytest.mark.slow


def test_a_person_takes_along_what_is_held_about_them_and_nobody_elses(server):
    ana = signed_in(server, "ana")
    for password in ({}, {"password": "wrong horse"}):
        assert code(ana.post("/profile/export", password)) == (401, "wrong_password")
    answer = ana.post("/profile/export", {"password": PASSWORD})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="aralify-ana.zip"'
    assert answer.headers["Content-Type"] == "application/zip"
    data = json.loads(zipfile.ZipFile(io.BytesIO(answer.content)).read("data.json"))
    assert [row["username"] for row in data["users"]] == ["ana"]


def test_a_person_who_asks_to_be_erased_says_again_who_they_are(server):
    server.application.add_user("gone", password=PASSWORD)
    gone = signed_in(server, "gone")
    for wrong, expected in (({"username": "ana"}, "invalid_value"), ({"password": "wrong horse"}, "wrong_password")):
        answer = gone.post("/profile/erasure", {"username": "gone", "password": PASSWORD} | wrong)
        assert answer.json()["error"]["code"] == expected
    assert gone.get("/profile").status_code == 200
    assert gone.post("/profile/erasure", {"username": "Gone", "password": PASSWORD}).status_code == 204
    assert code(gone.get("/profile")) == (401, "not_signed_in")
    assert "gone" not in [profile.username for profile in server.application.users()]


def test_a_new_password_ends_every_other_sign_in(server):
    server.application.add_user("cora", password=PASSWORD)
    one, other = signed_in(server, "cora"), signed_in(server, "cora")
    change = {"old": PASSWORD, "new": "staple battery"}
    assert code(one.ask("PUT", "/profile/password", change | {"old": "wrong"})) == (401, "wrong_password")
    assert one.ask("PUT", "/profile/password", change).status_code == 204
    assert (one.get("/profile").status_code, other.get("/profile").status_code) == (200, 401)


def test_a_token_gives_no_first_password_to_an_account_that_has_none(server):
    server.application.add_user("dora")
    dora = signed_in(server, "dora")
    answer = dora.ask("PUT", "/profile/password", {"old": None, "new": "staple battery"})
    assert code(answer) == (401, "wrong_password")
    tries = {"username": "dora", "password": "staple battery"}
    assert code(Caller(server).post("/session", tries)) == (401, "wrong_password")


def test_a_token_is_nobody_on_a_page(server):
    browser = server.browser()
    header = {"Authorization": f"Bearer {token_of(server, 'ana', *EVERYTHING)}"}
    assert "password" in browser.get("/sign-in", headers=header).text
    assert browser.get("/account", headers=header).headers["Location"].startswith("/sign-in?")


def test_a_guests_token_for_reading_does_not_make_their_account_somebodys(server):
    began = Caller(server).post("/session", {"guest": True, "scopes": ["read"]})
    account = {"username": "gina", "password": PASSWORD, "language": "en", "timezone": "UTC", "notice_version": "1"}
    refused = Caller(server, began.json()["token"]).post("/accounts", account)
    assert code(refused) == (403, "scope_missing")


def test_who_asks_too_much_is_told_when_to_come_back(server):
    server.application.add_user("flo", password=PASSWORD)
    flo = signed_in(server, "flo")
    answers = [flo.submit("load = 1", activity="nothing") for _ in range(60)]
    refused = next(answer for answer in answers if answer.status_code != 404)
    assert code(refused) == (429, "too_many_requests")
    assert int(refused.headers["Retry-After"]) >= 1
