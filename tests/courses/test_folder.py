"""course.toml and the files it names."""

from __future__ import annotations

import base64

import pytest

from aralify_kernel.courses.builtin import builtin_courses
from aralify_kernel.courses.folder import FILES_LIMIT_BYTES, ICON_LIMIT_BYTES, read_course
from aralify_kernel.domain.content import LessonContent
from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.errors import CourseInvalid
from tests.courses.authoring import COURSE, write_course


def problems(folder):
    with pytest.raises(CourseInvalid) as raised:
        read_course(folder)
    assert raised.value.details["count"] == len(raised.value.details["problems"])
    return [(problem.file, problem.key, problem.sentence("en")) for problem in raised.value.details["problems"]]


def problems_of(tmp_path, old, new):
    assert old in COURSE
    return problems(write_course(tmp_path / "tiny", COURSE.replace(old, new, 1)))


def test_a_sound_course_comes_out_as_it_was_written(tmp_path):
    course = read_course(write_course(tmp_path / "tiny"))

    assert (course.slug, course.language, course.color, course.order_index) == ("tiny", "python", "#3776AB", 3)
    assert course.title == {"en": "Tiny", "fil": "Munti"}
    assert course.description == {"en": "Very small.", "fil": "Very small."}
    assert course.estimated_hours == 1.5
    assert course.is_published
    assert course.icon_url is not None
    assert course.icon_url.startswith("data:image/svg+xml;base64,")
    (level,) = course.levels
    assert (level.slug, level.order_index, level.is_published) == ("first", 0, True)
    (lesson,) = level.lessons
    assert (lesson.difficulty, lesson.xp_reward, lesson.est_time_mins) == (Difficulty.EASY, 50, 10)
    assert (lesson.time_limit_sec, lesson.pass_score, lesson.content.pass_score) == (600, 70, 70)
    assert base64.b64decode(lesson.content.files["data/rain.csv"]) == b"day,mm\n1,20\n"


def test_the_content_survives_being_stored_as_json(tmp_path):
    content = read_course(write_course(tmp_path / "tiny")).levels[0].lessons[0].content
    assert LessonContent.from_json(content.as_json()) == content


def test_what_may_be_left_out_has_its_default(tmp_path):
    optional = ("icon", "color", "order", "estimated_hours", "files", "description", "time_limit_sec", "pass_score")
    toml = "\n".join(line for line in COURSE.split("\n") if not line.startswith(optional))
    course = read_course(write_course(tmp_path / "tiny", toml))
    lesson = course.levels[0].lessons[0]
    assert (course.icon_url, course.order_index, course.is_published) == (None, 0, True)
    assert (lesson.time_limit_sec, lesson.pass_score, lesson.is_published) == (None, 80, True)


