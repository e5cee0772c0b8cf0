"""Passwords and tokens over REST: neither gives more than it was made for."""

from __future__ import annotations

import pytest

from tests.server.conftest import PASSWORD
from tests.server.rest import EVERYTHING, Caller, code, signed_in, token_of

pytestmark = pytest.mark.slow


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
