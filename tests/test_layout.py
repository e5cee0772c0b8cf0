"""The tree itself: nothing too long, nothing without a name that says what it is, nothing of this machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOP_LEVEL = {
    "pyproject.toml", "aralify_kernel", "notebooks", "extensions", "tests", "binder",
    "README.md", "LICENSE", "CHANGELOG.md", "docs", "Makefile", ".ci", ".gitignore",
}  # fmt: skip


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        files = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        return [str(path) for path in files if not {".venv", "node_modules"} & set(path.parts)]
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def test_the_top_level_is_the_one_the_design_fixes():
    assert {name.split("/")[0] for name in tracked()} <= TOP_LEVEL


@pytest.mark.parametrize("word", ["utils", "helpers", "misc", "common"])
def test_no_file_is_named_for_nothing_in_particular(word):
    assert [name for name in tracked() if Path(name).stem == word] == []


def test_no_source_file_is_longer_than_four_hundred_lines():
    sources = [name for name in tracked() if name.endswith(".py") and "/migrations/" not in name]
    lengths = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in sources}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_no_tracked_file_names_a_path_or_a_registry_of_somebody_s_machine():
    private = re.compile(r"(?<![\w.])/(work|farm|root)/|pypi\.org/simple|files\.pythonhosted|registry\.npmjs")
    texts = [name for name in tracked() if Path(name).suffix not in {".png", ".mo", ".sqlite3"}]
    assert [
        name
        for name in texts
        if name != "tests/test_layout.py" and private.search((ROOT / name).read_text(encoding="utf-8"))
    ] == []


def test_the_version_heads_the_changelog():
    from aralify_kernel import __version__

    headings = re.findall(r"^## \[?([\w.]+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == __version__


@pytest.mark.parametrize(
    "page", ["README.md", *sorted(name for name in tracked() if name.startswith("docs/") and name.endswith(".md"))]
)
def test_what_a_page_links_to_is_there(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / page).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []
