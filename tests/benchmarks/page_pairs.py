"""How soon a page of a class server shows something, next to a page with one label on the same server."""

from __future__ import annotations

import json
import statistics
import time
from contextlib import suppress
from dataclasses import dataclass

import psutil

from tests import browsers

PAIRS = 10
PASSWORD = "correct horse"
PATIENCE_MS = 120_000

SHOWN = """
new MutationObserver((_, observer) => {
  if (!document.querySelector(%s)?.getClientRects().length) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => (window.shownMs = performance.now())));
}).observe(document, { subtree: true, childList: true, attributes: true });
"""
"""Keeps when a page has painted what is looked for, by its own clock from the moment it was asked for. Playwright would
tell only when it gets a word in, which is later where a page goes on with something else, such as its charts.
"""

LABEL = ("label", ".widget-label")
"""The page with one label, and what is to be seen on it; other pages are named so too."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """What all pairs show: medians."""

    ratio: float
    """The page's time to that of the label …"""
    label_sec: float
    """… which is this."""
    kernel_mb: float
    """The largest share of memory that a kernel had when the page stood."""


def measure(server, browser, page, *, cache: str) -> Pairs:
    """Open a page and that with a label by turns, in either order, with a cold or a warm browser cache."""
    times, context, kernel_mb = [], None, 0.0
    for number in range(PAIRS):
        took = {}
        for shown in (LABEL, page) if number % 2 else (page, LABEL):
            if context is None or cache == "cold":
                if context:
                    context.close()
                context = browser.new_context()
                sign_in(context, server)
                if cache == "warm":
                    for each in (LABEL, page):
                        open_and_leave(context, server, *each)
            took[shown], memory_mb = open_and_leave(context, server, *shown)
            kernel_mb = max(kernel_mb, memory_mb) if shown is page else kernel_mb
        times.append((took[LABEL], took[page]))
    context.close()
    ratio = statistics.median(ours / label for label, ours in times)
    return Pairs(ratio, statistics.median(label for label, _ in times), kernel_mb)


def sign_in(context, server) -> None:
    """Sign somebody in, in a context of a browser."""
    page = context.new_page()
    browsers.sign_in(page, server.url, server.username, PASSWORD)
    page.close()


def open_and_leave(context, server, name: str, selector: str) -> tuple[float, float]:
    """Open a page, wait for what it is opened for, and leave it as people do, so that its kernel ends.

    Return the seconds it took, and the megabytes of the largest of the server's kernels (its proportional share).
    """
    page = context.new_page()
    page.add_init_script(SHOWN % json.dumps(selector))
    page.goto(f"{server.url}/dashboards/{name}", wait_until="commit")
    took = page.wait_for_function("window.shownMs", timeout=PATIENCE_MS).json_value() / 1000
    wait_until_ready(server)
    shares = [process.memory_full_info().pss / 2**20 for process in kernels_of(server)]
    page.close(run_before_unload=True)
    wait_until_ready(server)
    return took, max(shares, default=0.0)


def wait_until_ready(server) -> None:
    """Wait until the server and its kernels rest: those that are kept ready have been started."""
    while busy_sec(server, during=0.5) > 0.1:
        pass


def busy_sec(server, during: float) -> float:
    """Return how long processors worked for the processes that were there all the time."""
    before = processor_secs(family(server))
    time.sleep(during)
    after = processor_secs(before)
    return sum(after[process] - before[process] for process in after)


def processor_secs(processes) -> dict[psutil.Process, float]:
    """Return how long processors have worked for each process that is still there."""
    found = {}
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            found[process] = sum(process.cpu_times()[:2])
    return found


def family(server) -> list[psutil.Process]:
    """Return the server and all it started."""
    process = psutil.Process(server.process.pid)
    return [process, *process.children(recursive=True)]


def kernels_of(server) -> list[psutil.Process]:
    """Return the kernels of pages, with those that are kept ready."""
    children = psutil.Process(server.process.pid).children()
    warm = [process for process in children if "aralify_kernel.server.kernels.warm" in process.cmdline()]
    return warm[0].children() if warm else []
