"""The learner's journey of the first issue, driven in a real browser: once in English, once in Filipino.

Screenshots of every step go to `ARALIFY_TESTS_SCREENSHOTS` when that is set, for somebody to look at.
"""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from aralify_kernel.domain.content import Exercise, QuizKind
from aralify_kernel.i18n import translator
from tests.browser.notebooks import Notebook, notebook
from tests.browsers import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ENDLESS = "load = 0\nwhile load < 50:\n    print"
JUDGED_MS = 60_000
"""The cell's own seconds, the grader's, and a slow machine."""


class Words:
    """What a learner reads in `language`."""

    def __init__(self, language: str) -> None:
        _ = translator(language)
        self.language = {"en": "English", "fil": "Filipino"}[language]
        self.new_here, self.sign_up = _("I am new here"), _("Sign up")
        self.display_name, self.user_name = _("What should we call you?"), _("User name")
        course = {"en": "Python Basics", "fil": "Mga Batayan ng Python"}[language]
        topic = {"en": "Variables", "fil": "Mga variable"}[language]
        self.start_course = _("Start “{title}”", title=course)
        self.continue_course = _("Continue “{title}”", title=course)
        self.easy = re.compile(f"^{topic}, {_('EASY')}")
        self.start_easy = _("Start {tier}", tier=_("EASY"))
        self.not_yet, self.passed = _("Not yet right"), _("Passed")
        self.stopped = re.compile("loop.* line 3")
        self.hint, self.answer, self.try_again = _("Get a hint"), _("Answer"), _("Try again")
        self.what_it_shows = _("What it shows")
        self.opened = _("“{title}” is open now.", title="Control flow")
        self.next_topic = re.compile(f"^Control flow, {_('EASY')}")
        self.my_progress = _("My progress")


@pytest.mark.parametrize("words", [Words("en"), Words("fil")], ids=["en", "fil"])
def test_a_newcomer_signs_up_learns_earns_and_sees_it_all(page, lab, words, look, first_lesson):
    page.goto(lab.url)
    one_shift_enter_opens_aralify(page, words, look)
    sign_up(page, words, look)
    notebook(page).get_by_role("button", name=words.start_course).click()
    notebook(page).get_by_role("button", name=words.easy).wait_for()
    look("3-topics")
    notebook(page).get_by_role("button", name=words.easy).click()
    notebook(page).get_by_role("button", name=words.start_easy).click()
    wait_until(page, "() => window.jupyterapp.shell.currentWidget.context.path.endsWith('easy.ipynb')")
    lesson = Notebook(page)
    lesson.run(lesson.cell("%aralify lesson"))
    expect(lesson.cell("%aralify lesson")).to_contain_text("50 XP")
    look("4-lesson")

    get_the_first_exercise_wrong_in_two_ways(lesson, words, look)
    assert rows("SELECT verdict FROM attempts ORDER BY id") == [("FAILED",), ("TIMEOUT",)]
    get_everything_right(lesson, words, first_lesson, look)
    assert rows("SELECT xp_total, level, streak_current FROM users") == [(50, 1, 1)]
    assert rows("SELECT status, score FROM user_lesson_progress") == [("COMPLETED", 100)]

    a_reopened_lesson_still_shows_its_results(page, words, look)
    the_next_topic_is_open(page, words, look)
    the_progress_page_shows_it_all(page, words, look)
    assert page.outside == []


def one_shift_enter_opens_aralify(page, words, look):
    page.get_by_text("to begin").wait_for()
    wait_until(page, "() => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")
    page.keyboard.press("Shift+Enter")
    notebook(page).get_by_role("button", name=words.language).wait_for()
    look("1-language")


def sign_up(page, words, look):
    notebook(page).get_by_role("button", name=words.language).click()
    notebook(page).get_by_role("button", name=words.new_here).click()
    notebook(page).get_by_label(words.display_name).fill("Ana Reyes")
    notebook(page).get_by_label(words.user_name).fill("Ana")
    look("2-sign-up")
    notebook(page).get_by_role("button", name=words.sign_up).click()


