"""The ladder of hints to an exercise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aralify_kernel.domain.content import Text


@dataclass(frozen=True, slots=True)
class Hint:
    """One rung of the ladder: which it is (from 1), and whether it is the last."""

    rung: int
    is_last: bool
    text: Text
