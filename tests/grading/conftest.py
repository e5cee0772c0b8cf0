from __future__ import annotations

import pytest

from aralify_kernel.domain.content import Check
from aralify_kernel.domain.judging import SAME_PROCESS, TWO_PROCESS, Isolation, JudgeTask, makes_classes
from aralify_kernel.grading import open_grader
from aralify_kernel.grading.authors import AuthorsGrader
from aralify_kernel.grading.fresh import FreshRunner
from aralify_kernel.grading.python import PythonGrader
from aralify_kernel.grading.sandbox.probe import probe
from aralify_kernel.settings import load


def checks_of(*sources):
    """Checks, one point each; a source that begins with `hidden:` is a hidden one."""
    return tuple(
        Check(
            id=f"check-{number}",
            name={"en": f"check {number}"},
            source=source.removeprefix("hidden:"),
            hidden=source.startswith("hidden:"),
        )
        for number, source in enumerate(sources)
    )


WAYS = ("namespaces", "landlock", "limits", "same_process", "fresh")
"""The modes of two processes, one process behind the strongest walls, and the fresh process of Windows."""


@pytest.fixture(scope="session")
def settings():
    """One second of computing time per attempt, so that the tests stay quick."""
    return load({"ARALIFY_HOME": "/nowhere", "ARALIFY_JUDGE_TIME_LIMIT_SEC": "1"})


@pytest.fixture(scope="session")
def graders(settings):
    """The real grader, by the way it judges; each is opened when it is first asked for."""
    opened = {}

    def grader(way):
        if way not in opened:
            opened[way] = _open(way, settings)
        return opened[way]

    yield grader
    for each in opened.values():
        each.close()


def _open(way, settings):
    if way == "fresh":
        limits = Isolation.LIMITS, settings.judge_time_limit_sec, settings.judge_memory_mb
        return AuthorsGrader(PythonGrader(FreshRunner(), *limits))
    if way in {"same_process", "strongest"}:
        return open_grader(settings)
    mode = next(mode for mode in probe().modes if mode.isolation.value == way)
    if not mode.offered:
        pytest.skip(f"needs isolation `{way}`: {mode.reason}")
    return open_grader(settings, mode.isolation)


@pytest.fixture(params=["namespaces", "fresh"])
def way(request):
    """How this test's answers are judged."""
    return request.param


@pytest.fixture
def grader(graders, way):
    return graders(way)


@pytest.fixture
def task(way):
    def make(source, *checks, own=("area",), context=(), **more):
        mode = SAME_PROCESS if way == "same_process" else TWO_PROCESS
        classes = any(map(makes_classes, (source, *context)))
        return JudgeTask(
            "python",
            tuple(context),
            tuple(own),
            source,
            checks_of(*checks),
            **{"mode": mode, "has_classes": classes, **more},
        )

    return make


@pytest.fixture
def judge(grader, task):
    return lambda source, *checks, **more: grader.judge(task(source, *checks, **more))
