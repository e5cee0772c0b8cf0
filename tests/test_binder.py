"""The Binder link: what repo2docker makes of this repository, and a rehearsal of what it would run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parent.parent
NOT_IN_A_CLONE = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "build", "dist", "node_modules"
)

A_VISIT = """
import json, os, sys
import nbformat
from nbclient import NotebookClient

path = os.path.realpath("first-lesson.ipynb")
os.environ["JPY_SESSION_NAME"] = os.path.abspath("first-lesson.ipynb")
notebook = nbformat.read(path, as_version=4)
client = NotebookClient(notebook, kernel_name=notebook.metadata.kernelspec.name, allow_errors=True)
exercise = next(cell for cell in notebook.cells if cell.metadata.get("aralify", {}).get("role") == "exercise")
exercise.source = exercise.source.replace("...", "50")
client.execute()
text = lambda cell: "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
header = next(cell for cell in notebook.cells if cell.source == "%aralify lesson")
print(json.dumps({
    "python": sys.prefix,
    "lesson": notebook.metadata.aralify.lesson,
    "owner": notebook.metadata.aralify.username,
    "kernel": notebook.metadata.kernelspec.name,
    "header": text(header),
    "result": text(exercise),
    "progress_url": os.environ["ARALIFY_PROGRESS_URL"],
}))
"""


def put_requirements_into(machine: Path) -> None:
    """Copy pip and what Aralify asks for, and no package that only its developers have, as if they had been fetched."""
    site_packages = next((machine / "lib").glob("python*/site-packages"))
    wanted, there = [Requirement("pip"), *requirements_of("aralify")], set()
    while wanted:
        requirement = wanted.pop()
        if (name := canonicalize_name(requirement.name)) in there and not requirement.extras:
            continue
        for file in [] if name in there else metadata.files(name) or []:
            if (source := Path(file.locate())).exists():  # what pip compiled may be gone
                put(source, site_packages / file, is_script=file.parent.name == "bin")
        there.add(name)
        wanted += requirements_of(name, *requirement.extras)


def put(source: Path, target: Path, *, is_script: bool) -> None:
    """Copy a file of a package; its scripts name the Python that runs them, and what is compiled stays so by its time."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)
    if is_script and source.read_bytes().startswith(b"#!"):
        target.write_text(target.read_text().replace(str(BIN), str(target.resolve().parent)))


def requirements_of(name: str, *extras: str) -> Iterator[Requirement]:
    """What a distribution asks for on this machine."""
    for text in metadata.requires(name) or []:
        requirement = Requirement(text)
        if not requirement.marker or any(requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement


@pytest.fixture
def clone(tmp_path) -> Path:
    """The repository as Binder gets it."""
    return Path(shutil.copytree(ROOT, tmp_path / "clone", ignore=NOT_IN_A_CLONE))


@pytest.fixture
def repo2docker() -> str:
    path = shutil.which("jupyter-repo2docker", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert path, "jupyter-repo2docker is one of the development requirements"
    return path


@pytest.mark.slow
def test_repo2docker_installs_after_copying_prepares_and_starts(clone, repo2docker):
    printed = subprocess.run(
        [repo2docker, "--no-build", "--debug", str(clone)], check=True, capture_output=True, text=True
    )
    dockerfile = printed.stdout
    assert "conda environment for python=3.12" in printed.stderr
    steps = [
        r"^COPY .*\bsrc/ \$\{REPO_DIR\}",
        r"^RUN .*pip install .*-r \"binder/requirements\.txt\"",
        r"^RUN \./binder/postBuild",
        r"^ENV R2D_ENTRYPOINT=\"\$\{REPO_DIR\}/binder/start\"",
    ]
    places = [re.search(step, dockerfile, re.MULTILINE) for step in steps]
    assert None not in places
    assert [place.start() for place in places] == sorted(place.start() for place in places)


def test_the_scripts_can_be_run_and_start_hands_over_to_jupyter():
    for name in ("postBuild", "start"):
        assert os.access(ROOT / "binder" / name, os.X_OK)
    assert (ROOT / "binder" / "start").read_text().rstrip().splitlines()[-1] == 'exec "$@"'


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_clean_machine_ends_up_with_a_guest_inside_lesson_one(clone, tmp_path):
    venv.create(tmp_path / "venv")
    put_requirements_into(tmp_path / "venv")
    home = tmp_path / "visitor"
    home.mkdir()
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ARALIFY_", "JUPYTER", "PYTEST", "VIRTUAL_ENV"))
    }
    environment |= {
        "HOME": str(home),
        "ARALIFY_JUDGE_IDLE_MINUTES": "0",  # no process stays behind
        "PATH": f"{tmp_path / 'venv' / 'bin'}{os.pathsep}{environment['PATH']}",
        "PIP_CACHE_DIR": subprocess.check_output([sys.executable, "-m", "pip", "cache", "dir"], text=True).strip(),
        "PIP_NO_COMPILE": "1",  # of all its modules a visit needs a part
        "JUPYTERHUB_SERVICE_PREFIX": "/user/visitor/",
    }

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("python", "-m", "pip", "install", "--quiet", "-r", "binder/requirements.txt")
    assert "python-basics" in run("./binder/postBuild")
    visit = json.loads(run("./binder/start", "python", "-c", A_VISIT).splitlines()[-1])
    assert visit["python"] == str(tmp_path / "venv")
    assert visit["lesson"] == "python-basics/variables/easy"
    assert visit["kernel"] == "aralify"
    assert "not saved" in visit["header"]
    assert visit["result"].startswith("Passed")
    assert visit["progress_url"] == "/user/visitor/voila/render/dashboards/my-progress.ipynb"
    assert (clone / "dashboards" / "my-progress.ipynb").exists()
    again = json.loads(run("./binder/start", "python", "-c", A_VISIT).splitlines()[-1])
    assert again["owner"] == visit["owner"]
