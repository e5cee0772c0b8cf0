"""A class of `aralify demo` on a class server: from whom to sit beside to what a learner reads in their notebook."""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

from aralify_kernel.app import Application
from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.services.demo.classes import Wish, make_up
from aralify_kernel.settings import load
from tests.browsers import serious, sign_in
from tests.dashboards.test_class_page_in_browser import (
    DRAWN,
    NOTE,
    press_until_everything_was_met,
    write_a_note_by_keyboard,
)
from tests.server.conftest import PASSWORD

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("hosted dashboards"),
    pytest.mark.skipif(sys.platform != "linux", reason="class servers run on Linux"),
]

PATIENCE_MS = 120_000
WISH = Wish(learners=12, days=8, seed=1, classroom="Rizal")
QUESTION, REPLY = "Where does the count begin?", "It begins at 0: print it once and see."
WHO_FAILED_SO = """
SELECT username, content FROM attempts JOIN users ON users.id = user_id JOIN classroom_members USING (user_id)
JOIN classrooms ON classrooms.id = classroom_id WHERE signature = ? AND slug = 'rizal' AND username <> ?
"""


@pytest.fixture(scope="module")
def made(ours):
    """What was made up; Teresa teaches it, after another class."""
    app = ours.application
    made = make_up(app.database, WISH, grader=lambda: app.grader, on_progress=lambda *_: None, now=app.now())
    app.add_user("teresa", password=PASSWORD)
    app.new_class("Aguinaldo", ["python-basics"], ["teresa"])
    app.add_to_class(made.classroom, ["teresa"], ClassRole.TEACHER, [])
    return made


@pytest.fixture
def page(ours, made, browser):
    """The classes of Teresa, who has just signed in."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    sign_in(page, ours.url, "teresa", PASSWORD, where="/dashboards/classes")
    page.get_by_role("heading", name="My classes").wait_for()
    yield page
    page.close()


def rows(ours, query, *values):
    with closing(sqlite3.connect(ours.folder / "home" / "aralify.sqlite3")) as database:
        return database.execute(query, values).fetchall()


@pytest.fixture
def learner_at(ours, monkeypatch, tmp_path):
    """Give the computer of a learner of that server, who is signed in there."""
    opened = []

    def sit_down(username):
        ours.application.set_password(username, PASSWORD)
        monkeypatch.setenv("ARALIFY_SERVER", ours.url)
        monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
        opened.append(Application(load()))
        opened[-1].session().sign_in(username, PASSWORD)
        return opened[-1]

    yield sit_down
    for app in opened:
        app.close()


class Notebook:
    """A learner's working copy of a lesson, and what stood in it when it was last run from top to bottom."""

    def __init__(self, path, monkeypatch):
        self.path, self.live = path, ""
        self.node = nbformat.read(path, as_version=4)
        monkeypatch.setenv("JPY_SESSION_NAME", str(path))  # how Jupyter tells a kernel which notebook it runs

    def cell(self, exercise):
        return next(cell for cell in self.node.cells if cell.metadata.get("aralify", {}).get("exercise") == exercise)

    def write(self, exercise, answer):
        cell = self.cell(exercise)
        cell.source = f"{cell.source.splitlines()[0]}\n{answer}"
        nbformat.write(self.node, self.path)

    def run(self):
        with tempfile.TemporaryDirectory(prefix="kernel-") as sockets:  # a path short enough for one
            config = Config({"AsyncKernelManager": {"transport": "ipc", "ip": f"{sockets}/k"}})
            client = NotebookClient(self.node, kernel_name="aralify", timeout=300, allow_errors=True, config=config)
            client.execute(cwd=str(Path(self.path).parent))
        self.live = json.dumps(client.widget_state)

    def under(self, exercise):
        return "\n".join(output.get("data", {}).get("text/plain", "") for output in self.cell(exercise).outputs)


def opens_the_page_of_the_class_from_the_list(page):
    page.locator("li", has_text="Rizal").get_by_role("link", name="Class page").press("Enter")
    page.wait_for_function(DRAWN)
    assert page.get_by_role("heading", level=1).inner_text() == "Rizal"
    assert page.url.endswith("/dashboards/class?class=rizal")


def test_a_teacher_finds_who_struggles_and_what_they_write_reaches_a_learner_in_the_notebook(
    ours, made, page, learner_at, monkeypatch
):
    opens_the_page_of_the_class_from_the_list(page)
    ((struggling,),) = rows(ours, "SELECT display_name FROM users WHERE username = ?", made.struggling)
    first = page.locator("section[aria-label='Needs help now'] li").first
    assert struggling in first.inner_text()
    assert serious(page) == []
    assert press_until_everything_was_met(page) == []

    group = page.locator("section[aria-label='How they fail'] li").first
    lesson, exercise = made.misconception.split("#")
    named = [group.locator(f"input[name={name}]").get_attribute("value") for name in ("lesson", "activity")]
    assert named == [lesson, exercise]
    mistake = group.locator("input[name=signature]").get_attribute("value")
    write_a_note_by_keyboard(page, group)

    username, answer = rows(ours, WHO_FAILED_SO, mistake, made.struggling)[0]
    app = learner_at(username)
    notebook = Notebook(app.open_working_copy(LessonRef.parse(lesson)), monkeypatch)
    notebook.write(exercise, answer)
    notebook.run()
    assert NOTE in notebook.under(exercise)
    assert "From teresa" in notebook.under(exercise)

    app.session().ask_teacher(LessonRef.parse(lesson), exercise, QUESTION)
    page.get_by_role("button", name="Refresh").press("Enter")
    asked = page.locator("section[aria-label='Needs help now'] li", has_text=QUESTION)
    asked.locator("textarea").fill(REPLY)
    asked.get_by_role("button", name="Reply").press("Enter")
    asked.wait_for(state="detached")
    assert REPLY not in notebook.live
    notebook.run()
    assert REPLY in notebook.under(exercise)
    assert REPLY in notebook.live, "in the header of the lesson, as the browser shows it"
