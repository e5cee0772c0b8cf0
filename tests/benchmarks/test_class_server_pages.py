"""How soon a dashboard shows something, next to a page with one label on the same server, and what a viewer takes."""

from __future__ import annotations

import statistics
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from aralify_kernel.services.demo.classes import Wish, make_up
from tests.server.hosting import PROGRAM, write_pages
from tests.servers import running_server

PAIRS = 10
VIEWERS = 8
PASSWORD = "correct horse"
FIRST_WIDGET = {"my-progress": ".ar-page h1", "label": ".widget-label"}
PATIENCE_MS = 120_000

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


def sign_in(context, server) -> None:
    page = context.new_page()
    page.goto(f"{server.url}/sign-in")
    page.fill("input[name=username]", server.username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{server.url}/")
    page.close()


def seconds_to_first_widget(context, server, name: str) -> float:
    """Open a page, wait for its first widget, and leave it as people do, so that its kernel ends."""
    page = context.new_page()
    begin = time.perf_counter()
    page.goto(f"{server.url}/dashboards/{name}", wait_until="commit")
    page.wait_for_selector(FIRST_WIDGET[name], timeout=PATIENCE_MS)
    took = time.perf_counter() - begin
    page.close(run_before_unload=True)
    wait_until_ready(server)
    return took


def wait_until_ready(server) -> None:
    """Wait until the server and its kernels rest: those that are kept ready have been started."""
    while busy_sec(server, during=0.5) > 0.1:
        pass


def busy_sec(server, during: float) -> float:
    """How long processors worked for the processes that were there all the time."""
    before = {process: process.cpu_times() for process in family(psutil.Process(server.process.pid))}
    time.sleep(during)
    busy = 0.0
    for process, times in before.items():
        with suppress(psutil.NoSuchProcess):
            busy += sum(process.cpu_times()[:2]) - sum(times[:2])
    return busy


def family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


@pytest.mark.parametrize("cache", ["cold", "warm"])
def test_how_soon_a_dashboard_shows_its_first_widget(server, browser, capsys, cache):
    pairs, context = [], None
    for number in range(PAIRS):
        names = ("label", "my-progress") if number % 2 else ("my-progress", "label")
        seconds = {}
        for name in names:
            if context is None or cache == "cold":
                if context:
                    context.close()
                context = browser.new_context()
                sign_in(context, server)
                if cache == "warm":
                    for each in names:
                        seconds_to_first_widget(context, server, each)
            seconds[name] = seconds_to_first_widget(context, server, name)
        pairs.append((seconds["label"], seconds["my-progress"]))
    context.close()
    label = statistics.median(label for label, _ in pairs)
    ratio = statistics.median(ours / label for label, ours in pairs)
    with capsys.disabled():
        print(
            f"\nfirst widget of my-progress, {server.kind}, {cache} browser cache: {ratio:.2f} of a one-label page "
            f"({label:.2f} s), limit 1.50, {PAIRS} pairs"
        )
    assert ratio <= 1.5


def test_how_much_memory_a_viewer_takes(server, browser, capsys):
    context = browser.new_context()
    sign_in(context, server)
    before, kernels = memory_mb(server), set(kernels_of(server))
    for _ in range(VIEWERS):
        page = context.new_page()
        page.goto(f"{server.url}/dashboards/my-progress", wait_until="commit")
        page.wait_for_selector(FIRST_WIDGET["my-progress"], timeout=PATIENCE_MS)
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


def kernels_of(server) -> list[psutil.Process]:
    warm = [
        process
        for process in psutil.Process(server.process.pid).children()
        if "aralify_kernel.server.kernels.warm" in process.cmdline()
    ]
    return warm[0].children() if warm else []


def memory_mb(server) -> float:
    """The memory of the server and all it started, what they share counted once."""
    return sum(process.memory_full_info().pss for process in family(psutil.Process(server.process.pid))) / 2**20
