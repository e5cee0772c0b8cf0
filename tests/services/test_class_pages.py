"""The queries behind the pages of a class: what they find, and that none of them goes through the attempts."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import event

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.services import classrooms
from aralify_kernel.store import attempts, class_acts, class_marks, class_notes, class_pages, help_requests
from tests.services.conftest import put_a_course_into, world_to_copy

SINCE = dt.date(2024, 6, 1)


def put_a_class_into(url):
    """A class of five: Ana is done, Ben is stuck, Carla fails as Ben does, Dan has not begun, Eli left."""
    put_a_course_into(url)
    with world_to_copy(url) as world:
        let_them_learn(world)


def let_them_learn(world):
    classrooms.new(world.database, None, "Rizal", ["demo"], now=world.clock())
    people = {name: world.learner(name) for name in ("ana", "ben", "carla", "dan", "eli")}
    classrooms.add(world.database, None, "rizal", people, ClassRole.LEARNER, now=world.clock())
    for lesson in ("demo/one/easy", "demo/one/medium", "demo/two/easy"):
        world.complete(people["ana"], lesson)
    for content in ("c1", "c2", "h1"):
        world.submit(people["ben"], content=content)
    for person in ("eli", "carla"):
        world.submit(people[person], content="c1")
    classrooms.remove_member(world.database, None, "rizal", "eli", now=world.clock.turn(days=2))


@pytest.fixture
def rizal(make_world):
    world = make_world(fill=put_a_class_into)
    world.clock.turn(days=2)
    return world


def ask(world, query, *arguments, **more):
    with world.database.read() as tx:
        return query(tx, *arguments, **more)


def test_the_overview_counts_learners_days_and_activities(rizal):
    found = ask(rizal, class_pages.overview, 1, 1, since=SINCE)
    assert found.learners == 4
    assert [(day.attempts, day.passed, day.learners, day.lessons_completed) for day in found.days] == [(11, 6, 4, 3)]
    first = found.activities[0]
    assert (first.activity, first.attempts, first.learners, first.passed, first.passed_first_try) == (
        "area",
        6,
        4,
        1,
        1,
    )


def test_the_overview_begins_at_a_date(rizal):
    assert ask(rizal, class_pages.overview, 1, 1, since=dt.date(2024, 6, 4)).days == ()


def test_the_matrix_has_who_is_in_the_class_by_name_with_every_lesson_they_opened(rizal):
    rows = ask(rizal, class_pages.matrix, 1, 1, page=0)
    assert [row.username for row in rows] == ["ana", "ben", "carla", "dan"]
    assert [(cell.score, cell.status) for cell in rows[0].lessons.values()] == [(100, LessonStatus.COMPLETED)] * 3
    assert [len(row.lessons) for row in rows] == [3, 1, 1, 0]


def test_the_matrix_comes_in_pages(rizal, monkeypatch):
    monkeypatch.setattr(class_pages, "PAGE", 3)
    pages = [ask(rizal, class_pages.matrix, 1, 1, page=page) for page in (0, 1, 2)]
    assert [[row.username for row in page] for page in pages] == [["ana", "ben", "carla"], ["dan"], []]


def test_who_is_stuck_comes_first_with_where_and_why(rizal):
    first, *others = ask(rizal, class_pages.needs_help, 1, 1, idle_since=rizal.clock.turn(days=-7))
    assert (first.username, first.stuck, others) == ("ben", 1, [])
    (where,) = first.stuck_at
    assert (where.activity, where.failing_answers, where.same_failure) == ("area", 3, 1)
    assert rizal.one("SELECT content FROM attempts WHERE id = ?", where.last_attempt_id) == "h1"


def test_who_has_been_idle_needs_help_and_who_never_began_since_they_joined(rizal):
    found = ask(rizal, class_pages.needs_help, 1, 1, idle_since=rizal.clock())
    assert [(one.username, one.last_at is None) for one in found] == [
        ("ben", False),
        ("carla", False),
        ("dan", True),
        ("ana", False),
    ]


def test_who_is_two_lessons_behind_the_median_needs_help(rizal):
    for name in ("carla", "dan"):
        session = rizal.session()
        session.sign_in(name, None)
        for lesson in ("demo/one/easy", "demo/one/medium", "demo/two/easy"):
            rizal.complete(session, lesson)
    found = ask(rizal, class_pages.needs_help, 1, 1, idle_since=rizal.clock.turn(days=-7))
    assert [(one.username, one.lessons_completed, one.median_completed) for one in found] == [("ben", 0, 3)]


def test_wrong_answers_are_grouped_largest_first_with_the_answer_of_somebody_who_is_there(rizal):
    groups = ask(rizal, class_pages.wrong_answers, 1, 1)
    assert (groups[0].learners, groups[0].attempts, groups[0].example) == (3, 3, "c1")
    assert sorted(group.example for group in groups[1:]) == ["c2", "h1"]
    assert rizal.one("SELECT user_id FROM attempts WHERE id = ?", groups[0].example_id) == 2


def test_one_learner_is_shown_in_one_course(rizal):
    page = ask(rizal, class_pages.learner, 1, 1)
    assert page.progress is not None
    assert [lesson.score for lesson in page.lessons] == [100, 100, 100]
    assert len(page.activities) == 6
    assert ask(rizal, class_pages.learner, 4, 1) == class_pages.LearnerPage(None, (), ())


def test_another_class_sees_nothing_of_it(rizal):
    classrooms.new(rizal.database, None, "Mabini", ["demo"], now=rizal.clock())
    assert ask(rizal, class_pages.overview, 2, 1, since=SINCE) == class_pages.Overview(0, (), ())
    assert ask(rizal, class_pages.matrix, 2, 1, page=0) == ()
    assert ask(rizal, class_pages.needs_help, 2, 1, idle_since=rizal.clock()) == ()
    assert ask(rizal, class_pages.wrong_answers, 2, 1) == ()


QUERIES = {
    "overview": lambda tx, _now: class_pages.overview(tx, 1, 1, since=SINCE),
    "matrix": lambda tx, _now: class_pages.matrix(tx, 1, 1, page=0),
    "needs_help": lambda tx, now: class_pages.needs_help(tx, 1, 1, idle_since=now),
    "wrong_answers": lambda tx, _now: class_pages.wrong_answers(tx, 1, 1),
    "learner": lambda tx, _now: class_pages.learner(tx, 1, 1),
    "answers in a lesson": lambda tx, _now: attempts.in_lessons(tx, 1, [1], 200),
    "answers in a course": lambda tx, _now: attempts.in_lessons(tx, 1, [1, 2, 3], 200),
    "readers of code": lambda tx, _now: class_acts.readers(tx, 1, LessonRef("demo", "one", "easy")),
    "lesson quality": lambda tx, now: class_marks.tried_lesson(tx, 1, 1, gone_since=now),
    "attempts to pass": lambda tx, _now: class_marks.attempts_to_pass(tx, 1, 1),
    "effort": lambda tx, _now: class_marks.in_course(tx, 1, [1, 2, 3], [1, 2]),
    "waiting questions": lambda tx, _now: help_requests.waiting(tx, 1, 1),
    "newest question": lambda tx, _now: help_requests.newest(tx, 1, 1, "area"),
    "notes of groups": lambda tx, _now: class_notes.of_groups(tx, 1, [1]),
    "notes to a learner": lambda tx, _now: class_notes.to_learner(tx, 1, class_notes.Group(1, "area", "x")),
}

MAY_BE_SCANNED = {"levels", "lessons", "courses", "largest", "members", "half", "urgent"}
"""Tables that stay small, and parts of a query: a few rows, or those of one class. Everything else is found by an index."""


def plans(world, query):
    """Return what the database says about how it runs each statement of a query."""
    with world.database.read() as tx:
        connection, found, ran = tx.connection(), [], []
        event.listen(connection, "before_cursor_execute", lambda *call: ran.append((call[2], call[3])))
        query(tx, world.clock())
        statements = list(ran)
        is_sqlite = connection.dialect.name == "sqlite"
        if not is_sqlite:
            # With so few rows it would rather read whole tables; what matters is that it need not.
            for way in ("seqscan", "bitmapscan"):
                connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        for statement, values in statements:
            explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
            found += [str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", values)]
    return found


def test_no_query_of_a_class_page_goes_through_a_whole_table(rizal):
    for name, query in QUERIES.items():
        lines = plans(rizal, query)
        assert lines, name
        scans = [line for line in lines if line.startswith("SCAN ") or "Seq Scan on " in line]
        tables = {line.replace("->", "").replace("Seq Scan on", "").replace("SCAN", "").split()[0] for line in scans}
        assert {table for table in tables if "CONSTANT" not in table} <= MAY_BE_SCANNED, name


def test_attempts_are_looked_at_by_their_number_and_of_one_learner_by_lesson(rizal):
    for name in ("answers in a lesson", "answers in a course"):
        lines = plans(rizal, QUERIES[name])
        assert any("user_id" in line and "lesson_id" in line for line in lines), lines
    for name in QUERIES.keys() - {"answers in a lesson", "answers in a course"}:
        query = QUERIES[name]
        looked_at = [line for line in plans(rizal, query) if re.search(r"(on|SEARCH|SCAN) attempts\b", line)]
        assert all("INTEGER PRIMARY KEY (rowid=?)" in line or "pk_attempts" in line for line in looked_at), name
        assert bool(looked_at) is (name == "wrong_answers"), name


def test_an_example_is_looked_for_among_the_members_not_among_the_whole_school(rizal):
    lines = plans(rizal, QUERIES["wrong_answers"])
    places = [place for place, line in enumerate(lines) if re.search(r"(on|SEARCH) learner_failures\b", line)]
    assert len(places) == 2  # to see whether there is one, and to take it
    for place in places:
        condition = lines[place] if rizal.database.is_local else lines[place + 1]
        assert all(column in condition for column in ("user_id", "lesson_id", "activity", "signature")), lines
