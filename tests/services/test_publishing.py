from __future__ import annotations

import dataclasses

import pytest

from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.errors import NotAllowed, NotFound
from aralify_kernel.services import accounts, publishing, sign_ins
from aralify_kernel.store import versions
from tests.databases import SQLITE_ONLY
from tests.factories import a_course, a_lesson, a_level, content

EASY = LessonRef.parse("demo/one/easy")


def test_a_course_becomes_rows_in_its_order(make_world):
    world = make_world()
    world.publish()
    assert world.one("SELECT slug, title_en, title_fil, is_published FROM courses") == ("demo", "Demo", "Demo (fil)", 1)
    assert world.rows("SELECT slug FROM levels ORDER BY order_index") == [("one",), ("two",), ("three",)]
    lessons = world.rows(
        "SELECT difficulty, xp_reward, time_limit_sec, order_index FROM lessons WHERE level_id = 1 ORDER BY id"
    )
    assert lessons == [("EASY", 50, None, 0), ("MEDIUM", 50, None, 1), ("HARD", 50, 600, 2)]


def test_publishing_the_same_again_changes_nothing(world):
    tables = ("courses", "levels", "lessons", "lesson_versions")
    before = [world.rows(f"SELECT * FROM {table}") for table in tables]
    world.clock.turn(days=1)
    world.publish()
    assert [world.rows(f"SELECT * FROM {table}") for table in tables] == before
    assert world.one("SELECT count(*) FROM course_versions") == 1


def test_only_changed_content_gets_a_new_version_and_the_old_one_stays(world):
    course = a_course()
    first = course.levels[0]
    changed = dataclasses.replace(first.lessons[0], content=content(prose="Better."))
    world.publish(a_course(dataclasses.replace(first, lessons=(changed, *first.lessons[1:])), *course.levels[1:]))

    versions = world.rows(
        "SELECT lesson_ref, version FROM lesson_versions WHERE lesson_ref LIKE 'demo/one/%' ORDER BY id"
    )
    assert versions == [("demo/one/easy", 1), ("demo/one/medium", 1), ("demo/one/hard", 1), ("demo/one/easy", 2)]
    opened = world.learner().open_lesson(EASY)
    assert (opened.content_version, opened.content.blocks[0].text["en"]) == (2, "Better.")


def test_what_left_the_folder_becomes_unpublished_and_nothing_is_deleted(world):
    ana = world.learner()
    world.complete(ana, "demo/one/easy")
    rows = world.counts()
    world.publish(a_course(a_level("one", 0, [a_lesson(Difficulty.MEDIUM)])))

    assert world.rows("SELECT slug, is_published FROM levels ORDER BY id") == [("one", 1), ("two", 0), ("three", 0)]
    assert world.one("SELECT count(*) FROM lessons") == 9
    assert world.counts() == rows
    card = ana.course("demo")
    assert [(level.slug, [lesson.difficulty.name for lesson in level.lessons]) for level in card.levels] == [
        ("one", ["MEDIUM"])
    ]
    assert card.levels[0].is_complete, "a completed lesson that is unpublished still completes its topic"


def test_a_level_published_later_opens_for_whom_it_follows_a_complete_one(world):
    ana, ben = world.learner("ana"), world.learner("ben")
    world.complete(ana, "demo/one/easy")
    world.submit(ben)
    levels = [a_level(slug, place) for place, slug in enumerate(("one", "new", "two", "three"))]
    world.publish(a_course(*levels))

    def is_open(session):
        return {level.slug: level.is_open for level in session.course("demo").levels}

    assert is_open(ana) == {"one": True, "new": True, "two": True, "three": False}
    assert is_open(ben) == {"one": True, "new": False, "two": False, "three": False}
    unlocked = """SELECT u.username, l.slug FROM user_level_unlocks JOIN users u ON u.id = user_id
                  JOIN levels l ON l.id = level_id ORDER BY 1, l.order_index"""
    assert world.rows(unlocked) == [("ana", "one"), ("ana", "new"), ("ana", "two"), ("ben", "one")]


def test_percentages_follow_what_is_published_and_completion_stays(world):
    ana = world.learner()
    world.publish(a_course(a_level("one", 0)))
    world.complete(ana, "demo/one/easy")
    done = ana.course("demo")
    assert (done.completion_pct, done.mastery_pct, done.is_completed) == (100.0, 33.33, True)
    world.clock.turn(days=1)
    world.publish()
    more = ana.course("demo")
    assert (more.completion_pct, more.mastery_pct, more.completed_at) == (33.33, 11.11, done.completed_at)


def test_a_course_can_become_complete_by_unpublishing_what_was_left(world):
    ana = world.learner()
    world.complete(ana, "demo/one/easy")
    at = world.clock.turn(hours=1)
    world.publish(a_course(a_level("one", 0)))
    assert ana.course("demo").completed_at == at


