"""What an author says about an answer beside the checks, applied to the judgement of any language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.domain import source_rules
from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.mistakes import listed, with_mistake
from aralify_kernel.domain.sources import admitted

if TYPE_CHECKING:
    from aralify_kernel.domain.judging import Isolation, Judgement, JudgeTask
    from aralify_kernel.grading import Grader


class AuthorsGrader:
    """Judges as `grader` does, then looks at the exercise's rules and its listed mistakes."""

    def __init__(self, grader: Grader) -> None:
        self._grader = grader

    @property
    def isolation(self) -> Isolation:
        """The isolation of the grader that runs the code."""
        return self._grader.isolation

    def judge(self, task: JudgeTask) -> Judgement:
        """Return what came of one answer. See `Grader.judge`."""
        judgement = self._grader.judge(task)
        source = admitted(task.source)
        judgement = source_rules.with_rules(judgement, source_rules.outcomes(task.rules, source, task.language))
        mistake = listed(task.mistakes, source, task.language) if judgement.verdict is not Verdict.PASSED else None
        return with_mistake(judgement, mistake) if mistake else judgement

    def close(self) -> None:
        """End everything that still runs."""
        self._grader.close()
