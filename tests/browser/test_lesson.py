"""A lesson's notebook in JupyterLab: its bar, its marks, and that nothing a learner does to it breaks it.

Screenshots of every step go to `ARALIFY_TESTS_SCREENSHOTS` when that is set, for somebody to look at.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from aralify_kernel.client.interface import PREFIX
from tests.browser.axe import nothing_serious_is_found
from tests.browser.notebooks import Lesson, Notebook, notebook, write
from tests.browser.trees import reads_as
from tests.browsers import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("shared-lab")]


PATH = "window.jupyterapp.shell.currentWidget?.context?.path"
KERNEL = "window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel"
CELLS = "window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells"
SEEN_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"
"""Who comes back to the page finds it as things are now."""


def mark(cell):
    return cell.locator(".aralify-CellMark")


def notification(page, words=""):
    """Return the notification with these words: JupyterLab puts the newest first."""
    return page.locator(".Toastify__toast").filter(has_text=words).last


def test_a_lesson_bears_what_is_done_to_its_notebook(page, shared_lab, look, exercises):
    shared_lab.http.post(f"{PREFIX}/session", json={"guest": True}).raise_for_status()
    who_is_quicker_than_the_page_keeps_the_lesson_they_chose(page, shared_lab.url)
    lesson = Lesson(page)
    expect(lesson.bar).to_contain_text("0 of 5 passed")
    assert page.locator(".aralify-LessonBar").count() == 1, "no bar on what is no lesson"
    nothing_serious_is_found(page, (".aralify-LessonBar", ".aralify-CellMark"), look, "1")

    first, second, third = (one.id for one in exercises)
    what_the_kernel_says_and_what_check_says_is_one(lesson, shared_lab, first)
    what_is_no_answer_for_the_kernel_is_none_for_check(lesson, first)
    an_exercise_is_reset_and_that_is_undone(lesson, first)
    a_hint_stands_in_the_bar(lesson, look)
    it_reads_well_to_who_does_not_see_it(lesson, exercises[1])

    what_is_written_after_a_reset_outlasts_its_undoing(lesson, first)
    a_cell_is_deleted_while_it_is_judged(lesson, first)
    lesson.do("notebook:move-cell-up", lesson.cell(f"#{second}"))
    lesson.do("notebook:duplicate-below", lesson.cell(f"#{second}"))
    lesson.cell(f"#{third}").locator(".cm-line").nth(1).click()
    lesson.page.evaluate("window.jupyterapp.commands.execute('notebook:split-cell-at-cursor')")
    page.evaluate(f"{CELLS}.find(one => one.getMetadata('aralify')?.role === 'quiz').updateSource(0, 0, '# mine: ')")
    lesson.press("Restore missing cells")
    expect(notification(page, "2 cells are back.")).to_be_visible()
    expect(lesson.cell("# mine: ")).to_be_attached()
    names = page.evaluate(f"{CELLS}.map(one => one.getId())")
    assert len(names) == len(set(names)), names
    expect(notification(page, "nothing was checked")).to_have_count(0)
    expect(mark(lesson.cell(f"#{first}"))).to_contain_text("tried, not yet right")
    look("4-restored")

    for cell, exercise in zip(
        (lesson.cell(f"#{first}"), lesson.cells(second).nth(1), lesson.cells(third).first), exercises, strict=True
    ):
        lesson.check(cell, exercise.reference, "Passed")
    expect(lesson.bar).to_contain_text("3 of 5 passed")
    expect(mark(lesson.cells(second).first)).to_contain_text("passed")
    look("5-passed")
    closed_and_opened_again_it_looks_the_same(lesson, exercises[0])
    two_windows_on_one_lesson_agree(lesson, exercises[0])
    the_answer_stands_beside_the_model_solution(lesson, exercises[0], look)
    it_speaks_filipino_and_keeps_the_code(lesson, shared_lab, exercises, look)
    another_difficulty_has_a_clock(lesson, look)
    somebody_else_s_notebook_says_whose_it_is(page, shared_lab, look)
    assert page.outside == []


def who_is_quicker_than_the_page_keeps_the_lesson_they_chose(page, url):
    """The welcome notebook of the page's address comes when a lesson is open already, and stays behind it."""
    late = []
    welcome = re.compile(r"/api/contents/welcome\.ipynb")
    page.route(welcome, lambda route: late.append(route))
    with page.expect_request(welcome):
        page.goto(url)
    page.get_by_role("button", name="Variables, EASY").click()
    wait_until(page, f"() => {PATH}?.endsWith('variables/easy.ipynb')")
    while late:
        late.pop().continue_()
    page.unroute(welcome)
    is_there = "[...window.jupyterapp.shell.widgets('main')].some(one => one.context?.path === 'welcome.ipynb')"
    wait_until(page, f"() => {is_there} && {PATH}.endsWith('variables/easy.ipynb')")


