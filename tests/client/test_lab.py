"""JupyterLab's part of Aralify where the computer belongs to a class server."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from aralify_kernel.client.messages import Credentials, JoinCode
from aralify_kernel.domain.kept_answers import Waiting
from aralify_kernel.errors import NotFound
from aralify_kernel.server.lab import operations
from aralify_kernel.server.lab.lessons import NotebookCells
from aralify_kernel.server.lab.operations import CellToCheck, LanguageChoice
from aralify_kernel.server.lab.workplace import Workplace
from aralify_kernel.server.rest import table
from aralify_kernel.server.rest.operations import Asked
from aralify_kernel.services.throttle import Place
from tests.client.lines import line_to
from tests.client.sides import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("class-server-client")]

LESSON = "/lessons/python-basics/variables/easy"


@pytest.fixture
def line(class_server):
    with line_to(class_server.port) as one:
        yield one


@pytest.fixture
def lab(line, tmp_path, monkeypatch):
    monkeypatch.setenv("ARALIFY_SERVER", line.url)
    workplace = Workplace(tmp_path)

    def ask(method, path, body=None, **query):
        operation, names = table.find(method, path, operations.of(workplace))
        asked = Asked(workplace.session(), workplace.application, None, Place("127.0.0.1"), names, query, body)
        return operation.call(asked)

    ask.application = workplace.application
    yield ask
    workplace.close()


def test_the_server_s_clock_says_what_is_left_on_a_computer_whose_own_goes_wrong(lab, line, class_server, monkeypatch):
    class_server.application.add_user("dora", password=PASSWORD)
    right = lab.application.now
    monkeypatch.setattr(lab.application, "now", lambda: right() + timedelta(minutes=10))
    lab("POST", "/session", Credentials("dora", PASSWORD))
    hard = LESSON.replace("easy", "hard")
    lab("POST", f"{hard}/runs")
    clock = lab("GET", f"{hard}/standing", owner=None).clock
    assert clock.whole_secs - 120 < clock.seconds_left <= clock.whole_secs + 2
    line.cut()
    kept = lab("GET", f"{hard}/standing", owner=None).clock
    assert clock.whole_secs - 120 < kept.seconds_left <= clock.seconds_left


def test_a_language_chosen_while_the_server_is_away_is_that_of_the_lesson_too_and_arrives(
    lab, line, class_server, tmp_path
):
    class_server.application.add_user("elena", password=PASSWORD)
    lab("POST", "/session", Credentials("elena", PASSWORD))
    path = lab("POST", f"{LESSON}/working-copy").path
    notebook = json.loads((tmp_path / path).read_text())
    cells = NotebookCells(tuple(notebook["cells"]), notebook["metadata"])
    lab("GET", LESSON)
    line.cut()
    assert lab("PUT", "/language", LanguageChoice("fil")).language == "fil"
    words = "".join("".join(one.cell["source"]) for one in lab("POST", f"{LESSON}/cells", cells).cells)
    assert "Ang una mong variable" in words
    line.mend()
    lab.application.session().entrance()  # as the server is heard of again
    assert lab("GET", "/here").profile.language == "fil"


def cell(source, key):
    own = {"role": "exercise", "lesson": "python-basics/variables/easy", "exercise": "first-load"}
    return CellToCheck("code", source, {"aralify": own}, key)


def test_the_server_judges_what_is_checked_here_and_what_it_cannot_hear_is_kept(lab, line, class_server, tmp_path):
    class_server.application.add_user("carla", password=PASSWORD)
    assert lab("GET", "/here").profile is None
    lab("POST", "/session", Credentials("carla", PASSWORD))
    with pytest.raises(NotFound, match="no-such-code"):
        lab("POST", "/memberships", JoinCode("no-such-code"))
    path = lab("POST", f"{LESSON}/working-copy").path
    assert (tmp_path / path).is_file()
    assert lab("POST", f"{LESSON}/check", cell("load = 5", "one")).text.startswith("Not yet right")
    line.cut()
    kept = lab("POST", f"{LESSON}/check", cell("load = 6", "two"))
    assert (kept.result, kept.text.partition(" ·")[0]) == (None, "Not judged yet")
    assert "ar-result--queued" in kept.html
    here = lab("GET", "/here")
    assert (here.profile.username, here.waiting) == ("carla", Waiting(1, is_server_away=True))
    assert not list(tmp_path.rglob("*.sqlite3")), "nothing is recorded here"
