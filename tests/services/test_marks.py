"""Marks of a class: what counts where work came late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aralify_kernel.domain.classrooms import Counts
from aralify_kernel.domain.marks import MarksFormat
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.errors import NotFound
from aralify_kernel.services import class_settings, classrooms, marks, sign_ins
from tests.databases import SQLITE_ONLY
from tests.services.classes import EASY, TERESA, school

HARD = LessonRef("demo", "one", "hard")


@pytest.fixture
def rizal(world):
    """Due tomorrow for Ana, in nine days for Ben. Both get three of four points in time and the rest two days later."""
    found = school(world)
    found.learn("ana", "ben")
    db, now = world.database, world.clock()
    classrooms.set_due(db, TERESA, "rizal", "demo/one", now + timedelta(days=1))
    classrooms.extend_due(db, TERESA, "rizal", "demo/one", "ben", now + timedelta(days=9), now=now)
    for lesson in ("demo/one/easy", "demo/one/hard"):
        for name in ("ana", "ben"):
            world.submit(found.people[name], lesson)
    world.clock.turn(days=2)
    for name in ("ana", "ben"):
        world.submit(found.people[name], "demo/one/easy", "choice", "a")
    return found


def sheet(school, actor=TERESA):
    return marks.sheet(school.world.database, actor, "rizal", language="en")


def told(school):
    return {
        (name, ref.tier): (mark.mark, mark.score, mark.is_late) for (name, ref), mark in sheet(school).marks.items()
    }


def test_the_best_ever_counts_unless_the_class_counts_only_what_came_in_time(rizal):
    assert told(rizal) == {
        ("ana", "easy"): (100, 100, True),
        ("ben", "easy"): (100, 100, False),
        ("ana", "hard"): (75, 75, False),
        ("ben", "hard"): (75, 75, False),
    }
    class_settings.configure(rizal.world.database, TERESA, "rizal", counts=Counts.BEFORE_DUE)
    assert told(rizal) == {
        ("ana", "easy"): (75, 100, True),
        ("ben", "easy"): (100, 100, False),
        ("ana", "hard"): (75, 75, False),
        ("ben", "hard"): (75, 75, False),
    }


@SQLITE_ONLY
def test_who_begins_after_it_was_due_has_nothing_in_time(rizal):
    class_settings.configure(rizal.world.database, TERESA, "rizal", counts=Counts.BEFORE_DUE)
    rizal.learn("carla")
    rizal.world.complete(rizal.people["carla"], "demo/one/medium")
    mark = sheet(rizal).marks["carla", LessonRef("demo", "one", "medium")]
    assert (mark.mark, mark.score, mark.is_late, mark.status) == (0, 100, True, "COMPLETED")


@SQLITE_ONLY
def test_the_file_has_every_learner_and_lesson_of_the_class(rizal):
    data = marks.export(rizal.world.database, TERESA, "rizal", MarksFormat.CSV, language="en").decode("utf-8-sig")
    assert len(data.splitlines()) == 1 + 2 * 9
    assert "Rizal,ana,ana,,demo,one,EASY,One: Easy,COMPLETED,100,100,100,2024-06-04 01:00:00" in data


@SQLITE_ONLY
def test_a_learner_gets_no_marks_of_others(rizal):
    with pytest.raises(NotFound):
        sheet(rizal, sign_ins.acting_as("ana"))
    assert sheet(rizal).marks["ana", EASY].last_at == rizal.world.clock()
