"""What the token of a sign-in is good for. It never gives more than the person themselves may do."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from aralify_kernel.errors import N_, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable


class Scope(Enum):
    """One thing that a token can be good for."""

    READ = "read"
    """See courses, lessons and one's own progress."""
    SUBMIT = "submit"
    """Work on lessons: open them, answer, take hints."""
    PROFILE = "profile"
    """Change one's own account, take one's data along, be erased."""
    TEACH = "teach"
    """Publish courses, for those who may."""
    ADMIN = "admin"
    """Give roles, for those who may."""


OF_LEARNERS: Final = (Scope.READ, Scope.SUBMIT, Scope.PROFILE)
"""What a token is good for when nothing else was asked for."""


def scopes(names: Iterable[str]) -> tuple[Scope, ...]:
    """Return the scopes with these names, each once, in their own order.

    >>> [scope.value for scope in scopes(["submit", "read", "read"])]
    ['read', 'submit']

    Raises:
        InvalidValue: One is no scope, or there is none.
    """
    wanted, known = set(names), [scope.value for scope in Scope]
    if not wanted or not wanted <= set(known):
        wrong = " ".join(sorted(wanted - set(known)))
        reason = N_("Choose at least one of: {known}.")
        raise InvalidValue(field="scopes", value=wrong[:60], known=", ".join(known), reason=reason)
    return tuple(scope for scope in Scope if scope.value in wanted)
