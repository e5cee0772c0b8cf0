"""The operations on accounts, asked in-process: what needs other policies than the running server has."""

from __future__ import annotations

import dataclasses
import shutil

import pytest

from aralify_kernel.app import Application
from aralify_kernel.client.messages import Credentials, CurrentSignIn, NewAccount, SignedIn
from aralify_kernel.errors import InvitationInvalid, NoticeUnread, SignUpClosed
from aralify_kernel.server.rest.operations import Asked
from aralify_kernel.server.rest.table import find
from aralify_kernel.services import notices
from aralify_kernel.services.sign_in_file import HeldSignIn
from aralify_kernel.services.throttle import Place
from aralify_kernel.settings import load

CORA = NewAccount("cora", "correct horse", "fil", "Asia/Manila", notices.VERSION, label="Jupyter")


@pytest.fixture
def make_application(tmp_path, blank_file, monkeypatch):
    """Makes applications with other settings on one database without courses."""
    monkeypatch.setattr("aralify_kernel.courses.builtin.builtin_courses", lambda: ())
    url = f"sqlite:///{shutil.copy(blank_file, tmp_path / 'aralify.sqlite3')}"
    made = []

    def make(**settings) -> Application:
        made.append(Application(dataclasses.replace(load(), database_url=url, **settings)))
        return made[-1]

    yield make
    for one in made:
        one.close()


def ask(application, method, path, body=None, token=None):
    operation, names = find(method, path)
    session = application.session_of(HeldSignIn(token))
    return operation.call(Asked(session, application, token, Place("192.0.2.7"), names, {}, body))


def test_where_anybody_may_sign_up_an_account_is_made_after_the_notice(make_application):
    application = make_application(sign_up="open")
    with pytest.raises(NoticeUnread):
        ask(application, "POST", "/accounts", dataclasses.replace(CORA, notice_version="older"))
    made: SignedIn = ask(application, "POST", "/accounts", CORA)
    assert (made.profile.username, made.profile.language, made.scopes) == ("cora", "fil", ("read", "submit", "profile"))
    now: CurrentSignIn = ask(application, "GET", "/session", token=made.token)
    assert (now.profile, now.scopes, now.expires_at) == (made.profile, made.scopes, made.expires_at)


@pytest.mark.parametrize(("policy", "refusal"), [("closed", SignUpClosed), ("invitation", InvitationInvalid)])
def test_where_not_everybody_may_sign_up_nobody_does_without_being_asked(make_application, policy, refusal):
    with pytest.raises(refusal):
        ask(make_application(sign_up=policy), "POST", "/accounts", CORA)


def test_guests_come_in_only_where_they_are_wanted(make_application):
    with pytest.raises(SignUpClosed):
        ask(make_application(), "POST", "/session", Credentials(guest=True))
    guest: SignedIn = ask(make_application(guests=True), "POST", "/session", Credentials(guest=True, language="fil"))
    assert (guest.profile.is_guest, guest.profile.display_name) == (True, "Bisita")


def test_a_guest_who_signs_up_stays_the_same_person_and_the_guests_token_ends(make_application):
    application = make_application(sign_up="open", guests=True)
    guest: SignedIn = ask(application, "POST", "/session", Credentials(guest=True))
    made: SignedIn = ask(application, "POST", "/accounts", CORA, token=guest.token)
    assert [profile.username for profile in application.users()] == ["cora"]
    assert application.session_of(HeldSignIn(guest.token)).user is None
    assert application.session_of(HeldSignIn(made.token)).user == "cora"


def test_who_has_an_account_and_makes_another_stays_signed_in_with_the_first(make_application):
    application = make_application(sign_up="open")
    first: SignedIn = ask(application, "POST", "/accounts", CORA)
    ask(application, "POST", "/accounts", dataclasses.replace(CORA, username="dan"), token=first.token)
    assert application.session_of(HeldSignIn(first.token)).user == "cora"


def test_the_notice_says_who_may_sign_up(make_application):
    told = ask(make_application(sign_up="open", guests=True), "GET", "/notice")
    assert (told.version, told.sign_up, told.guests) == (notices.VERSION, "open", True)
    assert set(told.text) == {"en", "fil"}
