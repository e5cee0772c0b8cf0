"""What a judging process is given: everything compiled, and nothing that it does not need."""

from __future__ import annotations

import base64
import marshal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain.judging import SAME_PROCESS, bound_names
from aralify_kernel.grading.contexts import compiled
from aralify_kernel.grading.sandbox.places import packages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aralify_kernel.domain.judging import JudgeTask
    from aralify_kernel.grading.asserts import Prepared


@dataclass(frozen=True, slots=True)
class Program:
    """One attempt as the process inside reads it."""

    contents: dict[str, Any]
    packages: tuple[str, ...]
    is_same_process: bool

    def packed(self) -> bytes:
        """Return it as bytes: eight of length, then the program."""
        body = marshal.dumps(self.contents)
        return len(body).to_bytes(8, "big") + body


def program(
    task: JudgeTask, source: str, checks: Sequence[Prepared], *, cpu_seconds: float, memory_mb: int
) -> Program:
    """Return what judges `source`; `checks` are those of the task, prepared."""
    numbered = [(n, prepared.code, task.checks[n].hidden) for n, prepared in enumerate(checks)]
    contents = {
        "context": [code for part in task.context if (code := compiled(part))],
        "own_names": list(task.own_names),
        "theirs": sorted({*task.own_names, *(name for part in task.context for name in bound_names(part))}),
        "has_classes": task.has_classes,
        "source": source,
        "checks": sorted(numbered, key=lambda check: check[2]),
        "keeps_source": any(prepared.looks_at_source for prepared in checks),
        "files": {name: base64.b64decode(content) for name, content in task.files.items()},
        "cpu_seconds": cpu_seconds,
        "wall_seconds": wall_seconds(cpu_seconds),
        "memory_mb": memory_mb,
        "site_packages": packages(),
    }
    return Program(contents, task.packages, task.mode == SAME_PROCESS)


def wall_seconds(cpu_seconds: float) -> float:
    """Return how long an attempt may take by the clock: more than it may compute, for busy computers."""
    return 2 * cpu_seconds + 2
