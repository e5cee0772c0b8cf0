"""The three difficulties of a lesson, also called its tier."""

from __future__ import annotations

from enum import Enum


class Difficulty(Enum):
    """How hard a lesson is. Stored by name; listed from easy to hard."""

    EASY = 1
    MEDIUM = 2
    HARD = 3

    @property
    def multiplier(self) -> int:
        """What the lesson's `xp_reward` is multiplied by."""
        return self.value

    @property
    def slug(self) -> str:
        """The last part of a lesson's reference.

        >>> Difficulty.HARD.slug
        'hard'
        """
        return self.name.lower()

    @classmethod
    def from_slug(cls, slug: str) -> Difficulty:
        """Return the difficulty called `slug`; ValueError when nothing is called so."""
        try:
            return cls[slug.upper()]
        except KeyError:
            raise ValueError(slug) from None
