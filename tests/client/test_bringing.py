"""What passed on one's own computer, brought to a class server: only what passes there counts, and once."""

from __future__ import annotations

import pytest

from aralify_kernel.app import Application
from aralify_kernel.client.messages import Credentials
from aralify_kernel.courses.builtin import builtin_folder
from aralify_kernel.courses.folder import read_course
from aralify_kernel.domain.content import Exercise
from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.server.lab import operations
from aralify_kernel.server.lab.bringing import Bringable, Bringing
from aralify_kernel.server.lab.workplace import Workplace
from aralify_kernel.server.rest import table
from aralify_kernel.server.rest.operations import Asked
from aralify_kernel.services.throttle import Place
from aralify_kernel.settings import load
from tests.client.sides import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("class-server-client")]

LESSON = LessonRef("python-basics", "variables", "easy")


@pytest.fixture
def lab(class_server, monkeypatch, tmp_path):
    """JupyterLab on the computer of a learner who passed two exercises on it, and now belongs to the class server."""
    monkeypatch.setenv("ARALIFY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ARALIFY_JUDGE_IDLE_MINUTES", "0")
    alone = Application(load())
    session = alone.session()
    session.sign_up("ana-at-home", password=None, email=None, display_name=None, language="en")
    session.start_course(LESSON.course)
    session.submit(Submission(LESSON, exercises()[0].id, "load = 5", "wrong"))
    for exercise in exercises()[:2]:
        result = session.submit(Submission(LESSON, exercise.id, exercise.reference, exercise.id))
        assert result.judgement.verdict is Verdict.PASSED
    alone.close()
    monkeypatch.setenv("ARALIFY_SERVER", class_server.url)
    workplace = Workplace(tmp_path)

    def ask(method, path, body=None):
        operation, names = table.find(method, path, operations.of(workplace))
        return operation.call(
            Asked(workplace.session(), workplace.application, None, Place("127.0.0.1"), names, {}, body)
        )

    yield ask
    workplace.close()


def exercises():
    content = read_course(builtin_folder("courses") / "python-basics").levels[0].lessons[0].content
    return [block for block in content.blocks if isinstance(block, Exercise)]


def test_what_passed_here_is_judged_there_and_brought_twice_counts_once(lab, class_server):
    class_server.application.add_user("ana-at-school", password=PASSWORD)
    lab("POST", "/session", Credentials("ana-at-school", PASSWORD))
    assert lab("GET", "/bringing") == Bringable("ana-at-home", 2)
    first = lab("POST", "/bringing", Bringing(0))
    assert (first.counted, first.kept, first.refused, first.next) == (2, 0, 0, None)
    there = class_server.application.session_for("ana-at-school")
    points = {one.id: one.best_points for one in there.lesson(LESSON).activities}
    assert {name for name, earned in points.items() if earned} == {one.id for one in exercises()[:2]}
    before = len(there.progress().recent)
    assert before == 2
    assert lab("POST", "/bringing", Bringing(0)) == first
    assert len(there.progress().recent) == before
