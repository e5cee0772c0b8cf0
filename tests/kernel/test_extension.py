"""Loading and unloading, and how little it costs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.kernel.conftest import FIRST_LINE, attempts

HEAVY = {
    "sqlalchemy", "alembic", "pandas", "plotly", "numpy", "ipywidgets", "anywidget", "nbformat", "nbclient",
    "jsonschema", "argon2", "babel", "click", "rich", "voila", "jupyter_server", "platformdirs_", "markdown_it",
}  # fmt: skip


def heavy_modules_after(code: str) -> set[str]:
    script = f"{code}\nimport sys, json\nprint(json.dumps([name.partition('.')[0] for name in sys.modules]))"
    result = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return HEAVY & set(json.loads(result.stdout))


def test_importing_the_package_imports_nothing_heavy():
    assert heavy_modules_after("import aralify_kernel") == set()


def test_loading_the_extension_imports_nothing_heavy():
    assert heavy_modules_after("from aralify_kernel.kernel import extension") == set()


@pytest.mark.slow
def test_an_ordinary_cell_imports_nothing_heavy(start_kernel):
    kernel = start_kernel()
    kernel.run("import sys\nbefore = set(sys.modules)")
    new = kernel.run("print(*(name.partition('.')[0] for name in set(sys.modules) - before))").text("stream")
    assert HEAVY & set(new.split()) == set()
    assert kernel.run("'aralify_kernel.app' in sys.modules").text("execute_result") == "False"


@pytest.mark.slow
def test_load_ext_in_a_plain_python_kernel_gives_the_same(ana, start_kernel):
    kernel = start_kernel("python3")
    kernel.run(f"{FIRST_LINE}\nload = 50")
    assert attempts(ana) == []
    kernel.run("%load_ext aralify_kernel")
    kernel.run(f"{FIRST_LINE}\nload = 50")
    assert attempts(ana) == [("load = 50", "PASSED")]


@pytest.mark.slow
def test_unloading_takes_hook_and_magics_away_and_loading_brings_them_back(ana, start_kernel):
    kernel = start_kernel()
    kernel.run("%unload_ext aralify_kernel")
    assert "not found" in kernel.run("%aralify help").text("stream")
    kernel.run(f"{FIRST_LINE}\nload = 5")
    assert attempts(ana) == []
    kernel.run("%load_ext aralify_kernel")
    kernel.run(f"{FIRST_LINE}\nload = 50")
    assert attempts(ana) == [("load = 50", "PASSED")]


@pytest.mark.slow
def test_the_kernel_runs_the_environment_s_own_python(start_kernel):
    kernel = start_kernel()
    assert kernel.run("import sys\nprint(sys.executable)").text("stream").strip() == sys.executable
