"""The profile card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.widgets.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.domain.session import LearnerSession


def profile_card(session: LearnerSession, *, language: str, choose_language: Callable[[str], None]) -> Panel:
    """Return the card of who is signed in, which can be edited."""
    return Panel()
