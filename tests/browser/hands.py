"""How somebody works in JupyterLab who has a mouse alone, or a keyboard alone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.notebooks import notebook

ACTIVE = "window.jupyterapp.shell.currentWidget.content.activeCell"


class Mouse:
    """Points and clicks; of the keyboard it has the letters alone."""

    username = "maus"

    def __init__(self, page):
        self.page = page

    def go_to_courses(self):
        """Nothing to do: they stand on the left."""

    def press(self, control):
        control.click()

    def write(self, field, text):
        field.fill(text)

    def choose(self, options, number):
        options.nth(number).check()

    def answer(self, cell, source):
        first_line = cell.locator(".cm-line").first.text_content()
        cell.locator(".cm-content").fill(f"{first_line}\n{source}")

    def check(self):
        self._press_in_bar("Check")

    def take_hint(self):
        self._press_in_bar("Hint")

    def show_quiz(self, cell):
        cell.get_by_role("button", name="Show the quiz").click()

    def _press_in_bar(self, name):
        bar = notebook(self.page).get_by_role("region", name="This lesson")
        bar.get_by_role("button", name=name, exact=True).click()


class Keyboard:
    """Has no mouse: the palette, Tab, the arrows and the shortcuts of JupyterLab lead everywhere."""

    username = "teclado"

    def __init__(self, page):
        self.page = page

    def go_to_courses(self):
        self.command("My courses")
        expect(self.page.get_by_role("region", name="Aralify", exact=True)).to_be_focused()

    def press(self, control):
        self.tab_to(control)
        self.page.keyboard.press("Enter")

    def write(self, field, text):
        self.tab_to(field)
        self.page.keyboard.insert_text(text)

    def choose(self, options, number):
        """Tab comes to the first of a group, the arrows to the others."""
        self.tab_to(options.first)
        self.page.keyboard.press("Space")
        for _ in range(number):
            self.page.keyboard.press("ArrowDown")
        expect(options.nth(number)).to_be_checked()

    def answer(self, cell, source):
        self._walk_to(cell)
        self.page.keyboard.press("Enter")
        first_line = cell.locator(".cm-line").first.text_content()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(f"{first_line}\n{source}")

    def check(self):
        self.page.keyboard.press("Control+Shift+Enter")

    def take_hint(self):
        self.command("Hint")

    def show_quiz(self, cell):
        """The arrows pass over cells whose source is folded; Tab does not."""
        self.page.keyboard.press("Escape")
        self.press(cell.get_by_role("button", name="Show the quiz"))

    def command(self, name):
        """Choose something from the palette."""
        self.page.keyboard.press("Control+Shift+c")
        expect(self.page.locator(".lm-CommandPalette-input")).to_be_focused()
        self.page.keyboard.type(name)
        self.page.locator(".lm-CommandPalette-item.lm-mod-active", has_text=name).wait_for()
        self.page.keyboard.press("Enter")

    def tab_to(self, wanted):
        """Press Tab until something has the focus, as somebody does who sees where it is."""
        for _ in range(80):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not come to {wanted}")

    def _walk_to(self, cell):
        """Leave what has the focus, and go down the notebook."""
        wanted = cell.element_handle()
        self.page.keyboard.press("Escape")
        for _ in range(40):
            if self.page.evaluate(f"wanted => {ACTIVE}.node === wanted", wanted):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not come to {cell}")
