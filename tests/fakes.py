"""Stand-ins that behave like the real thing where it matters to the tests that use them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from threading import Semaphore

from aralify_kernel.domain.judging import CheckOutcome, Isolation, Judgement, JudgeTask, LearnerError, Verdict


class FakeGrader:
    """Judges by what the source says: each check passes whose id, or `PASS`, stands in it.

    `RAISE` is an error of the learner's, `LOOP` a time-out, `BROKEN` an answer that cannot be judged.
    """

    isolation = Isolation.LIMITS

    def __init__(self) -> None:
        self.judged: list[str] = []

    def judge(self, task: JudgeTask) -> Judgement:
        self.judged.append(task.source)
        checks = tuple(
            CheckOutcome(
                name=check.name,
                passed=verdict_of(task.source) is None and ("PASS" in task.source or check.id in task.source),
                hidden=check.hidden,
                points=check.points,
                message={"en": "Not yet.", "fil": "Hindi pa."},
            )
            for check in task.checks
        )
        points = sum(check.points for check in checks if check.passed)
        max_points = sum(check.points for check in checks)
        verdict = verdict_of(task.source) or (Verdict.PASSED if points == max_points else Verdict.FAILED)
        raised = LearnerError("NameError", "name 'x' is not defined", 1, span=(1, 1, 0, 1))
        error = raised if verdict is Verdict.ERROR else None
        signature = "" if verdict is Verdict.PASSED else hashlib.sha256(task.source.encode()).hexdigest()[:16]
        return Judgement(verdict, points, max_points, checks, Isolation.LIMITS, error, "out\n", signature, 1.5)

    def close(self) -> None:
        pass


class GateGrader(FakeGrader):
    """Judges as `FakeGrader` does, but only after `open` let the answer through; says in which order answers began."""

    def __init__(self) -> None:
        super().__init__()
        self.began: list[str] = []
        self.is_closed = False
        self._begins = Semaphore(0)
        self._gate = Semaphore(0)

    def judge(self, task: JudgeTask) -> Judgement:
        self.began.append(task.learner)
        self._begins.release()
        self._gate.acquire(timeout=30)
        return super().judge(task)

    def open(self, answers: int = 1) -> None:
        """Let so many answers through."""
        self._gate.release(answers)

    def wait_for(self, answers: int = 1) -> None:
        """Wait until so many more answers have begun."""
        for _ in range(answers):
            assert self._begins.acquire(timeout=30)

    def close(self) -> None:
        self.is_closed = True
        self.open(1000)


def verdict_of(source: str) -> Verdict | None:
    """Return the verdict that a source asks for by name."""
    names = {"RAISE": Verdict.ERROR, "LOOP": Verdict.TIMEOUT, "BROKEN": Verdict.UNGRADED}
    return next((verdict for name, verdict in names.items() if name in source), None)


class Clock:
    """A clock that a test sets and turns on."""

    def __init__(self, now: datetime = datetime(2024, 6, 3, 1, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now
