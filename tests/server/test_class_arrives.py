"""A class comes in at once: everybody behind one address, with typos, on a server with two processors."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from argon2 import PasswordHasher

from aralify_kernel.services import accounts
from tests.server.conftest import PASSWORD
from tests.servers import post

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

LEARNERS, TYPOS = 40, 2


@pytest.fixture
def names(server):
    """The user names of a class, who all have the same password.

    Its hash was made with less effort than today's, so that a typo costs a tenth; whoever is in gets one of today's.
    """
    application, found = server.application, [f"learner{number}" for number in range(LEARNERS)]
    prepared = accounts.prepared(accounts.NewAccount("learner"))
    prepared["password_hash"] = PasswordHasher(time_cost=1, memory_cost=16384, parallelism=1).hash(PASSWORD)
    with application.database.write(alone=True) as tx:
        for name in found:
            accounts.add_prepared(tx, prepared | {"username": name}, now=application.now())
    return found


def test_everybody_is_in_after_two_typos_each_and_the_server_answers_meanwhile(server, names):
    """Nobody is delayed, so that the time it takes is that of the passwords; -rP prints it."""
    everybody_is_in, health = Event(), []

    def come_in(name):
        browser = server.browser("203.0.113.200")
        browser.get("/sign-in")
        answers = [post(browser, "/sign-in", username=name, password="a typo").status_code for _ in range(TYPOS)]
        return [*answers, post(browser, "/sign-in", username=name, password=PASSWORD).status_code]

    def look_in():
        browser = server.browser()
        while not everybody_is_in.wait(0.2):
            began = time.perf_counter()
            assert browser.get("/aralify/health").status_code == 200
            health.append(time.perf_counter() - began)

    with ThreadPoolExecutor(LEARNERS + 1) as threads:
        watching = threads.submit(look_in)
        began = time.perf_counter()
        try:
            answers = list(threads.map(come_in, names))
        finally:
            everybody_is_in.set()
        took = time.perf_counter() - began
        watching.result()
    assert answers == [[401, 401, 303]] * LEARNERS
    print(
        f"{LEARNERS} learners with {TYPOS} typos each: {took:.1f} s; health meanwhile: {statistics.median(health):.2f} s"
    )
    assert statistics.median(health) < took / 4, "the server stood still while passwords were looked at"
