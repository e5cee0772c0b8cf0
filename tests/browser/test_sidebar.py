"""The sidebar and Check in JupyterLab: from a first visit to the first XP by mouse, and the way to a lesson by keyboard.

Screenshots of every step go to `ARALIFY_TESTS_SCREENSHOTS` when that is set, for somebody to look at.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import nothing_serious_is_found
from tests.browser.hands import Keyboard
from tests.browser.notebooks import Notebook, notebook, write
from tests.browsers import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("shared-lab")]


@pytest.fixture
def lab(shared_lab):
    return shared_lab


SIDEBAR = ("#aralify-sidebar",)
PATH = "window.jupyterapp.shell.currentWidget?.context?.path"


def test_a_guest_finds_a_lesson_checks_answers_and_sees_what_they_earned(page, lab, look, exercises):
    page.goto(lab.url)
    sidebar = page.get_by_role("region", name="Aralify", exact=True)
    sidebar.get_by_role("heading").first.wait_for()
    wait_until(page, f"() => {PATH} === 'welcome.ipynb'")
    nothing_serious_is_found(page, SIDEBAR, look, "1-signed-out")
    what_is_wrong_with_a_field_stands_below_it(sidebar)
    sidebar.get_by_role("button", name="Continue as guest").click()
    expect(sidebar).to_contain_text("Level 1")
    expect(sidebar.get_by_role("button", name="Control flow, EASY, 60 XP, Locked")).to_be_disabled()
    nothing_serious_is_found(page, SIDEBAR, look, "2-signed-in")

    sidebar.get_by_role("button", name="Variables, EASY, 50 XP").click()
    wait_until(page, "() => window.jupyterapp.shell.currentWidget?.context?.path.endsWith('variables/easy.ipynb')")
    lesson = Notebook(page)
    first, *others = exercises
    check(lesson, first.id, "load = 5", "Not yet right")
    expect(status_bar(page)).to_have_text("0 XP · Streak: 1 day")
    look("3-failed")
    for exercise in (first, *others):
        check(lesson, exercise.id, exercise.reference, "Passed")
    expect(status_bar(page)).to_have_text("50 XP · Streak: 1 day")
    expect(sidebar).to_contain_text("50 XP · 50 to Level 2")
    expect(sidebar.get_by_role("button", name="Control flow, EASY, 60 XP", exact=True)).to_be_enabled()
    expect(sidebar.get_by_role("button", name="Variables, EASY, 50 XP, Passed, Score 82")).to_be_visible()
    expect(page.locator(".jp-Notification-Status")).to_contain_text("1")
    look("4-passed")
    expect(notebook(page).locator(".ar-result", has_text="+50 XP").locator(".ar-earned")).to_be_visible()
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    won = page.evaluate(PATH)

    a_lesson_in_javascript_is_checked_in_the_same_way(page, sidebar, look)

    sidebar.get_by_role("button", name="Filipino").click()
    expect(sidebar).to_contain_text("Bilang na ang araw na ito")
    look("5-filipino")
    sidebar.get_by_role("button", name="English").click()

    somebody_else_finds_a_lesson_by_keyboard_alone(page, sidebar, look)
    without_the_game_nothing_is_counted_aloud(page, sidebar, won, look)
    assert page.outside == []


def what_is_wrong_with_a_field_stands_below_it(sidebar):
    """Said without the field's inner name, and only until the form is another."""
    sidebar.get_by_role("button", name="I am new here").click()
    name = sidebar.get_by_role("textbox", name="User name")
    expect(sidebar.get_by_label("Password (not needed)")).to_have_accessible_description(re.compile("8 to 128"))
    name.fill("x")
    sidebar.get_by_role("button", name="Sign up").click()
    expect(sidebar.get_by_role("alert")).to_have_text(re.compile("^Use 3 to 32"))
    expect(name).to_have_accessible_description(re.compile("^Use 3 to 32"))
    sidebar.get_by_role("button", name="I have an account").click()
    expect(sidebar.get_by_role("alert")).to_have_count(0)


