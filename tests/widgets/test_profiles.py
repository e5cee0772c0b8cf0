"""The profile card."""

from dataclasses import replace

from aralify_kernel.widgets.profiles import ProfileCard
from tests.widgets.fake_session import ANA, FakeSession


def card(session=None, language="en", **others):
    return ProfileCard(
        session or FakeSession(), language=language, choose_language=others.pop("calls", []).append, **others
    )


def test_level_xp_and_the_way_to_the_next_are_words_and_a_meter():
    html = card().render()
    for words in ("Level 4", "740 of 800 XP", "60 XP to Level 5", 'aria-valuetext="740 of 800 XP"', "--v:78.6%"):
        assert words in html


def test_a_day_that_counts_and_one_that_does_not_yet():
    session = FakeSession()
    assert "Today counts" in card(session).render()
    session.people["ana.reyes"] = replace(ANA, today_counts=False, week=(True,) * 4 + (False,) * 3)
    html = card(session).render()
    assert "Not yet today" in html
    assert "One try, right or wrong, and today counts." in html
    assert "Friday: not yet" in html
    assert "Saturday: still ahead" in html


def test_in_filipino():
    html = card(language="fil").render()
    for words in ("Streak: 5 araw", "Bilang na ang araw na ito", "60 XP pa para sa Level 5", "Biyernes: may ginawa"):
        assert words in html


def test_editing_keeps_every_field():
    session = FakeSession()
    calls = []
    screen = card(session, calls=calls)
    screen.act("show_edit", {})
    assert "Asia/Manila" in screen.render()
    screen.act(
        "save_profile",
        {
            "display_name": "Ana R.",
            "bio": "Hi",
            "avatar_url": "",
            "email": "",
            "language": "fil",
            "timezone": "Asia/Tokyo",
            "time_factor": "0",
        },
    )
    profile = session.profile()
    assert (profile.display_name, profile.timezone, profile.time_factor) == ("Ana R.", "Asia/Tokyo", None)
    assert calls == ["fil"]
    assert screen.part == "card"
    assert "Na-save na ang profile mo." in screen.render() or "Your profile is saved." in screen.render()


def test_a_first_password_needs_no_old_one():
    session = FakeSession()
    screen = card(session)
    screen.act("show_password", {})
    assert 'name="old"' not in screen.render()
    screen.act("change_password", {"new": "bagong buwan"})
    assert session.profile().has_password
    assert "Your password is changed." in screen.render()


def test_a_wrong_old_password_is_told_at_its_field():
    session = FakeSession(user="jun")
    screen = card(session)
    screen.act("show_password", {})
    screen.act("change_password", {"new": "bagong buwan", "old": "x"})
    assert screen.error_field == "old"
    assert screen.part == "password"


def test_a_guest_can_keep_what_was_earned():
    session = FakeSession(user=None)
    session.continue_as_guest("en")
    calls = []
    screen = card(session, on_sign_up=lambda: calls.append("sign up"))
    assert "stays with this visit only" in screen.render()
    assert "show_password" not in screen.render()
    screen.act("show_sign_up", {})
    assert calls == ["sign up"]


def test_signing_out_leaves_nobody():
    session = FakeSession()
    screen = card(session)
    screen.act("sign_out", {})
    assert session.user is None
    assert "Nobody is signed in here yet." in screen.render()


def test_only_pictures_are_shown_as_pictures():
    session = FakeSession()
    session.people["ana.reyes"] = replace(ANA, avatar_url="javascript:alert(1)", display_name="<b>Ana")
    html = card(session).render()
    assert "javascript:" not in html
    assert "<b>Ana" not in html
