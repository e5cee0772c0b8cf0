"""What tests do with a page: wait for something, sign somebody in at a class server, let axe look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

_EVERY_MS = 100
"""Playwright would ask at every frame, which keeps a page drawing that has nothing new to show."""

IS_STILL = "() => !document.getAnimations().some(one => one instanceof CSSTransition && one.playState === 'running')"


def wait_until(page: Page, condition: str, timeout: float | None = None, arg: Any = None) -> None:
    """Wait until a JavaScript expression or function holds in the page."""
    page.wait_for_function(condition, arg=arg, timeout=timeout, polling=_EVERY_MS)


def sign_in(page: Page, url: str, username: str, password: str, *, where: str = "/") -> None:
    """Sign somebody in by the form of a class server, and be where they wanted to go."""
    page.goto(f"{url}/sign-in?next={where}")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda now: urlsplit(now).path == where)


def serious(page: Page, part: str | None = None) -> list[tuple[str, list[str]]]:
    """Return what axe finds that is serious, by its rule, on a page or in a part of it; no colour on its way to another."""
    wait_until(page, IS_STILL)
    found = Axe().run(page, context=part).response["violations"]
    return [
        (rule["id"], [node["html"][:200] for node in rule["nodes"]])
        for rule in found
        if rule["impact"] in {"serious", "critical"}
    ]
