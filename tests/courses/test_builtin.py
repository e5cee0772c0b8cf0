"""Where the built-in folders are."""

from __future__ import annotations

import pytest

from aralify_kernel.courses import builtin
from aralify_kernel.courses.builtin import builtin_courses, builtin_folder
from aralify_kernel.errors import NotFound


def test_in_the_repository_they_are_the_notebooks_folder():
    assert builtin_folder("courses").parts[-2:] == ("notebooks", "courses")
    assert "python-basics" in [folder.name for folder in builtin_courses()]


def test_in_an_installed_package_they_are_inside_it(tmp_path, monkeypatch):
    (tmp_path / "aralify_kernel" / "builtin" / "courses" / "some").mkdir(parents=True)
    (tmp_path / "aralify_kernel" / "builtin" / "courses" / "some" / "course.toml").touch()
    (tmp_path / "aralify_kernel" / "builtin" / "courses" / "no-course").mkdir()
    monkeypatch.setattr(builtin, "_PACKAGE", tmp_path / "aralify_kernel")
    assert [folder.name for folder in builtin_courses()] == ["some"]


def test_what_is_nowhere_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(builtin, "_PACKAGE", tmp_path / "aralify_kernel")
    with pytest.raises(NotFound):
        builtin_folder("dashboards")
