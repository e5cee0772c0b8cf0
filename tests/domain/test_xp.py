"""XP follows the difficulty."""

from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.xp import lesson_xp

rewards = st.integers(0, 10**9)


@given(rewards)
def test_a_harder_tier_pays_its_multiple_of_the_reward(reward):
    assert [lesson_xp(reward, tier) for tier in (Difficulty.EASY, Difficulty.MEDIUM, Difficulty.HARD)] == [
        reward,
        2 * reward,
        3 * reward,
    ]
