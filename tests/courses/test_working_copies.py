"""What a working copy holds, and that nothing a learner wrote is ever lost from it."""

from __future__ import annotations

import copy
import dataclasses
import json
import zlib

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aralify_kernel.courses.folder import read_course
from aralify_kernel.courses.rendering import render
from aralify_kernel.courses.working_copies import missing_exercises, normalized, refresh, source_of
from aralify_kernel.domain.content import Exercise, Prose
from aralify_kernel.domain.exercise_cells import exercise_of, strip_marker
from tests.courses.authoring import write_course
from tests.courses.openings import REF, opening

MARKER = "# exercise: tiny/first/easy#area"


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return read_course(write_course(tmp_path_factory.mktemp("course") / "tiny")).levels[0].lessons[0].content


@pytest.fixture(scope="module")
def opened(content):
    return opening(content)


@pytest.fixture(scope="module")
def in_sql(content):
    """The same lesson in a course that teaches SQL."""
    return opening(dataclasses.replace(content, language="sql"))


@pytest.fixture(scope="module")
def newer(content):
    """The next version: another starter, another text, an example less, a prose and an exercise more."""
    blocks = [block for block in content.blocks if block.id != "pi"]
    area = next(block for block in blocks if block.id == "area")
    blocks[blocks.index(area)] = dataclasses.replace(area, starter={"en": "area = ...", "fil": "area = ..."})
    blocks[0] = Prose("intro-en", {"en": "# Areas\n\nHello again.", "fil": "# Mga area\n\nKumusta ulit."})
    extra = dataclasses.replace(area, id="volume", starter={"en": "volume = ...", "fil": "volume = ..."})
    blocks[3:3] = [Prose("between", {"en": "Between.", "fil": "Sa pagitan."}), extra]
    starters = {block.id: frozenset(block.starter.values()) for block in content.blocks if isinstance(block, Exercise)}
    return opening(dataclasses.replace(content, blocks=tuple(blocks)), version=2, starters=starters)


def find(notebook, name):
    return next(cell for cell in notebook["cells"] if cell["id"] == name)


def names(notebook):
    return [cell["id"] for cell in notebook["cells"]]


def sources(notebook):
    return [cell["source"] for cell in notebook["cells"]]


def own(source, kind="code", **metadata):
    cell = {"cell_type": kind, "id": f"mine-{zlib.crc32(source.encode())}", "metadata": metadata, "source": source}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def test_a_fresh_copy_holds_the_lesson_in_order(opened):
    notebook = render(opened, "en", "ana")
    assert names(notebook) == [
        "title", "header", "prose-intro-en", "example-pi", "exercise-area", "check-area-1", "check-area-2",
        "quiz-sign", "exercise-double", "check-double-1", "check-double-2", "prose-end", "closing",
    ]  # fmt: skip
    assert notebook["metadata"]["kernelspec"]["name"] == "aralify"
    assert notebook["metadata"]["aralify"] == {
        "lesson": "tiny/first/easy",
        "content_version": 1,
        "lang": "en",
        "username": "ana",
    }
    nbformat.validate(notebook)


def test_the_first_cell_says_the_title_and_shift_enter_in_the_learners_language(opened):
    assert render(opened, "en", "ana")["cells"][0]["source"].startswith("# Areas\n\nPress **Shift+Enter**")
    assert render(opened, "fil", "ana")["cells"][0]["source"].startswith("# Mga area\n\nPindutin ang **Shift+Enter**")


def test_a_heading_that_repeats_the_title_is_said_once(opened):
    assert find(render(opened, "fil", "ana"), "prose-intro-en")["source"] == "Kumusta."


def test_an_exercise_cell_names_its_exercise_and_holds_the_starter(opened):
    cell = find(render(opened, "fil", "ana"), "exercise-area")
    assert cell["source"] == f"{MARKER}\ndef area(width, height):\n    # Dito ang code mo\n    ..."
    assert cell["metadata"] == {
        "aralify": {"role": "exercise", "lesson": "tiny/first/easy", "exercise": "area", "content_version": 1}
    }
    assert exercise_of(cell["source"]) == (REF, "area")
    assert source_of(cell).startswith("def area")


def test_header_and_quiz_hide_their_code_and_checks_cannot_be_changed(opened):
    notebook = render(opened, "en", "ana")
    assert (find(notebook, "header")["source"], find(notebook, "quiz-sign")["source"]) == (
        "%aralify lesson",
        "%aralify quiz sign",
    )
    for name in ("header", "quiz-sign"):
        assert find(notebook, name)["metadata"]["jupyter"] == {"source_hidden": True}
    check = find(notebook, "check-area-1")["metadata"]
    assert (check["editable"], check["deletable"], check["aralify"]["role"]) == (False, False, "check")


