"""One screen in a notebook's output."""

from __future__ import annotations

from typing import Any


class Panel:
    """A screen in a notebook's output: `display(panel)`."""

    language = "en"

    def set_language(self, language: str) -> None:
        """Show everything in `language` from now on."""
        self.language = language

    def refresh(self) -> None:
        """Read the state again and show it."""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": "", "text/plain": ""}
