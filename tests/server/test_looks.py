"""The server's own pages in a real browser: accessible in both languages and themes, without script, on a phone too.

Screenshots go to `ARALIFY_TESTS_SCREENSHOTS` when that is set, for somebody to look at.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aralify_kernel.server import cookies
from tests.browsers import serious
from tests.server.conftest import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PAGES = {
    "sign-in": "/sign-in",
    "sign-up": "/sign-up",
    "new-password": "/new-password",
    "notice": "/notice",
    "not-there": "/nothing-there",
}
OWN_PAGES = {"home": "/", "account": "/account"}
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 400, "height": 800}


@pytest.fixture(params=[("en", "light", WIDE), ("fil", "dark", NARROW)], ids=["en-light-1280", "fil-dark-400"])
def look(request, browser, server):
    """A page in one language, theme and width, without script; and its name for screenshots."""
    language, theme, size = request.param
    context = browser.new_context(
        viewport=size, color_scheme=theme, locale=language, java_script_enabled=True, base_url=server.url
    )
    page = context.new_page()
    page.set_default_timeout(120_000)
    problems = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.problems = problems
    yield page, f"{language}-{theme}-{size['width']}"
    context.close()


def check(page, name, look):
    """Every serious thing that axe finds, a text wider than the window, or a style that the policy refused."""
    if folder := os.environ.get("ARALIFY_TESTS_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}-{look}.png", full_page=True)
    assert serious(page) == [], name
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide, f"{name} is wider than the window"
    refused = [problem for problem in page.problems if "Content Security Policy" in problem]
    assert not refused, name


def choose(page, language):
    page.click(f"button[lang={language}]")
    page.wait_for_selector(f"html[lang={language}]")


def test_everybody_can_read_and_use_the_pages(look, server):
    page, kind = look
    page.goto("/sign-in")
    choose(page, kind.partition("-")[0])
    for name, path in PAGES.items():
        page.goto(path)
        check(page, name, kind)
    page.goto("/sign-in")
    page.fill("#username", "ana")
    page.fill("#password", "not this one")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    check(page, "sign-in-wrong", kind)
    page.goto("/sign-up")
    page.click("main button")
    page.wait_for_selector("#username-error, #invitation-error")
    check(page, "sign-up-wrong", kind)
    page.goto("/sign-in")
    page.fill("#username", "mia")
    page.fill("#password", PASSWORD)
    page.click("main button.ar-btn--primary")
    page.wait_for_url(f"{server.url}/")
    choose(page, kind.partition("-")[0])  # before, these pages come in the language of the profile
    for name, path in OWN_PAGES.items():
        page.goto(path)
        check(page, name, kind)
    choose(page, "en")


def test_the_pages_work_without_script(browser, server):
    context = browser.new_context(java_script_enabled=False, base_url=server.url)
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto("/sign-in")
    page.click("button[lang=fil]")
    page.wait_for_selector("html[lang=fil]")
    page.fill("#username", "mia")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server.url}/")
    page.click("header form[action$='sign-out'] button")
    page.wait_for_url(f"{server.url}/sign-in")
    page.click("button[lang=en]")
    page.wait_for_selector("html[lang=en]")
    assert cookies.SIGN_IN not in {cookie["name"] for cookie in context.cookies()}
    context.close()
