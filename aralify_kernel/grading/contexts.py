"""The sources that run before the learner's: examples above the exercise and the references it needs."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import CodeType

_MAGIC: Final = re.compile(r"^\s*(%|!|\?).*$", re.MULTILINE)


@lru_cache(maxsize=256)
def compiled(source: str) -> CodeType | None:
    """Return a context source ready to run, without IPython's own lines; None if it is no Python even so."""
    for text in (source, _MAGIC.sub("", source)):
        try:
            with warnings.catch_warnings(action="ignore"):
                return compile(text, "<example>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
    return None
