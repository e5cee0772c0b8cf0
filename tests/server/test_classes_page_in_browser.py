"""The home of a teacher on a class server in a real browser: every section by keyboard, light and dark, on a phone too."""

from __future__ import annotations

import sys

import pytest

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.permissions import Role
from tests.browsers import serious, sign_in, wait_until
from tests.dashboards.test_class_page_in_browser import TOO_WIDE, press_until_everything_was_met
from tests.server.conftest import PASSWORD

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("hosted dashboards"),
    pytest.mark.skipif(sys.platform != "linux", reason="class servers run on Linux"),
]

PATIENCE_MS = 60_000
LIST = {"name": "list.csv", "mimeType": "text/csv", "buffer": b"username,name\nines,Ines\nmarta,Marta\n"}
BAD_LIST = LIST | {"buffer": LIST["buffer"] + b"x y,Nobody\n"}
TITLES = ("Code to join", "People", "What this list would do", "Topics and due dates", "Rules", "Courses", "Marks")


@pytest.fixture
def page(ours, browser):
    """The classes of Corazon, who has just signed in; she has one, with Ines in it."""
    ours.application.add_user("corazon", password=PASSWORD, role=Role.MODERATOR)
    ours.application.add_user("ines")
    ours.application.new_class("Mabini", ["python-basics"], ["corazon"])
    ours.application.add_to_class("mabini", ["ines"], ClassRole.LEARNER, [])
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    sign_in(page, ours.url, "corazon", PASSWORD, where="/dashboards/classes")
    page.get_by_role("heading", name="My classes").wait_for()
    yield page
    page.close()


def section(page, title):
    return page.get_by_role("region", name=title, exact=True)


def come_back_to_the_window_when_somebody_is_new_in_the_class(page, ours):
    ours.application.add_user("zenaida")
    ours.application.add_to_class("mabini", ["zenaida"], ClassRole.LEARNER, [])
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    section(page, "People").get_by_role("rowheader", name="zenaida").wait_for()


def look_through(page, file):
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Look it through").press("Enter")


def let_in_by_a_list(page):
    look_through(page, LIST)
    page.get_by_role("button", name="Let them all in").press("Enter")
    codes = section(page, "Codes for a password")
    codes.get_by_role("row", name="Marta").wait_for()
    assert codes.bounding_box()["y"] < page.viewport_size["height"], "the page has gone to where they are"
    return codes


def what_went_wrong_stays_in_sight_far_down_the_page(page):
    form = page.locator("form[data-action=set_rules]")
    form.scroll_into_view_if_needed()
    form.get_by_label("Idle").fill("1000")
    form.get_by_role("button").press("Enter")
    told = page.get_by_role("alert").filter(has_text="Give a number from 1 to 365.")
    told.wait_for()
    assert page.get_by_role("heading", level=1).bounding_box()["y"] < 0
    assert 0 <= told.bounding_box()["y"] < page.viewport_size["height"] / 2


def nothing_but_the_codes_is_put_on_paper_and_in_ink(page, codes):
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert [title for title in TITLES if section(page, title).is_visible()] == []
    assert codes.is_visible()
    assert not codes.get_by_role("button").all()
    assert page.evaluate("document.body.classList.contains('theme-light')")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")


def test_a_teacher_looks_after_a_class_by_keyboard_and_nothing_chosen_is_lost_when_the_page_is_read_again(page, ours):
    assert serious(page) == []
    page.get_by_role("button", name="Look after Mabini").press("Enter")
    page.get_by_role("heading", name="Mabini", level=1).wait_for()
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.get_by_role("button", name="Make a code").press("Enter")
    link = page.locator("a[data-spelt]")
    link.wait_for()
    assert link.inner_text().startswith(f"{ours.url}/join?code=")
    page.get_by_role("button", name="Copy the link").press("Enter")
    assert page.evaluate("getSelection().toString()") == link.inner_text()
    codes = let_in_by_a_list(page)
    look_through(page, BAD_LIST)
    section(page, "What this list would do").get_by_role("alert").wait_for()

    date = page.locator("form[data-action=set_due]")
    date.get_by_label("Topic").select_option("Loops")
    come_back_to_the_window_when_somebody_is_new_in_the_class(page, ours)
    date.get_by_label("Due").fill("2030-01-02T23:59")
    date.get_by_role("button", name="Keep the date").press("Enter")
    section(page, "Topics and due dates").get_by_role("row", name="Loops 2 Jan 2030").wait_for()

    what_went_wrong_stays_in_sight_far_down_the_page(page)
    for title in ("Codes for a password", *TITLES):
        assert section(page, title).is_visible(), title
    assert press_until_everything_was_met(page) == []
    assert serious(page) == []
    page.emulate_media(color_scheme="dark")
    wait_until(page, "document.body.classList.contains('theme-dark')")
    assert serious(page) == []
    assert page.locator("[role=status]").bounding_box()["width"] <= 1, "told, and not shown"
    nothing_but_the_codes_is_put_on_paper_and_in_ink(page, codes)
    page.set_viewport_size({"width": 400, "height": 900})
    assert page.evaluate(TOO_WIDE) == []

    page.get_by_role("button", name="Show it large").press("Enter")
    page.get_by_role("heading", name="Join Mabini").wait_for()
    assert link.inner_text().startswith(f"{ours.url}/join?code=")
    assert serious(page) == []
    assert page.evaluate(TOO_WIDE) == []
    page.reload()
    page.get_by_role("heading", name="Mabini", level=1).wait_for()
