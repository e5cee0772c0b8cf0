"""The first screen: language, sign in, make an account, guest."""

from dataclasses import replace

import pytest

from aralify_kernel.domain.sign_ins import Admission, Entrance
from aralify_kernel.errors import InvitationInvalid, NoticeUnread, ServerUnreachable
from aralify_kernel.widgets.sign_in import SignIn
from tests.widgets.fake_session import FakeSession


@pytest.fixture
def visit():
    """A first visit: the screen, the session, and what was called."""
    calls = []
    session = FakeSession(user=None)
    screen = SignIn(
        session, language=None, choose_language=calls.append, on_signed_in=lambda: calls.append("signed in")
    )
    return screen, session, calls


def test_the_first_thing_asked_is_the_language_in_both_languages(visit):
    screen, _, _ = visit
    html = screen.render()
    assert "Which language do you read best?" in html
    assert "Anong wika ang mas gamay mo?" in html


def test_choosing_filipino_is_kept_and_leads_to_sign_in_in_filipino(visit):
    screen, _, calls = visit
    screen.act("choose_language", {"value": "fil"})
    assert calls == ["fil"]
    assert screen.step == "sign_in"
    assert "Sino ang mag-aaral ngayon?" in screen.render()


def test_a_known_person_signs_in_without_a_password(visit):
    screen, session, calls = visit
    screen.act("sign_in", {"username": " ana.reyes ", "password": ""})
    assert session.user == "ana.reyes"
    assert calls == ["signed in"]


def test_a_wrong_password_is_told_at_the_field_and_the_name_stays(visit):
    screen, session, calls = visit
    screen.act("show_sign_in", {})
    screen.act("sign_in", {"username": "jun", "password": "mali"})
    html = screen.render()
    assert session.user is None
    assert not calls
    assert screen.error_field == "password"
    assert 'value="jun"' in html
    assert "That user name and password do not go together." in html
    assert "mali" not in html


def test_a_taken_name_comes_with_another_that_is_free(visit):
    screen, _, _ = visit
    screen.act("show_sign_up", {})
    screen.act("sign_up", {"username": "jun", "password": "", "email": "", "display_name": "Jun Peña"})
    html = screen.render()
    assert screen.error_field == "username"
    assert "Try “jun26”" in html
    assert 'aria-invalid="true"' in html
    assert 'value="Jun Peña"' in html


def test_the_sentence_about_a_mistake_follows_a_switch_of_language(visit):
    screen, _, _ = visit
    screen.act("show_sign_up", {})
    screen.act("sign_up", {"username": "jun", "password": "", "email": "", "display_name": ""})
    screen.set_language("fil")
    assert "jun26" in screen.render()
    assert "is already taken" not in screen.render()


def test_signing_up_needs_only_a_user_name(visit):
    screen, session, _ = visit
    screen.act("choose_language", {"value": "fil"})
    screen.act("sign_up", {"username": "maria", "password": "", "email": "", "display_name": ""})
    profile = session.profile()
    assert (profile.username, profile.language, profile.has_password) == ("maria", "fil", False)


def test_a_guest_needs_nothing(visit):
    screen, session, calls = visit
    screen.act("continue_as_guest", {})
    assert session.profile().is_guest
    assert calls == ["signed in"]


def test_the_page_can_call_nothing_but_actions(visit):
    screen, _, _ = visit
    screen.act("_welcome", {})
    screen.act("set_language", {"language": "fil"})
    assert screen.language == "en"


def test_every_field_has_its_label(visit):
    screen, _, _ = visit
    for step in ("show_sign_in", "show_sign_up"):
        screen.act(step, {})
        html = screen.render()
        assert html.count("<label for=") == html.count("<input") > 1


WAY_IN = Entrance(
    "https://school.example", "invitation", False, {"en": "## What is kept", "fil": "## Ano ang itinatago"}, "v1"
)


