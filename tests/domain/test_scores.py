"""A lesson's score and status."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain.scores import Earned, best_points, judged, lesson_score, opened, raised, timed_score
from aralify_kernel.domain.session import LessonStatus

POINTS = {"area": 3, "sum": 2, "quiz": 1}
attempts = st.lists(
    st.builds(
        Earned, st.sampled_from(["area", "sum", "quiz", "gone"]), st.integers(0, 5), st.integers(1, 3), st.booleans()
    )
)
points = st.dictionaries(st.sampled_from(["area", "sum", "quiz"]), st.integers(1, 5), min_size=1)


def test_the_best_single_attempt_counts_not_the_sum_of_checks_passed_in_different_ones():
    tries = [Earned("area", 2), Earned("area", 1), Earned("area", 2)]
    assert lesson_score(best_points(tries), {"area": 3}) == 67


@pytest.mark.parametrize(("best", "of", "score"), [(1, 8, 13), (1, 200, 1), (1, 201, 0), (199, 200, 100), (2, 3, 67)])
def test_the_score_is_rounded_half_up(best, of, score):
    assert lesson_score({"area": best}, {"area": of}) == score


def test_an_activity_without_an_attempt_counts_as_nothing():
    assert lesson_score({"area": 3}, POINTS) == 50


def test_an_activity_that_left_the_lesson_or_shrank_cannot_push_the_score_above_100():
    assert lesson_score({"area": 9, "gone": 50}, {"area": 3}) == 100


def test_a_lesson_without_points_scores_nothing():
    assert lesson_score({}, {}) == 0


def test_late_attempts_earn_no_points():
    tries = [Earned("area", 1, run=1), Earned("area", 3, run=1, late=True)]
    assert timed_score(tries, {"area": 3}) == 33


def test_points_of_one_run_are_not_added_to_those_of_another():
    tries = [Earned("area", 3, run=1), Earned("quiz", 1, run=2), Earned("sum", 2, run=2)]
    assert timed_score(tries, POINTS) == 50


def test_a_timed_lesson_without_attempts_scores_nothing():
    assert timed_score([], POINTS) == 0


@given(attempts, points)
def test_the_score_of_the_best_run_is_the_highest_that_any_run_has_alone(tries, worth):
    alone = [timed_score([one for one in tries if one.run == run], worth) for run in (1, 2, 3)]
    assert timed_score(tries, worth) == max(alone)


@given(attempts, points, st.randoms())
def test_neither_the_order_of_attempts_nor_a_repeated_one_changes_the_score(tries, worth, chance):
    shuffled = [*tries, *tries[:2]]
    chance.shuffle(shuffled)
    assert timed_score(shuffled, worth) == timed_score(tries, worth)


@given(attempts, points)
def test_a_score_is_a_percentage_and_one_more_attempt_never_lowers_it(tries, worth):
    scores = [lesson_score(best_points(tries[:n]), worth) for n in range(len(tries) + 1)]
    assert scores == sorted(scores)
    assert 0 <= scores[0] <= scores[-1] <= 100


def test_a_score_never_falls_when_the_lesson_changes():
    assert raised(80, 60) == 80
    assert raised(80, 90) == 90


@pytest.mark.parametrize("status", LessonStatus)
def test_a_status_never_goes_back(status):
    order = list(LessonStatus)
    for after in (opened(status), judged(status, 0, 80), judged(status, 100, 80)):
        assert order.index(after) >= order.index(status)


def test_a_lesson_is_completed_at_its_pass_score_and_in_progress_below():
    assert judged(LessonStatus.NOT_STARTED, 80, 80) is LessonStatus.COMPLETED
    assert judged(LessonStatus.NOT_STARTED, 79, 80) is LessonStatus.IN_PROGRESS
    assert judged(LessonStatus.COMPLETED, 0, 80) is LessonStatus.COMPLETED
