"""The welcome notebook's root: sign-in, courses and profile under one bar, and the link to an opened lesson."""

import pytest

from aralify_kernel.widgets import welcome as module
from aralify_kernel.widgets.welcome import welcome
from tests.widgets.fake_session import FakeSession


def root(session, tmp_path, language="en", calls=None, **others):
    return welcome(
        session,
        language=language,
        choose_language=(calls if calls is not None else []).append,
        open_lesson=lambda ref: tmp_path / session.user / ref.course / f"{ref.tier}.ipynb",
        **others,
    )


def test_from_a_first_visit_to_an_open_lesson_in_filipino(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    session = FakeSession(user=None, is_started=False)
    calls = []
    panel = root(session, tmp_path, language=None, calls=calls)
    assert "Which language do you read best?" in panel.html
    panel.act("choose_language", value="fil")
    assert "Sino ang mag-aaral ngayon?" in panel.html
    assert panel.language == "fil"
    panel.act("show_sign_up")
    panel.act("sign_up", username="maria", password="", email="", display_name="Maria")
    assert "Mga kurso" in panel.html
    panel.act("show_course", value="python-basics")
    panel.act("show_level", value="python-basics/variables/easy")
    panel.act("open", value="python-basics/variables/easy")
    assert panel.screen.opening == "maria/python-basics/easy.ipynb"
    assert "Handa na ang “Kumusta, variable”" in panel.html
    assert calls == ["fil"]


def test_the_link_below_the_panel_leads_to_the_opened_lesson(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = []

    class Slot:
        def update(self, bundle, **_):
            shown.append(bundle)

    panel = root(FakeSession(), tmp_path)
    panel._slot = Slot()
    panel.act("open", value="python-basics/variables/easy")
    assert 'href="ana.reyes/python-basics/easy.ipynb"' in shown[0]["text/html"]
    assert shown[0]["text/plain"] == "Open “Hello, variable”: ana.reyes/python-basics/easy.ipynb"


def test_the_profile_is_one_button_away_and_back(tmp_path):
    panel = root(FakeSession(), tmp_path)
    panel.act("go_profile")
    assert "740 of 800 XP" in panel.html
    panel.act("go_courses")
    assert "Python Basics" in panel.html


def test_it_can_begin_with_the_profile(tmp_path):
    assert "740 of 800 XP" in root(FakeSession(), tmp_path, screen="profile").html


def test_it_can_begin_with_the_door_for_somebody_else_while_one_is_signed_in(tmp_path):
    session = FakeSession()
    panel = root(session, tmp_path, screen="sign_in")
    assert "Who is learning today?" in panel.html
    assert session.user == "ana.reyes"
    panel.act("sign_in", username="jun", password="not it")
    assert session.user == "ana.reyes"
    panel.act("go_courses")
    assert "Python Basics" in panel.html
    panel = root(session, tmp_path, screen="sign_in")
    panel.act("sign_in", username="jun", password="mangga at bayabas")
    assert session.user == "jun"
    assert "Python Basics" in panel.html


def test_switching_the_language_reaches_every_screen(tmp_path):
    calls = []
    panel = root(FakeSession(), tmp_path, calls=calls)
    panel.act("choose_language", value="fil")
    assert "Mga Batayan ng Python" in panel.html
    panel.act("go_profile")
    assert "Streak: 5 araw" in panel.html
    assert calls == ["fil"]


def test_signing_out_leads_back_to_the_door(tmp_path):
    panel = root(FakeSession(), tmp_path)
    panel.act("go_profile")
    panel.act("sign_out")
    assert "Who is learning today?" in panel.html
    assert "Ana Reyes" not in panel.html


def test_a_guest_signs_up_from_the_profile(tmp_path):
    session = FakeSession(user=None)
    panel = root(session, tmp_path)
    panel.act("continue_as_guest")
    panel.act("go_profile")
    panel.act("show_sign_up")
    assert "Make an account" in panel.html


def test_another_kernel_signing_out_is_noticed(tmp_path):
    session = FakeSession()
    panel = root(session, tmp_path)
    session.user = None
    panel.refresh()
    assert "Who is learning today?" in panel.html
    assert "Ana Reyes" not in panel.html


@pytest.mark.parametrize("missing", [ValueError])
def test_a_lesson_on_another_drive_has_an_absolute_path(tmp_path, monkeypatch, missing):
    def no_way(*_):
        raise missing

    monkeypatch.setattr(module.relative_path.__globals__["os"].path, "relpath", no_way)
    assert module.relative_path(tmp_path / "a.ipynb", tmp_path) == (tmp_path / "a.ipynb").as_posix()
