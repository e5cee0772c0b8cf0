"""A lesson in Notebook 7, which is another page than JupyterLab: bar, Check, what is said aloud, and the sidebar."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from aralify_kernel.client.interface import PREFIX
from tests.browser.notebooks import notebook, write
from tests.labs import TOKEN

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.xdist_group("shared-lab")]


def test_a_lesson_is_checked_and_told_in_notebook_7_as_well(page, shared_lab, look, exercises):
    shared_lab.http.post(f"{PREFIX}/session", json={"guest": True}).raise_for_status()
    opened = shared_lab.http.post(f"{PREFIX}/lessons/python-basics/variables/easy/working-copy").raise_for_status()
    page.goto(f"{shared_lab.http.base_url}/notebooks/{opened.json()['path']}?token={TOKEN}")
    lesson = notebook(page)
    bar = lesson.get_by_role("region", name="This lesson")
    expect(bar).to_contain_text("0 of 5 passed")

    exercise = exercises[0]
    cell = lesson.locator(".jp-CodeCell").filter(has_text=f"#{exercise.id}").first
    write(cell, exercise.reference)
    bar.get_by_role("button", name="Check", exact=True).click()
    expect(cell.get_by_role("group", name="Result: Passed")).to_be_visible()
    expect(lesson.get_by_role("status").filter(has_text="Passed · 3 of 3 checks pass")).to_be_attached()
    expect(cell.get_by_role("textbox", name="Your answer")).to_be_focused()
    expect(bar).to_contain_text("1 of 5 passed")
    look("1-passed")

    page.get_by_role("menuitem", name="View").click()
    page.get_by_role("menuitem", name="My courses").click()
    sidebar = page.get_by_role("region", name="Aralify", exact=True)
    expect(sidebar.get_by_role("button", name="Variables, EASY, 50 XP, In progress")).to_be_visible()
    expect(sidebar.get_by_role("button", name="Filipino")).to_be_in_viewport(ratio=1)  # nothing of Notebook's cuts it
    look("2-sidebar")
    assert page.outside == []
