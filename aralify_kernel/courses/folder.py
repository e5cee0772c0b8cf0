"""A course folder: course.toml, the author notebooks it names, its icon and its files (COURSE_FORMAT)."""

from __future__ import annotations

import base64
import re
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.courses.lessons import read_blocks
from aralify_kernel.courses.tables import Place, Table
from aralify_kernel.courses.toml import read_toml
from aralify_kernel.domain.content import LessonContent
from aralify_kernel.domain.course import Course, Lesson, Level
from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.exercise_cells import COMMENTS
from aralify_kernel.domain.references import is_slug
from aralify_kernel.errors import N_, CourseInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.domain.course import Problem

_COURSE_KEYS: Final = (
    *("format", "slug", "language", "title", "description", "icon", "color", "order", "estimated_hours", "published"),
    *("packages", "files", "levels"),
)
_LEVEL_KEYS: Final = ("slug", "title", "published", "lessons")
_LESSON_KEYS: Final = (
    *("notebook", "title", "xp_reward", "est_time_mins", "time_limit_sec", "pass_score", "published"),
)
_TIERS: Final = tuple(difficulty.slug for difficulty in Difficulty)
_DEFAULT_COLOR: Final = "#7A3872"
_COLOR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_PACKAGE: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
ICON_LIMIT_BYTES: Final = 64 * 1024
FILES_LIMIT_BYTES: Final = 5 * 1024 * 1024
_IMAGES: Final = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
}


def read_course(folder: Path) -> Course:
    """Return the course in `folder`.

    Raises:
        CourseInvalid: It has mistakes; `details["problems"]` lists every one as a `domain.course.Problem`.
    """
    found: list[Problem] = []
    place = Place("course.toml", "", found)
    course: Course | None = None
    source = _read_text(folder / "course.toml", place)
    data = None if source is None else read_toml(source, place)
    if data is not None:
        course = _read_course(folder, Table(data, _COURSE_KEYS, place))
    if found or course is None:
        raise CourseInvalid(folder=str(folder), count=len(found), problems=tuple(found))
    return course


def is_inside(relative: str) -> bool:
    """Whether a relative path stays in its folder, on every operating system.

    >>> is_inside("data/rain.csv"), is_inside("../rain.csv"), is_inside("/etc/passwd"), is_inside("C:rain.csv")
    (True, False, False, False)
    """
    path, windows = PurePosixPath(relative), PureWindowsPath(relative)
    outside = path.is_absolute() or windows.drive or windows.root or ".." in path.parts or "\\" in relative
    return bool(path.parts) and not outside and "\x00" not in relative


def _read_text(path: Path, place: Place) -> str | None:
    data = _read_bytes(path, place)
    try:
        return None if data is None else data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        place.report(N_("This file is not written in UTF-8."))
        return None


def _read_bytes(path: Path, place: Place) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        place.report(N_("There is no file “{value}” in the course folder."), value=path.name)
    except OSError as error:
        place.report(N_("This file cannot be read: {detail}."), detail=error.strerror)
    return None


def _find(folder: Path, relative: str, place: Place) -> Path | None:
    """Return the file `relative` of the course folder, or None with the mistake noted."""
    if not relative:
        return None
    path = folder / relative
    try:
        if not is_inside(relative) or not path.resolve().is_relative_to(folder.resolve()):
            place.report(N_("“{value}” leads out of the course folder. Use a path inside it."), value=relative)
            return None
        if path.is_file():
            return path
    except (OSError, RuntimeError):
        pass  # A name too long for the disk or a ring of links: no file either way.
    place.report(N_("There is no file “{value}” in the course folder."), value=relative)
    return None


def _read_course(folder: Path, table: Table) -> Course:
    if table.integer("format", minimum=1) > 1:
        table.place.at("format").report(N_("This course needs a newer Aralify; this one reads format 1."))
    language = table.choice("language", tuple(COMMENTS))
    shared: dict[str, Any] = {
        "language": language,
        "packages": _packages(table),
        "files": _read_files(folder, table.strings("files"), table.place.at("files")),
    }
    levels = tuple(
        _read_level(folder, raw, index, table.place, shared) for index, raw in enumerate(table.tables("levels"))
    )
    _report_levels([level.slug for level in levels], table.place.at("levels"))
    color = table.string("color", _DEFAULT_COLOR)
    if not _COLOR.fullmatch(color):
        table.place.at("color").report(N_("“{value}” is no colour. Write it as #3776AB."), value=color)
    return Course(
        slug=_slug(table),
        language=language,
        title=table.text("title"),
        description=table.text("description", {}),
        icon_url=_read_icon(folder, table),
        color=color,
        order_index=table.integer("order", 0, minimum=0),
        estimated_hours=table.number("estimated_hours", 0.0),
        is_published=table.boolean("published", True),
        levels=levels,
    )


