"""Who may do what: one table."""

from __future__ import annotations

from enum import Enum
from typing import Final


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


GRANTED: Final[dict[Role, frozenset[Permission]]] = {
    Role.USER: frozenset(),
    Role.MODERATOR: frozenset({Permission.PREVIEW_UNPUBLISHED, Permission.PUBLISH}),
    Role.ADMIN: frozenset(Permission),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether `role` has `permission`.

    >>> may(Role.MODERATOR, Permission.PUBLISH), may(Role.MODERATOR, Permission.SET_ROLE)
    (True, False)
    """
    return permission in GRANTED[role]


def least_role(permission: Permission) -> Role:
    """Return the first role that has `permission`, for the sentence that refuses it."""
    return next(role for role in Role if may(role, permission))
