"""The person's level and the XP at which levels begin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain.user_levels import level, level_progress, threshold

levels = st.integers(1, 10**40)
totals = st.integers(0, 10**60)


def test_the_first_thresholds_are_those_of_the_design():
    assert [threshold(number) for number in range(1, 6)] == [0, 100, 282, 519, 800]


@given(levels)
def test_a_level_begins_exactly_at_its_threshold(number):
    assert level(threshold(number)) == number
    assert level(threshold(number + 1) - 1) == number


@given(totals)
def test_a_total_lies_between_the_two_thresholds_it_is_told(xp):
    progress = level_progress(xp)
    assert progress.level == level(xp)
    assert progress.starts_at <= xp < progress.next_at


@given(totals, totals)
def test_more_xp_is_never_a_lower_level(one, other):
    assert level(min(one, other)) <= level(max(one, other))


def test_every_total_of_a_long_career_agrees_with_counting_up():
    expected = 1
    for xp in range(30_000):
        while threshold(expected + 1) <= xp:
            expected += 1
        assert level(xp) == expected


def test_there_is_no_level_zero_and_no_debt():
    with pytest.raises(ValueError, match="0"):
        threshold(0)
    with pytest.raises(ValueError, match="-1"):
        level(-1)
