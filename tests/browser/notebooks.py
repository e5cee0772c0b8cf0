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


class Lesson(Notebook):
    """The lesson in front, with its bar."""

    @property
    def bar(self) -> Locator:
        return notebook(self.page).locator(".aralify-LessonBar")

    def press(self, name: str) -> None:
        self.bar.get_by_role("button", name=name, exact=True).click()

    @property
    def check_button(self) -> Locator:
        """Check, also while it is at work and has dots behind its name."""
        return self.bar.get_by_role("button", name=re.compile("^Check"))

    def cells(self, exercise: str) -> Locator:
        return notebook(self.page).locator(".jp-CodeCell").filter(has_text=f"#{exercise}")

    def check(self, cell: Locator, source: str, outcome: str) -> None:
        write(cell, source)
        self.press("Check")
        expect(cell.locator(".jp-OutputArea")).to_contain_text(outcome)
        assert self.page.evaluate("document.activeElement.closest('.jp-CodeCell') !== null"), (
            "the focus has left the cell"
        )

    def do(self, command: str, cell: Locator) -> None:
        """Let JupyterLab do something to a cell."""
        cell.locator(".jp-InputPrompt").click()
        self.page.evaluate("command => window.jupyterapp.commands.execute(command)", command)

    def told(self, cell: Locator) -> str:
        """Return the result below a cell as its notebook keeps it for reading."""
        cell.locator(".jp-InputPrompt").click()
        outputs = self.page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCell.model.outputs.toJSON()")
        text = outputs[-1]["data"]["text/plain"]
        return text if isinstance(text, str) else "".join(text)
