"""The whole journey in JupyterLab by mouse alone, and again by keyboard alone: an account, a lesson, its XP, My progress.

Screenshots of every step go to `ARALIFY_TESTS_SCREENSHOTS` when that is set, for somebody to look at.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from aralify_kernel.domain.content import Exercise, QuizKind
from tests.browser.hands import Keyboard, Mouse
from tests.browser.notebooks import Notebook, notebook
from tests.browsers import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("shared-lab")]


@pytest.mark.parametrize("hand", [Mouse, Keyboard], ids=["mouse", "keyboard"])
def test_a_newcomer_needs_one_of_mouse_and_keyboard(page, shared_lab, look, first_lesson, hand):
    hand = hand(page)
    page.goto(shared_lab.url)
    sidebar = page.get_by_role("region", name="Aralify", exact=True)
    sidebar.get_by_role("heading").first.wait_for()
    page.get_by_text("to begin").wait_for()
    Notebook(page)  # which takes the focus when its kernel is there
    hand.go_to_courses()
    hand.press(sidebar.get_by_role("button", name="I am new here"))
    hand.write(sidebar.get_by_role("textbox", name="What should we call you?"), "Ana Reyes")
    hand.write(sidebar.get_by_role("textbox", name="User name"), hand.username)
    hand.press(sidebar.get_by_role("button", name="Sign up"))
    expect(sidebar).to_contain_text("0 XP · 100 to Level 2")
    hand.press(sidebar.get_by_role("button", name="Variables, EASY, 50 XP"))
    wait_until(page, "() => window.jupyterapp.shell.currentWidget?.context?.path.endsWith('variables/easy.ipynb')")
    lesson = Notebook(page)

    for activity in first_lesson.activities:
        if isinstance(activity, Exercise):
            solve(lesson, hand, activity, look)
        else:
            answer_quiz(lesson, hand, activity)
    expect(sidebar).to_contain_text("50 XP · 50 to Level 2")
    hand.go_to_courses()
    expect(sidebar.get_by_role("button", name="Control flow, EASY, 60 XP", exact=True)).to_be_enabled()
    look("2-earned")
    with page.context.expect_page() as opened:
        hand.press(sidebar.get_by_role("link", name="My progress"))
    progress = opened.value
    expect(progress.get_by_role("heading", name="My progress")).to_be_visible()
    expect(progress.locator("body")).to_contain_text("50 XP")
    progress.close()


def solve(lesson, hand, exercise, look):
    """The first exercise is got wrong first, and a hint taken."""
    cell = lesson.cell(f"#{exercise.id}")
    result = cell.locator(".jp-OutputArea")
    if exercise.id == "first-load":
        hand.answer(cell, "load = 5")
        hand.check()
        expect(result).to_contain_text("Not yet right")
        hand.take_hint()
        expect(notebook(lesson.page).get_by_role("status").filter(has_text="Hint 1")).to_be_visible()
        look("1-hint")
    hand.answer(cell, exercise.reference)
    hand.check()
    expect(result).to_contain_text("Passed")


def answer_quiz(lesson, hand, quiz):
    cell = lesson.cell(f"%aralify quiz {quiz.id}")
    hand.show_quiz(cell)
    if quiz.kind is QuizKind.PREDICT_OUTPUT:
        hand.write(cell.get_by_label("What it shows"), quiz.answers[0])
    else:
        right = next(number for number, option in enumerate(quiz.options) if option.correct)
        cell.get_by_role("radio").first.wait_for()
        hand.choose(cell.get_by_role("radio"), right)
    hand.press(cell.get_by_role("button", name="Answer", exact=True))
    expect(cell.locator(".ar-state--passed").first).to_be_visible()
