"""Commands run in this process, each on a home of its own."""

from __future__ import annotations

import io
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from aralify_kernel.app import application
from aralify_kernel.cli import run

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """What came of one command line."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def aralify(capsys, put_into_use):
    """Run a command line as the shell would: `aralify("user", "list")`."""

    def call(*arguments):
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    put_into_use(Path(os.environ["ARALIFY_HOME"]))
    application.cache_clear()
    yield call
    application().close()
    application.cache_clear()


@pytest.fixture
def python_basics():
    return ROOT / "notebooks" / "courses" / "python-basics"


@pytest.fixture
def source(tmp_path):
    """Write an answer to a file and return its path."""

    def write(text, name="answer.py"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def nobody_answers(monkeypatch):
    """Let a question that the next command asks end as with a closed terminal."""
    return lambda: monkeypatch.setattr("sys.stdin", io.StringIO(""))
