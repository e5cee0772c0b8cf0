"""Who may do what: the table, written a second time."""

import pytest

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.permissions import GRANTED, Permission, Role, least_role, may

TABLE = """
                       USER  MODERATOR  ADMIN
preview_unpublished    no    yes        yes
publish                no    yes        yes
set_role               no    no         yes
set_verified           no    no         yes
invite                 no    no         yes
make_class             no    yes        yes
run_class              no    no         yes
see_class              no    no         yes
"""
IN_CLASS = {ClassRole.TEACHER: {Permission.RUN_CLASS, Permission.SEE_CLASS}, ClassRole.LEARNER: set()}
ROWS = [line.split() for line in TABLE.strip().splitlines()]
CASES = [
    (Role[role], Permission(name), answer == "yes")
    for name, *row in ROWS[1:]
    for role, answer in zip(ROWS[0], row, strict=True)
]


@pytest.mark.parametrize(("role", "permission", "expected"), CASES)
def test_a_role_has_exactly_the_permissions_of_the_table(role, permission, expected):
    assert may(role, permission) is expected


def test_the_table_is_complete():
    assert {(role, permission) for role, permission, _ in CASES} == {(r, p) for r in Role for p in Permission}
    assert set(GRANTED) == set(Role)


@pytest.mark.parametrize("in_class", ClassRole)
@pytest.mark.parametrize("permission", Permission)
def test_in_a_class_of_their_own_teachers_may_run_and_see_it_and_learners_nothing_more(in_class, permission):
    assert may(Role.USER, permission, in_class) is (permission in IN_CLASS[in_class])
    assert may(Role.ADMIN, permission, in_class)


@pytest.mark.parametrize("permission", Permission)
def test_the_role_that_a_refusal_names_is_the_lowest_that_suffices(permission):
    role = least_role(permission)
    assert may(role, permission)
    assert not any(may(lower, permission) for lower in list(Role)[: list(Role).index(role)])
