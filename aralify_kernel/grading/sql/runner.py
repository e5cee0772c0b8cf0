"""Judges answers written in SQL: the learner's statements and the reference's, each in a fresh process."""

from __future__ import annotations

import base64
import logging
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.statements import NotACheck, read_check, statements, words
from aralify_kernel.grading.rooms import Rooms
from aralify_kernel.grading.sql.attempts import Side, SqlError, Stopped
from aralify_kernel.grading.sql.judgements import compared, ended, judgement, refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aralify_kernel.domain.content import Check
    from aralify_kernel.domain.judging import CheckOutcome, Isolation, Judgement, JudgeTask, LearnerError
    from aralify_kernel.domain.statements import SqlCheck
    from aralify_kernel.grading.sql.attempts import Answer

_log = logging.getLogger(__name__)


class _AuthorBroke(Exception):
    """What stands before the answer fails, or the reference itself: nothing can be judged."""


class SqlRunner:
    """Judges SQL.

    Args:
        isolation: The walls around each process.
        cpu_seconds: Computing time of an attempt; the wall-clock may be twice that and two seconds more, for busy
            computers.
        memory_mb: Memory of an attempt, in megabytes.
    """

    def __init__(self, isolation: Isolation, cpu_seconds: float, memory_mb: int) -> None:
        self._rooms = Rooms(isolation)
        self._cpu_seconds = cpu_seconds
        self._config = {"cpu_seconds": cpu_seconds, "memory_bytes": memory_mb * 1024 * 1024}

    def judge(self, task: JudgeTask, source: str) -> Judgement | None:
        """Return what came of one answer; None when it could not be judged. See `languages.Runner`."""
        started = time.perf_counter()
        start = partial(self._rooms.start, "sql", self._config)
        try:
            checks = [read_check(check.source) for check in task.checks]
            with start() as learner, start() as reference:
                deadline = time.monotonic() + 2 * self._cpu_seconds + 2
                attempt = _Attempt(task, source, checks, Side(learner, deadline), _ReferenceSide(reference, deadline))
                stopped = attempt.run(self._cpu_seconds)
        except (OSError, NotACheck, _AuthorBroke) as error:
            _log.warning("An answer in SQL could not be judged: %r", error)
            return None
        duration_ms = (time.perf_counter() - started) * 1000
        return judgement(task, attempt.outcomes, self._rooms.isolation, duration_ms, stopped=stopped)

    def close(self) -> None:
        """End every attempt that still runs."""
        self._rooms.close()


class _Attempt:
    """One attempt on two databases. The learner's is never sent a check before its turn, nor the reference at all."""

    def __init__(
        self, task: JudgeTask, source: str, checks: Sequence[SqlCheck], learner: Side, reference: Side
    ) -> None:
        self.outcomes: dict[int, CheckOutcome] = {}
        self._task = task
        self._source = source
        self._checks = checks
        self._learner = learner
        self._reference = reference
        self._begin = [s for part in (*_sql_files(task), *task.context) for s in statements(part)]
        self._answer = statements(source)
        self._wanted = statements(task.reference)

    def run(self, seconds: float) -> tuple[Verdict, LearnerError | None] | None:
        """Run everything into `outcomes`; return verdict and error of an answer that did not get to the end.

        Raises:
            _AuthorBroke: What the author wrote did not.
        """
        is_hidden = False
        try:
            got = self._learner.run(self._begin, self._answer)
            if isinstance(got, SqlError):
                return Verdict.ERROR, refused(got, self._source, self._answer, words(s.text for s in self._begin))
            expected = self._reference.run(self._begin, self._wanted)
            if isinstance(expected, SqlError):
                raise _AuthorBroke(expected.message)
            for number, check in sorted(enumerate(self._task.checks), key=lambda numbered: numbered[1].hidden):
                is_hidden = is_hidden or check.hidden
                self.outcomes[number] = self._outcome(check, self._checks[number], expected, got)
        except Stopped as stop:
            if stop.why == "broken":
                raise _AuthorBroke(stop.why) from None
            verdict, error = ended(stop.why, self._source, seconds)
            return verdict, None if is_hidden and verdict is Verdict.ERROR else error
        return None

    def _outcome(self, check: Check, asks: SqlCheck, expected: Answer, got: Answer) -> CheckOutcome:
        reference, learner = self._reference, self._learner
        if asks.kind == "result" and asks.body:
            begin = [*self._begin, *asks.body]
            expected, got = reference.run_aside(begin, self._wanted), learner.run_aside(begin, self._answer)
        elif asks.kind == "rows":
            expected = reference.look(asks.body)
        elif asks.kind == "query":
            expected, got = reference.look(asks.body), learner.look(asks.body)
        elif asks.kind == "schema":
            expected, got = reference.schema(asks.table), learner.schema(asks.table)
        return compared(check, asks, expected, got)


class _ReferenceSide(Side):
    """The database of the reference, whose end is not the learner's fault."""

    def _ask(self, request: dict[str, Any]) -> Answer:
        try:
            return super()._ask(request)
        except Stopped as stop:
            raise _AuthorBroke(stop.why) from None


def _sql_files(task: JudgeTask) -> Iterator[str]:
    for name, content in task.files.items():
        if name.lower().endswith(".sql"):
            yield base64.b64decode(content).decode("utf-8-sig", "replace")
