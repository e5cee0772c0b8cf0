"""The sources that run before the learner's: examples above the exercise and the references it needs."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

from aralify_kernel.domain.examples import plain_python

if TYPE_CHECKING:
    from types import CodeType


@lru_cache(maxsize=256)
def compiled(source: str) -> CodeType | None:
    """Return a context source ready to run, without IPython's own lines; None if it is no Python even so."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return compile(plain_python(source), "<example>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
