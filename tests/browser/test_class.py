"""JupyterLab of a learner in a class: in by a link, with what they did before, and what the class holds back.

Screenshots of every step go to `ARALIFY_TESTS_SCREENSHOTS` when that is set, for somebody to look at.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from aralify_kernel.app import Application
from aralify_kernel.client.interface import PREFIX
from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.services.sign_in_file import HeldSignIn
from aralify_kernel.settings import load
from tests.browser.axe import nothing_serious_is_found
from tests.browser.hands import ACTIVE, Keyboard
from tests.browser.notebooks import Notebook, notebook, write
from tests.browsers import serious, wait_until
from tests.labs import lab as running_lab
from tests.servers import running_server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("lab-in-class")]

LESSON = LessonRef("python-basics", "variables", "easy")
PASSWORD = "mangga at bayabas"
SIDEBAR = ("#aralify-sidebar",)


@pytest.fixture
def invitation(tmp_path_factory):
    """The link to a class that holds model solutions back until next week; its server, where Ana has an account.

    And a way to read who needs help in it.
    """
    with running_server(tmp_path_factory.mktemp("class-server")) as server:
        for name, role in (("ana", None), ("tess", Role.MODERATOR)):
            server.application.add_user(name, password=PASSWORD, role=role)
        tess = server.application.session_of(HeldSignIn())
        tess.sign_in("tess", PASSWORD)
        teacher = tess.teaching()
        slug = teacher.new_class("Rizal", [LESSON.course]).slug
        teacher.configure(slug, holds_solutions=True)
        teacher.set_due(slug, f"{LESSON.course}/{LESSON.level}", server.application.now() + timedelta(days=7))
        code = teacher.set_join_code(slug, is_open=True).join_code
        yield server, f"{server.url}/join?code={code}", lambda: teacher.needs_help(slug, LESSON.course)


@pytest.fixture
def lab(invitation, tmp_path, exercises):
    """The JupyterLab of somebody who passed two exercises on their computer, which belongs to the class server now."""
    own = {"home": str(tmp_path / "home"), "workspace": str(tmp_path / "workspace"), "judge_idle_minutes": "0"}
    alone = Application(load({f"ARALIFY_{name.upper()}": value for name, value in own.items()}))
    session = alone.session()
    session.sign_up("ana-at-home", password=None, email=None, display_name=None, language="en")
    session.start_course(LESSON.course)
    for exercise in exercises[:2]:
        session.submit(Submission(LESSON, exercise.id, exercise.reference, exercise.id))
    alone.close()
    with running_lab(tmp_path, **own, server=invitation[0].url) as running:
        yield running


def test_a_learner_joins_by_a_link_brings_what_passed_and_waits_for_the_model_solutions(
    page, lab, invitation, exercises, look
):
    lab.http.post(f"{PREFIX}/session", json={"username": "ana", "password": PASSWORD}).raise_for_status()
    page.goto(f"{lab.url.replace('/?', '/lab?')}&aralify_join={quote(invitation[1], safe='')}")
    sidebar = page.get_by_role("region", name="Aralify", exact=True)
    a_class_elsewhere_is_told(sidebar, invitation[1])
    nothing_serious_is_found(page, SIDEBAR, look, "0-elsewhere")
    sidebar.get_by_label("The link or the code from your teacher").fill(invitation[1])
    question = sidebar.get_by_role("region", name="Bring your progress?")
    somebody_joins_and_brings_what_passed(page, sidebar, question, look)

    sidebar.get_by_role("button", name="Variables, EASY, 50 XP").click()
    wait_until(page, "() => window.jupyterapp.shell.currentWidget?.context?.path.endsWith('variables/easy.ipynb')")
    lesson = Notebook(page)
    bar = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .aralify-LessonBar")
    expect(bar).to_contain_text("2 of 5 passed")
    expect(bar).to_contain_text("model solutions from")
    expect(lesson.cell("#first-load")).to_be_visible()
    expect(page.locator(".aralify-CellMark[data-state='passed']").first).to_be_visible()
    expect(page.get_by_role("button", name="Compare with the model solution")).to_have_count(0)
    look("3-held")
    read_on_a_phone(page, bar, sidebar, look)
    keep_the_place(page, look, *(exercise.id for exercise in exercises[1:]))
    expect(sidebar).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(sidebar).to_be_visible()
    page.reload()
    in_front = "window.jupyterapp?.shell.currentWidget?.content?.activeCell?.model.getMetadata('aralify')?.exercise"
    wait_until(page, f"exercise => {in_front} === exercise", arg=exercises[2].id)
    expect(sidebar).to_contain_text("Seen by tess")
    the_teacher_is_asked_from_the_bar(page, lesson, bar, exercises[2], invitation[2], look)
    an_answer_waits_while_the_server_is_gone(lesson, bar, sidebar, invitation[0], exercises[2], look)
    it_says_which_server_and_how_to_leave_it(sidebar, invitation[0].url, look)
    expect(question).to_have_count(0)
    assert page.outside == []


def somebody_joins_and_brings_what_passed(page, sidebar, question, look):
    """By keyboard: what goes with the focus on it leaves that to a neighbour."""
    sidebar.get_by_role("button", name="Join", exact=True).press("Enter")
    expect(question).to_contain_text("2 answers passed on this computer. They are those of “ana-at-home”.")
    way_in = sidebar.locator("summary", has_text="Join a class")
    expect(way_in).to_be_focused()
    sidebar.get_by_text("Change or leave this server").click()
    question.scroll_into_view_if_needed()
    nothing_serious_is_found(page, SIDEBAR, look, "1-question")
    it_has_the_width_of_a_phone(page, sidebar, look)
    question.get_by_role("button", name="Bring it").press("Enter")
    expect(question).to_contain_text("2 answers count in your class now.")
    expect(question).to_be_focused()
    look("2-brought")
    question.get_by_role("button", name="Close").press("Enter")
    expect(way_in).to_be_focused()


def a_class_elsewhere_is_told(sidebar, link):
    """A class of another server is not joined in passing: somebody is told what to do."""
    sidebar.get_by_label("The link or the code from your teacher").fill(link.replace("127.0.0.1", "school.example"))
    sidebar.get_by_role("button", name="Join", exact=True).click()
    expect(sidebar.get_by_role("alert")).to_contain_text("aralify lab --server http://school.example")


def it_says_which_server_and_how_to_leave_it(sidebar, url, look):
    server = sidebar.get_by_role("region", name="Your class server")
    expect(server).to_contain_text(f"Your answers go to {url}.")
    server.get_by_text("Change or leave this server").click()
    expect(server).to_contain_text("aralify lab --server none")
    expect(server).to_contain_text("What you did on this computer without a server is still here, as it was.")
    server.scroll_into_view_if_needed()
    look("10-server")


def the_teacher_is_asked_from_the_bar(page, lesson, bar, exercise, who_needs_help, look):
    """What is refused stays in the dialog with the reason; what is sent, from the palette too, is with the teacher."""
    bar.get_by_role("button", name="Ask my teacher").click()
    dialog = page.get_by_role("dialog", name="Ask my teacher")
    question = dialog.get_by_label("Your question, in one sentence")
    expect(question).to_be_focused()
    question.fill("Bakit mali?")
    dialog.get_by_role("button", name="Send to my teacher").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Run your code here once first")
    expect(question).to_have_value("Bakit mali?")
    assert serious(page, ".jp-Dialog") == []
    look("8-refused")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    wait_until(page, f"() => {ACTIVE}.node.contains(document.activeElement)")
    # Not typed: a notebook that has just been loaded may have another part of itself in sight.
    page.evaluate(
        f"() => {ACTIVE}.model.sharedModel.setSource({ACTIVE}.model.sharedModel.getSource() + '\\nwrong = 1')"
    )
    page.evaluate(
        "() => { const one = window.jupyterapp.shell.currentWidget.content; return one.scrollToItem(one.activeCellIndex) }"
    )
    bar.get_by_role("button", name="Check", exact=True).click()
    expect(lesson.cell(f"#{exercise.id}").locator(".jp-OutputArea")).to_contain_text("Not yet right")
    Keyboard(page).command("Ask my teacher")
    expect(question).to_be_focused()
    page.keyboard.insert_text("Bakit mali?")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".Toastify__toast").last).to_contain_text("Your question is with your teacher")
    wait_until(page, f"() => {ACTIVE}.node.contains(document.activeElement)")
    (ana,) = who_needs_help()
    assert [asked.question.text for asked in ana.questions] == ["Bakit mali?"]


def an_answer_waits_while_the_server_is_gone(lesson, bar, sidebar, server, exercise, look):
    """It is kept and told; once the server is back it comes there by itself, and the page shows what it earned."""
    expect(bar).to_contain_text("3 of 5 passed")
    server.kill()
    cell = lesson.cell(f"#{exercise.id}")
    write(cell, exercise.reference)
    cell.evaluate("cell => cell.scrollIntoView({ block: 'end' })")  # what comes below it begins outside the window
    bar.get_by_role("button", name="Check", exact=True).click()
    expect(cell.locator(".jp-OutputArea")).to_contain_text("Not judged yet")
    expect(cell.get_by_text("goes out by itself")).to_be_in_viewport()
    expect(sidebar).to_contain_text("The class server does not answer.")
    expect(sidebar).to_contain_text("1 answer is kept on this computer")
    look("8-gone")
    server.start()
    expect(bar).to_contain_text("4 of 5 passed")
    expect(sidebar).not_to_contain_text("does not answer")
    look("9-back")


def read_on_a_phone(page, bar, sidebar, look):
    """At 400 pixels the lesson has the window; a quiz is answered, and the way leads to the sidebar and back."""
    page.set_viewport_size({"width": 400, "height": 800})
    expect(sidebar).to_be_hidden()
    lesson = notebook(page)
    assert lesson.bounding_box()["width"] > 300
    look("4-phone")
    lesson.get_by_role("button", name="Show the quiz").first.click()
    lesson.get_by_role("radio").nth(1).check()
    lesson.get_by_role("button", name="Answer", exact=True).click()
    expect(bar).to_contain_text("3 of 5 passed")
    look("5-phone-quiz")
    bar.get_by_role("button", name="Courses").click()
    expect(sidebar.get_by_role("button", name="Variables, EASY, 50 XP, In progress, Score 64")).to_be_visible()
    expect(sidebar.get_by_role("link", name="My progress")).to_be_visible()
    assert sidebar.bounding_box()["width"] > 300
    look("6-phone-sidebar")
    sidebar.get_by_role("button", name="Back to the notebook").click()


def it_has_the_width_of_a_phone(page, sidebar, look):
    """A window that grows narrow while the sidebar is open gives it all but JupyterLab's own edges, and nothing is cut."""
    page.set_viewport_size({"width": 360, "height": 800})
    wait_until(page, "() => document.querySelector('#aralify-sidebar').offsetWidth === window.innerWidth - 90")
    assert sidebar.evaluate("one => one.scrollWidth <= one.clientWidth")
    look("1-question-phone")
    page.set_viewport_size({"width": 1280, "height": 900})


def keep_the_place(page, look, passed, exercise):
    """Leave an exercise for the computer; one that is passed needs none."""
    cells = notebook(page).locator(".jp-CodeCell")
    expect(cells.filter(has_text=f"#{passed}").get_by_role("button", name="Continue on a computer")).to_have_count(0)
    cell = cells.filter(has_text=f"#{exercise}").first
    cell.get_by_role("button", name="Continue on a computer").click()
    expect(page.locator(".Toastify__toast").last).to_contain_text("On a computer this lesson opens at this exercise.")
    look("7-phone-kept")