def what_the_kernel_says_and_what_check_says_is_one(lesson, lab, exercise):
    """Run a wrong answer, kill the kernel, and check the same."""
    cell = lesson.cell(f"#{exercise}")
    expect(mark(cell)).to_contain_text("not tried yet")
    deliver = what_the_server_says_is_held_back(lesson.page, re.compile("/standing"), SEEN_AGAIN)
    lesson.answer(exercise, "load = 5")
    expect(mark(cell)).to_contain_text("tried, not yet right")
    mark(cell).evaluate("""node => {
        window.marked = [];
        const note = () => window.marked.push(node.textContent);
        new MutationObserver(note).observe(node, { childList: true, subtree: true, characterData: true });
    }""")
    deliver()
    from_kernel = lesson.told(cell)
    kernel = lesson.page.evaluate(f"{KERNEL}.id")
    lab.http.delete(f"/api/kernels/{kernel}").raise_for_status()
    wait_until(lesson.page, f"() => !{KERNEL} || {KERNEL}.status === 'dead'")
    cell.locator(".cm-content").click()
    lesson.page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCell.model.outputs.clear()")
    lesson.press("Check")
    expect(cell.locator(".jp-OutputArea")).to_contain_text("Not yet right")
    verdict, again, *others = lesson.told(cell).splitlines()
    assert again == "This is the same answer as before, so nothing new was recorded."
    assert [verdict, *others] == from_kernel.splitlines()
    marked = lesson.page.evaluate("window.marked")
    assert [words for words in marked if "not tried yet" in words] == [], "what came late is past"


def what_the_server_says_is_held_back(page, path, doing):
    """Let the page ask for something; return what delivers the answer of that time."""
    held = []
    page.route(path, lambda route: held.append((route, route.fetch())), times=1)
    with page.expect_request(path):
        page.evaluate(doing)

    def deliver():
        route, answer = held.pop()
        route.fulfill(response=answer)

    return deliver


def what_is_no_answer_for_the_kernel_is_none_for_check(lesson, exercise):
    """A magic over an answer is told, and the magic that names an exercise is understood."""
    page = lesson.page
    lesson.cell(f"#{exercise}").locator(".cm-content").click()
    cell = "window.jupyterapp.shell.currentWidget.content.activeCell.model"
    kept = page.evaluate(f"{cell}.sharedModel.getSource()")

    def check(text: str) -> None:
        page.evaluate(f"text => {{ {cell}.sharedModel.setSource(text); {cell}.outputs.clear(); }}", text)
        lesson.press("Check")

    check(f"%%time\n{kept}")
    expect(notification(page)).to_contain_text("begins with “%%time”, so it was not checked")
    check(f"%%exercise {exercise}\nload = 5")
    wait_until(page, f"() => JSON.stringify({cell}.outputs.toJSON()).includes('This is the same answer as before')")
    page.evaluate(f"text => {cell}.sharedModel.setSource(text)", kept)


def an_exercise_is_reset_and_that_is_undone(lesson, exercise):
    cell = lesson.cell(f"#{exercise}")
    cell.locator(".cm-content").click()
    lesson.press("Reset exercise")
    expect(cell.locator(".cm-content")).not_to_contain_text("load = 5")
    expect(cell.locator(".cm-content")).to_contain_text(f"#{exercise}")
    undo = notification(lesson.page, "as it was at").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    saying = lesson.page.locator("[role=alert], [role=status]").filter(has_text="as it was at the beginning")
    assert saying.count() == 1, "it is said twice"
    undo.click()
    expect(cell.locator(".cm-content")).to_contain_text("load = 5")
    expect(cell.locator(".jp-OutputArea")).to_contain_text("Not yet right")


def what_is_written_after_a_reset_outlasts_its_undoing(lesson, exercise):
    lesson.cell(f"#{exercise}").locator(".cm-content").click()
    lesson.press("Reset exercise")
    undo = notification(lesson.page, "as it was at").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    write(lesson.cell(f"#{exercise}"), "load = 6")
    undo.click()
    new, earlier = lesson.cells(exercise).nth(0), lesson.cells(exercise).nth(1)
    expect(earlier.locator(".cm-content")).to_contain_text("load = 5")
    expect(earlier.locator(".jp-OutputArea")).to_contain_text("Not yet right")
    expect(new.locator(".cm-content")).to_contain_text("load = 6")
    lesson.do("notebook:delete-cell", earlier)
    expect(earlier).to_have_count(0)