def _slug(table: Table) -> str:
    slug = table.string("slug")
    if "slug" in table and not is_slug(slug):
        table.place.at("slug").report(
            N_("“{value}” is no slug. Use small letters, digits and single hyphens, at most 64, as in python-basics."),
            value=slug,
        )
    return slug


def _packages(table: Table) -> tuple[str, ...]:
    packages = table.strings("packages")
    for name in packages:
        if not _PACKAGE.fullmatch(name):
            table.place.at("packages").report(N_("“{value}” is no package name."), value=name)
    return packages


def _report_levels(slugs: list[str], place: Place) -> None:
    if not slugs:
        place.report(N_("A course needs at least one level."))
    for slug in sorted({slug for slug in slugs if slug and slugs.count(slug) > 1}):
        place.report(N_("Two levels have the slug “{value}”."), value=slug)


def _read_level(folder: Path, raw: Any, index: int, place: Place, shared: Mapping[str, Any]) -> Level:
    slug = raw.get("slug") if isinstance(raw, dict) else None
    place = place.at(f"levels.{slug}" if isinstance(slug, str) and is_slug(slug) else f"levels[{index + 1}]")
    table = Table(raw, _LEVEL_KEYS, place)
    given = table.raw("lessons")
    lessons = Table({} if given is None else given, _TIERS, place.at("lessons"))
    if given == {}:
        lessons.place.report(N_("A level needs at least one lesson: easy, medium or hard."))
    return Level(
        slug=_slug(table),
        title=table.text("title"),
        order_index=index,
        is_published=table.boolean("published", True),
        lessons=tuple(
            _read_lesson(folder, difficulty, Table(lessons.raw(tier), _LESSON_KEYS, lessons.place.at(tier)), shared)
            for difficulty in Difficulty
            if (tier := difficulty.slug) in lessons
        ),
    )


def _read_lesson(folder: Path, difficulty: Difficulty, table: Table, shared: Mapping[str, Any]) -> Lesson:
    notebook = table.string("notebook")
    path = _find(folder, notebook, table.place.at("notebook"))
    place = Place(notebook, "", table.place.found)
    pass_score = table.integer("pass_score", 80, minimum=1, maximum=100)
    blocks = () if path is None else read_blocks(path, shared["language"], place)
    return Lesson(
        difficulty=difficulty,
        title=table.text("title"),
        xp_reward=table.integer("xp_reward", minimum=0),
        est_time_mins=table.integer("est_time_mins", minimum=1),
        time_limit_sec=table.integer_or_none("time_limit_sec", minimum=1),
        pass_score=pass_score,
        is_published=table.boolean("published", True),
        notebook=notebook,
        content=LessonContent(blocks=blocks, pass_score=pass_score, **shared),
    )


def _read_files(folder: Path, names: tuple[str, ...], place: Place) -> dict[str, str]:
    files: dict[str, str] = {}
    size = 0
    for name in names:
        path = _find(folder, name, place)
        data = None if path is None else _read_bytes(path, place)
        if name.lower().endswith(".ipynb"):
            place.report(N_("“{value}” is a notebook; it could take the place of a lesson."), value=name)
        elif data is not None:
            size += len(data)
            files[PurePosixPath(name).as_posix()] = base64.b64encode(data).decode()
    if size > FILES_LIMIT_BYTES:
        place.report(
            N_("The files of a course may have {limit} KB together; these have {size} KB."),
            limit=FILES_LIMIT_BYTES // 1024,
            size=size // 1024,
        )
    return files


def _read_icon(folder: Path, table: Table) -> str | None:
    place = table.place.at("icon")
    path = _find(folder, table.string("icon", ""), place)
    data = None if path is None else _read_bytes(path, place)
    if data is None:
        return None
    if len(data) > ICON_LIMIT_BYTES:
        place.report(
            N_("An icon may have {limit} KB; this one has {size} KB."),
            limit=ICON_LIMIT_BYTES // 1024,
            size=len(data) // 1024,
        )
    media_type = _image_type(data)
    if media_type is None:
        place.report(N_("The icon is not a picture. Use SVG, PNG, JPEG, GIF or WebP."))
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def _image_type(data: bytes) -> str | None:
    for beginning, media_type in _IMAGES.items():
        if data.startswith(beginning):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "image/svg+xml" if re.search(rb"<svg[\s>]", data[:4096]) else None
