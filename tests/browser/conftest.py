"""A page of a real Chromium, and a real `aralify lab` on loopback, ended by the test that started it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.labs import lab as running_lab

PATIENCE_MS = 120_000
LOCAL = ("http://127.0.0.1:", "http://localhost:", "ws://127.0.0.1:", "ws://localhost:", "data:", "blob:")


@pytest.fixture
def page(browser):
    """A page at 1280 pixels that remembers every address outside this machine it was made to ask."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    outside: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(LOCAL) else outside.append(request.url))
    page.outside = outside
    yield page
    page.close()


@pytest.fixture
def lab(tmp_path):
    """A fresh installation's JupyterLab: new home, new workspace, no Node on PATH."""
    with running_lab(tmp_path) as running:
        yield running
