"""Streaks: days in a row by the learner's own calendar, wherever they are."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain.streaks import LocalDay, StreakState, extend, local_date, local_day, rebuild, shown
from aralify_kernel.errors import InvalidValue

MANILA, LOS_ANGELES, HONOLULU = "Asia/Manila", "America/Los_Angeles", "Pacific/Honolulu"
WEST, EAST = "Etc/GMT+12", "Pacific/Kiritimati"  # UTC−12 and UTC+14


def at(wall_clock, tz):
    """Return the learner's day when the clocks of `tz` show `wall_clock`."""
    from zoneinfo import ZoneInfo

    return local_day(datetime.fromisoformat(wall_clock).replace(tzinfo=ZoneInfo(tz)).astimezone(UTC), tz)


def streak(*events):
    return rebuild(at(wall_clock, tz) for wall_clock, tz in events).current


def in_manila(day):
    return at(f"{day}T12:00", MANILA)


def test_half_past_eleven_at_night_and_half_past_seven_in_the_morning_are_two_days_in_manila():
    assert streak(("2024-06-03T23:30", MANILA), ("2024-06-04T07:30", MANILA)) == 2


def test_two_attempts_on_one_day_are_one_day():
    assert streak(("2024-06-03T00:00", MANILA), ("2024-06-03T23:59", MANILA)) == 1


@pytest.mark.parametrize(("tz", "expected"), [(WEST, "2024-06-02"), (EAST, "2024-06-04"), (MANILA, "2024-06-03")])
def test_the_date_is_the_learners_own_from_one_end_of_the_world_to_the_other(tz, expected):
    moment = datetime(2024, 6, 3, 11, 0, tzinfo=UTC)
    assert local_date(moment, tz) == date.fromisoformat(expected)


@pytest.mark.parametrize("tz", [WEST, EAST, "Asia/Kathmandu", "America/St_Johns"])
def test_midnight_is_where_the_day_turns(tz):
    assert streak(("2024-06-03T23:59", tz), ("2024-06-04T00:00", tz)) == 2


@pytest.mark.parametrize("change", ["2024-03-10", "2024-11-03"])
def test_a_day_with_23_or_25_hours_is_one_day_like_any_other(change):
    day = date.fromisoformat(change)
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    clock = "America/New_York"
    assert streak((f"{before}T23:59", clock), (f"{day}T00:00", clock), (f"{after}T00:00", clock)) == 3
    assert streak((f"{day}T00:00", clock), (f"{day}T23:59", clock)) == 1
    assert streak((f"{before}T12:00", clock), (f"{after}T00:30", clock)) == 1, "a whole day was missed"


def test_an_hour_that_happens_twice_belongs_to_its_date():
    first = datetime(2024, 11, 3, 5, 30, tzinfo=UTC)
    assert {local_date(first + timedelta(hours=n), "America/New_York") for n in (0, 1)} == {date(2024, 11, 3)}


def test_the_leap_day_is_a_day():
    assert streak(*((f"2024-{day}T20:00", MANILA) for day in ("02-28", "02-29", "03-01"))) == 3
    assert streak(("2024-02-28T20:00", MANILA), ("2024-03-01T20:00", MANILA)) == 1
    assert streak(("2023-02-28T20:00", MANILA), ("2023-03-01T20:00", MANILA)) == 2


def test_a_missed_day_begins_a_new_streak_and_keeps_the_longest():
    state = rebuild(in_manila(day) for day in ("2024-06-01", "2024-06-02", "2024-06-03", "2024-06-05"))
    assert (state.current, state.longest) == (1, 3)


def test_a_change_of_zone_rewrites_no_day_that_was_counted():
    late = at("2024-06-03T23:30", MANILA)  # still 3 June there, though it is 16:30 in London
    state = rebuild([late, at("2024-06-04T09:00", "Europe/London")])
    assert (state.current, state.last.date) == (2, date(2024, 6, 4))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("2024-06-03T20:00", LOS_ANGELES), ("2024-06-05T20:00", MANILA)),
        (("2024-06-03T07:00", LOS_ANGELES), ("2024-06-05T21:00", MANILA)),
        (("2024-06-03T22:00", HONOLULU), ("2024-06-05T06:00", "Asia/Tokyo")),
        (("2024-06-03T23:30", "Pacific/Pago_Pago"), ("2024-06-05T08:00", "Pacific/Apia")),
        (("2024-01-03T20:00", "Europe/London"), ("2024-01-05T07:00", "Pacific/Auckland")),
        (("2024-06-03T23:30", WEST), ("2024-06-06T09:00", EAST)),
    ],
)
def test_a_date_that_a_flight_swallowed_is_forgiven(before, after):
    assert streak(before, after) == 2
    assert shown(rebuild([at(*before)]), at(*after)) == 1


