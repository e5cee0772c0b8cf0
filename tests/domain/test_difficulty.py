"""The three difficulties."""

import pytest

from aralify_kernel.domain.difficulty import Difficulty


def test_they_are_listed_from_easy_to_hard_and_pay_one_two_and_three_times():
    assert [(tier.name, tier.multiplier) for tier in Difficulty] == [("EASY", 1), ("MEDIUM", 2), ("HARD", 3)]


@pytest.mark.parametrize("tier", Difficulty)
def test_a_tier_is_found_by_its_slug(tier):
    assert Difficulty.from_slug(tier.slug) is tier


def test_another_slug_is_an_error():
    with pytest.raises(ValueError, match="extreme"):
        Difficulty.from_slug("extreme")
