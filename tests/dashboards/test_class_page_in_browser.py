"""The page of a class in a real browser: from whom to sit beside to the note that a learner reads."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.services import classrooms
from aralify_kernel.services.demo.classes import Wish, make_up
from aralify_kernel.store import schema
from aralify_kernel.store.database import Database
from aralify_kernel.widgets.results import ResultScreen
from tests.browsers import serious, wait_until
from tests.dashboards.test_page import PATIENCE_MS, ROOT, serving, windows
from tests.fakes import Clock
from tests.services.conftest import World
from tests.services.test_demo import PatientGrader, a_course_to_fail_in

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dashboards")]

WISH = Wish(learners=12, days=8, seed=1, classroom="Rizal")
NOTE = "Read the example once more: it counts from 0."
DRAWN = "document.querySelectorAll('[data-drawn]').length === 2"
TOO_WIDE = """() => [...document.querySelectorAll('.ar *')]
    .filter(part => !part.closest('.ar-scroll, .ar-code, .ar-sr, svg') && part.getBoundingClientRect().right > innerWidth + 1)
    .map(part => part.outerHTML.slice(0, 120))"""
A_LONG_NAME_STAYS_IN_ITS_PLACE = """() => {
    const name = document.querySelector('.ar-help-row h3 button'), was = name.innerText;
    name.innerText = 'x'.repeat(80);  // as long as names may be, and nowhere to break it
    const stays = name.getBoundingClientRect().right <= name.closest('div').getBoundingClientRect().right + 1;
    name.innerText = was;
    return stays;
}"""
REACHABLE = """[...document.querySelectorAll('.ar a[href], .ar button, .ar input:not([type=hidden]), .ar select, .ar textarea,'
    + ' .ar summary, .ar [tabindex="0"]')].filter(part => part.checkVisibility())"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A class that was made up, taught by Teresa, who is signed in at this computer."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "home").mkdir()
    (folder / "class.ipynb").write_bytes((ROOT / "notebooks/dashboards/class.ipynb").read_bytes())
    database = Database(f"sqlite:///{folder / 'home' / 'aralify.sqlite3'}")
    schema.upgrade(database)
    world = World(folder, database, Clock(datetime.now(UTC)), PatientGrader())
    world.publish(a_course_to_fail_in())
    world.learner("teresa")
    world.session("home").sign_in("teresa", None)
    world.made = make_up(database, WISH, grader=lambda: world.grader, on_progress=lambda *_: None, now=world.clock())
    for name, role in (("teresa", ClassRole.TEACHER), ("nena", ClassRole.LEARNER)):
        if role is ClassRole.LEARNER:
            world.learner(name)
        classrooms.add(database, None, "rizal", [name], role, now=world.clock())
    yield world
    database.dispose()


@pytest.fixture(scope="module")
def page(browser, world):
    with serving(world.folder, "voila", "--no-browser", "--port={port}", ".") as address, windows(browser) as open_page:
        page = open_page(f"{address}/voila/render/class.ipynb")
        page.set_default_timeout(PATIENCE_MS)
        wait_until(page, DRAWN, PATIENCE_MS)
        yield page


def press_until_everything_was_met(page):
    """Go through the page by the keyboard alone; return what was never reached."""
    page.evaluate("document.addEventListener('focusin', event => event.target.setAttribute('data-met', ''))")
    page.evaluate("document.activeElement.blur()")
    for _ in range(page.evaluate(f"{REACHABLE}.length") + 12):  # a date has several places of its own
        page.keyboard.press("Tab")
    return page.evaluate(f"{REACHABLE}.filter(part => !part.hasAttribute('data-met')).map(part => part.outerHTML)")


def told_to(world, name, lesson, activity, content):
    """Let a learner give this answer; return what stands under their cell."""
    session, ref = world.session(f"of-{name}"), LessonRef.parse(lesson)
    opened = session.open_lesson(ref)
    result = session.submit(Submission(ref, activity, content, uuid4().hex))
    return str(ResultScreen(session, result, opened, "en", source=content).render())


def picture(page, path, width):
    """Show the page at this width and keep a picture of all of it."""
    page.set_viewport_size({"width": width, "height": 5000})
    wait_until(page, DRAWN)
    page.screenshot(path=path)
    page.set_viewport_size({"width": width, "height": 900})


def hide_names_and_open_the_page_again(page, name):
    page.get_by_role("button", name="Hide names").click()
    wait_until(page, f"!document.body.innerText.includes({name!r})")
    # The address names a class that is not there: the page is told of two things, and must show nothing in between.
    page.add_init_script("""window.shown = [];
        new MutationObserver(() => window.shown.push(document.querySelector(".ar")?.textContent ?? ""))
            .observe(document, { childList: true, subtree: true })""")
    page.goto(page.url.replace("class=rizal", "class=mabini"))
    page.get_by_role("button", name="My classes").wait_for()
    assert not page.evaluate("name => window.shown.filter(text => text.includes(name) || text.includes('Rizal'))", name)
    page.get_by_role("button", name="My classes").click()
    wait_until(page, DRAWN, PATIENCE_MS)
    assert name not in page.inner_text("body")
    page.get_by_role("button", name="Hide names").click()
    wait_until(page, f"document.body.innerText.includes({name!r})")


