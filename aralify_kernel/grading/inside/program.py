"""What surrounds the learner's code as if it ran in a notebook."""

from __future__ import annotations

import builtins
import os
import sys

from aralify_kernel.grading.inside.report import LEARNER_FILE

TYPE_CHECKING = False  # `typing` costs 14 ms to import
if TYPE_CHECKING:
    from types import ModuleType


def fresh_main() -> ModuleType:
    """Return a new `__main__` in place of this program's own."""
    module = type(sys)("__main__")
    module.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = module
    return module


def add_notebook_builtins() -> None:
    """Give Python what a notebook has: `exit`, `help`, `display`."""
    from _sitebuiltins import Quitter, _Helper

    builtins.exit = builtins.quit = Quitter("exit", "Ctrl-D")
    builtins.help = _Helper()
    builtins.display = lambda *values, **_options: print(*values, sep="\n")  # type: ignore[attr-defined] # noqa: T201


def remember_lines(source: str) -> None:
    """Let `inspect.getsource` find the learner's functions, for checks that look at how they are written."""
    import linecache

    linecache.cache[LEARNER_FILE] = (len(source), None, source.splitlines(keepends=True), LEARNER_FILE)


def hide_aralify() -> None:
    """Let `import aralify_kernel` find the real one, or nothing, but not the files of this program."""
    for name in [name for name in sys.modules if name.split(".")[0] == "aralify_kernel"]:
        del sys.modules[name]


def put_files(files: dict[str, bytes]) -> None:
    """Write a course's files into the folder of the attempt, read-only; leave out what would land outside it."""
    folder = os.path.realpath(".")
    for name, content in files.items():
        path = os.path.realpath(name)
        if not path.startswith(folder + os.sep):
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 - pathlib costs 8 ms to import
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o444), "wb") as file:  # noqa: PTH123
            file.write(content)
