"""An author notebook becomes a lesson's blocks."""

from __future__ import annotations

import json

import pytest

from aralify_kernel.courses.lessons import read_blocks
from aralify_kernel.courses.tables import Place
from aralify_kernel.domain.content import Example, Exercise, Prose, Quiz, Rule
from aralify_kernel.domain.statements import with_magic
from tests.courses.authoring import AREA, SECOND, cell, notebook, sound_cells

CHECK = cell("code", "c", "assert True", role="check")


def read(tmp_path, cells, minor=5, language="python"):
    return read_file(tmp_path, json.dumps(notebook(cells, minor)), language)


def read_file(tmp_path, text, language="python"):
    path = tmp_path / "easy.ipynb"
    path.write_text(text, encoding="utf-8")
    place = Place("easy.ipynb", "", [])
    blocks = read_blocks(path, language, place)
    found: dict[str, str] = {}
    for problem in place.found:
        found[problem.key] = f"{found.get(problem.key, '')} {problem.sentence('en')}".strip()
    return blocks, found


def changed(name, /, **changes):
    """The sound notebook with one cell changed."""
    cells = sound_cells()
    found = next(made for made in cells if made["id"] == name)
    found |= {key: value for key, value in changes.items() if key in {"source", "cell_type", "id", "metadata"}}
    meta = {key: value for key, value in changes.items() if key not in {"source", "cell_type", "id", "metadata"}}
    if meta:
        found["metadata"] = {"aralify": {**found["metadata"].get("aralify", {}), **meta}}
    return cells


def test_a_sound_notebook_becomes_its_blocks_in_order(tmp_path):
    blocks, found = read(tmp_path, sound_cells())
    assert found == {}
    assert [(type(block), block.id) for block in blocks] == [
        (Prose, "intro-en"),
        (Example, "pi"),
        (Exercise, "area"),
        (Quiz, "sign"),
        (Exercise, "double"),
        (Prose, "end"),
    ]


def test_an_example_may_hold_lines_that_only_a_notebook_understands(tmp_path):
    shown = "%matplotlib inline\nif True:\n    !ls\nside = 3"
    blocks, found = read(tmp_path, changed("pi", source=shown))
    assert found == {}
    assert blocks[1].source == shown


def test_an_example_that_is_no_python_beside_such_lines_is_reported_with_its_line(tmp_path):
    _, found = read(tmp_path, changed("pi", source="%matplotlib inline\nside = ="))
    assert "Its line 2" in " ".join(found.values())


def test_a_check_may_not_hold_them_as_it_runs_without_a_notebook(tmp_path):
    _, found = read(tmp_path, [*sound_cells()[:-1], cell("code", "m", "%time\nassert True", role="check")])
    assert "not Python" in " ".join(found.values())


def test_translations_of_one_pair_are_one_prose(tmp_path):
    blocks, _ = read(tmp_path, sound_cells())
    assert blocks[0].text == {"en": "# Areas\n\nHello.", "fil": "# Mga area\n\nKumusta."}


def test_a_text_without_a_language_stands_for_both(tmp_path):
    blocks, _ = read(tmp_path, sound_cells())
    assert blocks[-1].text == {"en": "Bye.", "fil": "Bye."}


def test_an_exercise_gathers_what_other_cells_say_about_it(tmp_path):
    blocks, _ = read(tmp_path, sound_cells())
    area = blocks[2]
    assert area.title == {"en": "The area", "fil": "Ang area"}
    assert [(check.id, check.points, check.hidden) for check in area.checks] == [
        ("area-1", 1, False),
        ("area-2", 2, False),
        ("area-3", 1, True),
    ]
    assert area.points == 4
    assert [check.name["fil"] for check in area.checks] == ["Check 1", "Isa", "Check 3"]
    assert area.hints == ({"en": "Nudge.", "fil": "Siko."}, {"en": "Multiply.", "fil": "Multiply."})
    assert [(mistake.expect, mistake.source[:9]) for mistake in area.mistakes] == [("zero", "def area(")]


def test_an_exercise_without_a_title_is_numbered_in_both_languages(tmp_path):
    blocks, _ = read(tmp_path, sound_cells())
    assert (blocks[4].title, blocks[4].needs) == ({"en": "Exercise 2", "fil": "Pagsasanay 2"}, ("area",))


def test_a_check_may_name_an_exercise_further_up(tmp_path):
    late = cell("code", "late", "assert area(9, 9) == 81", role="check", exercise="area")
    blocks, found = read(tmp_path, [*sound_cells(), late])
    assert found == {}
    assert blocks[2].checks[-1].id == "late"


