"""Timed runs."""

from datetime import UTC, datetime, timedelta

import pytest

from aralify_kernel.domain.runs import is_late, remaining_secs, run_end

START = datetime(2024, 6, 3, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(("factor", "minutes"), [(1.0, 10), (1.5, 15), (2.0, 20)])
def test_the_personal_time_factor_moves_the_end(factor, minutes):
    assert run_end(START, 600, factor) == START + timedelta(minutes=minutes)


def test_without_a_limit_a_run_never_ends_and_nothing_is_late():
    assert run_end(START, 600, None) is None
    assert not is_late(START + timedelta(days=365), None)
    assert remaining_secs(START, None) is None


def test_exactly_at_the_end_is_in_time_and_a_moment_later_is_late():
    end = run_end(START, 600, 1.0)
    assert not is_late(end, end)
    assert is_late(end + timedelta(microseconds=1), end)


def test_the_time_left_counts_down_to_nothing_and_stays_there():
    end = run_end(START, 600, 1.0)
    assert [remaining_secs(START + timedelta(minutes=m), end) for m in (0, 9, 10, 11)] == [600.0, 60.0, 0.0, 0.0]
