"""A school at one moment, on this machine: two hundred who hand in over REST, and a class that signs in."""

from __future__ import annotations

import pytest

from tests.server.arriving import arrive
from tests.server.conftest import PASSWORD
from tests.server.load import COME_BACK, hand_in_at_once, kept, tokens
from tests.servers import running_server

LEARNERS = 200
IN_A_CLASS, TYPOS = 40, 2

pytestmark = [pytest.mark.benchmark, pytest.mark.slow, pytest.mark.timeout(3600)]


def test_two_hundred_learners_who_hand_in_at_once_are_all_judged(tmp_path, capsys):
    with running_server(tmp_path) as server:
        of = tokens(server, [f"pupil{number}" for number in range(LEARNERS)])
        hand_in_at_once(server, tokens(server, ["first"]))  # the grader starts with the first answer
        load = hand_in_at_once(server, of)
        counts = kept(server, "of pupil%")
    with capsys.disabled():
        asked = ", ".join(f"{count} × {status}" for status, count in sorted(load.statuses.items()))
        times = ", ".join(f"p{round(100 * share)} {load.within(share):.1f} s" for share in (0.5, 0.95, 1.0))
        print(f"\n{LEARNERS} learners at once over REST: {asked}; judged after {times}; "
              f"{LEARNERS / load.took:.1f} answers a second")  # fmt: skip
    assert load.statuses.keys() <= {201, *COME_BACK}
    assert counts == {f"of {name}": 1 for name in of}


def test_how_soon_a_class_behind_one_address_is_in_after_two_typos_each(tmp_path, capsys):
    """With passwords hashed as they are for everybody; the test in tests/server takes less effort."""
    with running_server(tmp_path, trusted_proxies="127.0.0.1") as server:
        names = [f"learner{number}" for number in range(IN_A_CLASS)]
        for name in names:
            server.application.add_user(name, password=PASSWORD)
        arrival = arrive(server, names, TYPOS)
    with capsys.disabled():
        print(f"\n{IN_A_CLASS} learners behind one address with {TYPOS} typos each: all in after {arrival.took:.1f} s, "
              f"limit 60 s on a machine that does nothing else; health meanwhile {arrival.health:.2f} s")  # fmt: skip
    assert arrival.answers == [[401, 401, 303]] * IN_A_CLASS
