"""What axe finds in parts of JupyterLab, in the light and in the dark theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.browsers import serious

if TYPE_CHECKING:
    from collections.abc import Callable

THEMES = ("JupyterLab Light", "JupyterLab Dark")


def nothing_serious_is_found(page: Page, parts: tuple[str, ...], look: Callable[[str], None], name: str) -> None:
    """Let axe look at the parts in either theme, and keep a screenshot of each; the page is light again after it."""
    for theme in THEMES:
        _change(page, theme)
        expect(page.locator(".aralify-Button").first).to_have_css("border-top-style", "solid")
        look(f"{name}-{theme[11:].lower()}")
        for part in parts:
            assert serious(page, part) == [], (theme, part)
    _change(page, THEMES[0])


def _change(page: Page, theme: str) -> None:
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    page.locator(f"body[data-jp-theme-name='{theme}']").wait_for(state="attached")
    page.locator("#jupyterlab-splash").wait_for(state="detached")  # it lies over a page that waits for a theme
