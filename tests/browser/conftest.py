"""A page of a real Chromium, and a real `aralify lab` on loopback, ended by the test that started it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from aralify_kernel.client.interface import PREFIX
from aralify_kernel.courses.builtin import builtin_folder
from aralify_kernel.courses.folder import read_course
from aralify_kernel.domain.content import Exercise
from tests.labs import lab as running_lab

PATIENCE_MS = 120_000
LOCAL = ("http://127.0.0.1:", "http://localhost:", "ws://127.0.0.1:", "ws://localhost:", "data:", "blob:")


@pytest.fixture
def page(browser):
    """A page at 1280 pixels; it and what it opens remember every address outside this machine they were made to ask."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    outside: list[str] = []
    page.context.on("request", lambda request: None if request.url.startswith(LOCAL) else outside.append(request.url))
    page.outside = outside
    yield page
    page.close()


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A fresh installation's JupyterLab: new home, new workspace, no Node on PATH; code without end is stopped soon."""
    monkeypatch.setenv("ARALIFY_CELL_TIME_LIMIT_SEC", "2")
    monkeypatch.setenv("ARALIFY_JUDGE_TIME_LIMIT_SEC", "2")
    with running_lab(tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def shared_running_lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared-lab")
    own = {"home": str(folder / "home"), "workspace": str(folder / "workspace")}
    with running_lab(folder, **own, cell_time_limit_sec="2", judge_time_limit_sec="2") as running:
        yield running


@pytest.fixture
def shared_lab(shared_running_lab):
    """One JupyterLab for the visits that begin with nobody signed in, no tab open and every setting as it comes."""
    shared_running_lab.http.delete(f"{PREFIX}/session").raise_for_status()
    forgotten = shared_running_lab.http.delete("/lab/api/workspaces/default")  # what tabs the visit before had
    assert forgotten.status_code in {204, 404}, forgotten.text
    for plugin in ("@aralify/lab:plugin", "@jupyterlab/apputils-extension:themes"):
        shared_running_lab.http.put(f"/lab/api/settings/{plugin}", json={"raw": "{}"}).raise_for_status()
    return shared_running_lab


@pytest.fixture
def look(page, request):
    """Keep a screenshot for a person to look at, where `ARALIFY_TESTS_SCREENSHOTS` says."""
    folder = os.environ.get("ARALIFY_TESTS_SCREENSHOTS")
    visit = request.node.name.removeprefix("test_")

    def take(name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{visit}-{name}.png")

    return take


@pytest.fixture(scope="session")
def first_lesson():
    """The content of the lesson that a newcomer meets first."""
    return read_course(builtin_folder("courses") / "python-basics").levels[0].lessons[0].content


@pytest.fixture(scope="session")
def exercises(first_lesson):
    """Its exercises."""
    return [block for block in first_lesson.blocks if isinstance(block, Exercise)]
