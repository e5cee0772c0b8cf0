"""Hostile Python is contained and judged rightly, leaves nothing behind, and costs neither its neighbours nor the next."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from aralify_kernel.domain.judging import Isolation
from aralify_kernel.grading.sandbox import places
from tests.grading.hostile.harming import HARMING
from tests.grading.hostile.lying import LYING
from tests.grading.hostile.reaching import REACHING
from tests.grading.hostile.rows import EVERYWHERE, WHY_NOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls are those of Linux")

ORDINARY = 61000
"""A user that nobody is."""
PROJECT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def python():
    """A Python of this version, with what it needs, that any user of this machine may run."""
    path = [str(PROJECT)]
    program = sys.executable
    if not places.open_to_all():
        program = shutil.which(f"python{sys.version_info[0]}.{sys.version_info[1]}", path="/usr/local/bin:/usr/bin")
        path += places.packages()
    command = [program or sys.executable, "-c", "import tests.grading.hostile.running"]
    tried = subprocess.run(
        command, user=ORDINARY, group=ORDINARY, extra_groups=[], cwd="/", env={"PYTHONPATH": ":".join(path)}, check=False,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    if tried.returncode:
        pytest.skip(f"no other user can run this Python and this project: {tried.stderr.strip().splitlines()[-1:]}")
    return program, ":".join(path)


IS_ROOT = hasattr(os, "getuid") and os.getuid() == 0


@pytest.fixture(params=["root", "an ordinary user"] if IS_ROOT else ["an ordinary user"])
def run(request):
    """Run `running` in one mode as this user; return what it said."""
    changes = IS_ROOT and request.param != "root"
    program, path = request.getfixturevalue("python") if changes else (sys.executable, str(PROJECT))
    user = {"user": ORDINARY, "group": ORDINARY, "extra_groups": []} if changes else {}
    own = Path(tempfile.mkdtemp(prefix="hostile-"))  # not pytest's: other users cannot get there
    for folder in (own, own / "home", own / "tmp"):
        folder.mkdir(exist_ok=True)
        os.chown(folder, user.get("user", -1), user.get("group", -1))

    def run(mode):
        variables = {
            "PYTHONPATH": path, "PATH": os.environ["PATH"], "HOME": str(own / "home"), "ARALIFY_HOME": str(own / "home"), "TMPDIR": str(own / "tmp"),
            "ARALIFY_TEST_SECRET": "environment-secret",
        }  # fmt: skip
        few_lies = ["few"] if changes else []  # they are told to the judge, which is the same whoever runs it
        command = [program, "-m", "tests.grading.hostile.running", mode.value, *few_lies]
        done = subprocess.run(command, env=variables, cwd=own, capture_output=True, text=True, check=False, **user)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    yield run
    shutil.rmtree(own)


@pytest.mark.parametrize("mode", list(Isolation), ids=lambda mode: mode.value)
def test_no_hostile_answer_gets_anywhere(run, mode):
    said = run(mode)
    if reason := said.get("not_offered"):
        pytest.skip(f"needs isolation `{mode.value}`: {reason}")
    assert said["problems"] == []
    assert said["tried"] >= 60


def test_of_each_answer_that_a_mode_does_not_hold_it_is_said_why():
    rows = {**HARMING, **LYING, **REACHING}
    assert len(rows) == len(HARMING) + len(LYING) + len(REACHING)
    assert {row.held for row in rows.values()} <= {EVERYWHERE, *WHY_NOT}
