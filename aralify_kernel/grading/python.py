"""The grader of Python: prepares a task, has it run, reads what came of it."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final, Protocol

from aralify_kernel.domain.sources import admitted
from aralify_kernel.grading.asserts import Prepared, prepare
from aralify_kernel.grading.judgements import judged, ungraded
from aralify_kernel.grading.programs import Program, program, wall_seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aralify_kernel.domain.judging import Isolation, Judgement, JudgeTask
    from aralify_kernel.grading.traces import Trace

_log = logging.getLogger(__name__)
_TRIES: Final = 2


class Runner(Protocol):
    """Runs attempts. May be used by several threads at once."""

    def run(self, program: Program, deadline_seconds: float) -> Trace:
        """Run `program` and return what came of it.

        Raises:
            OSError: It could not be run.
        """
        ...

    def close(self) -> None:
        """End every attempt that still runs, and run no more."""
        ...


class PythonGrader:
    """Judges Python.

    Args:
        runner: What runs attempts.
        isolation: What is around them.
        cpu_seconds: Computing time of an attempt; the wall-clock may be twice that and two seconds more, for busy
            computers.
        memory_mb: Memory of an attempt, in megabytes.
    """

    def __init__(self, runner: Runner, isolation: Isolation, cpu_seconds: float, memory_mb: int) -> None:
        self.isolation = isolation
        self._runner = runner
        self._cpu_seconds = cpu_seconds
        self._memory_mb = memory_mb

    def judge(self, task: JudgeTask) -> Judgement:
        """Return what came of one answer. See `Grader.judge`."""
        started = time.perf_counter()
        source = admitted(task.source)
        if task.language != "python":
            return ungraded(task, self.isolation, 0.0)
        try:
            checks = [prepare(c.source, frozenset(task.own_names), n) for n, c in enumerate(task.checks)]
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            _log.warning("A check cannot be read: %s", error)
            return ungraded(task, self.isolation, 0.0)
        for _ in range(_TRIES):
            trace = self._try(task, source, checks)
            duration_ms = (time.perf_counter() - started) * 1000
            if trace and (
                judgement := judged(task, source, checks, trace, self.isolation, self._cpu_seconds, duration_ms)
            ):
                return judgement
            _log.warning("An attempt could not be judged: %s", trace)
        return ungraded(task, self.isolation, (time.perf_counter() - started) * 1000)

    def close(self) -> None:
        """End every attempt that still runs."""
        self._runner.close()

    def _try(self, task: JudgeTask, source: str, checks: Sequence[Prepared]) -> Trace | None:
        made = program(task, source, checks, cpu_seconds=self._cpu_seconds, memory_mb=self._memory_mb)
        try:
            return self._runner.run(made, 2 * wall_seconds(self._cpu_seconds))
        except OSError as error:
            _log.warning("The judging process could not be started: %s", error)
            return None
