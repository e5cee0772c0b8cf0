"""Where the built-in courses and dashboards are: in the installed package, else in the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from aralify_kernel.errors import N_, NotFound

_PACKAGE: Final = Path(__file__).resolve().parent.parent


def builtin_folder(name: str) -> Path:
    """Return the folder of the built-in `courses` or `dashboards`.

    Raises:
        NotFound: This installation lacks it.
    """
    for parent in (_PACKAGE / "builtin", _PACKAGE.parent / "notebooks"):
        if (parent / name).is_dir():
            return parent / name
    raise NotFound(kind=N_("folder"), name=name)


def builtin_courses() -> list[Path]:
    """Return the folder of every built-in course, sorted by name."""
    return sorted(file.parent for file in builtin_folder("courses").glob("*/course.toml"))
