"""Two hundred learners who hand in over REST at the same moment, on this machine."""

from __future__ import annotations

import pytest

from tests.server.load import COME_BACK, hand_in_at_once, kept, tokens
from tests.servers import running_server

LEARNERS = 200

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
