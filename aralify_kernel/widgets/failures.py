"""What could not be done, as a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.i18n import sentence

if TYPE_CHECKING:
    from aralify_kernel.errors import AralifyError


def error_bundle(error: AralifyError, language: str) -> dict[str, str]:
    """Return what a person is told about `error` as a MIME bundle (HTML and text)."""
    return {"text/html": sentence(error, language), "text/plain": sentence(error, language)}
