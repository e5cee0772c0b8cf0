"""A notebook in JupyterLab, as a learner handles it in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browsers import wait_until


def notebook(page: Page) -> Locator:
    """Return the notebook in front: JupyterLab's sidebar has buttons of the same names."""
    return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")


def write(cell: Locator, source: str) -> None:
    """Put an answer under the first line of an exercise's cell, as somebody does who types it."""
    first_line = cell.locator(".cm-line").first.text_content()
    cell.locator(".cm-content").click()
    cell.page.keyboard.press("Control+a")
    cell.page.keyboard.insert_text(f"{first_line}\n{source}")


class Notebook:
    """The notebook in front, as a learner handles it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        wait_until(
            page,
            "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.connectionStatus === 'connected'",
        )

    def cell(self, text: str) -> Locator:
        return notebook(self.page).locator(".jp-CodeCell").filter(has_text=text).first

    def run(self, cell: Locator) -> None:
        cell.locator(".jp-InputPrompt").click()
        expect(cell).to_have_class(re.compile("jp-mod-active"))
        self.page.keyboard.press("Shift+Enter")

    def answer(self, exercise: str, source: str) -> Locator:
        """Write `source` under the exercise's first line, run it, and return what appears below."""
        cell = self.cell(f"#{exercise}")
        write(cell, source)
        self.page.keyboard.press("Shift+Enter")
        return cell.locator(".jp-OutputArea")