def test_an_unpublished_course_is_hidden_and_publishing_brings_it_back_with_all_progress(world):
    ana = world.learner()
    world.complete(ana, "demo/one/easy")
    publishing.unpublish(world.database, accounts.OPERATOR, "demo", now=world.clock())
    assert ana.courses() == ()
    with pytest.raises(NotFound, match="no course named “demo”"):
        ana.course("demo")
    with pytest.raises(NotFound):
        ana.lesson(EASY)
    world.publish()
    assert ana.course("demo").levels[0].lessons[0].status is LessonStatus.COMPLETED


def test_a_course_that_does_not_exist_cannot_be_unpublished(world):
    with pytest.raises(NotFound, match="no course named “nothing”"):
        publishing.unpublish(world.database, accounts.OPERATOR, "nothing", now=world.clock())


@pytest.mark.parametrize("role", Role)
def test_publishing_needs_a_moderator(world, role):
    world.learner("mod", role)
    actor = sign_ins.acting_as("mod")
    if role is Role.USER:
        with pytest.raises(NotAllowed, match="MODERATOR"):
            publishing.publish(world.database, actor, a_course(slug="new"), now=world.clock())
        with pytest.raises(NotAllowed, match="MODERATOR"):
            publishing.unpublish(world.database, actor, "demo", now=world.clock())
        assert world.rows("SELECT slug, is_published FROM courses") == [("demo", 1)]
    else:
        publishing.publish(world.database, actor, a_course(slug="new"), now=world.clock())
        publishing.unpublish(world.database, actor, "demo", now=world.clock())
        assert world.rows("SELECT slug, is_published FROM courses ORDER BY id") == [("demo", 0), ("new", 1)]


def test_a_built_in_course_is_published_once_per_state(make_world):
    world = make_world()

    def start(state, course):
        needed = publishing.needs_builtin(world.database, "demo", state)
        publishing.publish_builtin(world.database, course, state, now=world.clock())
        return needed

    assert start("a", a_course())
    assert not start("a", a_course(a_level("other", 0)))
    assert world.rows("SELECT slug FROM levels ORDER BY id") == [("one",), ("two",), ("three",)]
    assert start("b", a_course(a_level("other", 0)))
    assert world.rows("SELECT slug FROM levels WHERE is_published") == [("other",)]


def test_a_built_in_course_that_the_operator_hid_stays_hidden(make_world):
    world = make_world()
    publishing.publish_builtin(world.database, a_course(), "a", now=world.clock())
    publishing.unpublish(world.database, accounts.OPERATOR, "demo", now=world.clock())
    assert not publishing.needs_builtin(world.database, "demo", "a")
    publishing.publish_builtin(world.database, a_course(a_level("one", 0)), "b", now=world.clock())
    assert world.one("SELECT is_published FROM courses") == 0
    assert world.one("SELECT count(*) FROM levels WHERE is_published") == 1


def test_a_folder_s_hash_follows_its_files(tmp_path):
    (tmp_path / "course.toml").write_text("a")
    first = publishing.folder_hash(tmp_path)
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "x").write_text("noise")
    assert publishing.folder_hash(tmp_path) == first
    (tmp_path / "course.toml").write_text("b")
    assert publishing.folder_hash(tmp_path) != first


def test_a_moderator_hides_and_shows_a_course_as_themselves(world):
    ana, mod = world.learner(), world.learner("mod", Role.MODERATOR)
    assert mod.unpublish_course("demo").is_published is False
    assert ana.courses() == ()
    assert mod.publish_course("demo").is_published is True
    assert [card.slug for card in ana.courses()] == ["demo"]
    for refused in (ana.unpublish_course, ana.publish_course):
        with pytest.raises(NotAllowed, match="MODERATOR"):
            refused("demo")
    assert world.one("SELECT is_published FROM courses") == 1


def texts_of(world, *lessons):
    with world.database.read() as tx:
        return [versions.present_content(tx, lesson).blocks[0].text["en"] for lesson in lessons]


@SQLITE_ONLY
def test_what_is_kept_of_one_database_is_not_taken_for_what_another_one_holds(make_world):
    here, there = make_world(), make_world()
    here.publish()
    there.publish(a_course(a_level("one", 0, [a_lesson(Difficulty.EASY, content=content(prose="Other."))])))
    assert texts_of(here, "demo/one/easy") + texts_of(there, "demo/one/easy") == ["Read this.", "Other."]


@SQLITE_ONLY
def test_contents_that_are_kept_no_longer_are_read_again(world, monkeypatch):
    tiers = [a_lesson(tier, content=content(prose=tier.name)) for tier in (Difficulty.EASY, Difficulty.MEDIUM)]
    world.publish(a_course(a_level("one", 0, tiers)))
    monkeypatch.setattr(versions, "_decoded", {})
    monkeypatch.setattr(versions, "_KEPT", 1)
    lessons = ("demo/one/easy", "demo/one/medium", "demo/one/easy")
    assert texts_of(world, *lessons) == ["EASY", "MEDIUM", "EASY"]
    assert len(versions._decoded) == 1
