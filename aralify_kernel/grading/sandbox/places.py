"""Where Python and the program inside are, outside and in the room."""

from __future__ import annotations

import site
import sys
import sysconfig
from pathlib import Path
from typing import Any, Final

_GRADING: Final = Path(__file__).parent.parent
_PACKAGE: Final = _GRADING.parent
_ROOM: Final = "/aralify"


def program(name: str, *arguments: str, in_room: bool = False) -> list[str]:
    """Return the command that starts the program `name` of `grading/inside`, in the room or outside."""
    return [python(), "-s", "-S", "-P", "-B", inside("main.py", in_room=in_room), name, *arguments]


def inside(name: str, *, in_room: bool) -> str:
    """Return where the file or folder `name` of `grading/inside` is, in the room or outside."""
    return f"{_ROOM if in_room else _GRADING}/inside/{name}"


def python() -> str:
    """Return the interpreter itself, past the links of a virtual environment."""
    return str(Path(sys.executable).resolve())


def packages() -> list[str]:
    """Return where this Python finds installed packages."""
    return [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]


def open_to_all() -> bool:
    """Return whether any user of this machine can run this Python, so that root may become somebody else first."""
    inner = [Path(python()), Path(sysconfig.get_path("stdlib")), *map(Path, packages())]
    outer = {parent for place in inner for parent in place.parents}
    return all(place.stat().st_mode & 0o005 == 0o005 for place in inner) and all(
        place.stat().st_mode & 0o001 for place in outer
    )


def of_python() -> dict[str, Any]:
    """Return what `bubblewrap.command` must show of Python and of this program, and what it must not show.

    Aralify itself is hidden: the built-in courses with their answers and hidden checks are part of it.
    """
    read = [sys.base_prefix, sysconfig.get_path("stdlib"), *packages(), python()]
    shown = {f"{_ROOM}/{name}": str(_GRADING / name) for name in ("inside", "sandbox")}
    is_shown = any(_PACKAGE.is_relative_to(place) for place in ["/usr", *read])
    return {"read": read, "shown_as": shown, "hidden": [str(_PACKAGE)] if is_shown else []}


def readable() -> list[str]:
    """Return what a program under Landlock must be able to read to be a Python: everything but Aralify."""
    folders = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
    found = {python(), "/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom"}
    found |= {"/dev/zero", f"{sys.base_prefix}/lib", "/usr/share/zoneinfo"}
    parts = [*folders, *packages(), *site.getsitepackages()]
    return sorted(_without_aralify(found | set(parts)))


def _without_aralify(places: set[str]) -> set[str]:
    """Return `places`, with those that hold Aralify replaced by what else is in them."""
    kept: set[str] = set()
    for place in map(Path, places):
        if place == _PACKAGE or place.is_relative_to(_PACKAGE):
            continue
        if _PACKAGE.is_relative_to(place) and place.is_dir():
            kept |= _without_aralify({str(inner) for inner in place.iterdir()})
        else:
            kept.add(str(place))
    return kept
