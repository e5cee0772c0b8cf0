"""Other names for learners, for a page that is shown to a whole room."""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b32encode
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.teaching import Person

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORDS: Final = (
    "Abaka", "Agila", "Anahaw", "Araw", "Atis", "Bakawan", "Balete", "Bangka", "Bituin", "Buko", "Bulaklak", "Buwan",
    "Dagat", "Dahon", "Dalandan", "Guyabano", "Ilog", "Kalabaw", "Kalapati", "Kamias", "Kawayan", "Kidlat", "Lanzones",
    "Maya", "Mangga", "Narra", "Niyog", "Palay", "Papaya", "Pawikan", "Perlas", "Sampalok", "Santol", "Talon", "Tarsier",
    "Ulap",
)  # fmt: skip
_KEPT: Final = re.compile(r"(on|off) ([0-9a-f]{32})")


class Aliases:
    """Names made of what a learner is called and a key that nobody else has: the same key gives the same names.

    Without the key nobody can find out whose name an alias is, although everybody in a class knows all user names.
    """

    def __init__(self) -> None:
        self._key = secrets.token_hex(16)
        self._real: dict[str, str] = {}
        self.is_on = False

    @property
    def kept(self) -> str:
        """What the browser keeps, so that a page that is opened again shows the same names."""
        return f"{'on' if self.is_on else 'off'} {self._key}"

    def recall(self, kept: str) -> None:
        """Take up what a browser kept; what is not that changes nothing."""
        if found := _KEPT.fullmatch(kept):
            self.is_on, self._key = found[1] == "on", found[2]

    def real(self, username: str) -> str:
        """Return the user name behind one that was shown."""
        return self._real.get(username, username)

    def of(self, person: Person) -> Person:
        """Return how somebody is named on the page just now."""
        if not self.is_on:
            return person
        digest = hmac.digest(bytes.fromhex(self._key), person.username.encode(), sha256)
        alias = f"{_WORDS[digest[0] % len(_WORDS)]} {b32encode(digest[1:6]).decode()[:4]}"
        shown = alias.replace(" ", "-").lower()
        self._real[shown] = person.username
        return Person(shown, alias)

    def renamed(self, found: Iterable[Any]) -> tuple[Any, ...]:
        """Return values about learners, each with its `learner` as the page names them."""
        return tuple(replace(one, learner=self.of(one.learner)) for one in found)
