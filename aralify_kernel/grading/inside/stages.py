"""One attempt from start to end: the context, the learner's source, the visible checks, the hidden ones.

The stages are the same wherever the learner's code runs; a side knows where: `here.Here` in this process, `there.There`
in another one, out of reach of the checks.
"""

from __future__ import annotations

import os

from aralify_kernel.grading.inside import accounts
from aralify_kernel.grading.inside.recorder import Recorder

TYPE_CHECKING = False  # `typing` costs 14 ms to import
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Protocol

    from aralify_kernel.grading.inside.report import Console, Report

    class Side(Protocol):
        """Where the learner's code runs."""

        names: dict[str, Any]
        """What a check finds under which name."""

        def start_clock(self) -> None:
            """Give what runs next its time."""

        def run_context(self, code: CodeType) -> None:
            """Run what stands before the exercise; it may raise whatever it wants."""

        def begin(self, names: list[str]) -> None:
            """Forget these names, start no process from here on and give what runs next its time: the learner's source."""

        def run_source(self, source: str) -> None:
            """Run the learner's source; raises whatever it raises."""

        def place(self, error: BaseException) -> tuple[int | None, str | None]:
            """Return line and span in the learner's source that `error` comes from, if it does."""

        def limit(self, error: BaseException) -> str | None:
            """Return which limit `error` comes from, or None. Makes room to tell of it."""

        def end_if_over(self) -> None:
            """Report it and end this process, if the learner's side is not there any more."""


RECORDER = "__aralify_recorder__"


class Attempt:
    """What is run, and what is told about it."""

    def __init__(self, task: dict[str, Any], report: Report, console: Console, side: Side) -> None:
        self.task = task
        self.report = report
        self.console = console
        self.side = side
        self.recorder = Recorder()

    def run(self) -> None:
        """Run every stage and report each."""
        if self.task["context"]:
            self.side.start_clock()
        for code in self.task["context"]:
            self.side.run_context(code)
        self.side.begin(self.task["own_names"])
        self.report.send("learner")
        self.console.keep(True)
        if self._run_source():
            for number, code, is_hidden in self.task["checks"]:
                self._run_check(number, code, is_hidden)
        self.console.keep(False)
        self.report.send("done")

    def _run_source(self) -> bool:
        try:
            self.side.run_source(self.task["source"])
        except BaseException as error:  # noqa: BLE001 - whatever the learner's code raises is told
            self.side.end_if_over()
            self._tell("error", error, is_hidden=False)
            return False
        return True

    def _run_check(self, number: int, code: CodeType, is_hidden: bool) -> None:
        self.console.keep(not is_hidden)
        self.recorder.is_silent = is_hidden
        self.recorder.clear()
        names = self.side.names
        names[RECORDER] = self.recorder
        self.report.send("check", number=number)
        try:
            exec(code, names)  # noqa: S102
        except BaseException as error:  # noqa: BLE001 - whatever comes out of a check fails it
            self.side.end_if_over()
            self._tell(self._how(error), error, is_hidden, number)
        else:
            self.side.end_if_over()
            self.report.send("passed", number=number)

    def _how(self, error: BaseException) -> str:
        """Return who stopped the check: the learner's code (raised), an assert (failed), or neither (broke)."""
        if self.side.place(error)[0] is not None:
            return "raised"
        return "failed" if isinstance(error, AssertionError) else "broke"

    def _tell(self, event: str, error: BaseException, is_hidden: bool, number: int | None = None) -> None:
        limit = self.side.limit(error)
        line, span = self.side.place(error)
        if limit:
            error.__traceback__ = None
            self.report.send("limit", kind=limit, line=None if is_hidden else line)
            self.report.send("done")
            os._exit(0)
        if is_hidden:
            self.report.send(event, number=number, index=self.recorder.index)
            return
        fields: dict[str, Any] = {"number": number, "line": line, "span": span, "type": type(error).__name__}
        fields["message"] = accounts.message(error)
        if isinstance(error, SyntaxError) and event == "error":
            fields |= {"line": error.lineno, "span": None, "message": str(error.msg)}
        if event == "failed":
            fields |= accounts.author_texts(error)
        fields |= {"index": self.recorder.index, "left": self.recorder.left, "right": self.recorder.right}
        fields |= {f"name:{name}": text for name, text in self.recorder.names.items()}
        fields |= {f"after:{name}": text for name, text in self.recorder.names_after.items()}
        self.report.send(event, **fields)


def read_task(descriptor: int) -> dict[str, Any]:
    """Return the task that the host sent; end this process when it sends none."""
    import marshal

    size = int.from_bytes(_read(descriptor, 8), "big")
    task: dict[str, Any] = marshal.loads(_read(descriptor, size))  # noqa: S302 - from the host, never from the learner
    return task


def _read(descriptor: int, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = os.read(descriptor, size - len(data))
        if not piece:
            os._exit(1)
        data += piece
    return data
