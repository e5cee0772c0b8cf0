"""The page in a real browser: in Voilà as `aralify lab` configures it, and in JupyterLab."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

import aralify_kernel
from tests.browsers import wait_until
from tests.dashboards.made_progress import AWARDS, WEEKS

ROOT = Path(__file__).parent.parent.parent
JUPYTER_CONFIG = Path(aralify_kernel.__file__).parent / "cli" / "jupyter"
SOURCE = """\
from aralify_kernel.dashboards.my_progress import my_progress
from tests.browsers import wait_until
from tests.dashboards.made_progress import MadeSession, make_progress

my_progress(MadeSession(make_progress()))
"""
PATIENCE_MS = 120_000
DRAWN = "document.querySelectorAll('[data-drawn]').length === 3"
KERNEL_IS_IDLE = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dashboards")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    cell = {"cell_type": "code", "execution_count": None, "id": "page", "metadata": {}, "outputs": [], "source": SOURCE}
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (folder / "page.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def voila(folder):
    with serving(folder, "voila", "--no-browser", "--port={port}", ".") as address:
        yield f"{address}/voila/render/page.ipynb"


@pytest.fixture(scope="module")
def lab(folder):
    options = ("--no-browser", "--ServerApp.port={port}", "--ServerApp.token=", "--ServerApp.allow_root=True")
    with serving(folder, "jupyterlab", *options, "--LabApp.expose_app_in_browser=True") as address:
        yield f"{address}/lab/tree/page.ipynb"


@contextmanager
def serving(folder, module, *arguments):
    """Run `python -m module` in `folder` on a free port of the loopback until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ARALIFY_HOME": str(folder / "home"),
        "ARALIFY_WORKSPACE": str(folder),
        "JUPYTER_CONFIG_PATH": str(JUPYTER_CONFIG),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }
    command = [sys.executable, "-m", module, *(argument.format(port=port) for argument in arguments)]
    with (folder / f"{module}.log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            wait_for_answer(f"http://127.0.0.1:{port}/", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def wait_for_answer(address, server, patience_sec=60):
    end = time.monotonic() + patience_sec
    while time.monotonic() < end and server.poll() is None:
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - our own server
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"{address} did not answer")


@contextmanager
def windows(browser):
    """Give what opens an address in a window of its own; what it asks for and complains about is in `asked` and `wrong`."""
    opened = []

    def open_page(address, width=1280, dark=False):
        window = browser.new_context(viewport={"width": width, "height": 1000})
        opened.append(window)
        page = window.new_page()
        page.asked, page.wrong = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda line: page.wrong.append(line.text) if line.type == "error" else None)
        page.goto(f"{address}?theme={'dark' if dark else 'light'}", timeout=90_000)
        return page

    yield open_page
    for window in opened:
        window.close()


@pytest.fixture
def visit(browser):
    with windows(browser) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def drawn(browser, voila):
    """The page in the light theme, for tests that only look at it."""
    with windows(browser) as open_page:
        page = open_page(voila)
        wait_until(page, DRAWN, PATIENCE_MS)
        yield page


def test_all_charts_are_drawn_with_every_point(drawn, tmp_path):
    drawn.screenshot(path=tmp_path / "progress.png")
    count = drawn.locator
    assert count("[data-figure=xp] path.point").count() == len(AWARDS) + 2
    assert count("[data-figure=xp] path.js-line").get_attribute("d").count("H") >= len(AWARDS) - 1
    assert count("[data-figure=courses] .barlayer .point path").count() == 4
    numbers = drawn.locator("[data-figure=days] .heatmap-label text").all_text_contents()
    assert sorted(int(number) for number in numbers if number) == sorted(n for week in WEEKS for n in week if n)


def test_nothing_is_asked_of_any_other_machine_and_nothing_goes_wrong(drawn):
    hosts = {urlsplit(url).hostname for url in drawn.asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}
    assert drawn.wrong == []


def test_no_bundle_comes_along_that_the_page_does_not_use(drawn):
    extensions = {
        url.split("/labextensions/")[1].split("/static/")[0] for url in drawn.asked if "/labextensions/" in url
    }
    assert extensions == {"@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", "anywidget"}


def test_the_language_changes_in_place_and_the_focus_and_an_opened_table_stay(voila, visit):
    page = visit(voila)
    wait_until(page, DRAWN, PATIENCE_MS)
    page.get_by_text("Show as table").first.click()
    page.get_by_role("button", name="Filipino").press("Enter")
    page.get_by_role("heading", name="Ang progreso ko").wait_for()
    wait_until(page, DRAWN)
    page.get_by_role("cell", name="Mga loop E").wait_for(state="visible")
    assert "Nob" in " ".join(page.locator("[data-figure=xp] .xtick").all_text_contents())
    assert page.evaluate("document.activeElement.textContent") == "Filipino"
    assert page.evaluate("document.documentElement.lang") == "fil"
    assert page.title() == "Ang progreso ko · Aralify"


def colour_of_line(page):
    return page.locator("[data-figure=xp] path.js-line").evaluate("line => getComputedStyle(line).stroke")


def test_the_charts_take_the_colours_of_the_theme(drawn, voila, visit):
    assert colour_of_line(drawn) == "rgb(122, 56, 114)"
    dark = visit(voila, dark=True)
    wait_until(dark, DRAWN, PATIENCE_MS)
    assert colour_of_line(dark) == "rgb(215, 154, 205)"


def test_a_phone_shows_all_of_it_without_sideways_scrolling_and_redraws_the_charts_when_turned(voila, visit, tmp_path):
    page = visit(voila, width=400)
    wait_until(page, DRAWN, PATIENCE_MS)
    page.screenshot(path=tmp_path / "phone.png")
    too_wide = """() => [...document.querySelectorAll('.ar *')]
        .filter(part => !part.closest('.ar-scroll') && part.getBoundingClientRect().right > innerWidth + 1)
        .map(part => part.outerHTML.slice(0, 80))"""
    assert page.evaluate(too_wide) == []
    narrow = page.locator("[data-figure=xp] .main-svg").first.bounding_box()["width"]
    page.set_viewport_size({"width": 800, "height": 400})
    wait_until(
        page,
        """narrow => {
            const place = document.querySelector('[data-figure=xp]');
            const drawn = place.querySelector('.main-svg').getBoundingClientRect().width;
            return drawn > narrow && Math.abs(drawn - place.clientWidth) <= 1;
        }""",
        arg=narrow,
    )


def test_the_second_visit_takes_plotly_from_the_browsers_cache(drawn):
    kept = drawn.evaluate(
        "caches.open('aralify-plotly').then(cache => cache.keys()).then(keys => keys.map(k => k.url))"
    )
    assert len(kept) == 1
    assert kept[0].endswith(".js.gz")
    again = drawn.context.new_page()
    heard = []
    again.on("websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(len(frame))))
    again.goto(drawn.url)
    wait_until(again, DRAWN, PATIENCE_MS)
    again.close()
    assert sum(heard) < 500_000


def test_it_draws_in_jupyterlab_too(lab, visit, tmp_path):
    page = visit(lab)
    wait_until(page, KERNEL_IS_IDLE, PATIENCE_MS)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    wait_until(page, DRAWN, PATIENCE_MS)
    page.screenshot(path=tmp_path / "lab.png")
    assert page.locator("[data-figure=xp] path.point").count() == len(AWARDS) + 2
    hosts = {urlsplit(url).hostname for url in page.asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}