def test_pasted_pictures_travel_in_the_text(tmp_path):
    picture = cell("markdown", "p", "![map](attachment:map.png)") | {
        "attachments": {"map.png": {"image/png": "aGVs\nbG8="}}
    }
    blocks, found = read(tmp_path, [*sound_cells(), picture])
    assert found == {}
    assert blocks[-1].text["en"] == "![map](data:image/png;base64,aGVsbG8=)"


@pytest.mark.parametrize(
    ("cells", "key", "told"),
    [
        (changed("pi", role="exampel"), "pi.role", "no role. Known: prose, example"),
        (changed("pi", role=["example"]), "pi.role", "no role"),
        (changed("pi", cell_type="raw"), "pi.role", "quiz or mistake"),
        (changed("end", role="exercise"), "end", "belongs in a code cell; this is a markdown cell"),
        (changed("pi", metadata={"aralify": "example"}), "pi.metadata.aralify", "table"),
        (changed("pi", metadata=None), "pi", "not a notebook cell"),
        (changed("pi", source=7), "pi", "not a notebook cell"),
        (changed("pi", id="a b"), "a b", "no id"),
        (changed("pi", id="x" * 65), "x" * 65, "no id"),
        (changed("pi", id=None), "cells[3]", "no id"),
        (changed("pi", source="pi ="), "pi", "not Python. Its line 1"),
        (changed("pi", source="a\x00b"), "pi", "NUL"),
        (changed("pi", id="area"), "area", "Two cells have this id"),
        (changed("area", points=3), "area.points", "Known here: role, title, mode, rules, needs"),
        (changed("area", mode="three_process"), "area.mode", "two_process, same_process"),
        (changed("area", rules={"must_use": "for"}), "area.rules", "list of tables"),
        (changed("area", rules=["for"]), "area.rules[1]", "table of keys"),
        (changed("area", rules=[{"forbid": "for"}]), "area.rules[1].forbid", "Known here: must_use, must_not_use"),
        (changed("area", rules=[{}]), "area.rules[1]", "either must_use or must_not_use"),
        (changed("area", rules=[{"must_use": "+", "must_not_use": "*"}]), "area.rules[1]", "either must_use or"),
        (changed("area", rules=[{"must_use": "+"}, {"must_use": 5}]), "area.rules[2].must_use", "must be a text"),
        (changed("area", rules=[{"must_use": "a loop"}]), "area.rules[1].must_use", "one of: assert, break"),
        (changed("area", rules=[{"must_use": "+", "message": ""}]), "area.rules[1].message", "empty"),
        (changed("area", rules=[{"must_use": "+"}, {"must_not_use": "+"}]), "area.rules[2]", "about “+” already"),
        (changed("area", title=""), "area.title", "empty"),
        (changed("area", needs="double"), "area.needs", "list of texts"),
        (changed("area", needs=["double"]), "area.needs", "no exercise “double” above"),
        (changed("double", needs=["gone"]), "double.needs", "no exercise “gone” above"),
        (changed("area-1", exercise="volume"), "area-1.exercise", "Known: area, double"),
        (changed("area-1", points=-1), "area-1.points", "whole number from 0"),
        (changed("area-1", points=1.5), "area-1.points", "whole number"),
        (changed("area-1", points=True), "area-1.points", "whole number"),
        (changed("area-1", hidden="yes"), "area-1.hidden", "true or false"),
        (changed("area-1", name=5), "area-1.name", "must be a text"),
        (changed("area-1", source="assert area(2, 3) = 6"), "area-1", "not Python"),
        (changed("area-1", source="  "), "area-1", "empty"),
        (changed("h1-en", lang="de"), "h1-en.lang", "one of: en, fil"),
        (changed("h1-fil", lang="en"), "h1-fil.pair", "already has a text in the language en"),
        (changed("intro-fil", metadata={"aralify": {"role": "prose", "pair": "x"}}), "intro-fil.lang", "say its language"),
        (changed("m1", expect=3), "m1.expect", "must be a text"),
        (changed("m1", exercise="gone"), "m1.exercise", "no exercise “gone”"),
        ([CHECK, *sound_cells()], "c", "No exercise stands above"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_cell(tmp_path, cells, key, told):
    _, found = read(tmp_path, cells)
    assert told in found.get(key, str(found))


def test_rules_are_read_with_their_messages(tmp_path):
    message = {"en": "Add them up.", "fil": "I-add ang mga ito."}
    rules = [{"must_use": "loop"}, {"must_not_use": "sum", "message": message}]
    blocks, found = read(tmp_path, changed("area", rules=rules))
    assert found == {}
    assert blocks[2].rules == (Rule("loop", must_use=True), Rule("sum", must_use=False, message=message))


def test_every_mistake_of_the_rules_is_told_at_once(tmp_path):
    _, found = read(tmp_path, changed("area", rules=[{"must_use": "loops everywhere"}, {"must_not_use": ""}, {}]))
    assert {"area.rules[1].must_use", "area.rules[2].must_not_use", "area.rules[3]"} <= found.keys()


@pytest.mark.parametrize(("language", "marker"), [("sql", "---"), ("javascript", "///")])
@pytest.mark.parametrize("what", ["loop", "recursion", "+", ".sort", "import os.path"])
def test_in_other_languages_a_rule_is_about_a_word(tmp_path, language, marker, what):
    source = with_magic(f"{marker} BEGIN SOLUTION\nSELECT\n{marker} END SOLUTION", language)
    cells = [
        cell("code", "one", source, role="exercise", rules=[{"must_use": what}, {"must_not_use": "JOIN"}]),
        cell("code", "c", with_magic("-- check: result", language), role="check"),
    ]
    _, found = read(tmp_path, cells, language=language)
    assert list(found) == ["one.rules[1].must_use"]
    assert f"In {language}, a rule can only be about a word" in found["one.rules[1].must_use"]


def test_an_exercise_and_a_quiz_cannot_share_an_id(tmp_path):
    quiz = next(made["source"] for made in sound_cells() if made["id"] == "sign-quiz").replace('"sign"', '"area"')
    _, found = read(tmp_path, changed("sign-quiz", source=quiz))
    assert "Two activities have the id “area”" in found["sign-quiz.id"]


def test_an_exercise_without_a_check_is_a_mistake(tmp_path):
    _, found = read(tmp_path, [cell("code", "area", AREA, role="exercise")])
    assert "cannot be judged" in found["area"]


@pytest.mark.parametrize("cells", [[], [cell("markdown", "p", "Hello")], [made | {} for made in sound_cells()[:3]]])
def test_a_lesson_without_points_is_a_mistake(tmp_path, cells):
    _, found = read(tmp_path, cells)
    assert "at least one point" in found[""]


def test_points_of_nothing_are_no_points(tmp_path):
    cells = [cell("code", "area", AREA, role="exercise"), cell("code", "c", "assert True", role="check", points=0)]
    assert "at least one point" in read(tmp_path, cells)[1][""]


@pytest.mark.parametrize(
    ("text", "key", "told"),
    [
        ("", "", "not JSON"),
        ("{", "", "not JSON"),
        ("[" * 100_000, "", "not JSON"),
        ("[]", "nbformat", "format 4.5"),
        ('{"nbformat": 3, "nbformat_minor": 0}', "nbformat", "format 4.5"),
        ('{"nbformat": 4, "nbformat_minor": 4, "cells": []}', "nbformat", "format 4.5"),
        ('{"nbformat": 4, "nbformat_minor": 5}', "cells", "no list of cells"),
        ('{"nbformat": 4, "nbformat_minor": 5, "cells": [3]}', "cells[1]", "not a notebook cell"),
        ('{"nbformat": 4, "nbformat_minor": 5, "cells": [], "x": "\\ud800"}', "", "lone surrogate"),
    ],
)
def test_what_is_no_notebook_is_told(tmp_path, text, key, told):
    _, found = read_file(tmp_path, text)
    assert told in found[key]


def test_a_file_that_is_not_utf_8_is_no_notebook(tmp_path):
    (tmp_path / "easy.ipynb").write_bytes(b'{"nbformat": 4, "x": "\xff"}')
    place = Place("easy.ipynb", "", [])
    read_blocks(tmp_path / "easy.ipynb", "python", place)
    assert "not JSON" in place.found[0].sentence("en")


def test_other_languages_have_their_own_markers(tmp_path):
    cells = [
        cell("code", "total", "/// BEGIN SOLUTION\nlet total = 5;\n/// END SOLUTION", role="exercise"),
        cell("code", "c", "if (total !== 5) throw new Error('five');", role="check"),
    ]
    blocks, found = read(tmp_path, cells, language="javascript")
    assert found == {}
    assert blocks[0].starter == {"en": "// Your code here", "fil": "// Dito ang code mo"}
    assert blocks[0].reference == "let total = 5;"


def test_a_starter_with_given_lines_is_the_same_in_every_language(tmp_path):
    blocks, _ = read(tmp_path, sound_cells())
    assert set(blocks[4].starter.values()) == {"start = area(2, 3)\ndoubled = ..."}
    assert blocks[4].reference == SECOND.replace("### BEGIN SOLUTION\n#:doubled = ...\n", "").replace(
        "\n### END SOLUTION", ""
    )
