"""Who arrives from a JupyterHub: the user name that they have here, and what the groups they are in there make of them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain import accounts
from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.permissions import Role
from aralify_kernel.errors import N_, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

_MADE: Final = re.compile(r".*-[0-9a-f]{16}")
"""How the user names end that are made here, so that nobody's own name can be one of them."""

_ROLES: Final = {role.name.lower(): role for role in Role}
_MEMBERS: Final = {"learner": ClassRole.LEARNER, "teacher": ClassRole.TEACHER}


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody whom the Hub sends. `groups` is None where it does not tell them."""

    name: str
    groups: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class GroupRule:
    """What a group makes of its members: a role on this server, or a part in a class."""

    group: str
    role: Role | None = None
    classroom: str = ""
    part: ClassRole = ClassRole.LEARNER


def username(name: str) -> str:
    """Return the user name for a name of the Hub's: the same where that is one here, else one made of it.

    No two names of the Hub's have the same user name.

    >>> username("ana.cruz"), username("Ana@school.ph")
    ('ana.cruz', 'anaschool.ph-1d4aa2019c35c7e0')
    """
    try:
        if accounts.username(name) == name and not _MADE.fullmatch(name):
            return name
    except InvalidValue:
        pass
    plain = unicodedata.normalize("NFKD", name).casefold()
    readable = re.sub(r"[^a-z0-9._-]", "", plain)[:15].lstrip("._-") or "hub"
    if readable.startswith(accounts.GUEST_PREFIX):
        readable = "hub"
    return f"{readable}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def rules(setting: str) -> tuple[GroupRule, ...]:
    """Return what a setting such as `staff=moderator, g9=learner:grade-9, g9-staff=teacher:grade-9` says.

    >>> rules("g9=learner:grade-9")[0].classroom
    'grade-9'

    Raises:
        InvalidValue: It says something else.
    """
    return tuple(_rule(part.strip()) for part in setting.split(",") if part.strip())


def role_of(ruled: Iterable[GroupRule], groups: frozenset[str]) -> Role | None:
    """Return the highest role that groups give; None where no rule is about roles, so that they are not the Hub's."""
    about_roles = [rule for rule in ruled if rule.role is not None]
    given = [rule.role for rule in about_roles if rule.group in groups and rule.role is not None]
    return max(given, key=list(Role).index, default=Role.USER) if about_roles else None


def parts_of(ruled: Iterable[GroupRule], groups: frozenset[str]) -> dict[str, ClassRole | None]:
    """Return for each class that the rules name which part groups give in it; teaching comes before learning."""
    parts: dict[str, ClassRole | None] = {}
    for rule in ruled:
        if rule.classroom:
            parts.setdefault(rule.classroom, None)
            if rule.group in groups and parts[rule.classroom] is not ClassRole.TEACHER:
                parts[rule.classroom] = rule.part
    return parts


def _rule(text: str) -> GroupRule:
    group, _, gives = text.rpartition("=")
    if group and gives in _ROLES:
        return GroupRule(group.strip(), role=_ROLES[gives])
    part, _, classroom = gives.partition(":")
    if group and part in _MEMBERS and classroom:
        return GroupRule(group.strip(), classroom=classroom.strip(), part=_MEMBERS[part])
    reason = N_(
        "“{value}” says nothing about a group. Write GROUP=moderator, GROUP=learner:CLASS or GROUP=teacher:CLASS."
    )
    raise InvalidValue(field="ARALIFY_HUB_GROUPS", value=text[:80], reason=reason)
