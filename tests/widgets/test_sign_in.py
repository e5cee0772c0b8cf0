"""The first screen: language, sign in, make an account, guest."""

import pytest

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
