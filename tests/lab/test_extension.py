"""The JupyterLab extension without a browser: its logic, and that a stale bundle cannot ship."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import deno
import pytest

EXTENSION = Path(__file__).parents[2] / "extensions" / "aralify-lab"


def digest(folder: Path, filipino: str = "{}") -> str:
    return runpy.run_path(str(folder / "sources.py"))["digest"](filipino)


@pytest.fixture
def copy(tmp_path):
    skipped = shutil.ignore_patterns("node_modules", "bundle", "__pycache__")
    return shutil.copytree(EXTENSION, tmp_path / "extension", ignore=skipped)


def test_the_logic_of_the_page_does_what_its_tests_say(copy, tmp_path):
    environment = os.environ | {"DENO_DIR": str(tmp_path / "deno"), "DENO_NO_UPDATE_CHECK": "1"}
    command = [deno.find_deno_bin(), "test", "--no-check", "--no-remote", "--no-config", "--no-lock", "tests"]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


@pytest.mark.parametrize(
    "changed", ["src/logic.ts", "style/base.css", "schema/plugin.json", "build.mjs", "package-lock.json"]
)
def test_a_bundle_of_other_sources_is_known_as_such(copy, changed):
    assert digest(copy) == digest(EXTENSION)
    (copy / changed).write_text((copy / changed).read_text() + "\n")
    assert digest(copy) != digest(EXTENSION)


def test_so_is_one_with_a_new_file_or_another_translation(copy):
    assert digest(copy, '{"Check": "I-check"}') != digest(EXTENSION)
    (copy / "src" / "new.ts").write_text("export {};")
    assert digest(copy) != digest(EXTENSION)


def test_the_lock_file_names_no_registry():
    packages = json.loads((EXTENSION / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert packages["node_modules/esbuild"]["integrity"]


def test_jupyter_s_server_loads_little_of_us_while_it_starts():
    code = "import sys, aralify_kernel.server.lab.routing; print(*(name for name in sys.modules if 'aralify' in name))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    ours = {"", ".client", ".client.interface", ".server", ".server.lab", ".server.lab.routing"}
    assert {name.removeprefix("aralify_kernel") for name in loaded if not name.startswith("__")} == ours
