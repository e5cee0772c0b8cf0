"""Judges answers written in JavaScript, each with two fresh processes of Deno that have no permission at all."""

from __future__ import annotations

import logging
import math
import time
from functools import cache
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.javascript import declared_names
from aralify_kernel.domain.judging import Isolation
from aralify_kernel.grading.javascript.attempts import Attempt, JudgeFailed, Told
from aralify_kernel.grading.javascript.judgements import judged
from aralify_kernel.grading.javascript.programs import SCOPE, check_source, imports, program
from aralify_kernel.grading.rooms import Rooms
from aralify_kernel.grading.sandbox import places

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from aralify_kernel.domain.judging import Judgement, JudgeTask
    from aralify_kernel.grading.conversations import Conversation

_log = logging.getLogger(__name__)
_JUDGE_MEMORY_MB: Final = 512
_OPTIONS: Final = ("--quiet", "--no-prompt", "--no-remote", "--no-npm", "--no-config", "--no-lock", "--cached-only")
_START_SECONDS: Final = 1
_ROOM_TO_MOVE: Final = 2
"""V8 needs as much again as it keeps, and computes for seconds where it has less."""
_OWN_MEMORY_MB: Final = 640
"""What Deno itself needs beside what a program keeps."""


class JavaScriptRunner:
    """Judges JavaScript.

    Args:
        isolation: The walls around each process.
        cpu_seconds: Computing time of an attempt; the wall-clock may be twice that and two seconds more, for busy
            computers.
        memory_mb: Memory of an attempt, in megabytes.
    """

    def __init__(self, isolation: Isolation, cpu_seconds: float, memory_mb: int) -> None:
        self._rooms = Rooms(isolation)
        self._cpu_seconds = cpu_seconds
        self._memory_mb = memory_mb

    def judge(self, task: JudgeTask, source: str) -> Judgement | None:
        """Return what came of one answer; None when it could not be judged. See `languages.Runner`."""
        started = time.perf_counter()
        line = imports(source)
        if line is not None:
            refused = {"name": "ImportError", "message": "an exercise imports nothing", "line": line}
            told: Told | None = Told(error=refused)
        else:
            told = self._attempt(task, source)
        duration_ms = (time.perf_counter() - started) * 1000
        return judged(task, source, told, self._cpu_seconds, self._rooms.isolation, duration_ms) if told else None

    def close(self) -> None:
        """End every attempt that still runs."""
        self._rooms.close()

    def _attempt(self, task: JudgeTask, source: str) -> Told | None:
        numbered = [(number, check_source(c.source), c.hidden) for number, c in enumerate(task.checks)]
        ordered = sorted(numbered, key=lambda check: check[2])
        try:
            with (
                self._rooms.folder() as folder,
                self._start("learner.js", self._memory_mb, folder) as learner,
                self._start("judge.js", _JUDGE_MEMORY_MB, folder) as judge,
            ):
                attempt = Attempt(learner, judge, 2 * self._cpu_seconds + 2)
                return attempt.run(
                    program(task.context, source, sorted(declared_names(task.reference))), SCOPE, ordered
                )
        except (OSError, JudgeFailed) as error:
            _log.warning("An answer in JavaScript could not be judged: %r", error)
            return None

    def _start(self, name: str, memory_mb: int, folder: str) -> AbstractContextManager[Conversation]:
        script = places.inside(f"javascript/{name}", in_room=self._rooms.isolation is Isolation.NAMESPACES)
        config = {
            "command": [
                deno(),
                "run",
                *_OPTIONS,
                f"--v8-flags=--max-old-space-size={memory_mb // _ROOM_TO_MOVE}",
                script,
            ],
            "environment": {"HOME": folder, "DENO_DIR": folder, "NO_COLOR": "1", "DENO_NO_UPDATE_CHECK": "1"},
            "cpu_seconds": math.ceil(self._cpu_seconds) + _START_SECONDS,
            "memory_bytes": (memory_mb + _OWN_MEMORY_MB) * 1024 * 1024,
            "write": [folder],
        }
        return self._rooms.start("deno", config, read=[deno(), places.inside("javascript", in_room=False), folder])


@cache
def deno() -> str:
    """Return where the Deno is that was installed with Aralify.

    Raises:
        OSError: There is none.
    """
    from deno import find_deno_bin

    return str(find_deno_bin())