def get_the_first_exercise_wrong_in_two_ways(lesson, words, look):
    result = lesson.answer("first-load", "load = 5")
    expect(result).to_contain_text(words.not_yet, timeout=JUDGED_MS)
    expect(result.locator(".ar-compare")).to_contain_text("50")
    expect(result.locator(".ar-compare")).to_be_in_viewport()
    look("5-wrong")
    result.get_by_role("button", name=words.hint).click()
    expect(result).to_contain_text("1")

    result = lesson.answer("first-load", ENDLESS)
    expect(result).to_contain_text(words.stopped, timeout=JUDGED_MS)
    expect(result.get_by_text(words.stopped).first).to_be_in_viewport()
    look("6-endless")


def get_everything_right(lesson, words, content, look):
    for activity in content.activities:
        if isinstance(activity, Exercise):
            result = lesson.answer(activity.id, activity.reference)
            expect(result).to_contain_text(words.passed, timeout=JUDGED_MS)
        else:
            answer_quiz(lesson, words, activity)
    look("7-passed")
    assert lesson.page.locator(".aralify-Tiers").evaluate_all(
        "all => all.length > 0 && all.every(one => one.scrollWidth <= one.clientWidth)"
    )
    panel = lesson.page.locator(".ar-earned")
    expect(panel).to_contain_text("50 XP")
    expect(lesson.cell("#jeep-fare")).to_contain_text(words.opened)


def answer_quiz(lesson, words, quiz):
    cell = lesson.cell(f"%aralify quiz {quiz.id}")
    lesson.run(cell)
    if quiz.kind is QuizKind.PREDICT_OUTPUT:
        cell.get_by_label(words.what_it_shows).fill(quiz.answers[0])
        cell.get_by_role("button", name=words.answer).click()
    else:
        wrong = next(option for option in quiz.options if not option.correct)
        right = next(option for option in quiz.options if option.correct)
        for number, option in enumerate((wrong, right)):
            if number:
                cell.get_by_role("button", name=words.try_again).click()
            cell.get_by_role("radio").nth(quiz.options.index(option)).check()
            cell.get_by_role("button", name=words.answer).click()
    expect(cell.locator(".ar-state--passed").first).to_be_visible(timeout=JUDGED_MS)


def a_reopened_lesson_still_shows_its_results(page, words, look):
    lesson = Notebook(page)
    lesson.cell("%aralify lesson").get_by_role("button").first.focus()
    page.keyboard.press("Control+s")  # from within a panel of ours as from anywhere else
    wait_until(page, "() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    path = page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.close()")
    page.reload()
    wait_until(page, "() => window.jupyterapp?.commands.hasCommand('docmanager:open')")
    page.evaluate("() => window.jupyterapp.restored.then(() => true)")
    page.evaluate("path => window.jupyterapp.commands.execute('docmanager:open', {path}).then(() => null)", path)
    cell = page.locator(".jp-CodeCell").filter(has_text="#first-load")
    expect(cell.locator(".jp-OutputArea")).to_contain_text(words.passed)
    expect(page.locator(".jp-Notebook").last).not_to_contain_text("Error displaying widget")
    look("8-reopened")


def the_next_topic_is_open(page, words, look):
    page.evaluate(
        "() => window.jupyterapp.commands.execute('docmanager:open', {path: 'welcome.ipynb'}).then(() => null)"
    )
    wait_until(page, "() => window.jupyterapp.shell.currentWidget.context.path === 'welcome.ipynb'")
    welcome = Notebook(page)
    welcome.run(welcome.cell("%aralify"))
    notebook(page).get_by_role("button", name=words.continue_course).click()
    expect(notebook(page).get_by_role("button", name=words.next_topic)).not_to_have_attribute("aria-disabled", "true")
    look("9-next-topic")


def the_progress_page_shows_it_all(page, words, look):
    with page.context.expect_page() as opened:
        notebook(page).get_by_role("link", name=words.my_progress).first.click()
    progress = opened.value
    expect(progress.get_by_role("heading", name=words.my_progress)).to_be_visible(timeout=90_000)
    expect(progress.locator("body")).to_contain_text("50 XP")
    expect(progress.locator("[data-figure=xp] path.point").first).to_be_attached(timeout=90_000)
    folder = os.environ.get("ARALIFY_TESTS_SCREENSHOTS")
    if folder:
        progress.screenshot(path=Path(folder) / f"{words.language}-10-progress.png", full_page=True)
    progress.close()


def rows(query):
    database = Path(os.environ["ARALIFY_HOME"]) / "aralify.sqlite3"
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()
