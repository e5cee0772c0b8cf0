"""Active time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain.active_time import active_secs, gap_secs

START = datetime(2024, 6, 3, 8, 0, tzinfo=UTC)
gaps = st.lists(st.timedeltas(timedelta(0), timedelta(minutes=7)))


def moments(steps):
    times = [START]
    for step in steps:
        times.append(times[-1] + step)
    return times


def test_a_gap_of_exactly_five_minutes_counts_and_a_longer_one_does_not():
    assert gap_secs(START, START + timedelta(minutes=5)) == 300
    assert gap_secs(START, START + timedelta(minutes=5, microseconds=1)) == 0


def test_the_first_event_and_a_clock_that_went_back_add_nothing():
    assert gap_secs(None, START) == 0
    assert gap_secs(START, START - timedelta(seconds=1)) == 0


def test_one_event_or_none_is_no_time():
    assert active_secs([]) == active_secs([START]) == 0


def test_many_short_gaps_lose_nothing_to_rounding():
    assert active_secs(moments([timedelta(milliseconds=600)] * 100)) == 60


@given(gaps)
def test_counting_as_events_come_gives_what_counting_all_of_them_gives(steps):
    times = moments(steps)
    assert sum(gap_secs(before, now) for before, now in pairwise(times)) == active_secs(times)


@given(gaps)
def test_active_time_is_never_more_than_the_time_that_passed(steps):
    times = moments(steps)
    assert 0 <= active_secs(times) <= (times[-1] - times[0]).total_seconds() + 1


@given(gaps, st.randoms())
def test_the_order_of_the_events_does_not_matter(steps, chance):
    times = moments(steps)
    shuffled = list(times)
    chance.shuffle(shuffled)
    assert active_secs(shuffled) == active_secs(times)