@pytest.mark.parametrize("language", ["en", "fil"])
def test_nothing_a_learner_must_not_see_is_in_the_file(opened, language):
    text = json.dumps(render(opened, language, "ana"), ensure_ascii=False)
    for secret in ("secret zero", "return width * height", "2 * start", "Nudge", "Siko", "Multiply.", "return 6"):
        assert secret not in text
    for secret in ("Which sign", "That adds", "correct", "doubled > 0"):
        assert secret not in text


def test_a_copy_that_is_as_it_should_be_stays_as_it_is(opened):
    notebook = render(opened, "en", "ana")
    assert refresh(notebook, opened, "en", "ana") == notebook


def test_another_language_changes_our_cells_and_no_answer(opened):
    notebook = render(opened, "en", "ana")
    find(notebook, "exercise-area")["source"] = f"{MARKER}\ndef area(w, h):\n    return w * h"
    find(notebook, "exercise-area")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "6"}]
    refreshed = refresh(notebook, opened, "fil", "ana")
    assert find(refreshed, "prose-intro-en")["source"] == "Kumusta."
    assert find(refreshed, "exercise-area") == find(notebook, "exercise-area")
    assert refreshed["metadata"]["aralify"]["lang"] == "fil"


def test_an_untouched_starter_follows_language_and_version(opened, newer):
    notebook = render(opened, "en", "ana")
    assert "# Dito ang code mo" in find(refresh(notebook, opened, "fil", "ana"), "exercise-area")["source"]
    updated = find(refresh(notebook, newer, "fil", "ana"), "exercise-area")
    assert updated["source"] == f"{MARKER}\narea = ..."
    assert updated["metadata"]["aralify"]["content_version"] == 2


def test_an_emptied_exercise_gets_its_starter_back(opened):
    notebook = render(opened, "en", "ana")
    find(notebook, "exercise-area")["source"] = "  \n"
    assert "# Your code here" in find(refresh(notebook, opened, "en", "ana"), "exercise-area")["source"]


def test_a_new_version_brings_its_cells_to_their_place_and_takes_dropped_ones_away(opened, newer):
    notebook = render(opened, "en", "ana")
    notebook["cells"].insert(5, own("area(2, 3)"))
    assert names(refresh(notebook, newer, "en", "ana")) == [
        "title", "header", "prose-intro-en", "exercise-area", own("area(2, 3)")["id"],
        "check-area-1", "check-area-2", "quiz-sign", "prose-between", "exercise-volume", "exercise-double",
        "check-double-1", "check-double-2", "prose-end", "closing",
    ]  # fmt: skip


def test_a_deleted_exercise_comes_back_at_its_place(opened):
    notebook = render(opened, "en", "ana")
    whole = copy.deepcopy(notebook)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "exercise-area"]
    assert missing_exercises(notebook, opened) == ("area",)
    assert refresh(notebook, opened, "en", "ana") == whole


def test_everything_deleted_comes_back(opened):
    notebook = render(opened, "en", "ana")
    assert refresh({**notebook, "cells": []}, opened, "en", "ana") == notebook


SQL_HEAD = "%%sql\n-- exercise: tiny/first/easy#area\n"


def test_every_cell_of_sql_begins_with_its_magic_and_no_other_does(in_sql):
    heads = {cell["id"]: cell["source"].partition("\n")[0] for cell in render(in_sql, "en", "ana")["cells"]}
    in_magic = {name for name, head in heads.items() if head == "%%sql"}
    assert in_magic == {name for name in heads if name.startswith(("example-", "exercise-", "check-"))}
    assert heads["quiz-sign"] == "%aralify quiz sign"


@pytest.mark.parametrize(
    "written",
    [
        f"{SQL_HEAD}SELECT 1;",
        "%%sql\nSELECT 1;",
        "-- exercise: tiny/first/easy#area\nSELECT 1;",
        "SELECT 1;",
    ],
    ids=["whole", "the exercise's line lost", "the magic lost", "both lost"],
)
def test_an_answer_in_sql_keeps_its_text_and_gets_its_first_lines_back(in_sql, written):
    notebook = render(in_sql, "en", "ana")
    find(notebook, "exercise-area")["source"] = written
    refreshed = refresh(notebook, in_sql, "fil", "ana")
    assert find(refreshed, "exercise-area")["source"] == f"{SQL_HEAD}SELECT 1;"
    assert source_of(find(refreshed, "exercise-area")) == "SELECT 1;"
    assert refresh(refreshed, in_sql, "fil", "ana") == refreshed


