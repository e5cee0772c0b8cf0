"""Running learners' code and judging it.

`open_grader` returns the best grader this machine and these settings allow. Today there is one, `limits`: a fresh
subprocess per attempt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aralify_kernel.domain.judging import Isolation, Judgement, JudgeTask
    from aralify_kernel.settings import Settings

__all__ = ["Grader", "open_grader"]


class Grader(Protocol):
    """Judges answers. May be used by several threads at once."""

    @property
    def isolation(self) -> Isolation:
        """How well learners' code is kept apart from the checks and from this computer."""
        ...

    def judge(self, task: JudgeTask) -> Judgement:
        """Return what came of one answer.

        The verdict is UNGRADED when the answer could not be judged, which is never the learner's fault.

        Raises:
            SourceRefused: The source is too large, or is no text.
        """
        ...

    def close(self) -> None:
        """End everything that still runs."""
        ...


def open_grader(settings: Settings) -> Grader:
    """Return a grader with the limits of `settings`. Close it at the end."""
    from aralify_kernel.grading.javascript.runner import JavaScriptRunner
    from aralify_kernel.grading.languages import LanguagesGrader
    from aralify_kernel.grading.limits import LimitsGrader
    from aralify_kernel.grading.sandbox.probe import probe
    from aralify_kernel.grading.sql.runner import SqlRunner

    limits = {"cpu_seconds": settings.judge_time_limit_sec, "memory_mb": settings.judge_memory_mb}
    isolation = probe().isolation
    runners = {"javascript": JavaScriptRunner(isolation, **limits), "sql": SqlRunner(isolation, **limits)}
    return LanguagesGrader(LimitsGrader(**limits), runners)
