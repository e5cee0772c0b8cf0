"""A class that comes in at once: everybody behind one address, each with typos, while the server is watched."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from tests.server.conftest import PASSWORD
from tests.servers import post

if TYPE_CHECKING:
    from tests.servers import Server


@dataclass(frozen=True)
class Arrival:
    """What each was answered, how long it took until the last was in, and how soon others were answered meanwhile."""

    answers: list[list[int]]
    took: float
    health: float


def arrive(server: Server, names: list[str], typos: int) -> Arrival:
    """Let everybody sign in at the same moment, the right password after so many wrong ones."""
    everybody_is_in, health = Event(), []

    def come_in(name: str) -> list[int]:
        browser = server.browser("203.0.113.200")
        browser.get("/sign-in")
        tried = ["a typo"] * typos + [PASSWORD]
        return [post(browser, "/sign-in", username=name, password=password).status_code for password in tried]

    def look_in() -> None:
        browser = server.browser()
        while not everybody_is_in.wait(0.2):
            began = time.perf_counter()
            assert browser.get("/aralify/health").status_code == 200
            health.append(time.perf_counter() - began)

    with ThreadPoolExecutor(len(names) + 1) as threads:
        watching = threads.submit(look_in)
        began = time.perf_counter()
        try:
            answers = list(threads.map(come_in, names))
        finally:
            everybody_is_in.set()
        took = time.perf_counter() - began
        watching.result()
    return Arrival(answers, took, statistics.median(health))