@pytest.fixture
def at_a_server(visit):
    """A first visit to a class server, in English."""
    screen, session, calls = visit
    session.way_in = WAY_IN
    screen.act("choose_language", {"value": "en"})
    return screen, session, calls


def fill_in(screen, **values):
    form = {"username": "maria", "password": "mangga at bayabas", "email": "", "display_name": "", "invitation": "abc"}
    screen.act("sign_up", form | values)


def test_a_class_server_is_named_where_a_password_is_asked_for(at_a_server):
    screen, _, _ = at_a_server
    html = screen.render()
    assert "Class server: https://school.example" in html
    assert "leave empty" not in html


def test_guests_are_offered_only_where_the_server_admits_them(at_a_server):
    screen, session, _ = at_a_server
    assert "Continue as guest" not in screen.render()
    session.way_in = replace(WAY_IN, guests=True)
    screen.refresh()
    assert "Continue as guest" in screen.render()


def test_the_notice_is_read_and_agreed_to_before_an_account_is_made(at_a_server):
    screen, session, calls = at_a_server
    screen.act("show_sign_up", {})
    assert screen.step == "notice"
    assert "<h2>What is kept</h2>" in screen.render()
    screen.set_language("fil")
    assert "<h2>Ano ang itinatago</h2>" in screen.render()
    screen.act("agree", {})
    assert screen.step == "sign_up"
    fill_in(screen, invitation=" abc ")
    assert session.admissions == [Admission("v1", "abc")]
    assert calls[-1] == "signed in"


@pytest.mark.parametrize(("sign_up", "asks"), [("invitation", True), ("open", False)])
def test_an_invitation_is_asked_for_where_the_server_wants_one(at_a_server, sign_up, asks):
    screen, session, _ = at_a_server
    session.way_in = replace(WAY_IN, sign_up=sign_up)
    screen.act("show_sign_up", {})
    screen.act("agree", {})
    html = screen.render()
    assert ('name="invitation"' in html) is asks
    assert "not needed on your own computer" not in html


def test_a_server_where_nobody_signs_up_offers_none(at_a_server):
    screen, session, _ = at_a_server
    session.way_in = replace(WAY_IN, sign_up="closed")
    assert "I am new here" not in screen.render()
    screen.act("show_sign_up", {})
    assert "Accounts are not made here" in screen.render()


def test_a_wrong_invitation_is_told_at_its_field_and_stays_typed(at_a_server, monkeypatch):
    screen, session, _ = at_a_server
    screen.act("show_sign_up", {})
    screen.act("agree", {})
    monkeypatch.setattr(session, "sign_up", raising(InvitationInvalid()))
    fill_in(screen)
    assert screen.error_field == "invitation"
    assert 'value="abc"' in screen.render()


def test_a_notice_that_changed_meanwhile_is_shown_anew(at_a_server, monkeypatch):
    screen, session, _ = at_a_server
    screen.act("show_sign_up", {})
    screen.act("agree", {})
    session.way_in = replace(WAY_IN, notice={"en": "## Something else"}, notice_version="v2")
    with monkeypatch.context() as patch:
        patch.setattr(session, "sign_up", raising(NoticeUnread()))
        fill_in(screen)
    assert "<h2>Something else</h2>" in screen.render()
    screen.act("agree", {})
    fill_in(screen)
    assert session.admissions == [Admission("v2", "abc")]


def test_a_server_that_is_away_is_said_and_asked_again(at_a_server, monkeypatch):
    screen, session, _ = at_a_server
    with monkeypatch.context() as patch:
        patch.setattr(session, "entrance", raising(ServerUnreachable(server="https://school.example")))
        screen.refresh()
        html = screen.render()
    assert "https://school.example cannot be reached" in html
    assert 'type="password"' not in html
    screen.act("show_sign_in", {})
    assert 'type="password"' in screen.render()


def raising(error):
    def raise_it(*_args, **_more):
        raise error

    return raise_it
