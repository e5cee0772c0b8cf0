"""A class whose people are called, ask and write what would run in a browser or a spreadsheet: it stays text everywhere."""

from __future__ import annotations

import base64
import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.marks import MarksFormat
from aralify_kernel.domain.session import ProfileChange
from aralify_kernel.services import classrooms
from aralify_kernel.store import schema
from aralify_kernel.store.database import Database
from tests.dashboards.test_class_page import Looked
from tests.dashboards.test_classes_page import Looked as LookedAtAll
from tests.fakes import Clock, FakeGrader
from tests.services.classes import EASY, School
from tests.services.conftest import World

EVIL = "=1+<img src=x onerror=alert(1)>\"'&</p>"
LINKS = "![x](http://elsewhere/x.png) [x](javascript:alert(1))"
NAMES = (EVIL, "</script><script>alert(1)</script>", '@SUM(1)" onclick="alert(1)', "-1+1|x", "\uff1d1+1", "%0A=1")


class EchoingGrader(FakeGrader):
    """Says in every place of a judgement what the learner wrote."""

    def judge(self, task):
        found = super().judge(task)
        told = {"en": f"{task.source} {LINKS}", "fil": f"{task.source} {LINKS}"}
        source = task.source
        checks = (replace(check, message=told, call=source, expected=source, got=source) for check in found.checks)
        error = found.error and replace(found.error, message=f"{source} {LINKS}")
        return replace(found, checks=tuple(checks), error=error)


@pytest.fixture
def school(tmp_path):
    """Six learners who failed, one of them by an error, and asked; their class is called as they are."""
    database = Database(f"sqlite:///{tmp_path / 'class.sqlite3'}")
    schema.upgrade(database)
    world = World(tmp_path, database, Clock(datetime(2024, 6, 3, 1, tzinfo=UTC)), EchoingGrader())
    world.publish()
    found, slug = School(world), classrooms.new(database, None, f"{EVIL} Z", ["demo"], now=world.clock()).slug
    world.learner("teresa")
    found.let_in("teresa", slug=slug, role=ClassRole.TEACHER)
    for number, name in enumerate(NAMES):
        found.people[f"eve{number}"] = world.learner(f"eve{number}")
        found.people[f"eve{number}"].update_profile(ProfileChange(display_name=name))
        found.let_in(f"eve{number}", slug=slug)
        found.fail(f"eve{number}", EVIL, f"RAISE {EVIL}", f"h1 {EVIL}")
        found.people[f"eve{number}"].ask_teacher(EASY, "area", f"{EVIL} {LINKS}")
    yield found
    database.dispose()


def assert_it_is_all_text(page):
    """Tell that nothing was made of what people wrote but text; `root` proves that every quote and bracket is escaped."""
    for one in page.root.iter():
        assert one.tag not in {"img", "script", "iframe", "object"}, one.attrib
        assert not [name for name in one.keys() if name.startswith("on")]  # noqa: SIM118 - an element, no dict
        assert not (one.get("href") or "").startswith("javascript:")
    for name, figure in page.screen.figures().items():
        assert not re.search("<(img|script)", str(figure)), name


def files(page):
    """Every file that the page offers, as a spreadsheet reads it."""
    for link in page.root.iter("a"):
        if link.get("download"):
            yield base64.b64decode(link.get("href").partition("base64,")[2]).decode("utf-8-sig")


def assert_nothing_runs(file):
    for row in csv.reader(io.StringIO(file, newline="")):
        for cell in row:
            assert not re.match(r"\s*([=+@|%＝＋－＠]|-(?!\d+(\.\d+)?$))", cell), cell


def test_on_the_page_of_the_class_and_in_every_table_that_is_saved(school):
    page = Looked(school)
    for action, values in (
        ("refresh", {}), ("open_learner", {"value": "eve0"}), ("open_attempt", {"value": "2"}), ("close", {}), ("close", {}),
        ("open_answers", {"value": "demo/one/easy eve0"}), ("open_attempt", {"value": "1"}), ("close", {}), ("close", {}),
        ("demo", {}), ("demo", {}),
    ):  # fmt: skip
        page.screen.act(action, values)
        assert_it_is_all_text(page)
        for file in files(page):
            assert_nothing_runs(file)
    assert set(page.screen.figures()) == {"effort", "weeks"}
    page.send("write_note", note=f"{EVIL} {LINKS}")
    assert_it_is_all_text(page)
    assert EVIL in page.words("How they fail")


@pytest.mark.parametrize("form", MarksFormat)
def test_in_the_marks_of_every_format(school, form):
    page = Looked(school)
    page.screen.act("take_marks", {"value": form.value})
    assert any("<img" in file for file in files(page)), "the names are in it"
    for file in files(page):
        assert_nothing_runs(file)


def test_on_the_page_of_all_classes(school):
    page = LookedAtAll(school.world.session("of-teresa"))
    assert_it_is_all_text(page)
    page.press("choose_class", page.screen.classes[0].slug)
    assert_it_is_all_text(page)
    page.send(
        "read_roster", file=base64.b64encode(f"username,name\n<b>,{NAMES[1]}\nnew,{NAMES[4]}\n".encode()).decode()
    )
    assert_it_is_all_text(page)
    page.press("close")
    page.send("read_roster", file=base64.b64encode(f"username,name\nnew,{NAMES[1]}\n".encode()).decode())
    page.press("let_in")
    assert_it_is_all_text(page)
    assert NAMES[1] in page.text