@pytest.mark.parametrize(
    ("old", "new", "key", "told"),
    [
        ("format = 1", "", "format", "missing"),
        ("format = 1", "format = 2", "format", "newer Aralify"),
        ("format = 1", "format = true", "format", "whole number"),
        ('slug = "tiny"', "", "slug", "missing"),
        ('slug = "tiny"', 'slug = "Tiny Course"', "slug", "no slug"),
        ('slug = "tiny"', 'slug = "nul"', "slug", "no slug"),
        ('slug = "tiny"', "slug = 7", "slug", "must be a text"),
        ('slug = "tiny"', 'slugg = "tiny"', "slugg", "Known here: format, slug, language"),
        ('language = "python"', 'language = "cobol"', "language", "one of: python, javascript, sql"),
        ('language = "python"', "", "language", "missing"),
        ('title = { en = "Tiny", fil = "Munti" }', "", "title", "missing"),
        ('title = { en = "Tiny", fil = "Munti" }', "title = 3", "title", "one text for each language"),
        ('title = { en = "Tiny", fil = "Munti" }', 'title = { en = " " }', "title", "not be empty"),
        ('title = { en = "Tiny", fil = "Munti" }', 'title = { en = "T", de = "W" }', "title.de", "Known here: en, fil"),
        ('description = "Very small."', "description = []", "description", "must be a text"),
        ('color = "#3776AB"', 'color = "blue"', "color", "no colour"),
        ("order = 3", "order = -1", "order", "whole number from 0"),
        ("order = 3", "order = 1.0", "order", "whole number"),
        ("estimated_hours = 1.5", "estimated_hours = nan", "estimated_hours", "number from 0"),
        ("estimated_hours = 1.5", 'estimated_hours = "two"', "estimated_hours", "number from 0"),
        ("order = 3", 'order = 3\npublished = "yes"', "published", "true or false"),
        ("order = 3", "order = 3\npackages = [1]", "packages", "list of texts"),
        ("order = 3", 'order = 3\npackages = ["num py"]', "packages", "no package name"),
        ('icon = "icon.svg"', 'icon = "gone.svg"', "icon", "no file"),
        ('icon = "icon.svg"', 'icon = "course.toml"', "icon", "not a picture"),
        ('icon = "icon.svg"', 'icon = "../icon.svg"', "icon", "leads out"),
        ('files = ["data/rain.csv"]', 'files = ["data/sun.csv"]', "files", "no file “data/sun.csv”"),
        ('files = ["data/rain.csv"]', 'files = ["data"]', "files", "no file “data”"),
        ('files = ["data/rain.csv"]', 'files = ["/etc/hostname"]', "files", "leads out"),
        ('files = ["data/rain.csv"]', 'files = ["data/../../x"]', "files", "leads out"),
        ('files = ["data/rain.csv"]', 'files = ["C:\\\\x"]', "files", "leads out"),
        ('files = ["data/rain.csv"]', 'files = ["01-first/easy.ipynb"]', "files", "is a notebook"),
        ('files = ["data/rain.csv"]', f'files = ["{"x" * 300}"]', "files", "no file"),
        ('slug = "first"', 'slug = "First"', "levels[1].slug", "no slug"),
        ('slug = "first"', "", "levels[1].slug", "missing"),
        ('slug = "first"', 'slug = "first"\nlesson = 1', "levels.first.lesson", "Known here: slug, title"),
        ("[levels.lessons.easy]", "[levels.lessons.extreme]", "levels.first.lessons.extreme", "easy, medium, hard"),
        ('notebook = "01-first/easy.ipynb"', "", "levels.first.lessons.easy.notebook", "missing"),
        ("01-first/easy.ipynb", "01-first/gone.ipynb", "levels.first.lessons.easy.notebook", "no file"),
        ("01-first/easy.ipynb", "../easy.ipynb", "levels.first.lessons.easy.notebook", "leads out"),
        ("xp_reward = 50", "xp_reward = -5", "levels.first.lessons.easy.xp_reward", "from 0 to 1000000"),
        ("xp_reward = 50", "", "levels.first.lessons.easy.xp_reward", "missing"),
        ("est_time_mins = 10", "est_time_mins = 0", "levels.first.lessons.easy.est_time_mins", "from 1"),
        ("time_limit_sec = 600", "time_limit_sec = 0", "levels.first.lessons.easy.time_limit_sec", "from 1"),
        ("pass_score = 70", "pass_score = 101", "levels.first.lessons.easy.pass_score", "from 1 to 100"),
        ("pass_score = 70", "pass_mark = 70", "levels.first.lessons.easy.pass_mark", "Known here: notebook"),
    ],
)
def test_a_mistake_is_told_with_its_key(tmp_path, old, new, key, told):
    found = problems_of(tmp_path, old, new)
    assert [(file, at) for file, at, sentence in found if told in sentence] == [("course.toml", key)]


def test_all_mistakes_of_all_files_come_at_once(tmp_path):
    toml = COURSE.replace('"tiny"', '"TINY"').replace("#3776AB", "red").replace("xp_reward = 50", "xp_reward = 0.5")
    folder = write_course(tmp_path / "tiny", toml)
    (folder / "01-first" / "easy.ipynb").write_text("no notebook", encoding="utf-8")
    assert {(file, key) for file, key, _ in problems(folder)} == {
        ("course.toml", "slug"),
        ("course.toml", "color"),
        ("course.toml", "levels.first.lessons.easy.xp_reward"),
        ("01-first/easy.ipynb", ""),
    }


def test_two_levels_of_one_slug_are_a_mistake(tmp_path):
    level = COURSE[COURSE.index("[[levels]]") :]
    found = problems(write_course(tmp_path / "tiny", COURSE + "\n" + level))
    assert [sentence for _, key, sentence in found if key == "levels"] == ["Two levels have the slug “first”."]


