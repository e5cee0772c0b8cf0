"""A class comes in at once: everybody behind one address, with typos, on a server with two processors."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from aralify_kernel.services import accounts
from tests.server.arriving import arrive
from tests.server.conftest import PASSWORD

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
    arrival = arrive(server, names, TYPOS)
    assert arrival.answers == [[401, 401, 303]] * LEARNERS
    print(
        f"{LEARNERS} learners with {TYPOS} typos each: {arrival.took:.1f} s; health meanwhile: {arrival.health:.2f} s"
    )
    assert arrival.health < arrival.took / 4, "the server stood still while passwords were looked at"
