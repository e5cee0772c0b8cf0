from __future__ import annotations

import pytest

from aralify_kernel.domain.content import Check
from aralify_kernel.domain.judging import JudgeTask
from aralify_kernel.grading import open_grader
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


@pytest.fixture(scope="session")
def grader():
    """The real grader, with one second of computing time per attempt so that the tests stay quick."""
    settings = load({"ARALIFY_HOME": "/nowhere", "ARALIFY_JUDGE_TIME_LIMIT_SEC": "1"})
    grader = open_grader(settings)
    yield grader
    grader.close()


@pytest.fixture
def task():
    def make(source, *checks, own=("area",), context=(), **more):
        return JudgeTask("python", tuple(context), tuple(own), source, checks_of(*checks), **more)

    return make


@pytest.fixture
def judge(grader, task):
    return lambda source, *checks, **more: grader.judge(task(source, *checks, **more))
