"""The grader of one's own machine: one fresh process per attempt, learner's code and checks together in it.

What it holds off is accidents: an endless loop, too much memory or output, a crash. It does not hold off intent: code
that looks for the checks, the report line or the files of this account finds them, and could forge a verdict. That is
why its isolation is `limits` and a class server refuses it.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.judging import Isolation, Judgement
from aralify_kernel.grading.asserts import Prepared, prepare
from aralify_kernel.grading.attempts import Runner, Trace
from aralify_kernel.grading.contexts import compiled
from aralify_kernel.grading.judgements import judged, ungraded
from aralify_kernel.grading.sources import admitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aralify_kernel.domain.judging import JudgeTask

_log = logging.getLogger(__name__)
_TRIES: Final = 2


class LimitsGrader:
    """Judges with CPU, wall-clock, memory, output and file limits around one process per attempt.

    Args:
        cpu_seconds: Computing time of an attempt; the wall-clock may be twice that and two seconds more, for busy
            computers.
        memory_mb: Address space of an attempt, in megabytes.
    """

    isolation: Final = Isolation.LIMITS

    def __init__(self, cpu_seconds: float, memory_mb: int) -> None:
        self._cpu_seconds = cpu_seconds
        self._memory_mb = memory_mb
        self._runner = Runner()

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
            if trace and (judgement := judged(task, source, checks, trace, self._cpu_seconds, duration_ms)):
                return judgement
            _log.warning("An attempt could not be judged: %s", trace)
        return ungraded(task, self.isolation, (time.perf_counter() - started) * 1000)

    def close(self) -> None:
        """End every attempt that still runs."""
        self._runner.close()

    def _try(self, task: JudgeTask, source: str, checks: Sequence[Prepared]) -> Trace | None:
        try:
            return self._runner.run(self._program(task, source, checks), task.files, 2 * self._wall_seconds)
        except OSError as error:
            _log.warning("The judging process could not be started: %s", error)
            return None

    @property
    def _wall_seconds(self) -> float:
        return 2 * self._cpu_seconds + 2

    def _program(self, task: JudgeTask, source: str, checks: Sequence[Prepared]) -> dict[str, Any]:
        numbered = [(n, prepared.code, task.checks[n].hidden) for n, prepared in enumerate(checks)]
        return {
            "context": [code for part in task.context if (code := compiled(part))],
            "own_names": list(task.own_names),
            "source": source,
            "checks": sorted(numbered, key=lambda check: check[2]),
            "keeps_source": any(prepared.looks_at_source for prepared in checks),
            "cpu_seconds": self._cpu_seconds,
            "wall_seconds": self._wall_seconds,
            "memory_mb": self._memory_mb,
            "site_packages": site_packages(),
        }


def site_packages() -> list[str]:
    """Return where this Python finds installed packages."""
    import sys

    return [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
