"""Judges answers written in JavaScript, each with two fresh processes of Deno that have no permission at all."""

from __future__ import annotations

import logging
import tempfile
import threading
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.judging import Isolation
from aralify_kernel.grading.conversations import Conversation
from aralify_kernel.grading.javascript.attempts import Attempt, JudgeFailed, Told
from aralify_kernel.grading.javascript.judgements import judged
from aralify_kernel.grading.javascript.programs import SCOPE, check_source, imports, program

if TYPE_CHECKING:
    from aralify_kernel.domain.judging import Judgement, JudgeTask

_log = logging.getLogger(__name__)
_INSIDE: Final = Path(__file__).parent / "inside"
_JUDGE_MEMORY_MB: Final = 512
_OPTIONS: Final = ("--quiet", "--no-prompt", "--no-remote", "--no-npm", "--no-config", "--no-lock", "--cached-only")
_START_SECONDS: Final = 5.0


class JavaScriptRunner:
    """Judges JavaScript.

    Args:
        cpu_seconds: Computing time of an attempt; the wall-clock may be twice that and two seconds more, for busy
            computers.
        memory_mb: Memory of an attempt, in megabytes.
    """

    def __init__(self, cpu_seconds: float, memory_mb: int) -> None:
        self._cpu_seconds = cpu_seconds
        self._memory_mb = memory_mb
        self._running: set[Conversation] = set()
        self._lock = threading.Lock()

    def judge(self, task: JudgeTask, source: str) -> Judgement | None:
        """Return what came of one answer; None when it could not be judged."""
        started = time.perf_counter()
        line = imports(source)
        if line is not None:
            refused = {"name": "ImportError", "message": "an exercise imports nothing", "line": line}
            told: Told | None = Told(error=refused)
        else:
            told = self._attempt(task, source)
        duration_ms = (time.perf_counter() - started) * 1000
        return judged(task, source, told, self._cpu_seconds, Isolation.LIMITS, duration_ms) if told else None

    def close(self) -> None:
        """End every attempt that still runs."""
        with self._lock:
            running = list(self._running)
        for conversation in running:
            conversation.end()

    def _attempt(self, task: JudgeTask, source: str) -> Told | None:
        numbered = [(number, check_source(c.source), c.hidden) for number, c in enumerate(task.checks)]
        with tempfile.TemporaryDirectory(prefix="aralify-", ignore_cleanup_errors=True) as folder:
            sides: list[Conversation] = []
            try:
                sides.append(self._start("learner.js", self._memory_mb, folder))
                sides.append(self._start("judge.js", _JUDGE_MEMORY_MB, folder))
                deadline = time.monotonic() + 2 * self._cpu_seconds + 2
                attempt = Attempt(*sides, deadline)
                ordered = sorted(numbered, key=lambda check: check[2])
                return attempt.run(program(task.context, source, task.own_names), SCOPE, ordered)
            except (OSError, JudgeFailed) as error:
                _log.warning("An answer in JavaScript could not be judged: %r", error)
                return None
            finally:
                for side in sides:
                    side.end()
                with self._lock:
                    self._running.difference_update(sides)

    def _start(self, name: str, memory_mb: int, folder: str) -> Conversation:
        command = [deno(), "run", *_OPTIONS, f"--v8-flags=--max-old-space-size={memory_mb}", str(_INSIDE / name)]
        environment = {"HOME": folder, "DENO_DIR": folder, "NO_COLOR": "1", "DENO_NO_UPDATE_CHECK": "1"}
        side = Conversation(command, folder, environment)
        with self._lock:
            self._running.add(side)
        return side


@cache
def deno() -> str:
    """Return where the Deno is that was installed with Aralify.

    Raises:
        OSError: There is none.
    """
    from deno import find_deno_bin

    return str(find_deno_bin())