def test_a_date_that_a_country_skipped_is_forgiven():
    assert streak(("2011-12-29T20:00", "Pacific/Apia"), ("2011-12-31T20:00", "Pacific/Apia")) == 2


def test_more_than_the_swallowed_date_is_not_forgiven():
    assert streak(("2024-06-03T20:00", LOS_ANGELES), ("2024-06-06T08:00", MANILA)) == 1


@pytest.mark.parametrize(("there", "then"), [(MANILA, "Asia/Tokyo"), (LOS_ANGELES, "America/New_York")])
def test_a_short_trip_forgives_nothing(there, then):
    assert streak(("2024-06-03T20:00", there), ("2024-06-05T08:00", then)) == 1


def test_a_date_that_comes_twice_counts_once_and_breaks_nothing():
    assert (
        streak(
            ("2024-06-03T20:00", MANILA),
            ("2024-06-04T08:00", MANILA),
            ("2024-06-03T21:00", LOS_ANGELES),  # the same night, over the date line
            ("2024-06-04T20:00", LOS_ANGELES),
            ("2024-06-05T20:00", LOS_ANGELES),
        )
        == 3
    )


def test_a_flight_there_and_back_keeps_the_streak():
    assert (
        streak(
            ("2024-06-03T20:00", MANILA),
            ("2024-06-03T18:00", LOS_ANGELES),
            ("2024-06-05T20:00", MANILA),
            ("2024-06-06T20:00", MANILA),
        )
        == 3
    )


def test_the_streak_is_shown_until_a_whole_day_was_missed():
    state = rebuild([in_manila("2024-06-03"), in_manila("2024-06-04")])
    assert [shown(state, in_manila(f"2024-06-0{day}")) for day in (3, 4, 5, 6)] == [2, 2, 2, 0]


def test_nobody_starts_with_a_streak():
    assert shown(StreakState(), in_manila("2024-06-03")) == 0


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a time zone"):
        local_date(datetime(2024, 6, 3), MANILA)  # noqa: DTZ001 - that is the point


def test_an_unknown_zone_is_refused_in_words():
    with pytest.raises(InvalidValue, match="“Manila” is no time zone"):
        local_date(datetime(2024, 6, 3, tzinfo=UTC), "Manila")


def test_the_zone_the_moment_is_written_in_does_not_matter():
    moment = datetime(2024, 6, 3, 20, tzinfo=UTC)
    assert local_day(moment, MANILA) == local_day(moment.astimezone(timezone(timedelta(hours=-9))), MANILA)


dates = st.dates(date(2024, 1, 1), date(2024, 3, 31))
at_home = st.builds(LocalDay, dates, st.just(480))
anywhere = st.builds(LocalDay, dates, st.integers(-12 * 60, 14 * 60))


@given(st.lists(at_home))
def test_at_home_the_streak_is_the_run_of_dates_that_ends_on_the_last_one(days):
    ordered = sorted(days, key=lambda day: day.date)
    active = {day.date for day in days}
    state = rebuild(ordered)
    run = 0
    while active and max(active) - timedelta(days=run) in active:
        run += 1
    assert state.current == run
    assert state.longest >= run


@given(st.lists(anywhere))
def test_no_order_of_days_and_zones_counts_a_date_twice(days):
    state = rebuild(days)
    assert state.current <= state.longest <= len({day.date for day in days})
    assert (state.current == 0) == (not days)


@given(st.lists(anywhere), anywhere)
def test_repeating_the_last_day_changes_nothing(days, day):
    state = extend(rebuild(days), day)
    assert extend(state, day) == state


@given(st.lists(anywhere, min_size=1), anywhere)
def test_what_is_shown_is_what_another_attempt_would_build_on(days, today):
    state = rebuild(days)
    goes_on = extend(state, today).current >= state.current + (today.date > state.last.date)
    assert shown(state, today) in {0, state.current}
    assert goes_on or shown(state, today) == 0
