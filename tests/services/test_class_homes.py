"""What a teacher does for their classes: settings, join codes, rosters, topics given, codes for new passwords."""

from __future__ import annotations

import pytest

from aralify_kernel.domain.classrooms import ClassRole, Counts
from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.rosters import Entry
from aralify_kernel.domain.teaching import Act
from aralify_kernel.errors import (
    ClassArchived,
    InvalidValue,
    LevelLocked,
    NoPasswordCode,
    NotFound,
    NotSignedIn,
    RosterInvalid,
    TeachesThere,
    WrongPassword,
)
from aralify_kernel.services import (
    class_settings,
    classrooms,
    given_levels,
    notices,
    password_codes,
    rebuild,
    rosters,
    sign_ins,
)
from tests.databases import SQLITE_ONLY
from tests.services.classes import TERESA, school

TWO = LessonRef("demo", "two", "easy")


@pytest.fixture
def rizal(world):
    found = school(world)
    found.learn("ana", "ben")
    return found


def cards(school, actor=TERESA):
    return [
        (card.slug, card.learners, card.is_archived) for card in class_settings.classes(school.world.database, actor)
    ]


def test_a_teacher_has_the_list_of_their_own_classes_and_an_admin_of_all(rizal):
    classrooms.new(rizal.world.database, None, "Mabini", ["demo"], now=rizal.world.clock())
    rizal.world.learner("root", Role.ADMIN)
    assert cards(rizal) == [("rizal", 2, False)]
    assert cards(rizal, sign_ins.acting_as("root")) == [("mabini", 0, False), ("rizal", 2, False)]
    assert cards(rizal, sign_ins.acting_as("ana")) == []


@SQLITE_ONLY
def test_learners_know_which_teachers_see_them_in_which_courses(rizal):
    (card,) = class_settings.learns_in(rizal.world.database, sign_ins.acting_as("ana"))
    assert (card.name, card.teachers, card.courses, card.join_code) == ("Rizal", ("teresa",), ("demo",), None)


def test_settings_are_kept_and_the_list_obeys_them(rizal):
    db = rizal.world.database
    class_settings.configure(db, TERESA, "rizal", counts=Counts.BEFORE_DUE)
    card = class_settings.configure(db, TERESA, "rizal", idle_days=3)
    assert (card.counts, card.idle_days, card.holds_solutions) == (Counts.BEFORE_DUE, 3, False)
    assert class_settings.configure(db, TERESA, "rizal", holds_solutions=True).holds_solutions
    assert class_settings.configure(db, TERESA, "rizal", idle_days=4).holds_solutions
    assert not class_settings.configure(db, TERESA, "rizal", holds_solutions=False).holds_solutions
    for days in (0, 366):
        with pytest.raises(InvalidValue):
            class_settings.configure(db, TERESA, "rizal", idle_days=days)


@SQLITE_ONLY
def test_an_archived_class_is_read_and_not_changed_until_it_is_brought_back(rizal):
    db, now = rizal.world.database, rizal.world.clock()
    code = class_settings.set_join_code(db, TERESA, "rizal", is_open=True).join_code
    class_settings.set_archived(db, TERESA, "rizal", archived=True, now=now)
    assert cards(rizal) == [("rizal", 2, True)]
    rizal.world.learner("dan")
    for change in (
        lambda: classrooms.add(db, TERESA, "rizal", ["dan"], ClassRole.LEARNER, now=now),
        lambda: classrooms.set_due(db, TERESA, "rizal", "demo/one", now),
        lambda: rosters.preview(db, TERESA, "rizal", b"x,y\n"),
        lambda: given_levels.give(db, TERESA, "rizal", "demo/two", now=now),
    ):
        with pytest.raises(ClassArchived):
            change()
    with pytest.raises(NotFound):
        class_settings.join(db, sign_ins.acting_as("dan"), code, now=now)
    class_settings.set_archived(db, TERESA, "rizal", archived=False, now=now)
    classrooms.add(db, TERESA, "rizal", ["dan"], ClassRole.LEARNER, now=now)


def test_a_learner_comes_in_by_the_code_as_it_is_typed_and_only_while_it_is_open(rizal):
    db, now = rizal.world.database, rizal.world.clock()
    rizal.world.learner("dan"), rizal.world.learner("eli")
    code = class_settings.set_join_code(db, TERESA, "rizal", is_open=True).join_code
    typed = f" {code.lower().replace('-', ' ')} "
    assert class_settings.join(db, sign_ins.acting_as("dan"), typed, now=now).slug == "rizal"
    assert cards(rizal) == [("rizal", 3, False)]
    class_settings.set_join_code(db, TERESA, "rizal", is_open=False)
    with pytest.raises(NotFound):
        class_settings.join(db, sign_ins.acting_as("eli"), code, now=now)


