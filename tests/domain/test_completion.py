"""Completion, mastery, and when a course is complete."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain.completion import completion_pct, is_complete, mastery_pct
from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.unlocking import LevelState, counting

EASY, ALL = frozenset({Difficulty.EASY}), frozenset(Difficulty)
NO_TIERS: frozenset[Difficulty] = frozenset()
tiers = st.frozensets(st.sampled_from(list(Difficulty)))
courses = st.lists(st.builds(LevelState, st.text("abc", min_size=1), st.integers(0, 9), st.booleans(), tiers, tiers))


def level(slug, published=ALL, completed=NO_TIERS, *, is_published=True):
    return LevelState(slug, 0, is_published, published, completed)


def test_one_tier_of_four_topics_gives_the_figures_of_the_course_format():
    course = [level("a", completed=EASY), level("b"), level("c"), level("d")]
    assert (completion_pct(course), mastery_pct(course)) == (25.0, 8.33)


def test_halves_of_a_hundredth_are_rounded_up():
    one_of_32 = [level("a", completed=ALL), *(level(f"b{n}") for n in range(31))]
    assert completion_pct(one_of_32) == mastery_pct(one_of_32) == 3.13  # 3.125


def test_topics_that_do_not_count_change_neither_figure():
    course = [level("a", completed=ALL)]
    course += [level("draft", is_published=False), level("empty", NO_TIERS), level("gone", NO_TIERS, EASY)]
    assert (completion_pct(course), mastery_pct(course), is_complete(course)) == (100.0, 100.0, True)


def test_a_course_in_which_nothing_counts_is_not_complete():
    course = [level("draft", completed=ALL, is_published=False), level("empty", NO_TIERS)]
    assert (completion_pct(course), mastery_pct(course), is_complete(course)) == (0.0, 0.0, False)


def test_a_tier_unpublished_after_it_was_completed_keeps_the_topic_complete_but_is_no_mastery_of_the_others():
    course = [level("a", published=ALL - EASY, completed=EASY)]
    assert (completion_pct(course), mastery_pct(course)) == (100.0, 0.0)


def test_no_topic_comes_to_more_than_its_published_tiers():
    assert mastery_pct([level("a", published=EASY, completed=ALL), level("b")]) == 50.0


@given(courses)
def test_the_figures_agree_with_decimal_arithmetic(course):
    counted = counting(course)
    with localcontext(prec=60):
        shares = [Decimal(len(one.completed & one.published)) / len(one.published) for one in counted]
        exact = 100 * sum(shares, Decimal(0)) / max(len(counted), 1)
        assert mastery_pct(course) == float(
            exact.quantize(Decimal("1e-40")).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        )


@given(courses)
def test_mastery_lies_between_nothing_and_everything_and_only_a_complete_course_is_at_100_percent(course):
    assert 0.0 <= mastery_pct(course) <= 100.0
    assert (completion_pct(course) == 100.0) == is_complete(course)
