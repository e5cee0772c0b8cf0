"""One attempt from start to end: the context, the learner's source, the visible checks, the hidden ones."""

from __future__ import annotations

import builtins
import marshal
import os
import sys

from aralify_kernel.grading.inside.boundaries import Boundaries, die_with
from aralify_kernel.grading.inside.recorder import Recorder, brief
from aralify_kernel.grading.inside.report import LEARNER_FILE, Console, Report

TYPE_CHECKING = False  # `typing` costs 14 ms to import
if TYPE_CHECKING:
    from types import CodeType, ModuleType, TracebackType
    from typing import Any

TEXT_LENGTH = 2000
RECORDER = "__aralify_recorder__"


class Attempt:
    """The namespace everything runs in, and what is told about it."""

    def __init__(self, task: dict[str, Any], report: Report) -> None:
        self.task = task
        self.report = report
        self.console = Console(report)
        self.boundaries = Boundaries(task["memory_mb"], report.descriptor)
        self.recorder = Recorder()
        self.module = _fresh_main()
        self.names = self.module.__dict__

    def run(self) -> None:
        """Run every stage and report each."""
        self._start_clock()
        for code in self.task["context"]:
            self._run_context(code)
        for name in self.task["own_names"]:
            self.names.pop(name, None)
        self.boundaries.refuse_processes()
        self._start_clock()
        self.report.send("learner")
        self.console.keep(True)
        is_running = self._run_source()
        if is_running:
            for number, code, is_hidden in self.task["checks"]:
                self._run_check(number, code, is_hidden)
        self.console.keep(False)
        self.report.send("done")

    def _start_clock(self) -> None:
        self.boundaries.start_clock(self.task["cpu_seconds"], self.task["wall_seconds"])

    def _run_context(self, code: CodeType) -> None:
        # As in a notebook: an example that stops (some show an error on purpose) does not stop the next one.
        try:
            exec(code, self.names)  # noqa: S102
        except MemoryError:
            raise
        except BaseException:  # noqa: BLE001
            return

    def _run_source(self) -> bool:
        if self.task["keeps_source"]:
            _remember_lines(self.task["source"])
        try:
            exec(compile(self.task["source"], LEARNER_FILE, "exec"), self.names)  # noqa: S102
        except BaseException as error:  # noqa: BLE001 - whatever the learner's code raises is told
            self._tell("error", error, is_hidden=False)
            return False
        return True

    def _run_check(self, number: int, code: CodeType, is_hidden: bool) -> None:
        self.console.keep(not is_hidden)
        self.recorder.is_silent = is_hidden
        self.recorder.clear()
        self.names[RECORDER] = self.recorder
        self.report.send("check", number=number)
        try:
            exec(code, self.names)  # noqa: S102
        except BaseException as error:  # noqa: BLE001 - whatever comes out of a check fails it
            self._tell(_how(error), error, is_hidden, number)
        else:
            self.report.send("passed", number=number)

    def _tell(self, event: str, error: BaseException, is_hidden: bool, number: int | None = None) -> None:
        limit = self.boundaries.met_by(error)
        if limit == "memory":
            self.boundaries.make_room()
        line, span = _place(error)
        if limit:
            error.__traceback__ = None
            self.report.send("limit", kind=limit, line=None if is_hidden else line)
            self.report.send("done")
            os._exit(0)
        if is_hidden:
            self.report.send(event, number=number, index=self.recorder.index)
            return
        fields: dict[str, Any] = {"number": number, "line": line, "span": span, "type": type(error).__name__}
        fields["message"] = _message(error)
        if isinstance(error, SyntaxError) and event == "error":
            fields |= {"line": error.lineno, "span": None, "message": str(error.msg)}
        if event == "failed":
            fields |= _author_texts(error)
        fields |= {"index": self.recorder.index, "left": self.recorder.left, "right": self.recorder.right}
        fields |= {f"name:{name}": text for name, text in self.recorder.names.items()}
        self.report.send(event, **fields)


def _how(error: BaseException) -> str:
    """Return who stopped the check: an assert of its own (failed), the learner's code (raised), or neither (broke)."""
    trace = error.__traceback__
    innermost = ""
    while trace is not None:
        innermost = trace.tb_frame.f_code.co_filename
        if innermost == LEARNER_FILE:
            return "raised"
        trace = trace.tb_next
    return "failed" if isinstance(error, AssertionError) and innermost.startswith("<check ") else "broke"


def _place(error: BaseException) -> tuple[int | None, str | None]:
    """Return the line of the innermost frame in the learner's source, and the exact span of what it evaluated."""
    trace: TracebackType | None = error.__traceback__
    innermost: TracebackType | None = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == LEARNER_FILE:
            innermost = trace
        trace = trace.tb_next
    if innermost is None:
        return None, None
    positions = list(innermost.tb_frame.f_code.co_positions())[innermost.tb_lasti // 2]
    return innermost.tb_lineno, ",".join(map(str, positions)) if None not in positions else None


def _message(error: BaseException) -> str:
    try:
        return str(error)[:TEXT_LENGTH]
    except Exception:  # noqa: BLE001 - a learner's own exception may refuse to be shown
        return ""


def _author_texts(error: BaseException) -> dict[str, str]:
    given = error.args[0] if error.args else ""
    if type(given) is dict:
        return {f"text:{key}": str(text)[:TEXT_LENGTH] for key, text in given.items() if type(key) is str}
    return {"text": given[:TEXT_LENGTH] if type(given) is str else brief(given)}


def _remember_lines(source: str) -> None:
    """Let `inspect.getsource` find the learner's functions, for checks that look at how they are written."""
    import linecache

    linecache.cache[LEARNER_FILE] = (len(source), None, source.splitlines(keepends=True), LEARNER_FILE)


def _fresh_main() -> ModuleType:
    module = type(sys)("__main__")
    module.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = module
    return module


def _add_notebook_builtins() -> None:
    from _sitebuiltins import Quitter, _Helper

    builtins.exit = builtins.quit = Quitter("exit", "Ctrl-D")
    builtins.help = _Helper()
    builtins.display = lambda *values, **_options: print(*values, sep="\n")  # type: ignore[attr-defined] # noqa: T201


def run(_arguments: list[str]) -> None:
    """Read the task from standard input, run it, and leave without waiting for the learner's threads."""
    report = Report(os.dup(1))
    nowhere = os.open(os.devnull, os.O_RDWR)
    host = os.dup(0)
    size = int.from_bytes(_read(host, 8), "big")
    task = marshal.loads(_read(host, size))  # noqa: S302 - from the host, never from the learner
    die_with(host)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.path[:0] = [os.getcwd()]  # noqa: PTH109 - pathlib costs 8 ms to import
    sys.path += task["site_packages"]
    sys.dont_write_bytecode = True
    _add_notebook_builtins()
    try:
        Attempt(task, report).run()
    finally:
        os._exit(0)


def _read(descriptor: int, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = os.read(descriptor, size - len(data))
        if not piece:
            os._exit(1)
        data += piece
    return data