def test_a_teacher_of_a_class_is_not_let_in_as_its_learner_by_whatever_way(rizal):
    db, now = rizal.world.database, rizal.world.clock()
    rizal.world.learner("dan")
    code = class_settings.set_join_code(db, TERESA, "rizal", is_open=True).join_code
    before = classrooms.roster(db, TERESA, "rizal").members
    for attempt in (
        lambda: classrooms.add(db, TERESA, "rizal", ["dan", "teresa"], ClassRole.LEARNER, now=now),
        lambda: class_settings.join(db, TERESA, code, now=now),
    ):
        with pytest.raises(TeachesThere, match="“teresa” teaches the class “Rizal”"):
            attempt()
    (line,) = rosters.preview(db, TERESA, "rizal", b"teresa,Teresa\n")
    assert line.entry is Entry.PROBLEM
    with pytest.raises(RosterInvalid):
        let_in(rizal, b"dan,Dan\nteresa,Teresa\n")
    (namesake,) = rosters.preview(db, TERESA, "rizal", b"name\nteresa\n")
    assert (namesake.entry, namesake.username != "teresa") == (Entry.NEW, True)
    assert classrooms.roster(db, TERESA, "rizal").members == before


def test_a_learner_of_a_class_can_become_its_teacher(rizal):
    db, now = rizal.world.database, rizal.world.clock()
    classrooms.add(db, TERESA, "rizal", ["ana"], ClassRole.TEACHER, now=now)
    present = [one for one in classrooms.roster(db, TERESA, "rizal").members if one.left_at is None]
    assert sorted(one.username for one in present if one.role is ClassRole.TEACHER) == ["ana", "teresa"]


def let_in(school, data, actor=TERESA):
    more = {"language": "fil", "timezone": "Asia/Manila", "now": school.world.clock()}
    return rosters.let_in(school.world.database, actor, "rizal", data, **more)


ROSTER = "username;name\n;Niño Peña\n;Niño Peña\ndan;Dan\nana;Ana\n".encode("cp1252")


def test_a_roster_is_looked_through_and_then_does_what_it_said(rizal):
    rizal.world.learner("dan")
    seen = rosters.preview(rizal.world.database, TERESA, "rizal", ROSTER)
    assert [(line.username, line.entry) for line in seen] == [
        ("nino.pena", Entry.NEW),
        ("nino.pena2", Entry.NEW),
        ("dan", Entry.LET_IN),
        ("ana", Entry.IS_IN),
    ]
    before = rizal.world.one("SELECT count(*) FROM users")
    done = let_in(rizal, ROSTER)
    assert done.lines == seen
    assert [code.username for code in done.codes] == ["nino.pena", "nino.pena2"]
    assert rizal.world.one("SELECT count(*) FROM users") == before + 2
    assert cards(rizal) == [("rizal", 5, False)]
    again = let_in(rizal, ROSTER)
    assert {line.entry for line in again.lines} == {Entry.IS_IN}
    assert rizal.world.one("SELECT count(*) FROM users") == before + 2


@SQLITE_ONLY
def test_of_a_roster_with_a_line_that_does_not_go_nobody_is_let_in(rizal):
    before = rizal.world.one("SELECT count(*) FROM users")
    with pytest.raises(RosterInvalid) as refused:
        let_in(rizal, b"username,name\nfay,Fay\n!,Gus\n")
    assert refused.value.details == {"count": 1, "line": 3}
    assert rizal.world.one("SELECT count(*) FROM users") == before


@SQLITE_ONLY
def test_ten_thousand_learners_are_let_in_by_one_roster(rizal):
    done = let_in(rizal, b"".join(b"u%05d,Name %d\n" % (n, n) for n in range(10_000)))
    assert (len(done.codes), cards(rizal)) == (10_000, [("rizal", 10_002, False)])
    assert {line.entry for line in let_in(rizal, b"u00000,x\nu09999,y\n").lines} == {Entry.IS_IN}


def test_a_topic_is_given_to_one_learner_who_then_works_in_it_and_a_rebuild_keeps_that(rizal):
    with pytest.raises(LevelLocked):
        rizal.people["ana"].open_lesson(TWO)
    rizal.world.complete(rizal.people["ana"], "demo/one/easy")
    rizal.world.clock.turn(minutes=1)
    db, now = rizal.world.database, rizal.world.clock()
    assert given_levels.give(db, TERESA, "rizal", "demo/three", "ana", now=now) == 1
    rizal.world.clock.turn(minutes=1)
    rizal.world.submit(rizal.people["ana"], "demo/three/easy", content="c1")
    assert rebuild.check(db, lambda *_: None) == ()
    with pytest.raises(LevelLocked):
        rizal.world.submit(rizal.people["ben"], "demo/three/easy", content="c1")
    (act,) = class_settings.acts(db, sign_ins.acting_as("ana"))
    assert (act.act, act.by, act.about) == (Act.LEVEL_GIVEN, "teresa", "demo/three")


