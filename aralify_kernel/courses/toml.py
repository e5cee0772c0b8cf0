"""TOML with mistakes that name their line."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from aralify_kernel.courses.tables import Place

_POSITION: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def read_toml(source: str, place: Place) -> dict[str, Any] | None:
    """Return the table written in `source`, or None with the mistake and its line noted at `place`."""
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        found = _POSITION.search(str(error))
        line = found.group(1) if found else None
        place.report(
            N_("Line {line} is not TOML: {detail}."),
            line=int(line) if line else source.count("\n") + 1,
            detail=_POSITION.sub("", str(error)),
        )
    except RecursionError:
        place.report(N_("This is nested too deeply to be read."))
    return None
