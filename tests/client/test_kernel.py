"""A learner's kernel whose class server goes away and comes back."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest

from aralify_kernel.app import Application
from aralify_kernel.client.courier import Courier
from aralify_kernel.domain.session import ProfileChange
from aralify_kernel.settings import load
from tests.client.lines import line_to
from tests.client.sides import PASSWORD
from tests.kernel.conftest import EXERCISE, FIRST_LINE, LESSON, kernels

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("class-server-client")]

HURRY = "import aralify_kernel.client.courier as courier; courier.PAUSES_SEC = (0.2, 0.5)"


@pytest.fixture
def line(class_server):
    with line_to(class_server.port) as one:
        yield one


@pytest.fixture
def start_kernel():
    with tempfile.TemporaryDirectory(prefix="kernel-") as folder, kernels(Path(folder)) as start:
        yield start


@pytest.fixture
def app(line, class_server, tmp_path, monkeypatch):
    """Liza's computer: signed in at the class server, and at nothing else. Only its kernels send what was kept."""
    monkeypatch.setattr(Courier, "wake", lambda _self: None)
    if "liza" not in {person.username for person in class_server.application.users()}:
        class_server.application.add_user("liza", password=PASSWORD, timezone="Asia/Manila")
    monkeypatch.setenv("ARALIFY_SERVER", line.url)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    app = Application(load())
    app.session().sign_in("liza", PASSWORD)
    yield app
    app.close()


def attempts(server):
    with closing(sqlite3.connect(server.folder / "home" / "aralify.sqlite3")) as database:
        query = "SELECT content, verdict FROM attempts JOIN users ON users.id = user_id WHERE username = 'liza' ORDER BY attempts.id"
        return database.execute(query).fetchall()


def wait_until(condition):
    """Wait for what another process does by itself, up to a minute."""
    end = time.monotonic() + 60
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)  # there is nothing to be woken by: it happens in the kernel
    assert condition()


def test_a_lesson_goes_on_while_the_server_is_away_and_its_answers_arrive_by_themselves(
    app, line, class_server, start_kernel
):
    path = app.open_working_copy(LESSON)
    assert path.is_relative_to(app.settings.workspace / "liza")
    kernel = start_kernel(notebook=path)
    assert kernel.run(f"{FIRST_LINE}\nload = 5").shown.startswith("Not yet right")

    line.cut()
    kept = kernel.run(f"{FIRST_LINE}\nload = 50")
    assert kept.shown.startswith("Not judged yet · saved here ")
    assert "ar-result--queued" in kept.bundles[-1]["text/html"]
    assert app.session().profile().username == "liza"

    kernel.manager.shutdown_kernel(now=True)
    restarted = start_kernel(notebook=path)
    restarted.run(HURRY)
    assert "Not judged yet" in restarted.run(f"{FIRST_LINE}\nload = 50").shown, "the same answer waits once"
    assert attempts(class_server) == [("load = 5", "FAILED")]

    line.mend()
    wait_until(lambda: len(attempts(class_server)) > 1)
    wait_until(lambda: not list(app.settings.home.glob("queue/*/*.json")))
    assert attempts(class_server) == [("load = 5", "FAILED"), ("load = 50", "PASSED")]
    shown = restarted.run(f"{FIRST_LINE}\nload = 50").shown
    assert shown.startswith("Passed")
    assert "1 answer that was kept here has been sent and judged." in shown
    assert not list(Path(app.settings.home).glob("*.sqlite3")), "nothing is recorded here"


def test_a_language_chosen_while_the_server_is_away_is_spoken_from_then_on(app, line):
    line.cut()
    app.choose_language("fil")
    assert app.language() == "fil"
    line.mend()
    app.session().entrance()
    assert app.session().profile().language == "en", "which the server has not heard"
    assert app.language() == "fil"
    app.tell_language()
    assert app.session().profile().language == "fil", "and hears when it is back"
    app.session().update_profile(ProfileChange(language="en"))
    app.tell_language()
    assert app.session().profile().language == "en", "once: what is chosen elsewhere later stands"


def test_whoever_signs_in_here_is_told_by_the_server_and_no_hidden_check_arrives(app, line):
    path = app.open_working_copy(LESSON)
    there = "".join(file.read_text() for file in app.settings.home.rglob("*.json")) + path.read_text()
    lesson = app.session().lesson(LESSON)
    assert EXERCISE in there
    assert '"hidden": true' not in there.replace('"hidden":true', '"hidden": true')
    assert lesson.content == lesson.content.public()
