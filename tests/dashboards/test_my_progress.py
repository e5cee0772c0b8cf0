"""The page "My progress" as HTML, in all its states."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from aralify_kernel.app import application
from aralify_kernel.dashboards.my_progress import MyProgress, my_progress
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.errors import DatabaseBusy, NotFound, NotSignedIn
from tests.dashboards.made_progress import (
    RECENT,
    TOPICS,
    MadeSession,
    make_course,
    make_new_progress,
    make_profile,
    make_progress,
)

EVIL = "<img src=x onerror=alert(1)>\"'&"


class Looked:
    """A page as a reader or a screen reader finds it. Parsing it as XML proves every element closed and escaped."""

    def __init__(self, screen: MyProgress) -> None:
        self.root = ElementTree.fromstring(str(screen.render()))  # noqa: S314 - our own

    @property
    def text(self) -> str:
        return " ".join("".join(self.root.itertext()).split())

    def all(self, path: str) -> list[ElementTree.Element]:
        return self.root.findall(f".//{path}")

    def texts(self, path: str) -> list[str]:
        return [" ".join("".join(element.itertext()).split()) for element in self.all(path)]

    def table(self, caption: str) -> list[list[str]]:
        (table,) = [found for found in self.all("table") if found.findtext("caption") == caption]
        return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in table.iter("tr")]


@pytest.fixture
def opened():
    return []


@pytest.fixture
def screen_of(opened):
    def make(progress, language="en"):
        session = progress if isinstance(progress, MadeSession) else MadeSession(progress)

        def open_lesson(ref: LessonRef) -> str:
            opened.append(ref)
            return f"ana/{ref}.ipynb"

        return MyProgress(lambda: session, language=language, keep_language=opened.append, open_lesson=open_lesson)

    return make


def figure(page: Looked, name: str) -> list[str]:
    (found,) = [
        [" ".join("".join(part.itertext()).split()) for part in kpi]
        for kpi in page.all("div[@class='ar-kpi']")
        if kpi.findtext("dt") == name
    ]
    return found[1:]


def test_the_five_figures_are_those_of_the_profile_and_the_course(screen_of):
    page = Looked(screen_of(make_progress()))
    assert figure(page, "Level") == ["4", "740 XP · 60 to Level 5"]
    assert figure(page, "Streak") == ["5 days", "Today counts"]
    assert figure(page, "Completion, Python Basics") == ["60 %", "3 of 5 topics"]
    assert figure(page, "Mastery, Python Basics") == ["46.67 %", "7 of 15 lessons"]
    assert figure(page, "Active time, this week") == ["2 h 40 min", "pauses over 5 min not counted"]


def test_a_day_without_an_answer_yet_is_said_without_alarm(screen_of):
    page = Looked(screen_of(make_progress(profile=make_profile(today_counts=False, streak_current=1))))
    assert figure(page, "Streak") == ["1 day", "Today: not yet"]


def test_what_next_names_lesson_worth_and_reason(screen_of):
    page = Looked(screen_of(make_progress()))
    assert "Finish Loops, MEDIUM" in page.texts("h2")
    assert "It is worth 140 XP and takes you to Level 5. You have begun it: your score is 40 so far" in page.text


def test_every_chart_has_its_place_a_sentence_and_a_table_with_the_same_numbers(screen_of):
    screen = screen_of(make_progress())
    page = Looked(screen)
    places = {place.get("data-figure"): place for place in page.all("div[@data-figure]")}
    assert places.keys() == screen.figures().keys() == {"xp", "courses", "days"}
    assert all(place.get("role") == "img" and place.get("aria-label") for place in places.values())
    assert page.table("XP over time")[-1] == ["20 Nov", "Loops E", "+80", "740"]
    assert page.table("Completion and mastery")[1:] == [
        ["Python Basics", "60 %", "46.67 %"],
        ["SQL First Steps", "25 %", "8.33 %"],
    ]
    assert page.table("Active days")[-1] == ["16 Nov", "4", "3", "2", "1", "6", "", "", "5"]


def test_tiers_show_letter_score_and_state(screen_of):
    rows = Looked(screen_of(make_progress())).table("Best score per lesson, Python Basics")
    assert rows[0] == ["Topic", "EASY", "MEDIUM", "HARD"]
    assert rows[3] == ["Loops", "E 100, passed", "M 40, begun", "H ·, open"]
    assert rows[5] == ["Lists and strings", "E , locked", "M , locked", "H , locked"]


def test_a_tier_that_a_topic_does_not_have_is_said(screen_of):
    course = make_course(TOPICS[:1])
    only_easy = replace(course.levels[0], lessons=course.levels[0].lessons[:1])
    page = Looked(screen_of(make_progress(courses=(replace(course, levels=(only_easy,)),))))
    row = page.table("Best score per lesson, Python Basics")[1]
    assert row == ["Variables", "E 100, passed", "–no lesson", "–no lesson"]


def test_attempts_say_what_came_of_them_and_when(screen_of):
    rows = Looked(screen_of(make_progress())).table("Recent attempts")[1:]
    assert rows[0] == ["Loops M · First match", "Not yet right", "1 of 3", "today, 09:12"]
    assert rows[3] == ["Control flow H · Leap year", "Passed, late", "4 of 4", "13 Nov, 20:31"]
    assert rows[4] == ["Variables E · Change", "Took too long", "0 of 2", "10 Nov, 18:02"]


def test_code_in_the_question_of_a_quiz_is_shown_as_code_and_kept_plain_in_the_file(screen_of):
    made = make_progress()
    quiz = replace(made.recent[0], title={"en": "Which `if a < b` runs?", "fil": ""})
    page = Looked(screen_of(replace(made, recent=(quiz,))))
    assert page.table("Recent attempts")[1][0] == "Loops M · Which if a < b runs?"
    assert "if a < b" in page.texts("code")
    (download,) = page.all("a[@download]")
    assert "Which if a < b runs?" in unquote(download.get("href"))


@pytest.mark.parametrize(("language", "caption"), [("en", "Recent attempts"), ("fil", "Mga huling pagsubok")])
def test_the_csv_holds_what_the_screen_shows(screen_of, language, caption):
    page = Looked(screen_of(make_progress(profile=make_profile(language=language))))
    (download,) = page.all("a[@download]")
    kind, _, data = download.get("href").partition(",")
    assert kind == "data:text/csv;charset=utf-8"
    rows = list(csv.reader(io.StringIO(unquote(data).removeprefix("\ufeff"))))
    assert rows == page.table(caption)
    assert len(rows) == 1 + len(RECENT)


def test_the_page_opens_in_the_persons_language_and_switches_in_place(screen_of, opened):
    screen = screen_of(make_progress(profile=make_profile(language="fil")))
    assert "Ang progreso ko" in Looked(screen).texts("h1")
    assert "Biyernes, 20 Nobyembre." in Looked(screen).text
    screen.act("choose_language", {"value": "en"})
    assert "Friday, 20 November." in Looked(screen).text
    assert opened == ["en"]


def test_nothing_on_the_filipino_page_is_left_in_english(screen_of):
    screen = screen_of(make_progress())
    english = set(Looked(screen).texts("h1") + Looked(screen).texts("h2") + Looked(screen).texts("dt"))
    screen.act("choose_language", {"value": "fil"})
    page = Looked(screen)
    same = english & set(page.texts("h1") + page.texts("h2") + page.texts("dt"))
    assert same == {"Level", "Streak"}


def test_somebody_new_is_invited_to_the_first_lesson(screen_of):
    page = Looked(screen_of(make_new_progress()))
    assert "Your first XP is ten minutes away" in page.texts("h2")
    (button,) = page.all("button[@data-action='open_lesson']")
    assert button.get("data-value") == "python-basics/variables/easy"
    assert screen_of(make_new_progress()).figures() == {}


def test_a_first_try_without_xp_shows_the_page_and_says_when_xp_comes(screen_of):
    made = make_progress()
    screen = screen_of(make_progress(xp=(), recent=made.recent[:1], days=made.days[-1:]))
    assert "No XP yet. It comes when you pass your first lesson." in Looked(screen).text
    assert set(screen.figures()) == {"courses", "days"}


def test_a_guest_is_told_how_to_keep_what_they_earn(screen_of):
    page = Looked(screen_of(make_new_progress(profile=make_profile(is_guest=True, xp_total=0))))
    assert "You are here as a guest" in page.text


def test_who_is_not_signed_in_is_told_where_to_and_can_look_again(screen_of):
    session = MadeSession(NotSignedIn())
    screen = screen_of(session, language="fil")
    assert "Wala pang naka-sign in dito" in Looked(screen).texts("h2")
    session.made = make_progress()
    screen.act("refresh", {})
    assert "Loops M · First match" in Looked(screen).text


@pytest.mark.parametrize(
    "progress", [make_progress(), make_new_progress(), NotSignedIn()], ids=["full", "new", "nobody"]
)
def test_on_a_class_server_no_lesson_is_opened_and_all_links_stay_on_it(progress):
    session = MadeSession(progress)
    screen = MyProgress(lambda: session, language="en", keep_language=lambda _language: None, open_lesson=None)
    page = Looked(screen)
    screen.act("open_lesson", {"value": "python-basics/variables/easy"})
    assert screen.opening is None
    assert page.all("button[@data-action='open_lesson']") == []
    assert {link.get("data-path") for link in page.all("a[@data-path]")} <= {"", "sign-in"}
    signed_out = "Your sign-in has ended" in page.texts("h2")
    assert signed_out is isinstance(progress, NotSignedIn)


@pytest.mark.parametrize(
    "message",
    [None, [], "refresh", {}, {"action": "render"}, {"action": "choose_language"}, {"action": ["refresh"], "values": {}},
     {"action": "choose_language", "values": {"value": 1}}, {"action": "choose_language", "values": {"language": "fil"}},
     {"action": "set_language", "values": {"value": "fil"}}, {"action": "__init__", "values": {"value": "fil"}}],
)  # fmt: skip
def test_a_message_that_the_page_never_sends_changes_nothing(message):
    page = my_progress(MadeSession(make_progress()))
    before = page.content
    page._receive(page, message, [])
    assert page.content == before


def test_a_language_chosen_elsewhere_is_followed_and_one_chosen_here_is_kept(screen_of):
    session = MadeSession(make_progress())
    screen = screen_of(session)
    screen.act("choose_language", {"value": "fil"})
    screen.act("refresh", {})
    assert screen.language == "fil"
    session.made = make_progress(profile=make_profile(language="fil"))
    screen.act("refresh", {})
    session.made = make_progress(profile=make_profile(language="en"))
    screen.act("refresh", {})
    assert screen.language == "en"


def test_what_prevents_the_page_is_said_in_one_sentence_with_a_way_to_try_again(screen_of):
    session = MadeSession(DatabaseBusy())
    page = Looked(screen_of(session))
    (alert,) = page.all("section[@role='alert']")
    assert "This page could not be made" in "".join(alert.itertext())
    assert [button.get("data-action") for button in alert.iter("button")] == ["refresh"]


def test_opening_a_lesson_leads_to_its_notebook(screen_of, opened):
    screen = screen_of(make_progress())
    screen.act("open_lesson", {"value": "python-basics/loops/medium"})
    assert opened == [LessonRef("python-basics", "loops", "medium")]
    assert screen.opening == "ana/python-basics/loops/medium.ipynb"


@pytest.mark.parametrize("value", ["../../etc/passwd", "a/b/c/d", "", "python-basics/loops/extreme"])
def test_only_lessons_can_be_opened(screen_of, opened, value):
    screen = screen_of(make_progress())
    screen.act("open_lesson", {"value": value})
    assert opened == []
    assert Looked(screen).all("div[@role='alert']")


def test_an_unknown_action_does_nothing(screen_of):
    screen = screen_of(make_progress())
    before = screen.render()
    screen.act("_full", {"progress": None})
    assert screen.render() == before


def test_hostile_names_and_titles_are_only_text(screen_of):
    topics = ((TOPICS[0][0], EVIL, EVIL, (100, 40, None)),)
    course = make_course(topics, title={"en": EVIL, "fil": EVIL})
    recent = tuple(replace(attempt, title={"en": EVIL}) for attempt in make_progress().recent)
    profile = make_profile(display_name=EVIL)
    for progress in (
        make_progress(profile=profile, courses=(course,), recent=recent),
        make_new_progress(profile=profile, courses=(course,)),
    ):
        page = Looked(screen_of(progress))
        assert page.all("img") == []
        assert EVIL in page.text


def test_headings_and_tables_are_built_for_screen_readers(screen_of):
    page = Looked(screen_of(make_progress()))
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    for table in page.all("table"):
        assert table.findtext("caption")
        assert {cell.get("scope") for cell in table.iter("th")} == {"col", "row"}
    regions = page.all("div[@class='ar-scroll']")
    assert regions
    assert all(region.get("tabindex") == "0" and region.get("aria-label") for region in regions)


@pytest.fixture
def real_app():
    application.cache_clear()
    yield application()
    application.cache_clear()


def test_the_page_of_this_computer_follows_its_sign_in(real_app):
    page = my_progress()
    assert "Nobody is signed in here yet" in page.content["html"]
    real_app.session().continue_as_guest("fil")
    page.act("refresh", {})
    assert "may unang XP ka na" in page.content["html"]


def test_opening_writes_the_working_copy_into_the_workspace(real_app):
    real_app.session().continue_as_guest("en")
    page = my_progress()
    page.act("open_lesson", {"value": "python-basics/variables/easy"})
    assert (real_app.settings.workspace / page.screen.opening).is_file()


def test_a_choice_of_language_is_kept_for_this_person(real_app):
    real_app.session().continue_as_guest("en")
    my_progress().act("choose_language", {"value": "fil"})
    assert real_app.session().profile().language == "fil"
    assert my_progress().content["language"] == "fil"


def test_a_given_session_is_shown_instead(real_app):
    session = MadeSession(make_progress())
    page = my_progress(session)
    page.act("choose_language", {"value": "fil"})
    assert "Mga huling pagsubok" in page.content["html"]
    assert [change.language for change in session.changes] == ["fil"]


def test_what_the_session_cannot_do_is_told_on_the_page(screen_of):
    def missing(ref: LessonRef) -> str:
        raise NotFound(kind="lesson", name=str(ref))

    screen = MyProgress(
        lambda: MadeSession(make_progress()), language="en", keep_language=lambda _: None, open_lesson=missing
    )
    screen.act("open_lesson", {"value": "python-basics/loops/medium"})
    assert "There is no lesson named" in Looked(screen).text
    assert "Recent attempts" in Looked(screen).text
