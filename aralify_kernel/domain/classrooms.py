"""Classes: what their names can be, and who is what in them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from aralify_kernel.domain.references import is_slug
from aralify_kernel.errors import N_, InvalidValue

if TYPE_CHECKING:
    from datetime import datetime


class ClassRole(Enum):
    """What a person is in a class. Stored by name."""

    TEACHER = "TEACHER"
    LEARNER = "LEARNER"


class Counts(Enum):
    """Which answers decide about a mark where a topic was due. Stored by name."""

    BEST_EVER = "BEST_EVER"
    BEFORE_DUE = "BEFORE_DUE"


@dataclass(frozen=True, slots=True)
class Member:
    """A stay of a person in a class; `left_at` is None while it lasts."""

    username: str
    display_name: str
    role: ClassRole
    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Roster:
    """A class: the slugs of its courses, and everybody who is or was in it, teachers first."""

    slug: str
    name: str
    courses: tuple[str, ...]
    members: tuple[Member, ...]


def name(text: str) -> str:
    """Return the name of a class as it is shown, trimmed.

    Raises:
        InvalidValue: It is empty, longer than 80 characters, or has characters that cannot be shown on one line.
    """
    shown = unicodedata.normalize("NFC", text).strip()
    if not 1 <= len(shown) <= 80 or any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in shown):
        reason = N_("Write a name of 1 to 80 characters on one line.")
        raise InvalidValue(field="name", value=shown[:80], reason=reason)
    return shown


def slug(shown: str) -> str:
    """Return the short name by which commands and addresses know a class.

    >>> slug("Grade 9 – Peñafrancia")
    'grade-9-penafrancia'

    Raises:
        InvalidValue: Nothing is left of the name.
    """
    plain = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode().lower()
    short = "-".join(re.findall(r"[a-z0-9]+", plain))[:64].rstrip("-")
    if not is_slug(short):
        reason = N_("Use at least one letter a–z or digit in the name, so that commands can name the class.")
        raise InvalidValue(field="name", value=shown, reason=reason)
    return short


def due_for(due_at: datetime, extension: datetime | None) -> datetime:
    """Return when a level is due for one learner: an extension never makes it earlier."""
    return due_at if extension is None else max(due_at, extension)
