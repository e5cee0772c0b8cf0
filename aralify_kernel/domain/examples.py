"""An example of a lesson, read as plain Python."""

from __future__ import annotations

import ast
import re
import warnings
from typing import Final

_IPYTHONS_OWN: Final = re.compile(r"^([^\S\n]*)[%!?].*$", re.MULTILINE)


def plain_python(source: str) -> str:
    r"""Return `source` without the lines that only IPython understands, unless it is Python as it stands.

    What is left keeps its line numbers; it need not be Python either.

    >>> plain_python("%matplotlib inline\nif hot:\n    !ls")
    'pass\nif hot:\n    pass'
    >>> plain_python("text = '''\n%d rows\n'''")
    "text = '''\n%d rows\n'''"
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _IPYTHONS_OWN.sub(r"\1pass", source)
    return source
