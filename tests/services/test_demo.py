"""A class that is made up in bulk is the same, row by row, as one that worked through the services."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta

import pytest

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.content import Mistake
from aralify_kernel.domain.needs_help import Rule
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.errors import ClassExists, InvalidValue, NotFound
from aralify_kernel.services import accounts, classrooms, rebuild
from aralify_kernel.services import class_pages as class_page_services
from aralify_kernel.services.demo.answers import COMMENTS, judged_answers
from aralify_kernel.services.demo.classes import Wish, make_up
from aralify_kernel.services.local_session import LocalSession, Surroundings
from aralify_kernel.services.sign_in_file import SignInFile
from aralify_kernel.store import class_pages
from tests.databases import SQLITE_ONLY
from tests.factories import a_course, a_level, a_quiz, an_exercise, content
from tests.fakes import FakeGrader

WISH = Wish(learners=6, days=6, seed=5, classroom="Rizal")


class PatientGrader(FakeGrader):
    """Judges without looking at comments, as Python does."""

    def judge(self, task):
        lines = [line for line in task.source.splitlines() if line not in COMMENTS]
        return super().judge(dataclasses.replace(task, source="\n".join(lines)))


def a_course_to_fail_in():
    exercise = dataclasses.replace(an_exercise(), mistakes=(Mistake("c1"), Mistake("RAISE"), Mistake("c2 h1")))
    levels = [a_level(name, place) for place, name in enumerate(("one", "two", "three"))]
    lessons = [
        tuple(dataclasses.replace(lesson, content=content(exercise, a_quiz())) for lesson in level.lessons)
        for level in levels
    ]
    return a_course(*(dataclasses.replace(level, lessons=own) for level, own in zip(levels, lessons, strict=True)))


@pytest.fixture
def rizal(make_world):
    def make(wish=WISH):
        world = make_world()
        world.publish(a_course_to_fail_in())
        world.clock.turn(days=60)
        grader = PatientGrader()
        made = make_up(world.database, wish, grader=lambda: grader, on_progress=lambda *_: None, now=world.clock())
        world.grader = grader
        return world, made

    return make


TABLES = [
    "attempts",
    "learner_events",
    "xp_events",
    "activity_days",
    "user_course_progress",
    "user_level_unlocks",
    "user_lesson_progress",
    "learner_activities",
    "learner_courses",
    "learner_failures",
    "class_days",
    "class_activities",
    "class_failures",
    "classroom_members",
]


def contents(world, table):
    return sorted(world.rows(f"SELECT * FROM {table}"), key=repr)


def work_through_the_services(world, facts, people, since):
    """Let the same people do the same things at the same moments, one click after the other."""
    classrooms.new(world.database, None, "Rizal", ["demo"], now=since)
    for name, display_name, locale, timezone in people:
        wanted = accounts.NewAccount(name, display_name=display_name, language=locale, timezone=timezone)
        accounts.add(world.database, wanted, now=since)
        classrooms.add(world.database, None, "rizal", [name], ClassRole.LEARNER, now=since)
        around = Surroundings(world.database, world.clock, lambda: world.grader, world.folder, "UTC")
        session = LocalSession(around, SignInFile(world.folder / "none.json"), name)
        for world.clock.now, kind, lesson, details, attempt in facts[name]:
            act(session, kind, lesson and LessonRef.parse(lesson), details, attempt)


def act(session, kind, lesson, details, attempt):
    match kind:
        case "COURSE_STARTED":
            session.start_course("demo")
        case "LESSON_OPENED":
            session.open_lesson(lesson)
        case "RUN_STARTED":
            session.start_run(lesson)
        case "HINT_TAKEN":
            session.next_hint(lesson, details["activity"])
        case "ATTEMPT_JUDGED":
            session.submit(Submission(lesson, *attempt))


def facts_of(world, name):
    """Return what somebody did; a run that their first answer started is no act of its own."""
    query = (
        "SELECT CAST(e.created_at AS TEXT), e.type, e.lesson_ref, e.details, a.activity, a.content, a.attempt_key "
        "FROM learner_events e JOIN users u ON u.id = e.user_id LEFT JOIN attempts a ON a.user_id = u.id "
        "AND a.created_at = e.created_at AND e.type = 'ATTEMPT_JUDGED' WHERE username = ? ORDER BY e.id"
    )
    rows = world.rows(query, name)
    answered = {row[0] for row in rows if row[1] == "ATTEMPT_JUDGED"}
    return [
        (aware(at), kind, lesson, details if isinstance(details, dict) else json.loads(details), attempt)
        for at, kind, lesson, details, *attempt in rows
        if not (kind == "RUN_STARTED" and at in answered)
    ]


def aware(text):
    return datetime.fromisoformat(text if text[-3:-2] in {"+", ":"} and "+" in text else f"{text}+00:00")


def test_a_made_up_class_is_what_the_services_would_have_recorded(rizal, make_world):
    world, made = rizal()
    assert made.attempts > 50
    people = world.rows("SELECT username, display_name, locale, timezone FROM users ORDER BY id")
    facts = {name: facts_of(world, name) for name, *_ in people}
    other = make_world()
    other.publish(a_course_to_fail_in())
    other.grader = world.grader
    work_through_the_services(other, facts, people, world.clock() - timedelta(days=WISH.days))
    for table in TABLES:
        assert contents(other, table) == contents(world, table), table
    figures = "SELECT username, xp_total, level, streak_current, streak_longest FROM users ORDER BY id"
    assert other.rows(figures) == world.rows(figures)


def test_everything_about_it_follows_from_its_facts(rizal):
    world, _ = rizal()
    assert rebuild.check(world.database, lambda *_: None) == ()


@SQLITE_ONLY
def test_the_same_seed_makes_the_same_class_and_another_one_others(rizal):
    (first, _), (again, _), (other, _) = rizal(), rizal(), rizal(dataclasses.replace(WISH, seed=6))
    assert contents(first, "attempts") == contents(again, "attempts")
    assert contents(first, "attempts") != contents(other, "attempts")


@SQLITE_ONLY
def test_nobody_answers_after_now_or_before_the_class_began(rizal):
    world, _ = rizal()
    first, last = world.one("SELECT CAST(min(created_at) AS TEXT), CAST(max(created_at) AS TEXT) FROM learner_events")
    assert world.clock() - timedelta(days=WISH.days) <= aware(first)
    assert aware(last) < world.clock()


def test_the_learner_who_needs_help_most_is_on_top_of_those_who_do(rizal):
    world, made = rizal()
    with world.database.read() as tx:
        first, *_ = class_pages.needs_help(tx, 1, 1, idle_since=world.clock() - timedelta(days=7))
    assert first.username == made.struggling
    assert first.stuck_at


@SQLITE_ONLY
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_teacher_finds_who_struggles_on_top_and_the_common_mistake_as_the_largest_group(rizal, seed):
    world, made = rizal(Wish(learners=24, days=10, seed=seed, classroom="Rizal"))
    first, *_ = class_page_services.needs_help(world.database, None, "rizal", "demo", now=world.clock())
    assert (first.learner.username, first.reasons[0].rule) == (made.struggling, Rule.ASKED)
    largest, *_ = class_page_services.failures(world.database, None, "rizal", "demo")
    assert f"{largest.lesson}#{largest.activity}" == made.misconception
    assert largest.learners >= 24 * 3 // 4


@SQLITE_ONLY
def test_many_make_the_same_mistake(rizal):
    world, _ = rizal()
    with world.database.read() as tx:
        largest, *_ = class_pages.wrong_answers(tx, 1, 1)
    assert largest.learners >= WISH.learners // 2
    assert largest.example is not None


@SQLITE_ONLY
def test_each_answer_is_judged_once_however_many_learners_give_it(rizal):
    world, _ = rizal()
    assert len(world.grader.judged) == 9 * 4  # nine lessons: the reference and three mistakes


@SQLITE_ONLY
def test_a_second_class_may_be_made_beside_the_first_but_not_under_its_name(rizal):
    world, _ = rizal()
    more = {"grader": lambda: world.grader, "on_progress": lambda *_: None, "now": world.clock()}
    with pytest.raises(ClassExists):
        make_up(world.database, WISH, **more)
    make_up(world.database, dataclasses.replace(WISH, classroom="Mabini"), **more)
    assert world.one("SELECT count(*), count(DISTINCT username) FROM users") == (2 * WISH.learners, 2 * WISH.learners)
    assert rebuild.check(world.database, lambda *_: None) == ()


@SQLITE_ONLY
@pytest.mark.parametrize("numbers", [{"learners": 0}, {"learners": 100_001}, {"days": 0}, {"days": 731}])
def test_numbers_that_cannot_be_are_refused_and_nothing_is_made(world, numbers):
    with pytest.raises(InvalidValue, match="Give a number from 1 to"):
        make_up(
            world.database,
            dataclasses.replace(WISH, **numbers),
            grader=FakeGrader,
            on_progress=lambda *_: None,
            now=world.clock(),
        )
    assert world.counts() == {}


@SQLITE_ONLY
def test_without_a_course_there_is_nothing_to_learn(make_world):
    world = make_world()
    with pytest.raises(NotFound):
        make_up(world.database, WISH, grader=FakeGrader, on_progress=lambda *_: None, now=world.clock())


@SQLITE_ONLY
def test_progress_is_told_for_judging_and_for_learning(make_world):
    world, seen = make_world(), []
    world.publish(a_course_to_fail_in())
    make_up(
        world.database,
        dataclasses.replace(WISH, learners=60, days=1),
        grader=PatientGrader,
        on_progress=lambda *told: seen.append(told),
        now=world.clock(),
    )
    assert seen[:2] == [(0, 18, "judging"), (1, 18, "judging")]
    assert seen[-3:] == [(0, 60, "learning"), (50, 60, "learning"), (60, 60, "learning")]


def test_slips_of_beginners_are_made_from_the_reference():
    area = "def area(width, height):\n    return width * height\n"
    lesson = content(dataclasses.replace(an_exercise(), reference=area))

    class Grader(FakeGrader):
        def judge(self, task):
            return super().judge(dataclasses.replace(task, source="PASS" if task.source == area else task.source))

    grader = Grader()
    found = judged_answers({"demo/one/easy": lesson}, lambda: grader, lambda *_: None)["demo/one/easy", "area"]
    assert found.right.content == area
    assert {answer.content for answer in found.wrong} == {
        "def area(width, height)\n    return width * height\n",
        "def area(width, height):\n    print(width * height)\n",
    }
