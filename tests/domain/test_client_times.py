"""Whose word counts for the date of an answer that had to wait."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain.client_times import BELIEVED_FOR, moment_of

RECEIVED = dt.datetime(2026, 6, 8, 7, tzinfo=dt.UTC)
LONG_AGO = RECEIVED - dt.timedelta(days=30)
SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("claimed", "is_believed"),
    [
        (RECEIVED, True),
        (RECEIVED - dt.timedelta(hours=5), True),
        (RECEIVED - BELIEVED_FOR, True),
        (RECEIVED - BELIEVED_FOR - SECOND, False),
        (RECEIVED + SECOND, False),
        (RECEIVED + dt.timedelta(days=400), False),
        (dt.datetime(1970, 1, 1, tzinfo=dt.UTC), False),
        ((RECEIVED - dt.timedelta(hours=5)).replace(tzinfo=None), False),
    ],
)
def test_a_time_is_believed_when_it_lies_at_most_72_hours_back_and_not_ahead(claimed, is_believed):
    moment = moment_of(claimed, received=RECEIVED, signed_in=LONG_AGO)
    assert moment == (claimed if is_believed else RECEIVED)


@pytest.mark.parametrize(("claimed_min", "is_believed"), [(-1, False), (0, True), (1, True)])
def test_a_time_before_the_sign_in_began_is_not_believed(claimed_min, is_believed):
    signed_in = RECEIVED - dt.timedelta(hours=2)
    claimed = signed_in + dt.timedelta(minutes=claimed_min)
    assert (moment_of(claimed, received=RECEIVED, signed_in=signed_in) == claimed) is is_believed


def test_without_a_claim_or_a_sign_in_the_time_of_arrival_counts():
    assert moment_of(None, received=RECEIVED, signed_in=LONG_AGO) == RECEIVED
    assert moment_of(RECEIVED - SECOND, received=RECEIVED, signed_in=None) == RECEIVED


@given(claimed=st.datetimes(timezones=st.timezones()), signed_in=st.datetimes(timezones=st.just(dt.UTC)))
def test_whatever_is_claimed_the_moment_is_never_ahead_nor_older_than_72_hours(claimed, signed_in):
    moment = moment_of(claimed, received=RECEIVED, signed_in=signed_in)
    assert RECEIVED - BELIEVED_FOR <= moment <= RECEIVED
