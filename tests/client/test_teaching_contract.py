"""What every `TeacherSession` does, whichever it is: one script in-process and against a server that runs."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import pytest

from aralify_kernel.domain.classrooms import ClassRole, Counts
from aralify_kernel.domain.marks import MarksFormat
from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.rosters import Entry
from aralify_kernel.domain.session import Submission
from aralify_kernel.errors import AralifyError, NotFound
from aralify_kernel.i18n import sentence
from tests.client.sides import http_side, local_side
from tests.client.test_contract import comparable

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("class-server-client")]

EASY = LessonRef.parse("python-basics/variables/easy")
COURSE, EXERCISE, TOPIC, LATER = "python-basics", "first-load", "python-basics/variables", "python-basics/loops"
DUE = dt.datetime(2030, 1, 2, 3, 4, tzinfo=dt.UTC)
LIST = "username;name;email\nmila;Mila Peña;\n;Mila Peña;\nzora;Zora;\nx y;No Name;\n".encode("cp1252")
MONDAY = dt.date(2020, 1, 6)


@pytest.fixture(scope="module")
def both(class_server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("teaching")
    with local_side(folder) as local, http_side(class_server, folder) as http:
        yield local, http


def what_a_teacher_meets(side, prefix):  # noqa: PLR0915 - a day is long
    """A teacher's first day with a class, as everything that was said on it; names begin with `prefix`."""
    teacher = side.learner(Role.MODERATOR, f"{prefix}tess").teaching()
    learner = side.learner(username=f"{prefix}ana")
    yield teacher.classes()
    made = teacher.new_class(f"{prefix} Rizal", [COURSE])
    yield made
    slug = made.slug
    yield teacher.configure(slug, counts=Counts.BEFORE_DUE, idle_days=3)
    yield teacher.configure(slug, holds_solutions=True)
    yield teacher.add(slug, [learner.user], ClassRole.LEARNER)
    code = teacher.set_join_code(slug, is_open=True).join_code
    yield learner.join_class(code.lower().replace("-", " "))
    yield len(code), teacher.set_join_code(slug, is_open=False).join_code
    learner.open_lesson(EASY)
    for number, answer in enumerate(("load = 1", "load = 2", "load = 3")):
        learner.submit(Submission(EASY, EXERCISE, answer, f"{prefix}{number}"))
    learner.ask_teacher(EASY, EXERCISE, "Bakit mali?")
    yield (in_need := teacher.needs_help(slug, COURSE))
    (asked,) = in_need[0].questions
    yield teacher.attempt(slug, asked.attempt)
    teacher.reply(slug, asked.id, "Tingnan ang line 1.")
    yield (groups := teacher.failures(slug, COURSE))
    yield teacher.failures(slug, COURSE, [LessonRef.parse("python-basics/loops/easy")])
    note = teacher.write_note(slug, EASY, EXERCISE, groups[0].signature, "Basahin ulit ang tanong.")
    yield [group.note and group.note.text for group in teacher.failures(slug, COURSE)]
    yield learner.my_classes()
    teacher.withdraw_note(slug, note)
    yield teacher.matrix(slug, COURSE, 0), teacher.matrix(slug, COURSE, 1)
    yield teacher.quality(slug, COURSE), teacher.efforts(slug, COURSE)
    yield [week for week in teacher.weeks(slug, COURSE, MONDAY) if week.attempts]
    yield teacher.learner(slug, COURSE, learner.user), teacher.answers(slug, EASY, learner.user)
    teacher.set_due(slug, TOPIC, DUE)
    teacher.extend_due(slug, TOPIC, learner.user, DUE + dt.timedelta(days=7))
    yield teacher.topics(slug)[:2]
    teacher.set_due(slug, TOPIC, None)
    yield teacher.topics(slug)[0].due_at
    yield teacher.give_level(slug, LATER, learner.user), teacher.give_level(slug, LATER)
    lines = teacher.preview_roster(slug, LIST)
    yield [(line.number, line.display_name, line.entry) for line in lines]
    yield [sentence(line.problem, "fil") for line in lines if line.problem]
    done = teacher.let_in(slug, f"username,name\n{prefix}mila,Mila Peña\n".encode())
    yield [(line.username, line.entry) for line in done.lines]
    yield [(one.username, len(one.code)) for one in done.codes]
    yield teacher.password_code(slug, f"{prefix}mila").display_name
    yield [teacher.marks(slug, form, "fil").decode() for form in (MarksFormat.CANVAS, MarksFormat.MOODLE)]
    yield teacher.remove_member(slug, f"{prefix}mila")
    for refused in (
        lambda: teacher.new_class(f"{prefix} Rizal", []),
        lambda: teacher.let_in(slug, LIST),
        lambda: teacher.let_in(slug, b""),
        lambda: teacher.configure(slug, idle_days=0),
        lambda: teacher.password_code(slug, learner.user),
        lambda: teacher.attempt(slug, 999_999_999),
        lambda: teacher.add(slug, ["nobody-has-this"], ClassRole.TEACHER),
        lambda: teacher.add(slug, [], ClassRole.LEARNER, ["no-such-course"]),
        lambda: teacher.set_due(slug, "no/such", DUE),
        lambda: teacher.needs_help(slug, "sql-first-steps"),
        lambda: teacher.roster("no-such-class"),
        lambda: learner.teaching().roster(slug),
        lambda: learner.teaching().new_class("Mine", []),
    ):
        yield refusal_of(refused)
    yield teacher.set_archived(slug, archived=True)
    yield refusal_of(lambda: teacher.configure(slug, idle_days=5))
    yield teacher.set_archived(slug, archived=False), teacher.roster(slug).name


def refusal_of(call):
    with pytest.raises(AralifyError) as raised:
        call()
    return type(raised.value), sentence(raised.value, "fil")


def test_over_http_a_class_is_what_it_is_in_process(both):
    local, http = (list(what_a_teacher_meets(side, "zeta")) for side in both)
    for step, (of_local, of_http) in enumerate(itertools.zip_longest(local, http)):
        assert told(of_http) == told(of_local), step


def told(value):
    """What was said, but for numbers of rows and what is another time."""
    return re.sub(r"\b(\w*id|attempt|time_spent_secs)=\d+|'id': \d+", "", comparable(value))


def test_a_teacher_sees_no_class_of_another_and_none_any_more_after_leaving(both):
    for side in both:
        first, second = (side.learner(Role.MODERATOR, side.new_name("tess")) for _ in range(2))
        slug = first.teaching().new_class(f"Of {first.user}", [COURSE]).slug
        assert second.teaching().classes() == ()
        with pytest.raises(NotFound):
            second.teaching().needs_help(slug, COURSE)
        first.teaching().add(slug, [second.user], ClassRole.TEACHER)
        assert [card.slug for card in second.teaching().classes()] == [slug]
        first.teaching().remove_member(slug, second.user)
        with pytest.raises(NotFound):
            second.teaching().needs_help(slug, COURSE)


def test_a_roster_of_ten_thousand_lines_is_looked_through_and_let_in_over_http(both):
    _, side = both
    teacher = side.learner(Role.MODERATOR, side.new_name("tess")).teaching()
    slug = teacher.new_class("Large", [COURSE]).slug
    names = "".join(f"learner.{number},Ana Peña {number}\n" for number in range(10_000))
    data = f"username,name\n{names}".encode()
    assert {line.entry for line in teacher.preview_roster(slug, data)} == {Entry.NEW}
    assert len(teacher.let_in(slug, data).codes) == 10_000
    assert teacher.classes()[0].learners == 10_000