@pytest.mark.parametrize("levels", ["", "levels = []", "levels = 3"])
def test_a_course_without_levels_is_a_mistake(tmp_path, levels):
    toml = COURSE[: COURSE.index("[[levels]]")] + levels
    assert ("course.toml", "levels", "A course needs at least one level.") in problems(
        write_course(tmp_path / "tiny", toml)
    )


@pytest.mark.parametrize("lessons", ["", "[levels.lessons]", 'lessons = "none"'])
def test_a_level_without_lessons_is_a_mistake(tmp_path, lessons):
    toml = COURSE[: COURSE.index("[levels.lessons.easy]")] + lessons
    assert [key for _, key, _ in problems(write_course(tmp_path / "tiny", toml))] == ["levels.first.lessons"]


@pytest.mark.parametrize(
    ("toml", "line"), [("format = 1\nslug = \n", 2), ('slug = "a"\n\nslug = "b"\n', 3), ('title = """', 1)]
)
def test_broken_toml_names_its_line(tmp_path, toml, line):
    ((file, _, sentence),) = problems(write_course(tmp_path / "tiny", toml))
    assert file == "course.toml"
    assert sentence.startswith(f"Line {line} is not TOML")


def test_a_file_that_is_not_utf_8_is_told(tmp_path):
    folder = write_course(tmp_path / "tiny")
    (folder / "course.toml").write_bytes("title = 'ñ'".encode("latin-1"))
    assert problems(folder) == [("course.toml", "", "This file is not written in UTF-8.")]


@pytest.mark.parametrize("folder", ["", "nowhere"])
def test_a_folder_without_a_course_is_told(tmp_path, folder):
    ((file, _, sentence),) = problems(tmp_path / folder)
    assert (file, sentence) == ("course.toml", "There is no file “course.toml” in the course folder.")


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    folder = write_course(tmp_path / "tiny")
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (folder / "data" / "rain.csv").unlink()
    (folder / "data" / "rain.csv").symlink_to(tmp_path / "secret")
    ((_, key, sentence),) = problems(folder)
    assert key == "files"
    assert "leads out" in sentence


def test_a_ring_of_links_is_no_file(tmp_path):
    folder = write_course(tmp_path / "tiny")
    (folder / "data" / "rain.csv").unlink()
    (folder / "data" / "rain.csv").symlink_to("rain.csv")
    ((_, key, sentence),) = problems(folder)
    assert key == "files"
    assert "no file" in sentence


def test_icons_and_files_have_limits(tmp_path):
    folder = write_course(tmp_path / "tiny")
    (folder / "icon.svg").write_text("<svg>" + " " * ICON_LIMIT_BYTES + "</svg>", encoding="utf-8")
    (folder / "data" / "rain.csv").write_bytes(bytes(FILES_LIMIT_BYTES + 1))
    assert {key: sentence for _, key, sentence in problems(folder)} == {
        "icon": "An icon may have 64 KB; this one has 64 KB.",
        "files": "The files of a course may have 5120 KB together; these have 5120 KB.",
    }


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"RIFF1234WEBPVP8", "image/webp")],
)
def test_an_icon_keeps_its_kind(tmp_path, data, media_type):
    folder = write_course(tmp_path / "tiny")
    (folder / "icon.svg").write_bytes(data)
    assert read_course(folder).icon_url == f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def test_problems_are_told_in_filipino_too(tmp_path):
    with pytest.raises(CourseInvalid) as raised:
        read_course(write_course(tmp_path / "tiny", COURSE.replace("#3776AB", "red")))
    (problem,) = raised.value.details["problems"]
    assert problem.sentence("fil") == "Hindi kulay ang “red”. Isulat ito gaya ng #3776AB."
    assert problem.as_json("en") == {
        "file": "course.toml",
        "key": "color",
        "message": "“red” is no colour. Write it as #3776AB.",
    }


@pytest.mark.parametrize("folder", builtin_courses(), ids=lambda folder: folder.name)
def test_every_built_in_course_can_be_read(folder):
    course = read_course(folder)
    assert course.slug == folder.name
    assert all(lesson.content.points > 0 for level in course.levels for lesson in level.lessons)
