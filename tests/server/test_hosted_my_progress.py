"""My progress on a class server, in a real browser."""

from __future__ import annotations

import sys

import pytest

from aralify_kernel.services.demo.classes import Wish, make_up
from tests.browsers import serious, sign_in
from tests.server.conftest import PASSWORD

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("hosted dashboards"),
    pytest.mark.skipif(sys.platform != "linux", reason="class servers run on Linux"),
]

PATIENCE_MS = 120_000
DRAWN = "document.querySelectorAll('[data-drawn]').length === 3"
KERNEL = "JSON.parse(document.getElementById('jupyter-config-data')?.textContent ?? '{}').kernelId"
"""Which kernel the page has; undefined while the page is still being loaded."""
GROUND = "getComputedStyle(document.querySelector('.ar-page')).colorScheme"

CUT_OFF = """[...document.querySelectorAll('.ar-table--cards tbody th, .ar-table--cards td')].filter(
    cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.innerText)"""
"""What of the recent attempts is wider than its place: on a phone they are cards, and nothing is to be scrolled to."""


@pytest.fixture(scope="module")
def learner(ours):
    """Somebody who has learned for some days."""
    app = ours.application
    make_up(app.database, Wish(2, 8, 1, "Demo"), grader=lambda: app.grader, on_progress=lambda *_: None, now=app.now())
    most = max((one for one in app.users() if one.language == "en"), key=lambda profile: profile.xp_total)
    app.set_password(most.username, PASSWORD)
    return most


@pytest.fixture(scope="module")
def page(ours, learner, browser):
    """Their page, in a browser that remembers what it asked for elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.elsewhere = []
    local = (ours.url, ours.url.replace("http", "ws", 1), "data:", "blob:")
    page.on("request", lambda asked: None if asked.url.startswith(local) else page.elsewhere.append(asked.url))
    sign_in(page, ours.url, learner.username, PASSWORD, where="/dashboards/my-progress")
    page.wait_for_function(DRAWN)
    yield page
    context.close()


def test_the_page_is_the_viewer_s_and_leads_to_no_workspace_on_the_server(ours, page, learner):
    assert learner.display_name in page.inner_text(".ar-topbar")
    assert f"{learner.xp_total} XP" in page.inner_text("main")
    assert page.locator("[data-action=open_lesson]").count() == 0
    assert "You open it in your own Jupyter" in page.inner_text("main")
    links = {link.get_attribute("href") for link in page.locator(".ar-page a[data-path]").all()}
    assert links == {"/"}
    assert page.elsewhere == []


def test_a_choice_of_language_is_kept_in_the_profile(ours, page, learner):
    page.click("[data-action=choose_language][data-value=fil]")
    page.wait_for_function("document.documentElement?.lang === 'fil'")
    session = ours.application.session_for(learner.username)
    assert session.profile().language == "fil"
    page.click("[data-action=choose_language][data-value=en]")
    page.wait_for_function("document.documentElement?.lang === 'en'")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (400, "light"), (400, "dark")])
def test_the_page_has_no_serious_fault_that_axe_finds_and_does_not_scroll_sideways(page, width, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function(f"document.querySelectorAll('[data-drawn={scheme}]').length === 3")
    assert serious(page) == []
    assert page.evaluate(GROUND) == scheme
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CUT_OFF) == []


def test_a_page_whose_kernel_has_ended_is_made_anew_when_it_is_looked_at_again(ours, page):
    ended = page.evaluate(KERNEL)
    page.evaluate("""async (kernel) => {
        const body = new FormData();
        body.append("_xsrf", document.cookie.match(/_xsrf=([^;]+)/)[1]);
        await fetch(`/voila/api/shutdown/${kernel}`, { method: "POST", body });
        document.dispatchEvent(new Event("visibilitychange"));
    }""", ended)  # fmt: skip
    page.wait_for_function(f"![undefined, '{ended}'].includes({KERNEL})")
    page.wait_for_function(DRAWN)
