"""How tests wait for what a page does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

_EVERY_MS = 100
"""Playwright would ask at every frame, which keeps a page drawing that has nothing new to show."""


def wait_until(page: Page, condition: str, timeout: float | None = None, arg: Any = None) -> None:
    """Wait until a JavaScript expression or function holds in the page."""
    page.wait_for_function(condition, arg=arg, timeout=timeout, polling=_EVERY_MS)
