"""The learner's journey of the first issue, driven in a real browser: once in English, once in Filipino.

Screenshots of every step go to `ARALIFY_TESTS_SCREENSHOTS` when that is set, for somebody to look at.
"""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from aralify_kernel.courses.builtin import builtin_folder
from aralify_kernel.courses.folder import read_course
from aralify_kernel.domain.content import Exercise, QuizKind

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ENDLESS = "load = 0\nwhile load < 50:\n    print"
JUDGED_MS = 60_000
"""The cell's own ten seconds, the grader's four, and a slow machine."""


@dataclass(frozen=True)
class Words:
    """What this learner reads."""

    language: str
    new_here: str
    display_name: str
    user_name: str
    sign_up: str
    start_course: str
    start_easy: str
    not_yet: str
    stopped: re.Pattern[str]
    hint: str
    passed: str
    answer: str
    try_again: str
    opened: str
    next_topic: re.Pattern[str]
    all_topics: str
    my_progress: str


ENGLISH = Words(
    "English", "I am new here", "What should we call you?", "User name", "Sign up", "Start “Python Basics”", "Start EASY",
    "Not yet right", re.compile("The loop on line 2 never ends: load stays 0"), "Get a hint", "Passed", "Answer",
    "Try again", "“Control flow” is open now", re.compile("Control flow, EASY"), "All topics", "My progress",
)  # fmt: skip
FILIPINO = Words(
    "Filipino", "Bago ako rito", "Anong itatawag namin sa iyo?", "Username", "Gumawa ng account",
    "Simulan ang “Mga Batayan ng Python”", "Simulan ang MADALI", "Hindi pa tama", re.compile("loop sa line 2"),
    "Humingi ng pahiwatig", "Pasado", "Isumite", "Subukan ulit", "Bukas na ang “Control flow”",
    re.compile("Control flow"), "Lahat ng paksa", "Ang progreso ko",
)  # fmt: skip


class Notebook:
    """The notebook in front, as a learner handles it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.wait_for_function(
            "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.connectionStatus === 'connected'"
        )

    def cell(self, text: str) -> Locator:
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell").filter(has_text=text).first

    def run(self, cell: Locator) -> None:
        cell.locator(".jp-InputPrompt").click()
        self.page.keyboard.press("Shift+Enter")

    def answer(self, exercise: str, source: str) -> Locator:
        """Write `source` under the exercise's first line, run it, and return what appears below."""
        cell = self.cell(f"#{exercise}")
        marker = cell.locator(".cm-line").first.inner_text()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(f"{marker}\n{source}")
        self.page.keyboard.press("Shift+Enter")
        return cell.locator(".jp-OutputArea")