def test_an_exercise_in_sql_that_was_deleted_comes_back_and_one_that_was_dropped_stays_a_cell_of_sql(in_sql):
    notebook = render(in_sql, "en", "ana")
    whole = copy.deepcopy(notebook)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "exercise-area"]
    assert missing_exercises(notebook, in_sql) == ("area",)
    assert refresh(notebook, in_sql, "en", "ana") == whole

    find(whole, "exercise-area")["source"] = f"{SQL_HEAD}SELECT 1;"
    blocks = tuple(block for block in in_sql.content.blocks if block.id != "area")
    dropped = dataclasses.replace(in_sql, content=dataclasses.replace(in_sql.content, blocks=blocks))
    assert "%%sql\nSELECT 1;" in sources(refresh(whole, dropped, "en", "ana"))


def test_a_duplicated_answer_stays_twice(opened):
    notebook = render(opened, "en", "ana")
    find(notebook, "exercise-area")["source"] = f"{MARKER}\nfirst"
    second = {**copy.deepcopy(find(notebook, "exercise-area")), "id": "pasted", "source": f"{MARKER}\nsecond"}
    notebook["cells"].append(second)
    refreshed = refresh(notebook, opened, "fil", "ana")
    assert find(refreshed, "exercise-area")["source"] == f"{MARKER}\nfirst"
    assert find(refreshed, "pasted") == second


def test_an_exercise_turned_to_markdown_keeps_its_text_and_is_restored(opened):
    notebook = render(opened, "en", "ana")
    cell = find(notebook, "exercise-area")
    cell |= {"cell_type": "markdown", "source": f"{MARKER}\nmy answer"}
    refreshed = refresh(notebook, opened, "en", "ana")
    assert [c["cell_type"] for c in refreshed["cells"] if "my answer" in c["source"]] == ["markdown"]
    assert "# Your code here" in find(refreshed, "exercise-area")["source"]


def test_a_lost_first_line_comes_back(opened):
    notebook = render(opened, "en", "ana")
    find(notebook, "exercise-area")["source"] = "area = 3"
    assert find(refresh(notebook, opened, "en", "ana"), "exercise-area")["source"] == f"{MARKER}\narea = 3"


def test_a_first_line_alone_is_enough(opened):
    notebook = {**render(opened, "en", "ana"), "cells": [own(f"{MARKER}\narea = 3")]}
    refreshed = refresh(notebook, opened, "en", "ana")
    assert [source for source in sources(refreshed) if source.startswith(MARKER)] == [f"{MARKER}\narea = 3"]


def test_the_halves_of_a_split_answer_both_stay_and_only_the_first_answers(opened):
    notebook = render(opened, "en", "ana")
    first = find(notebook, "exercise-area")
    first["source"] = f"{MARKER}\nwidth = 2"
    half = {**copy.deepcopy(first), "id": "half", "source": "height = 3"}
    notebook["cells"].insert(notebook["cells"].index(first) + 1, half)
    refreshed = refresh(notebook, opened, "en", "ana")
    index = names(refreshed).index("exercise-area")
    assert sources(refreshed)[index : index + 2] == [f"{MARKER}\nwidth = 2", "height = 3"]
    assert "aralify" not in refreshed["cells"][index + 1]["metadata"]


def test_a_moved_exercise_stays_where_it_was_put(opened):
    notebook = render(opened, "en", "ana")
    moved = find(notebook, "exercise-double")
    notebook["cells"].remove(moved)
    notebook["cells"].insert(2, moved)
    assert names(refresh(notebook, opened, "fil", "ana")) == names(notebook)


def test_what_a_learner_wrote_into_our_text_stays_below_it(opened):
    notebook = render(opened, "en", "ana")
    find(notebook, "prose-intro-en")["source"] = "Hello. NOTE TO SELF"
    refreshed = refresh(notebook, opened, "fil", "ana")
    index = names(refreshed).index("prose-intro-en")
    assert sources(refreshed)[index : index + 2] == ["Kumusta.", "Hello. NOTE TO SELF"]
    assert refreshed["cells"][index + 1]["metadata"] == {}


def test_a_changed_example_stays_changed(opened):
    notebook = render(opened, "en", "ana")
    find(notebook, "example-pi")["source"] = "pi = 3.14"
    once = refresh(notebook, opened, "fil", "ana")
    assert find(once, "example-pi")["source"] == "pi = 3.14"
    assert find(refresh(once, opened, "en", "ana"), "example-pi")["source"] == "pi = 3.14"


def test_an_answer_to_an_exercise_the_lesson_has_dropped_stays_as_ordinary_code(opened, newer):
    notebook = render(newer, "en", "ana")
    find(notebook, "exercise-volume")["source"] = "# exercise: tiny/first/easy#volume\nvolume = 8"
    refreshed = refresh(notebook, opened, "en", "ana")
    (kept,) = [cell for cell in refreshed["cells"] if cell["source"] == "volume = 8"]
    assert "aralify" not in kept["metadata"]


