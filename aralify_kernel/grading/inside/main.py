"""Start here: make the program's folders importable under their own names, without the rest of Aralify, and begin.

The first argument names the module of this folder whose `run(arguments)` is the program.
"""

import sys

_OF = "aralify_kernel.grading"


def _package(name: str, folders: list[str]) -> None:
    package = type(sys)(name)
    package.__path__ = folders
    sys.modules[name] = package


def _start() -> None:
    folder = __file__.replace("\\", "/").rpartition("/")[0]
    outer = folder.rpartition("/")[0]
    _package("aralify_kernel", [])
    _package(_OF, [])
    _package(f"{_OF}.inside", [folder])
    _package(f"{_OF}.sandbox", [f"{outer}/sandbox"])
    name = f"{_OF}.inside.{sys.argv[1]}"
    __import__(name)
    sys.modules[name].run(sys.argv[2:])


_start()
