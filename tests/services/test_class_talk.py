"""Notes that reach everybody who makes one mistake, and questions to a teacher with their replies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.needs_help import Rule
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.errors import InvalidValue, NobodyToAsk, NotFound, NothingToAskAbout
from aralify_kernel.services import class_pages, class_settings, class_talk, classrooms, sign_ins
from tests.databases import SQLITE_ONLY
from tests.services.classes import EASY, TERESA, school


@pytest.fixture
def rizal(world):
    found = school(world)
    found.learn("ana", "ben", "carla")
    return found


def groups(school):
    return class_pages.failures(school.world.database, TERESA, "rizal", "demo")


def write(school, text="Count again.", actor=TERESA, slug="rizal", signature=None, ref=EASY):
    signature = signature or groups(school)[0].signature
    now = school.world.clock()
    return class_talk.write_note(school.world.database, actor, slug, ref, "area", signature, text, now=now)


def told(result):
    return [note.text for note in result.notes]


def test_a_note_reaches_who_fails_so_now_and_later_and_nobody_else(rizal):
    rizal.fail("ana", "c1")
    write(rizal)
    submit, people = rizal.world.submit, rizal.people
    assert told(people["ana"].last_result(EASY, "area")) == ["Count again."]
    assert told(submit(people["ben"], content="c1")) == ["Count again."]
    assert told(submit(people["ben"], content="c2")) == []
    assert told(submit(people["carla"])) == []
    later = rizal.world.learner("dan")
    assert told(submit(later, content="c1")) == []
    rizal.let_in("dan")
    assert told(submit(later, content="c1")) == ["Count again."]


def test_a_note_says_who_wrote_it_and_stays_in_its_class(rizal):
    rizal.fail("ana", "c1")
    write(rizal)
    (note,) = rizal.people["ana"].last_result(EASY, "area").notes
    assert (note.author, note.written_at) == ("teresa", rizal.world.clock())
    classrooms.new(rizal.world.database, None, "Mabini", ["demo"], now=rizal.world.clock())
    rizal.let_in("eve", slug="mabini") if rizal.world.learner("eve") else None
    assert told(rizal.world.submit(rizal.world.session("of-eve"), content="c1")) == []


@SQLITE_ONLY
def test_a_note_that_is_withdrawn_or_replaced_reaches_nobody_any_more(rizal):
    rizal.fail("ana", "c1")
    write(rizal, "First.")
    second = write(rizal, "Second.")
    assert told(rizal.people["ana"].last_result(EASY, "area")) == ["Second."]
    assert (groups(rizal)[0].note.text, groups(rizal)[0].note_id) == ("Second.", second)
    class_talk.withdraw_note(rizal.world.database, TERESA, "rizal", second, now=rizal.world.clock())
    assert told(rizal.people["ana"].last_result(EASY, "area")) == []
    assert groups(rizal)[0].note is None
    with pytest.raises(NotFound):
        class_talk.withdraw_note(rizal.world.database, TERESA, "rizal", second, now=rizal.world.clock())


@SQLITE_ONLY
@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "a\x00b", "turned \u202e round"])
def test_a_note_that_cannot_be_shown_is_refused(rizal, text):
    rizal.fail("ana", "c1")
    with pytest.raises(InvalidValue):
        write(rizal, text)


@SQLITE_ONLY
def test_a_note_to_a_lesson_that_the_class_does_not_take_is_refused(rizal):
    with pytest.raises(NotFound):
        write(rizal, signature="x", ref=LessonRef("demo", "nine", "easy"))


def ask(school, name="ana", text="Why is it wrong?"):
    return school.people[name].ask_teacher(EASY, "area", text)


def needs_help(school):
    return class_pages.needs_help(school.world.database, TERESA, "rizal", "demo", now=school.world.clock())


def test_who_asked_is_on_top_of_those_who_need_help_with_answer_and_question(rizal):
    rizal.fail("ben", "c1", "c2", "h1")
    rizal.fail("ana", "c1")
    ask(rizal)
    first, second = needs_help(rizal)
    assert (first.learner.username, [reason.rule for reason in first.reasons]) == ("ana", [Rule.ASKED])
    assert (first.lesson, first.activity, first.questions[0].question.text) == (EASY, "area", "Why is it wrong?")
    assert rizal.world.one("SELECT content FROM attempts WHERE id = ?", first.attempt) == "c1"
    assert (second.learner.username, [reason.rule for reason in second.reasons]) == ("ben", [Rule.WRONG_ANSWERS])


def test_a_reply_appears_under_the_cell_and_in_the_lesson_and_ends_the_waiting(rizal):
    rizal.fail("ana", "c1")
    ask(rizal)
    (waiting,) = needs_help(rizal)
    class_talk.reply(
        rizal.world.database, TERESA, "rizal", waiting.questions[0].id, "Look at c2.", now=rizal.world.clock()
    )
    assert needs_help(rizal) == ()
    assert rizal.people["ana"].last_result(EASY, "area").question.reply.text == "Look at c2."
    (question,) = rizal.people["ana"].lesson(EASY).talk.questions
    assert (question.text, question.reply.author) == ("Why is it wrong?", "teresa")
    assert rizal.people["ben"].lesson(EASY).talk.questions == ()


def test_a_question_waits_no_longer_when_the_activity_was_passed_since(rizal):
    rizal.fail("ana", "c1")
    ask(rizal)
    rizal.world.clock.turn(minutes=1)
    rizal.world.submit(rizal.people["ana"])
    assert needs_help(rizal) == ()


@SQLITE_ONLY
def test_a_second_question_takes_the_place_of_one_that_waits_and_not_of_one_with_a_reply(rizal):
    rizal.fail("ana", "c1")
    ask(rizal, text="First?")
    ask(rizal, text="Second?")
    (waiting,) = needs_help(rizal)
    assert [asked.question.text for asked in waiting.questions] == ["Second?"]
    class_talk.reply(rizal.world.database, TERESA, "rizal", waiting.questions[0].id, "Yes.", now=rizal.world.clock())
    ask(rizal, text="Third?")
    assert [one.text for one in rizal.people["ana"].lesson(EASY).talk.questions] == ["Second?", "Third?"]


@SQLITE_ONLY
def test_a_question_needs_an_answer_a_class_and_words(rizal):
    with pytest.raises(NothingToAskAbout):
        ask(rizal)
    rizal.fail("ana", "c1")
    for text in ("", "x" * 301):
        with pytest.raises(InvalidValue):
            ask(rizal, text=text)
    rizal.people["dan"] = rizal.world.learner("dan")
    rizal.fail("dan", "c1")
    with pytest.raises(NobodyToAsk):
        ask(rizal, "dan")


@SQLITE_ONLY
@pytest.mark.parametrize("stranger", ["learner of the class", "teacher of another class", "teacher who left"])
def test_strangers_neither_write_nor_reply_nor_look(rizal, stranger):
    rizal.fail("ana", "c1")
    ask(rizal)
    (waiting,) = needs_help(rizal)
    signature = groups(rizal)[0].signature
    db, now = rizal.world.database, rizal.world.clock()
    classrooms.new(db, None, "Mabini", ["demo"], now=now)
    rizal.world.learner("eve")
    role = ClassRole.LEARNER if stranger.startswith("learner") else ClassRole.TEACHER
    rizal.let_in("eve", slug="mabini" if "another" in stranger else "rizal", role=role)
    if stranger.endswith("left"):
        classrooms.remove_member(db, TERESA, "rizal", "eve", now=now)
    eve = sign_ins.acting_as("eve")
    for act in (
        lambda: write(rizal, actor=eve, signature=signature),
        lambda: class_talk.withdraw_note(db, eve, "rizal", 1, now=now),
        lambda: class_talk.reply(db, eve, "rizal", waiting.questions[0].id, "Hm.", now=now),
        lambda: class_pages.needs_help(db, eve, "rizal", "demo", now=now),
        lambda: class_pages.failures(db, eve, "rizal", "demo"),
        lambda: class_pages.matrix(db, eve, "rizal", "demo"),
        lambda: class_pages.learner(db, eve, "rizal", "demo", "ana"),
        lambda: class_pages.attempt(db, eve, "rizal", waiting.attempt, now=now),
    ):
        with pytest.raises(NotFound, match="rizal"):
            act()


def test_with_a_person_go_their_questions_and_what_they_wrote_and_nothing_of_others(rizal):
    rizal.fail("ana", "c1")
    rizal.fail("ben", "c1")
    ask(rizal), ask(rizal, "ben")
    write(rizal)
    for waiting in needs_help(rizal):
        for asked in waiting.questions:
            class_talk.reply(rizal.world.database, TERESA, "rizal", asked.id, "Look.", now=rizal.world.clock())
    rizal.world.erase("ana")
    assert rizal.world.one("SELECT count(*) FROM help_requests") == 1
    rizal.world.erase("teresa")
    talk = rizal.people["ben"].last_result(EASY, "area")
    assert (talk.notes, talk.question.text, talk.question.reply) == ((), "Why is it wrong?", None)


def test_a_learner_finds_their_classes_and_what_teachers_told_them_newest_first_until_they_pass(rizal):
    rizal.fail("ana", "c1")
    write(rizal)
    ask(rizal)
    ana = rizal.people["ana"]
    (mine,) = ana.my_classes().classes
    assert (mine.name, mine.courses, mine.teachers) == ("Rizal", ("demo",), ("teresa",))
    rizal.world.clock.turn(minutes=1)
    (waiting,) = needs_help(rizal)
    class_talk.reply(rizal.world.database, TERESA, "rizal", waiting.questions[0].id, "Yes.", now=rizal.world.clock())
    told_now = [(word.lesson, word.activity, word.note.text) for word in ana.my_classes().words]
    assert told_now == [(EASY, "area", "Yes."), (EASY, "area", "Count again.")]
    assert rizal.people["ben"].my_classes().words == ()
    rizal.world.submit(ana)
    assert [word.is_reply for word in ana.my_classes().words] == [True], "the mistake of the note is past"


@pytest.mark.parametrize("days_late", [-1, 1])
def test_model_solutions_wait_until_the_topic_is_due_for_the_learner_where_the_class_holds_them_back(rizal, days_late):
    ana = rizal.people["ana"]
    rizal.world.submit(ana)

    def shown():
        return next(one.solution for one in ana.lesson(EASY).activities if one.id == "area")

    now, db = rizal.world.clock(), rizal.world.database
    assert shown()
    class_settings.configure(db, TERESA, "rizal", holds_solutions=True)
    assert shown()  # without a date there is nothing to wait for
    classrooms.set_due(db, TERESA, "rizal", "demo/one", now - timedelta(days=days_late))
    assert bool(shown()) is (days_late > 0)
    classrooms.extend_due(db, TERESA, "rizal", "demo/one", "ana", now + timedelta(days=2), now=now)
    assert not shown()
    class_settings.configure(db, TERESA, "rizal", holds_solutions=False)
    assert shown()
