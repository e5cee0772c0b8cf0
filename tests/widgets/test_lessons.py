"""The lesson header."""

from datetime import timedelta

import pytest

from aralify_kernel.domain.class_talk import Due, LessonTalk, Question, Reader, TeacherNote
from aralify_kernel.widgets.lessons import LessonScreen
from tests.widgets.fake_session import EASY, HARD, NEW, PASSED, FakeSession


def header(session, ref=EASY, language="en", calls=None):
    return LessonScreen(
        session,
        ref,
        language=language,
        choose_language=(calls if calls is not None else []).append,
        now=lambda: session.now,
    )


def test_it_says_where_one_is_and_what_is_at_stake():
    html = header(FakeSession()).render()
    for words in ("Python Basics › Topic 1: Variables", "Hello, variable", "EASY", "50 XP", "Score 0 · 80 to pass"):
        assert words in html


def test_exercises_show_their_state_in_words_too():
    session = FakeSession()
    session.best["area"] = 3
    session.tried |= {"area", "match"}
    html = header(session).render()
    assert '1 Sum of evens <span class="ar-sr">, passed</span>' in html
    assert '2 First match <span class="ar-sr">, tried, not yet right</span>' in html
    assert '3 Quiz <span class="ar-sr">, not tried yet</span>' in html


def test_a_passed_lesson_is_practice():
    html = header(FakeSession(statuses=(PASSED, NEW, NEW))).render()
    assert "Passed · score 100" in html
    assert "Practice: no more XP to earn here" in html
    assert "at stake" not in html


def test_the_clock_starts_when_the_learner_says_so():
    session = FakeSession()
    screen = header(session, HARD)
    assert "20 min limit" in screen.render()
    screen.act("start_run", {})
    assert 'data-ar-seconds-left="1200"' in screen.render()
    assert "left of 20:00" in screen.render()
    assert "Start a new run" in screen.render()


def test_the_clock_goes_on_from_where_it_is():
    session = FakeSession()
    session.start_run(HARD)
    session.now += timedelta(minutes=7, seconds=20)
    html = header(session, HARD).render()
    assert ">12:40</strong>" in html
    assert 'role="timer"' in html


def test_after_the_time_work_goes_on_marked_late():
    session = FakeSession()
    session.start_run(HARD)
    screen = header(session, HARD)
    session.now += timedelta(minutes=20)
    screen.act("time_is_over", {})
    assert "Time is over" in screen.said
    assert "ar-state--late" in screen.render()
    assert "data-ar-seconds-left" not in screen.render()


def test_a_lesson_without_limit_has_no_clock():
    assert "start_run" not in header(FakeSession()).render()


def test_the_hint_is_for_the_exercise_in_work_and_goes_when_that_is_passed():
    session = FakeSession()
    screen = header(session)
    assert "Get a hint for “Sum of evens”" in screen.render()
    screen.act("take_hint", {})
    assert "<code>range(10)</code>" in screen.render()
    session.best["area"] = 3
    screen.refresh()
    assert "<code>range(10)</code>" not in screen.render()


def test_somebody_else_can_sign_out():
    session = FakeSession()
    screen = header(session)
    screen.act("ask_who", {})
    assert "This lesson belongs to Ana Reyes." in screen.render()
    screen.act("keep_who", {})
    assert "belongs to" not in screen.render()
    screen.act("ask_who", {})
    screen.act("sign_out", {})
    assert session.user is None
    assert "Nobody is signed in here yet." in screen.render()


def test_a_guest_is_told_honestly_what_is_kept():
    session = FakeSession()
    session.continue_as_guest("en")
    screen = header(session)
    assert "keep my XP" in screen.render()
    screen.act("ask_who", {})
    assert "stays with this visit only" in screen.render()


def test_switching_the_language_switches_the_header_and_tells_the_kernel():
    calls = []
    screen = header(FakeSession(), calls=calls)
    screen.act("choose_language", {"value": "fil"})
    assert calls == ["fil"]
    assert "Kumusta, variable" in screen.render()
    assert "ang makukuha" in screen.render()


@pytest.mark.parametrize("language", ["en", "fil"])
def test_what_is_saved_has_no_button_and_says_how_to_begin(language):
    saved = header(FakeSession(), language=language).at_rest()
    assert "Shift+Enter" in saved
    assert "<button" not in saved
    assert "Score" not in saved


def test_the_header_says_when_the_lesson_is_due_and_when_work_came_in():
    session = FakeSession()
    due = Due("Rizal", session.now + timedelta(days=1, minutes=3), is_extended=True)
    session.talk = LessonTalk(has_teacher=True, due=(due,), received_at=session.now - timedelta(hours=1))
    html = header(session).render()
    assert "due 21 Nov, 12:03 · you have more time" in html
    assert "received 11:00" in html
    session.now += timedelta(days=2)
    assert "ar-state--late" in header(session).render()
    session.now -= timedelta(days=365)
    assert "due 21 Nov 20" in header(session).render(), "with the year, where it is another"


def test_the_header_says_who_opened_the_learner_s_code():
    session = FakeSession()
    session.talk = LessonTalk(readers=(Reader("Mrs. <i>Ramos", session.now), Reader("", session.now)))
    html = header(session).render()
    assert "Mrs. &lt;i&gt;Ramos opened your code: 12:00" in html
    assert "whoever looks after Aralify here opened your code: 12:00" in html


def test_a_reply_of_the_teacher_stands_in_the_header():
    session = FakeSession()
    first = Question(EASY, "area", "First?", session.now, TeacherNote("Yes.", "Mrs. Ramos", session.now))
    session.talk = LessonTalk(questions=(first, Question(EASY, "match", "<i>Second?</i>", session.now)))
    html = header(session).render()
    assert "From Mrs. Ramos" in html
    assert "Your question is with your teacher" in html
    assert "<i>" not in html