def a_hint_stands_in_the_bar(lesson, look):
    lesson.press("Hint")
    expect(lesson.bar.get_by_role("status")).to_contain_text("Hint 1")
    look("3-hint")
    lesson.press("Close")
    expect(lesson.bar).not_to_contain_text("Hint 1")
    hint, following = (lesson.bar.get_by_role("button", name=name, exact=True) for name in ("Hint", "Next hint"))
    hint.press("Enter")
    expect(lesson.bar.get_by_role("status")).to_contain_text("Hint 2")
    while following.count():
        rung = lesson.bar.get_by_text(re.compile(r"^Hint \d")).text_content()
        following.press("Enter")
        expect(lesson.bar.get_by_role("status")).not_to_contain_text(rung)
    close = lesson.bar.get_by_role("button", name="Close")
    expect(close).to_be_focused()
    close.press("Enter")
    expect(hint).to_be_focused()


def it_reads_well_to_who_does_not_see_it(lesson, exercise):
    """What a screen reader finds after a wrong answer and a right one is what somebody once went through and kept."""
    lesson.check(lesson.cell(f"#{exercise.id}"), exercise.reference, "Passed")
    expect(lesson.bar).to_contain_text("1 of 5 passed")
    # How often a cell ran and JupyterLab's own buttons in it are nothing of ours.
    hosts = lesson.page.add_style_tag(content=".jp-InputPrompt, .jp-cell-toolbar { display: none !important }")
    reads_as(lesson.page.get_by_role("region", name="Aralify", exact=True), "sidebar")
    reads_as(lesson.bar, "bar")
    reads_as(notebook(lesson.page).locator(".jp-Notebook"), "lesson")
    hosts.evaluate("node => node.remove()")


def a_cell_is_deleted_while_it_is_judged(lesson, exercise):
    """What is pressed twice meanwhile is one answer; nobody is told that it was not judged."""
    page, cell = lesson.page, lesson.cell(f"#{exercise}")
    sent = []
    page.route("**/check", lambda route: sent.append(route))
    write(cell, "load = 8")
    with page.expect_request("**/check"):
        lesson.check_button.dblclick()
    expect(lesson.check_button).to_be_disabled()
    lesson.do("notebook:delete-cell", cell)
    assert len(sent) == 1
    sent.pop().continue_()
    expect(lesson.check_button).to_be_enabled()
    page.unroute("**/check")
    assert sent == []


def the_answer_stands_beside_the_model_solution(lesson, exercise, look):
    mark(lesson.cell(f"#{exercise.id}")).get_by_role("button", name="Compare with the model solution").click()
    dialog = lesson.page.get_by_role("dialog")
    for side in ("Your answer", "Model solution"):
        expect(dialog.get_by_role("region", name=side)).to_have_text(exercise.reference)
    look("5-compared")
    lesson.page.set_viewport_size({"width": 400, "height": 800})
    expect(dialog.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)
    lesson.page.set_viewport_size({"width": 1280, "height": 900})
    dialog.get_by_role("button", name="Close").click()


def closed_and_opened_again_it_looks_the_same(lesson, exercise):
    """JupyterLab does not trust a notebook that was written anew, and drops the style sheets of its outputs."""
    page = lesson.page
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.evaluate("window.jupyterapp.shell.currentWidget.close()")
    wait_until(page, f"() => !{PATH}?.endsWith('variables/easy.ipynb')")
    page.get_by_role("button", name="Variables, EASY").click()
    wait_until(page, f"() => {PATH}?.endsWith('variables/easy.ipynb')")
    Notebook(page)
    assert page.evaluate(
        "window.jupyterapp.shell.currentWidget.content.widgets.some(one => one.model.trusted === false)"
    )
    expect(lesson.cell(f"#{exercise.id}").locator(".ar-result")).to_have_css("border-top-width", "1px")


def two_windows_on_one_lesson_agree(lesson, exercise):
    """What is checked in one counts in the other, and neither changes what is written in the other."""
    page = lesson.page
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    with page.expect_popup() as opened:
        page.evaluate("window.open(window.location.href)")
    other = opened.value
    wait_until(other, "() => window.jupyterapp?.shell.currentWidget?.context?.path.endsWith('variables/easy.ipynb')")
    there = Lesson(other)
    expect(there.bar).to_contain_text("3 of 5 passed")
    there.check(there.cell(f"#{exercise.id}"), "load = 7", "Not yet right")
    here = lesson.cell(f"#{exercise.id}")
    expect(here).to_contain_text(exercise.reference)
    lesson.check(here, exercise.reference, "Passed")
    expect(there.cell(f"#{exercise.id}")).to_contain_text("load = 7")
    expect(there.bar).to_contain_text("3 of 5 passed")
    other.close()


