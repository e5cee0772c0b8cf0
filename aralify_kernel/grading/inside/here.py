"""The learner's code in the process of the checks: for checks that cannot be split, and where nothing can be forked."""

from __future__ import annotations

import os
import sys

from aralify_kernel.grading.inside import accounts, stages
from aralify_kernel.grading.inside.boundaries import Boundaries, die_with
from aralify_kernel.grading.inside.program import (
    add_notebook_builtins,
    fresh_main,
    hide_aralify,
    put_files,
    remember_lines,
)
from aralify_kernel.grading.inside.report import LEARNER_FILE, Console, Report

TYPE_CHECKING = False  # `typing` costs 14 ms to import
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any


class Here:
    """One namespace for all."""

    def __init__(self, task: dict[str, Any], boundaries: Boundaries) -> None:
        self._task = task
        self._boundaries = boundaries
        self.names: dict[str, Any] = fresh_main().__dict__

    def start_clock(self) -> None:
        """Give what runs next its time."""
        self._boundaries.start_clock(self._task["cpu_seconds"], self._task["wall_seconds"])

    def run_context(self, code: CodeType) -> None:
        """Run what stands before the exercise. As in a notebook, one example that stops does not stop the next one."""
        try:
            exec(code, self.names)  # noqa: S102
        except MemoryError:
            raise
        except BaseException:  # noqa: BLE001
            return

    def begin(self, names: list[str]) -> None:
        """Forget these names, start no process from here on and give what runs next its time."""
        for name in names:
            self.names.pop(name, None)
        self._boundaries.refuse_processes()
        self.start_clock()

    def run_source(self, source: str) -> None:
        """Run the learner's source; raises whatever it raises."""
        if self._task["keeps_source"]:
            remember_lines(source)
        exec(compile(source, LEARNER_FILE, "exec", dont_inherit=True), self.names)  # noqa: S102

    def place(self, error: BaseException) -> tuple[int | None, str | None]:
        """Return line and span in the learner's source that `error` comes from."""
        return accounts.place(error)

    def limit(self, error: BaseException) -> str | None:
        """Return which limit `error` comes from."""
        return self._boundaries.met_by(error)

    def end_if_over(self) -> None:
        """Do nothing: this process is the learner's side."""


def run(given: list[Any]) -> None:
    """Judge one attempt in this process.

    With descriptors (of a forked process) the first is the line to the host; without, standard input and output are.
    """
    descriptors = [one for one in given if isinstance(one, int)]
    host, out = (descriptors[0], descriptors[0]) if descriptors else (os.dup(0), os.dup(1))
    task = stages.read_task(host)
    if not descriptors:
        die_with(host)
        sys.path += task["site_packages"]
        sys.dont_write_bytecode = True
        add_notebook_builtins()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.path[:0] = [os.getcwd()]  # noqa: PTH109 - pathlib costs 8 ms to import
    report = Report(out)
    boundaries = Boundaries(task["memory_mb"] if not descriptors else None, out)
    try:
        put_files(task["files"])
        if not descriptors:
            hide_aralify()
        stages.Attempt(task, report, Console(report), Here(task, boundaries)).run()
    finally:
        os._exit(0)
