"""How soon a dashboard shows something, next to a page with one label on the same server, and what a viewer takes."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

import pytest

from aralify_kernel.services.demo.classes import Wish, make_up
from tests.benchmarks.page_pairs import (
    PAIRS,
    PASSWORD,
    PATIENCE_MS,
    family,
    kernels_of,
    measure,
    sign_in,
    wait_until_ready,
)
from tests.server.hosting import PROGRAM, write_pages
from tests.servers import running_server

VIEWERS = 8
MY_PROGRESS = ("my-progress", ".ar-page h1")
"""The page, and what is to be seen first on it."""

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(sys.platform != "linux", reason="class servers run on Linux"),
]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    dashboards = Path(__file__).parents[2] / "notebooks/dashboards"
    return write_pages(tmp_path_factory.mktemp("hosted") / "pages", dashboards)


@pytest.fixture(scope="module", params=["preheated", "not preheated"])
def server(request, tmp_path_factory, pages):
    """A class server with somebody who has learned for a month."""
    settings = {"kernels_per_user": str(VIEWERS + 2), "preheated_kernels": str(int(request.param == "preheated"))}
    with running_server(tmp_path_factory.mktemp("server"), program=("-c", PROGRAM, str(pages)), **settings) as running:
        app = running.application
        wish = Wish(3, 30, 1, "Demo")
        make_up(app.database, wish, grader=lambda: app.grader, on_progress=lambda *_: None, now=app.now())
        running.username = max(app.users(), key=lambda profile: profile.xp_total).username
        app.set_password(running.username, PASSWORD)
        running.kind = request.param
        yield running


@pytest.mark.parametrize("cache", ["cold", "warm"])
def test_how_soon_a_dashboard_shows_its_first_widget(server, browser, capsys, cache):
    found = measure(server, browser, MY_PROGRESS, cache=cache)
    with capsys.disabled():
        print(
            f"\nfirst widget of my-progress, {server.kind}, {cache} browser cache: {found.ratio:.2f} of a one-label page "
            f"({found.label_sec:.2f} s), limit 1.50, {PAIRS} pairs"
        )
    assert found.ratio <= 1.5


def test_how_much_memory_a_viewer_takes(server, browser, capsys):
    context = browser.new_context()
    sign_in(context, server)
    before, kernels = memory_mb(server), set(kernels_of(server))
    for _ in range(VIEWERS):
        page = context.new_page()
        page.goto(f"{server.url}/dashboards/{MY_PROGRESS[0]}", wait_until="commit")
        page.wait_for_selector(MY_PROGRESS[1], timeout=PATIENCE_MS)
    wait_until_ready(server)
    each = (memory_mb(server) - before) / VIEWERS
    new = [process for process in kernels_of(server) if process not in kernels]
    shares = statistics.median(process.memory_full_info().pss for process in new) / 2**20
    with capsys.disabled():
        print(
            f"\nmemory per viewer of my-progress, {server.kind}, {VIEWERS} at once: {each:.0f} MB more on the server "
            f"for each (proportional share of a kernel: {shares:.0f} MB)"
        )
    context.close()


def memory_mb(server) -> float:
    """The memory of the server and all it started, what they share counted once."""
    return sum(process.memory_full_info().pss for process in family(server)) / 2**20