def it_speaks_filipino_and_keeps_the_code(lesson, lab, exercises, look):
    """The text at once; what the kernel has to say again, as soon as it has time; what was deleted not at all."""
    page = lesson.page
    lesson.do("notebook:delete-cell", lesson.cell("%aralify quiz kakanin"))
    header = lesson.cell("%aralify lesson")
    sidebar = page.get_by_role("region", name="Aralify", exact=True)
    kernel = a_kernel_that_works_without_end(lesson, header)
    count = page.evaluate(f"{CELLS}.length")
    sidebar.get_by_role("button", name="Filipino").click()
    expect(lesson.bar).to_contain_text("3 sa 5")
    expect(notebook(page).get_by_role("heading", name="Ang una mong variable", level=1)).to_be_visible()
    for exercise in exercises:
        expect(notebook(page)).to_contain_text(exercise.title["fil"])
    for line in exercises[0].reference.splitlines():
        expect(lesson.cell(f"#{exercises[0].id}")).to_contain_text(line)
    assert page.evaluate(f"{CELLS}.length") == count
    assert page.evaluate(f"{KERNEL}.status") == "busy"
    expect(header).to_contain_text("keep my XP")
    lab.http.post(f"/api/kernels/{kernel}/interrupt").raise_for_status()
    expect(header).to_contain_text("itago ang XP ko")
    look("6-filipino")
    sidebar.get_by_role("button", name="English").click()
    expect(notebook(page).get_by_role("heading", name="Your first variable", level=1)).to_be_visible()
    expect(header).to_contain_text("keep my XP")
    expect(lesson.bar).to_contain_text("3 of 5 passed")


def a_kernel_that_works_without_end(lesson, header):
    """Give the lesson a kernel again, let it show the header, and keep it busy with a cell of the learner's own."""
    page = lesson.page
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    lesson.run(header)
    expect(header).to_contain_text("keep my XP")
    lesson.do("notebook:insert-cell-below", header)
    page.evaluate("""() => {
        window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.setSource("while True:\\n    pass");
        void window.jupyterapp.commands.execute("notebook:run-cell");
    }""")
    wait_until(page, f"() => {KERNEL}.status === 'busy'")
    return page.evaluate(f"{KERNEL}.id")


def another_difficulty_has_a_clock(lesson, look):
    page = lesson.page
    sent = []
    page.route("**/check", lambda route: sent.append(route))
    lesson.cell("#").locator(".cm-content").click()
    lesson.press("Check")
    expect(lesson.check_button).to_be_disabled()
    lesson.press("EASY")
    page.get_by_role("menuitem", name="HARD").press("Escape")
    expect(lesson.bar.get_by_role("button", name="EASY")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="HARD").click()
    wait_until(page, "() => window.jupyterapp.shell.currentWidget?.context?.path.endsWith('variables/hard.ipynb')")
    hard = notebook(page).locator(".aralify-LessonBar")
    wait_until(page, "() => window.jupyterapp.commands.isEnabled('aralify:check')")
    sent.pop().continue_()
    page.unroute("**/check")
    hard.get_by_role("button", name="Start the clock").click()
    expect(hard.get_by_role("timer")).to_be_visible()
    look("7-clock")
    page.route("**/aralify/api/v1/**", lambda route: route.abort())
    page.evaluate(SEEN_AGAIN)
    expect(page.get_by_role("region", name="Aralify", exact=True).get_by_role("alert")).to_contain_text(
        "does not answer"
    )
    expect(hard).to_contain_text("0 of 5 passed")
    expect(hard.get_by_role("timer")).to_be_visible()
    page.unroute("**/aralify/api/v1/**")
    sidebar = page.get_by_role("region", name="Aralify", exact=True)
    sidebar.get_by_role("button", name="Try again").press("Enter")
    expect(sidebar.get_by_role("alert")).to_have_count(0)
    expect(sidebar).to_be_focused()


def somebody_else_s_notebook_says_whose_it_is(page, lab, look):
    """Also where they signed in elsewhere, and this page has not heard of it."""
    lab.http.delete(f"{PREFIX}/session").raise_for_status()
    lab.http.post(f"{PREFIX}/session", json={"guest": True}).raise_for_status()
    cell = notebook(page).locator(".jp-CodeCell").filter(has_text="# exercise:").first
    write(cell, "x = 1")
    notebook(page).locator(".aralify-LessonBar").get_by_role("button", name="Check", exact=True).click()
    expect(cell.locator(".jp-OutputArea")).to_contain_text("This notebook belongs to")
    expect(cell.locator(".jp-OutputArea")).to_contain_text("Not yet right")
    expect(notebook(page).locator(".aralify-LessonBar").get_by_role("status").first).to_contain_text("belongs to")
    look("8-somebody-else-s")
