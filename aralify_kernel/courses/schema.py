"""The notebook format's own schema, for `aralify course check`: slow to load, and stricter than reading needs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aralify_kernel.domain.course import Problem
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def schema_problems(folder: Path, notebooks: Iterable[str]) -> Iterator[Problem]:
    """Yield where a notebook of the course folder breaks the notebook format, one problem for each notebook."""
    from nbformat import ValidationError, validate

    for name in dict.fromkeys(notebooks):
        try:
            validate(json.loads((folder / name).read_bytes()))
        except ValidationError as error:
            where = "".join(f"[{part}]" for part in error.absolute_path)
            yield Problem(
                name,
                f"notebook{where}",
                N_("Jupyter's notebook format does not allow this: {detail}."),
                {"detail": str(error.message)[:200]},
            )
