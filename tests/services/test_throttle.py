"""Failed sign-ins at a class server: who is delayed by whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from aralify_kernel.errors import AralifyError, TooManyTries, WrongPassword
from aralify_kernel.services import accounts, passwords, sign_ins, throttle
from aralify_kernel.services.throttle import Place
from tests.databases import SQLITE_ONLY

PASSWORD = "a few words in a row"
SCHOOL, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def matches(known, given, *, exists):
    return exists and (not given if known is None else known == f"hash of {given}")


@pytest.fixture
def school(world, monkeypatch):
    """A class server where ana and ben have accounts; a hash is made at once, as its cost is not the subject here."""
    monkeypatch.setattr(passwords, "hashed", lambda password: f"hash of {password}")
    monkeypatch.setattr(passwords, "is_outdated", lambda _: False)
    monkeypatch.setattr(passwords, "matches", matches)
    for name in ("ana", "ben"):
        accounts.add(world.database, accounts.NewAccount(name, PASSWORD), now=world.clock())
    return world


def attempt(world, name="ana", password=PASSWORD, address=SCHOOL, device=None):
    return sign_ins.sign_in(world.database, name, password, place=Place(address, device), now=world.clock())


def fail(world, times, **where):
    """Fail so many times without waiting, and say how many were delayed."""
    refused = []
    for _ in range(times):
        with pytest.raises((WrongPassword, TooManyTries)) as caught:
            attempt(world, password="not this one", **where)
        refused.append(caught.type)
    return refused.count(TooManyTries)


def test_who_guesses_from_elsewhere_delays_only_themselves(school):
    assert fail(school, 20, address=ELSEWHERE) > 10
    with pytest.raises(TooManyTries):
        attempt(school, address=ELSEWHERE)
    assert attempt(school)


def test_a_neighbour_behind_the_same_address_does_not_delay_a_browser_that_its_owner_used_before(school):
    assert fail(school, 20) > 10
    with pytest.raises(TooManyTries):
        attempt(school)
    assert attempt(school, device="own")


def test_a_browser_that_somebody_used_before_is_delayed_too_when_it_guesses(school):
    assert fail(school, 20, device="own") > 10
    with pytest.raises(TooManyTries):
        attempt(school, device="own")
    assert attempt(school)


def test_a_sign_in_that_succeeds_forgets_what_failed_there(school):
    fail(school, 3)
    attempt(school)
    assert school.rows("SELECT * FROM login_attempts WHERE username = 'ana'") == []


def test_an_address_may_fail_as_often_as_some_classes_do_and_has_it_back_with_time(school, monkeypatch):
    monkeypatch.setattr(throttle, "AT_ONCE", 10)
    for number in range(10):
        fail(school, 1, name=f"nobody{number}")
    assert attempt(school, "ben"), "who has not failed there is refused nothing"
    assert fail(school, 2, name="nobody1") == 2
    assert fail(school, 1, name="nobody1", address=ELSEWHERE) == 0
    school.clock.turn(seconds=31)
    assert fail(school, 1, name="nobody1") == 0
    school.clock.turn(seconds=60)
    for number in range(10):
        fail(school, 1, name=f"nobody{number}")


def test_sign_ins_that_succeed_cost_an_address_nothing(school, monkeypatch):
    monkeypatch.setattr(throttle, "AT_ONCE", 3)
    for _ in range(10):
        assert attempt(school)


@pytest.mark.parametrize("name", ["", "a\0b", "\ud800", "x" * 10_000, "guest-1"])
def test_a_name_that_nobody_can_have_is_a_wrong_one(school, name):
    with pytest.raises(WrongPassword):
        attempt(school, name)


def test_tries_at_once_do_not_get_past_the_delay(school):
    def guess(_):
        try:
            attempt(school, password="not this one")
        except AralifyError as error:
            return type(error)
        raise AssertionError("nobody has this password")

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(guess, range(16)))
    assert answers.count(WrongPassword) == 4
    assert school.one("SELECT failures FROM login_attempts WHERE username = 'ana'") == 4


def test_a_neighbour_holds_somebody_up_for_half_a_minute_at_most(school):
    for _ in range(12):
        fail(school, 1)
        school.clock.turn(seconds=30)
    fail(school, 1)
    school.clock.turn(seconds=30)
    assert attempt(school)


def test_an_empty_name_takes_nothing_from_an_address(school):
    fail(school, 10, name="")
    assert school.rows("SELECT * FROM login_attempts") == []


@SQLITE_ONLY
def test_what_failed_is_forgotten_after_a_day(school):
    fail(school, 2, name="somebody")
    school.clock.turn(days=1, seconds=1)
    fail(school, 1)
    assert [row[0] for row in school.rows("SELECT username FROM login_attempts ORDER BY username")] == [
        "ANY NAME",
        "ana",
    ]


@SQLITE_ONLY
def test_at_a_class_server_nobody_signs_in_without_a_password(school):
    school.learner("cara")
    for given in ("", None, "anything"):
        with pytest.raises(WrongPassword):
            attempt(school, "cara", given)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("a socket's path", "a socket's path"),
    ],
)
def test_a_household_with_its_own_half_of_addresses_is_one_place(address, network):
    assert Place(address).network == network