def test_a_topic_is_given_to_a_class_where_it_is_locked_also_to_who_has_not_begun(rizal):
    rizal.world.complete(rizal.people["ana"], "demo/one/easy")
    db, now = rizal.world.database, rizal.world.clock()
    assert given_levels.give(db, TERESA, "rizal", "demo/two", now=now) == 1
    assert given_levels.give(db, TERESA, "rizal", "demo/two", now=now) == 0
    rizal.people["ben"].open_lesson(TWO)
    assert rebuild.check(db, lambda *_: None) == ()


def test_what_a_teacher_gives_takes_no_time_and_makes_nobody_active(rizal):
    rizal.fail("ana", "c1")
    rizal.world.clock.turn(minutes=2)
    given_levels.give(rizal.world.database, TERESA, "rizal", "demo/two", now=rizal.world.clock())
    rizal.world.clock.turn(minutes=2)
    rizal.fail("ana", "c2")
    assert rizal.world.one("SELECT time_spent_secs FROM user_course_progress WHERE user_id = 2") == 240
    rizal.world.clock.turn(minutes=6)
    assert rebuild.check(rizal.world.database, lambda *_: None) == ()


@pytest.fixture
def ines(rizal):
    """Somebody whose account was made from the list of the class."""
    return let_in(rizal, b"ines,Ines\n").codes[0]


def use(school, code, new="mangga at bayabas", username="ines"):
    db, now = school.world.database, school.world.clock()
    password_codes.use(db, username, code, new, agreed=notices.VERSION, place=None, now=now)


def test_a_code_sets_a_password_once_and_ends_every_sign_in(rizal, ines):
    use(rizal, ines.code.lower())
    session = rizal.world.session("of-ines")
    session.sign_in("ines", "mangga at bayabas")
    code = password_codes.give(rizal.world.database, TERESA, "rizal", "ines", now=rizal.world.clock()).code
    use(rizal, code, "isang bagong password")
    with pytest.raises(NotSignedIn):
        session.profile()
    with pytest.raises(WrongPassword):
        use(rizal, code)
    (act,) = class_settings.acts(rizal.world.database, sign_ins.acting_as("ines"))
    assert act.act is Act.PASSWORD_CODE


@SQLITE_ONLY
def test_a_code_is_good_for_a_day_for_one_person_and_until_the_next_one(rizal, ines):
    with pytest.raises(InvalidValue):
        use(rizal, ines.code, "short")
    with pytest.raises(WrongPassword):
        use(rizal, ines.code, username="ana")
    second = password_codes.give(rizal.world.database, TERESA, "rizal", "ines", now=rizal.world.clock())
    with pytest.raises(WrongPassword):
        use(rizal, ines.code)
    rizal.world.clock.turn(hours=24)
    with pytest.raises(WrongPassword):
        use(rizal, second.code)


@SQLITE_ONLY
def test_no_code_for_staff_nor_for_whom_a_teacher_only_wrote_down(rizal, ines):
    db, now = rizal.world.database, rizal.world.clock()
    rizal.world.learner("mod", Role.MODERATOR)
    rizal.let_in("mod")
    classrooms.new(db, None, "Mabini", ["demo"], now=now)
    rizal.let_in("ines", slug="mabini", role=ClassRole.TEACHER)
    for username in ("mod", "ines", "ana"):
        with pytest.raises(NoPasswordCode):
            password_codes.give(db, TERESA, "rizal", username, now=now)
    for username in ("teresa", "nobody"):
        with pytest.raises(NotFound):
            password_codes.give(db, TERESA, "rizal", username, now=now)
    assert password_codes.give(db, None, "rizal", "ana", now=now).username == "ana"


@SQLITE_ONLY
@pytest.mark.parametrize("stranger", ["learner of the class", "teacher of another class", "teacher who left"])
def test_strangers_do_none_of_it(rizal, stranger):
    db, now = rizal.world.database, rizal.world.clock()
    classrooms.new(db, None, "Mabini", ["demo"], now=now)
    rizal.world.learner("eve")
    role = ClassRole.LEARNER if stranger.startswith("learner") else ClassRole.TEACHER
    rizal.let_in("eve", slug="mabini" if "another" in stranger else "rizal", role=role)
    if stranger.endswith("left"):
        classrooms.remove_member(db, TERESA, "rizal", "eve", now=now)
    eve = sign_ins.acting_as("eve")
    for act in (
        lambda: class_settings.configure(db, eve, "rizal", idle_days=3),
        lambda: class_settings.set_archived(db, eve, "rizal", archived=True, now=now),
        lambda: class_settings.set_join_code(db, eve, "rizal", is_open=True),
        lambda: rosters.preview(db, eve, "rizal", b"x,y\n"),
        lambda: let_in(rizal, b"fay,Fay\n", eve),
        lambda: given_levels.give(db, eve, "rizal", "demo/two", now=now),
        lambda: password_codes.give(db, eve, "rizal", "ana", now=now),
    ):
        with pytest.raises(NotFound, match="rizal"):
            act()
