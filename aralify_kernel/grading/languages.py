"""One grader for all languages: each answer goes to the runner of its language."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Protocol

from aralify_kernel.domain.sources import admitted
from aralify_kernel.grading.judgements import ungraded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.domain.judging import Isolation, Judgement, JudgeTask
    from aralify_kernel.grading import Grader

_TRIES: Final = 2


class Runner(Protocol):
    """Judges answers in one language. May be used by several threads at once."""

    def judge(self, task: JudgeTask, source: str) -> Judgement | None:
        """Return what came of one answer, `source` being what is left of it once admitted.

        Returns:
            The judgement; None when the answer could not be judged, which is worth one more try.
        """
        ...

    def close(self) -> None:
        """End everything that still runs."""
        ...


class MakesRunner(Protocol):
    """A kind of runner."""

    def __call__(self, isolation: Isolation, cpu_seconds: float, memory_mb: int) -> Runner:
        """Return a runner with these limits."""
        ...


def runners() -> dict[str, MakesRunner]:
    """Return what runs the languages beside Python, by the name of the language."""
    from aralify_kernel.grading.javascript.runner import JavaScriptRunner
    from aralify_kernel.grading.sql.runner import SqlRunner

    return {"javascript": JavaScriptRunner, "sql": SqlRunner}


class LanguagesGrader:
    """Judges Python with one grader, and other languages with their runners.

    Args:
        python: The grader for Python.
        runners: The runners of the other languages, by the name of the language.
    """

    def __init__(self, python: Grader, runners: Mapping[str, Runner]) -> None:
        self._python = python
        self._runners = runners

    @property
    def isolation(self) -> Isolation:
        """How well Python is kept apart."""
        return self._python.isolation

    def judge(self, task: JudgeTask) -> Judgement:
        """Return what came of one answer. See `Grader.judge`."""
        runner = self._runners.get(task.language)
        if runner is None:
            return self._python.judge(task)
        started = time.perf_counter()
        source = admitted(task.source)
        for _ in range(_TRIES):
            if judgement := runner.judge(task, source):
                return judgement
        return ungraded(task, self.isolation, (time.perf_counter() - started) * 1000)

    def close(self) -> None:
        """End everything that still runs."""
        self._python.close()
        for runner in self._runners.values():
            runner.close()
