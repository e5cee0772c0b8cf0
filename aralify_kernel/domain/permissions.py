"""Who may do what: one table."""

from __future__ import annotations

from enum import Enum
from typing import Final

from aralify_kernel.domain.classrooms import ClassRole


class Role(Enum):
    """What a person is to this installation. Stored by name."""

    USER = "USER"
    MODERATOR = "MODERATOR"
    ADMIN = "ADMIN"


class Permission(Enum):
    """Something that not everybody may do."""

    PREVIEW_UNPUBLISHED = "preview_unpublished"
    PUBLISH = "publish"
    SET_ROLE = "set_role"
    SET_VERIFIED = "set_verified"
    INVITE = "invite"
    """To make an account of one's own here."""
    MAKE_CLASS = "make_class"
    RUN_CLASS = "run_class"
    """Who is in a class, what it takes, when it is due."""
    SEE_CLASS = "see_class"
    """Its pages, with what its learners did."""


GRANTED: Final[dict[Role, frozenset[Permission]]] = {
    Role.USER: frozenset(),
    Role.MODERATOR: frozenset({Permission.PREVIEW_UNPUBLISHED, Permission.PUBLISH, Permission.MAKE_CLASS}),
    Role.ADMIN: frozenset(Permission),
}

GRANTED_IN_CLASS: Final[dict[ClassRole, frozenset[Permission]]] = {
    ClassRole.LEARNER: frozenset(),
    ClassRole.TEACHER: frozenset({Permission.RUN_CLASS, Permission.SEE_CLASS}),
}
"""What somebody may do in a class that they are in, whatever their role elsewhere."""


def may(role: Role, permission: Permission, in_class: ClassRole | None = None) -> bool:
    """Whether `role`, or what somebody is in the class in question, has `permission`.

    >>> may(Role.MODERATOR, Permission.PUBLISH), may(Role.MODERATOR, Permission.SET_ROLE)
    (True, False)
    >>> may(Role.USER, Permission.SEE_CLASS, ClassRole.TEACHER), may(Role.MODERATOR, Permission.SEE_CLASS)
    (True, False)
    """
    return permission in GRANTED[role] or (in_class is not None and permission in GRANTED_IN_CLASS[in_class])


def least_role(permission: Permission) -> Role:
    """Return the first role that has `permission`, for the sentence that refuses it."""
    return next(role for role in Role if may(role, permission))