def a_lesson_in_javascript_is_checked_in_the_same_way(page, sidebar, look):
    """Its notebook has the kernel of its language, and the bar's Check does what it does in Python."""
    sidebar.locator("summary", has_text="JavaScript: First Steps").click()
    sidebar.get_by_role("button", name="Values and functions, EASY").click()
    wait_until(page, "() => window.jupyterapp.shell.currentWidget?.context?.path.endsWith('functions/easy.ipynb')")
    lesson = Notebook(page)
    kernel = page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.name")
    assert "javascript" in kernel
    check(lesson, "first-const", "const load = 5;", "Not yet right")
    check(lesson, "first-const", "const load = 50;", "Passed")
    look("5-javascript")


def somebody_else_finds_a_lesson_by_keyboard_alone(page, sidebar, look):
    """From the command palette to the sidebar, out, in as another guest, and to a lesson through the search."""
    keyboard = Keyboard(page)
    keyboard.go_to_courses()
    keyboard.press(sidebar.get_by_role("button", name="Sign out"))
    expect(sidebar.get_by_role("textbox", name="User name")).to_be_visible()
    expect(sidebar).to_be_focused()
    keyboard.press(sidebar.get_by_role("button", name="Continue as guest"))
    expect(sidebar).to_contain_text("100 to Level 2")
    expect(sidebar).to_be_focused()
    keyboard.write(sidebar.get_by_role("searchbox", name="Search lessons"), "nothing of the kind")
    expect(sidebar).to_contain_text("No topic has this in its title.")
    page.keyboard.press("Escape")
    page.keyboard.type("variable")
    expect(sidebar.get_by_role("status").filter(has_text="1 topic")).to_be_visible()
    look("6-search")
    page.keyboard.press("ArrowDown")
    expect(sidebar.get_by_role("button", name="Variables, EASY, 50 XP")).to_be_focused()
    before = page.evaluate(PATH)
    page.keyboard.press("Enter")
    wait_until(page, f"before => {PATH} !== before && {PATH}?.endsWith('variables/easy.ipynb')", arg=before)


def without_the_game_nothing_is_counted_aloud(page, sidebar, won, look):
    """The switch turns XP, level and streak off, wherever JupyterLab shows them."""
    page.evaluate(
        "window.jupyterapp.serviceManager.settings.save('@aralify/lab:plugin', JSON.stringify({ gameElements: false }))"
    )
    page.reload()
    expect(sidebar.get_by_role("button", name="Variables, EASY, In progress, Score 0")).to_be_visible()
    expect(sidebar).not_to_contain_text("XP")
    expect(sidebar).not_to_contain_text("Level")
    expect(status_bar(page)).to_be_hidden()
    look("7-without-game")
    # What is restored comes to the front, too: not after this.
    page.evaluate(
        "async path => { const app = window.jupyterapp; await app.restored;"
        " await app.commands.execute('docmanager:open', { path }); }",
        won,
    )
    wait_until(
        page, f"won => {PATH} === won && window.jupyterapp.shell.currentWidget.content.widgets.length > 5", arg=won
    )
    page.evaluate("""() => {
        const { content } = window.jupyterapp.shell.currentWidget;
        const has = cell => JSON.stringify(cell.model.outputs?.toJSON() ?? "").includes("+50 XP");
        content.activeCellIndex = content.widgets.findIndex(has);
        return content.scrollToCell(content.activeCell);
    }""")
    result = page.locator(".ar-result", has_text="+50 XP")
    expect(result.locator(".ar-verdict")).to_be_visible()
    expect(result.locator(".ar-earned")).to_be_hidden()
    look("8-result-without-game")


def check(lesson, exercise, source, outcome):
    """Write an answer and press Check: what came of it stands below the cell."""
    cell = lesson.cell(f"#{exercise}")
    write(cell, source)
    lesson.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .aralify-LessonBar").get_by_role(
        "button", name="Check", exact=True
    ).click()
    expect(cell.locator(".jp-OutputArea")).to_contain_text(outcome)


def status_bar(page):
    return page.locator("#jp-main-statusbar .aralify-XpStatus")
