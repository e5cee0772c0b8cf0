"""Running learners' code and judging it.

`open_grader` returns the best grader that this machine allows. Wherever processes can be forked, the learner's code and
the checks run in a process each; what is around them is told by `sandbox.probe`. `open_pool` puts a queue in front of
it, in this process; `open_shared` is the one that all kernels of a computer user share.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Protocol

from aralify_kernel.errors import IsolationTooWeak

if TYPE_CHECKING:
    from aralify_kernel.domain.judging import Isolation, Judgement, JudgeTask
    from aralify_kernel.grading.pool import PooledGrader
    from aralify_kernel.grading.python import Runner
    from aralify_kernel.settings import Settings

__all__ = ["Grader", "open_grader", "open_pool", "open_runner", "open_shared"]

_log = logging.getLogger(__name__)


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
            JudgeBusy: Too many answers wait already.
            JudgeUnavailable: The grader cannot be reached, or was closed.
        """
        ...

    def close(self) -> None:
        """End everything that still runs."""
        ...


def open_grader(settings: Settings, isolation: Isolation | None = None) -> Grader:
    """Return a grader with the limits of `settings`. Close it at the end.

    Args:
        settings: Computing time and memory of an attempt.
        isolation: What is to be around attempts; the strongest that this machine offers when left out.
    """
    from aralify_kernel.grading.authors import AuthorsGrader
    from aralify_kernel.grading.languages import LanguagesGrader, runners
    from aralify_kernel.grading.python import PythonGrader
    from aralify_kernel.grading.sandbox.probe import probe

    isolation = isolation or probe().isolation
    limits = (settings.judge_time_limit_sec, settings.judge_memory_mb)
    python = PythonGrader(open_runner(settings, isolation), isolation, *limits)
    return AuthorsGrader(LanguagesGrader(python, {name: make(isolation, *limits) for name, make in runners().items()}))


def open_runner(settings: Settings, isolation: Isolation) -> Runner:
    """Return what runs Python attempts: warm processes to fork from, or fresh ones on Windows."""
    if sys.platform == "win32":
        from aralify_kernel.grading.fresh import FreshRunner

        return FreshRunner()
    from aralify_kernel.grading.pairs import PairRunner

    return PairRunner(isolation, settings.judge_time_limit_sec, settings.judge_memory_mb)


def open_pool(settings: Settings) -> PooledGrader:
    """Return the best grader behind a bounded, fair queue, in this process. Close it at the end.

    Raises:
        IsolationTooWeak: The settings demand more than this machine offers.
    """
    from aralify_kernel.grading.isolation import require
    from aralify_kernel.grading.pool import PooledGrader, at_once

    pool = PooledGrader(open_grader(settings), at_once=at_once())
    try:
        require(settings, pool.isolation)
    except IsolationTooWeak:
        pool.close()
        raise
    return pool


def open_shared(settings: Settings) -> Grader:
    """Return the grader that all kernels of this computer user share; an own one where there can be none.

    Raises:
        IsolationTooWeak: The settings demand more than this machine offers.
    """
    if settings.judge_idle_minutes and sys.platform != "win32":
        from aralify_kernel.grading.isolation import require
        from aralify_kernel.grading.shared.client import SharedGrader

        require(settings)
        try:
            return SharedGrader(settings)
        except OSError as error:
            _log.warning("No background grader, this process judges itself: %s", error)
    return open_pool(settings)