@pytest.fixture
def look(page, request):
    """Keep a screenshot for a person to look at."""
    folder = os.environ.get("ARALIFY_TESTS_SCREENSHOTS")

    def take(name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{request.node.callspec.id}-{name}.png")

    return take


@pytest.fixture(scope="module")
def first_lesson():
    return read_course(builtin_folder("courses") / "python-basics").levels[0].lessons[0].content


@pytest.mark.parametrize("words", [ENGLISH, FILIPINO], ids=["en", "fil"])
def test_a_newcomer_signs_up_learns_earns_and_sees_it_all(page, lab, words, look, first_lesson):
    page.goto(lab.url)
    sign_up(page, words, look)
    page.get_by_role("button", name=words.start_course).click()
    page.get_by_role("button", name="EASY").or_(page.get_by_role("button", name="MADALI")).first.click()
    look("3-topics")
    page.get_by_role("button", name=words.start_easy).click()
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget.context.path.endsWith('easy.ipynb')")
    lesson = Notebook(page)
    lesson.run(lesson.cell("%aralify lesson"))
    expect(lesson.cell("%aralify lesson")).to_contain_text("50 XP")
    look("4-lesson")

    get_the_first_exercise_wrong_in_two_ways(lesson, words, look)
    assert "nothing" not in rows(lab, "SELECT verdict FROM attempts")
    get_everything_right(lesson, words, first_lesson, look)
    assert rows(lab, "SELECT xp_total, level, streak_current FROM users") == [(50, 1, 1)]
    assert rows(lab, "SELECT status, score FROM user_lesson_progress") == [("COMPLETED", 100)]

    a_reopened_lesson_still_shows_its_results(page, words, look)
    the_next_topic_is_open(page, words, look)
    the_progress_page_shows_it_all(page, words, look)
    assert page.outside == []


def sign_up(page, words, look):
    welcome = Notebook(page)
    welcome.run(welcome.cell("%aralify"))
    look("1-language")
    page.get_by_role("button", name=words.language).click()
    page.get_by_role("button", name=words.new_here).click()
    page.get_by_label(words.display_name).fill("Ana Reyes")
    page.get_by_label(words.user_name).fill("Ana")
    look("2-sign-up")
    page.get_by_role("button", name=words.sign_up).click()


def get_the_first_exercise_wrong_in_two_ways(lesson, words, look):
    result = lesson.answer("first-load", "load = 5")
    expect(result).to_contain_text(words.not_yet, timeout=JUDGED_MS)
    expect(result.locator(".ar-compare")).to_contain_text("50")
    look("5-wrong")
    result.get_by_role("button", name=words.hint).click()
    expect(result).to_contain_text("1")

    result = lesson.answer("first-load", ENDLESS)
    expect(result).to_contain_text(words.stopped, timeout=JUDGED_MS)
    look("6-endless")


def get_everything_right(lesson, words, content, look):
    for activity in content.activities:
        if isinstance(activity, Exercise):
            result = lesson.answer(activity.id, activity.reference)
            expect(result).to_contain_text(words.passed, timeout=JUDGED_MS)
        else:
            answer_quiz(lesson, words, activity)
    look("7-passed")
    panel = lesson.page.locator(".ar-earned")
    expect(panel).to_contain_text("50 XP")
    expect(lesson.cell("#jeep-fare")).to_contain_text(words.opened)


def answer_quiz(lesson, words, quiz):
    cell = lesson.cell(f"%aralify quiz {quiz.id}")
    lesson.run(cell)
    if quiz.kind is QuizKind.PREDICT_OUTPUT:
        cell.get_by_role("textbox").last.fill(quiz.answers[0])
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
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    path = page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.close()")
    page.reload()
    page.wait_for_function("() => window.jupyterapp")
    page.evaluate("path => window.jupyterapp.commands.execute('docmanager:open', {path})", path)
    cell = page.locator(".jp-CodeCell").filter(has_text="#first-load")
    expect(cell.locator(".jp-OutputArea")).to_contain_text(words.passed)
    expect(page.locator(".jp-Notebook").last).not_to_contain_text("Error displaying widget")
    look("8-reopened")


def the_next_topic_is_open(page, words, look):
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:open', {path: 'welcome.ipynb'})")
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget.context.path === 'welcome.ipynb'")
    welcome = Notebook(page)
    welcome.run(welcome.cell("%aralify"))
    page.get_by_role("button", name=words.next_topic).first.wait_for()
    look("9-next-topic")


def the_progress_page_shows_it_all(page, words, look):
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=words.my_progress).first.click()
    progress = opened.value
    expect(progress.get_by_role("heading", name=words.my_progress)).to_be_visible(timeout=90_000)
    expect(progress.locator("body")).to_contain_text("50 XP")
    expect(progress.locator(".js-plotly-plot .scatterlayer path.point").first).to_be_attached()
    folder = os.environ.get("ARALIFY_TESTS_SCREENSHOTS")
    if folder:
        progress.screenshot(path=Path(folder) / f"{words.language}-10-progress.png", full_page=True)
    progress.close()


def rows(lab, query):
    with closing(sqlite3.connect(lab.database)) as connection:
        return connection.execute(query).fetchall()
