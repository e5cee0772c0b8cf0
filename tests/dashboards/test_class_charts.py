"""The charts of the page of a class: the numbers of their tables, and silence about fewer than five."""

from __future__ import annotations

import base64
import re
from datetime import date

from markupsafe import Markup

from aralify_kernel.dashboards import class_charts, class_tables
from aralify_kernel.dashboards.class_filter import EVERYTHING
from aralify_kernel.dashboards.class_sections import Titles
from aralify_kernel.domain.lesson_quality import LessonQuality
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.teaching import Effort, Person, Week
from aralify_kernel.i18n import translator
from aralify_kernel.widgets.screen import Screen


class BlankPage(Screen):
    """A page that shows nothing of its own."""

    def render(self):
        return Markup("")

    at_rest = render

    def as_text(self):
        return ""


PAGE = BlankPage("en")
EN = translator("en")
WEEKS = [
    Week(date(2026, 6, 1), 12, 90, 40, 7),
    Week(date(2026, 6, 8), 4, 11, 3, 1),
    Week(date(2026, 6, 15), 0, 0, 0, 0),
]


def efforts(number):
    return [Effort(Person(f"p{n}", f"P{n} <b>"), 90 * n, n, 10.5 * n) for n in range(number)]


def csv_of(card):
    (data,) = re.findall('base64,([^"]+)', str(card))
    return base64.b64decode(data).decode("utf-8-sig").splitlines()


def test_effort_is_a_dot_for_each_learner_with_the_numbers_of_the_table():
    (dots,) = class_charts.figures_of([], efforts(5), EN)["effort"]["data"]
    assert (dots["x"], dots["y"]) == ([0, 1.5, 3, 4.5, 6], [0, 10.5, 21, 31.5, 42])
    assert dots["hovertext"][1] == "P1 &lt;b&gt;"
    assert csv_of(class_charts.effort(efforts(5), PAGE))[2] == "P1 <b>,1.5,1,10.5"


def test_nothing_is_said_about_the_effort_of_fewer_than_five():
    assert class_charts.figures_of([], efforts(4), EN) == {}
    assert "P1" not in class_charts.effort(efforts(4), PAGE)


def test_a_week_in_which_fewer_than_five_answered_is_told_by_no_figure():
    learners, passed = class_charts.figures_of(WEEKS, [], EN)["weeks"]["data"]
    assert (learners["y"], passed["y"]) == ([12, None, 0], [7, None, 0])
    lines = csv_of(class_charts.weeks(WEEKS, PAGE))
    assert lines[1:] == ["2026-06-01,12,90,40,7", "2026-06-08,,,,", "2026-06-15,0,0,0,0"]


def test_lessons_to_fix_are_named_first_but_by_no_thin_figures():
    easy, hard = LessonRef("demo", "one", "easy"), LessonRef("demo", "two", "hard")
    found = [LessonQuality(hard, 20, first_try=0.4, gave_up=0.0), LessonQuality(easy, 19, first_try=0.1, gave_up=0.5)]
    card = class_tables.quality(found, PAGE, Titles(None, [easy, hard], EVERYTHING, EN))
    assert "<strong>Fix first:</strong> two, HARD</div>" in card
    assert '<span class="ar-muted">n under 20: read with care</span>' in card
    assert '<span class="ar-muted">10 %</span>' in card
    assert '<span class="ar-muted">40 %</span>' not in card
    assert csv_of(card)[1] == "demo/two/hard,20,0.4,,,,,,,0.0,Fix this lesson"
