"""Codes that are read from a blackboard or a slip of paper: of letters and digits nobody mistakes for others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LETTERS: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""No I, L, O, U, 0 and 1."""

JOIN_LENGTH: Final = 8
PASSWORD_LENGTH: Final = 12
_GROUP: Final = 4


def make(length: int, choose: Callable[[str], str]) -> str:
    """Return a code in groups of four; `choose` takes one of its letters by chance.

    >>> make(8, lambda letters: letters[0])
    'AAAA-AAAA'
    """
    letters = "".join(choose(LETTERS) for _ in range(length))
    return "-".join(letters[start : start + _GROUP] for start in range(0, length, _GROUP))


def typed(text: str) -> str:
    """Return a code as it was made, however it was typed: small letters, with blanks, without dashes.

    >>> typed(" abcd efgh"), typed("ab")
    ('ABCD-EFGH', 'AB')
    """
    letters = "".join(char for char in text.upper() if char.isalnum())[:64]
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))
