"""Letting in whom a JupyterHub sends."""

from __future__ import annotations

import pytest

from aralify_kernel.domain.arrivals import Arrival, rules, username
from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.permissions import Role
from aralify_kernel.errors import InvalidValue
from aralify_kernel.services import accounts, arrivals, classrooms, sign_ins

RULES = rules("staff=moderator, heads=admin, g9=learner:grade-9, g9-staff=teacher:grade-9, x=learner:no-such-class")


@pytest.fixture
def arrive(world):
    """Let somebody come with these groups; return their account."""
    world.publish()
    classrooms.new(world.database, accounts.OPERATOR, "Grade 9", ["demo"], now=world.clock())

    def come(name="ana", *groups, known=True):
        arrival = Arrival(name, frozenset(groups) if known else None)
        more = {"terms": sign_ins.OWN, "language": "fil", "timezone": "Asia/Manila", "now": world.clock()}
        token, _ = arrivals.arrive(world.database, arrival, RULES, **more)
        return sign_ins.signed_in(world.database, token, now=world.clock()).user

    return come


def part_of(world, name):
    members = classrooms.roster(world.database, accounts.OPERATOR, "grade-9").members
    return next((member.role for member in members if member.username == name and member.left_at is None), None)


def test_who_comes_for_the_first_time_gets_an_account_without_a_password(arrive):
    ana = arrive()
    assert (ana.username, ana.role, ana.locale, ana.password_hash) == ("ana", Role.USER, "fil", None)
    assert arrive().id == ana.id


def test_groups_give_roles_and_parts_and_take_them_again(arrive, world):
    assert arrive("ana", "staff", "heads", "g9", "g9-staff").role is Role.ADMIN
    assert part_of(world, "ana") is ClassRole.TEACHER
    assert arrive("ana", "staff", "g9").role is Role.MODERATOR
    assert part_of(world, "ana") is ClassRole.LEARNER
    assert arrive("ana").role is Role.USER
    assert part_of(world, "ana") is None


def test_nothing_is_taken_while_the_groups_are_not_known(arrive, world):
    arrive("ana", "staff", "g9")
    assert arrive("ana", known=False).role is Role.MODERATOR
    assert part_of(world, "ana") is ClassRole.LEARNER


def test_without_a_rule_about_roles_they_are_the_operators(world):
    accounts.add(world.database, accounts.NewAccount("tess", role=Role.ADMIN), now=world.clock())
    more = {"terms": sign_ins.OWN, "language": "en", "timezone": "UTC", "now": world.clock()}
    arrivals.arrive(world.database, Arrival("tess", frozenset({"g9"})), rules("g9=learner:none"), **more)
    assert next(user for user in accounts.all_users(world.database) if user.username == "tess").role is Role.ADMIN


@pytest.mark.parametrize(
    "name", ["Ana", "ana@school.ph", "ab", "guest-7", "con", "ñandú", "x" * 60, "é", "../..", "\ud800"]
)
def test_a_name_that_cannot_be_one_here_becomes_one_that_nobody_else_can_have(name):
    made = username(name)
    assert made != name
    assert username(made) != made
    assert len(made) <= 32


@pytest.mark.parametrize("setting", ["staff", "staff=king", "g9=learner:", "=moderator", "g9=pupil:grade-9"])
def test_a_rule_that_says_nothing_is_refused(setting):
    with pytest.raises(InvalidValue):
        rules(setting)