def charts_out_of_sight_wait(page):
    """plotly.js stops a page: what stands first is there without it, until somebody comes near a chart or has read."""
    other = page.context.new_page()
    other.set_viewport_size({"width": 1280, "height": 400})
    other.add_init_script("""window.held = [];
        const later = window.setTimeout;
        window.setTimeout = (work, after, ...more) => (after === 2000 ? held.push(work) : later(work, after, ...more))""")
    other.goto(page.url)
    wait_until(other, "held.length === 1 && document.querySelector('.ar-help-row') !== null", PATIENCE_MS)
    assert other.locator("[data-drawn]").count() == 0
    other.locator("[data-figure]").first.scroll_into_view_if_needed()
    other.locator("[data-drawn]").wait_for()
    assert other.locator("[data-drawn]").count() == 1
    other.evaluate("held[0]()")
    wait_until(other, DRAWN)
    other.close()


def write_a_note_by_keyboard(page, group):
    group.locator("textarea").focus()
    page.keyboard.type(NOTE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    group.get_by_text("Your note").wait_for()


def look_from_a_cell_at_the_code_and_come_back(page, username, name):
    cell = page.locator(f"button[data-action=open_answers][data-value$=' {username}']").first
    cell.press("Enter")
    page.get_by_role("heading", name=name, level=1).wait_for()
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.get_by_role("button", name="See the answer").first.click()
    page.get_by_role("group", name="Code").wait_for()
    assert serious(page) == []
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="See the answer").first.wait_for()
    page.get_by_role("button", name="Back").click()
    wait_until(page, "document.activeElement.dataset.action === 'open_answers'")


def put_one_learner_on_paper(page, name, path):
    page.get_by_role("button", name=name, exact=True).first.click()
    page.get_by_role("button", name="Print").wait_for()
    assert serious(page) == []
    assert press_until_everything_was_met(page) == []
    page.emulate_media(media="print")
    assert not page.locator("button:visible, form:visible").all()
    page.screenshot(path=path)
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(width="8in", height="3in"))
    assert len(sheets) > 1, "what is longer than the window goes on to the next sheet"
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Back").click()


def show_it_small_dark_and_in_filipino(page, path):
    page.emulate_media(color_scheme="dark")
    page.goto(page.url.split("?")[0])
    wait_until(page, DRAWN, PATIENCE_MS)
    page.get_by_role("button", name="Filipino").click()
    page.get_by_role("heading", name="Kailangan ng tulong ngayon").wait_for()
    picture(page, path, 400)


def test_a_teacher_finds_who_struggles_and_a_note_to_the_largest_group_reaches_the_next_who_fails_so(
    page, world, tmp_path
):
    made = world.made
    struggling = world.one("SELECT display_name FROM users WHERE username = ?", made.struggling)
    first = page.locator("section[aria-label='Needs help now'] li").first
    assert struggling in first.inner_text()
    assert "Asked for help" in first.inner_text()
    picture(page, tmp_path / "class-en-light-1280.png", 1280)
    assert page.evaluate(A_LONG_NAME_STAYS_IN_ITS_PLACE)
    assert serious(page) == []
    assert press_until_everything_was_met(page) == []
    hide_names_and_open_the_page_again(page, struggling)
    charts_out_of_sight_wait(page)

    group = page.locator("section[aria-label='How they fail'] li").first
    lesson, activity = made.misconception.split("#")
    assert group.locator("input[name=lesson]").get_attribute("value") == lesson
    mistake = group.locator("input[name=signature]").get_attribute("value")
    write_a_note_by_keyboard(page, group)
    content = world.rows("SELECT content FROM attempts WHERE signature = ? ORDER BY id LIMIT 1", mistake)[0][0]
    told = told_to(world, "nena", lesson, activity, content)
    assert NOTE in told
    assert "From teresa" in told

    look_from_a_cell_at_the_code_and_come_back(page, made.struggling, struggling)
    assert world.one("SELECT count(*) FROM class_acts WHERE act = 'CODE_READ'") == 1
    put_one_learner_on_paper(page, struggling, tmp_path / "learner-on-paper.png")
    show_it_small_dark_and_in_filipino(page, tmp_path / "class-fil-dark-400.png")
    assert serious(page) == []
    assert page.evaluate(TOO_WIDE) == []
    # Voilà refuses what its own page says to the kernel when it is left
    assert [said for said in page.wrong if "403" not in said] == []
