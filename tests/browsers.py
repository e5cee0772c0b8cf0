"""How tests wait for what a page does, and sign somebody in at a class server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page

_EVERY_MS = 100
"""Playwright would ask at every frame, which keeps a page drawing that has nothing new to show."""


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