def test_a_cell_pasted_from_another_lesson_is_left_alone(opened):
    foreign = own("# exercise: tiny/first/hard#area\narea = 1")
    marked = own("x", aralify={"role": "prose", "lesson": "tiny/first/hard", "cell": "prose-intro-en"})
    notebook = render(opened, "en", "ana")
    notebook["cells"] += [foreign, marked]
    assert refresh(notebook, opened, "fil", "ana")["cells"][-2:] == [foreign, marked]


def test_outputs_of_header_and_quiz_do_not_speak_the_old_language(opened):
    notebook = render(opened, "en", "ana")
    for name in ("header", "quiz-sign", "example-pi"):
        find(notebook, name)["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "hello"}]
    same, other = refresh(notebook, opened, "en", "ana"), refresh(notebook, opened, "fil", "ana")
    assert all(find(same, name)["outputs"] for name in ("header", "quiz-sign", "example-pi"))
    assert [bool(find(other, name)["outputs"]) for name in ("header", "quiz-sign", "example-pi")] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("aralify", [None, 3, [], {"role": None}, {"role": "exercise", "lesson": "tiny/first/easy"}])
def test_strange_metadata_loses_nothing(opened, aralify):
    notebook = render(opened, "en", "ana")
    notebook["cells"].append(own("strange", aralify=aralify))
    notebook["metadata"]["aralify"] = aralify
    assert "strange" in sources(refresh(notebook, opened, "en", "ana"))


# Random editing: whatever a learner does, every character they wrote is still there.

EDITS = st.lists(
    st.tuples(
        st.sampled_from(["delete", "copy", "copy id", "swap", "retype", "write", "append", "split", "merge", "insert"]),
        st.integers(0, 30),
        st.integers(0, 30),
        st.sampled_from(["x = 1", "# note", "ñ \u2028 …", "%%time\nx", MARKER, f"{MARKER}\ny = 2", ""]),
    ),
    max_size=12,
)


def edited(notebook, edits):
    notebook = copy.deepcopy(notebook)
    cells = notebook["cells"]
    for serial, (what, where, other, text) in enumerate(edits):
        if what == "insert" or not cells:
            cells.insert(where % (len(cells) + 1), own(f"{text} {serial}", "markdown" if other % 2 else "code"))
            continue
        _edit(cells, what, where % len(cells), other % len(cells), text, serial)
    return notebook


def _edit(cells, what, where, other, text, serial):
    cell = cells[where]
    if what == "delete":
        del cells[where]
    elif what in {"copy", "copy id"}:
        cells.insert(other, {**copy.deepcopy(cell), "id": cell["id"] if what == "copy id" else f"copied-{serial}"})
    elif what == "swap":
        cells[where], cells[other] = cells[other], cells[where]
    elif what == "retype":
        if cell["cell_type"] == "code":
            cell["cell_type"] = "markdown"
            del cell["outputs"], cell["execution_count"]
        else:
            cell |= {"cell_type": "code", "outputs": [], "execution_count": None}
    elif what == "write":
        cell["source"] = f"{text} {serial}"
    elif what == "append":
        cell["source"] += f"\n{text} {serial}"
    elif what == "split":
        half = len(cell["source"]) // 2
        cells.insert(where + 1, {**copy.deepcopy(cell), "id": f"half-{serial}", "source": cell["source"][half:]})
        cell["source"] = cell["source"][:half]
    elif what == "merge" and where + 1 < len(cells):
        cell["source"] += "\n\n" + cells.pop(where + 1)["source"]


@settings(max_examples=150, deadline=None)
@given(edits=EDITS, more=EDITS, language=st.sampled_from(["en", "fil"]), to_newer=st.booleans())
def test_no_editing_loses_a_character_or_breaks_the_lesson(opened, newer, edits, more, language, to_newer):
    ours = {
        strip_marker(cell["source"])
        for lesson in (opened, newer)
        for shown in ("en", "fil")
        for cell in render(lesson, shown, "ana")["cells"]
    }
    after = newer if to_newer else opened
    notebook = edited(refresh(edited(render(opened, "en", "ana"), edits), opened, language, "ana"), more)

    refreshed = refresh(notebook, after, language, "ana")
    kept = sources(refreshed)
    for cell in notebook["cells"]:
        written = source_of(cell)
        assert written in ours or not written.strip() or any(written in source for source in kept)
    exercises = [cell for cell in refreshed["cells"] if cell["metadata"].get("aralify", {}).get("role") == "exercise"]
    answered = {exercise_of(cell["source"]) for cell in exercises if cell["cell_type"] == "code"}
    assert {(REF, block.id) for block in after.content.blocks if isinstance(block, Exercise)} <= answered
    assert missing_exercises(refreshed, after) == ()
    assert refresh(refreshed, after, language, "ana") == normalized(refreshed) == refreshed
    assert len({*names(refreshed)}) == len(refreshed["cells"])
    nbformat.validate(refreshed)
