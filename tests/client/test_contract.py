"""What every `LearnerSession` does, whichever it is: the same tests in-process and against a server that runs."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest

from aralify_kernel.domain.content import Exercise, Quiz
from aralify_kernel.domain.facts import ActivityKind
from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import LessonStatus, ProfileChange, Submission
from aralify_kernel.errors import (
    AralifyError,
    EmailTaken,
    EmptyAnswer,
    InvalidValue,
    KeyConflict,
    LevelLocked,
    NameTaken,
    NobodyToAsk,
    NotAllowed,
    NotFound,
    NoTimeLimit,
    NotSignedIn,
    SourceRefused,
    UnchangedStarter,
    WrongKindOfAnswer,
    WrongPassword,
)
from aralify_kernel.i18n import sentence
from tests.client.sides import PASSWORD, http_side, local_side

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("class-server-client")]

EASY = LessonRef.parse("python-basics/variables/easy")
HARD = LessonRef.parse("python-basics/variables/hard")
LOCKED = LessonRef.parse("python-basics/functions/easy")
EXERCISE = "first-load"
RIGHT = "load = 50"


@pytest.fixture(scope="module")
def both(class_server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sides")
    with local_side(folder) as local, http_side(class_server, folder) as http:
        yield {"local": local, "http": http}


@pytest.fixture(params=["local", "http"])
def side(request, both):
    return both[request.param]


@pytest.fixture
def ana(side):
    return side.learner()


@pytest.fixture
def liza(side):
    """Somebody whom the tests share that leave no trace, or need none."""
    return side.liza


def answer(content, key, lesson=EASY, activity=EXERCISE, kind=None):
    return Submission(lesson, activity, content, key, kind)


def quiz_of(session, lesson=EASY):
    return next(one for one in session.lesson(lesson).content.activities if isinstance(one, Quiz))


def test_an_account_is_made_signed_out_of_and_signed_into(side):
    name, session = side.new_name(), side.connect()
    assert session.user is None
    side.sign_up(session, name)
    assert (session.user, session.profile().username, session.profile().language) == (name, name, "fil")
    session.sign_out()
    assert session.user is None
    with pytest.raises(WrongPassword):
        session.sign_in(name, "hindi ito")
    assert session.sign_in(name, PASSWORD).username == name
    assert session.user == name


def test_a_name_that_somebody_has_is_told_with_one_that_is_free(side, liza):
    with pytest.raises(NameTaken) as raised:
        side.sign_up(side.connect(), liza.user)
    assert raised.value.details["suggestion"].startswith(liza.user)


def test_a_guest_who_gets_an_account_keeps_what_was_earned(side):
    session = side.connect()
    assert session.continue_as_guest("en").is_guest
    session.open_lesson(EASY)
    session.submit(answer(RIGHT, "k"))
    name = side.new_name()
    side.sign_up(session, name)
    assert (session.user, session.profile().is_guest) == (name, False)
    assert session.last_result(EASY, EXERCISE).attempt_key == "k"


ASKED_OF_NOBODY = {
    "profile": lambda session: session.profile(),
    "change_password": lambda session: session.change_password(None, PASSWORD),
    "update_profile": lambda session: session.update_profile(ProfileChange(bio="x")),
    "courses": lambda session: session.courses(),
    "course": lambda session: session.course("python-basics"),
    "start_course": lambda session: session.start_course("python-basics"),
    "publish_course": lambda session: session.publish_course("python-basics"),
    "unpublish_course": lambda session: session.unpublish_course("python-basics"),
    "set_role": lambda session: session.set_role("ana", Role.ADMIN),
    "open_lesson": lambda session: session.open_lesson(EASY),
    "lesson": lambda session: session.lesson(EASY),
    "submit": lambda session: session.submit(answer(RIGHT, "k")),
    "last_result": lambda session: session.last_result(EASY, EXERCISE),
    "start_run": lambda session: session.start_run(HARD),
    "next_hint": lambda session: session.next_hint(EASY, EXERCISE),
    "show_answer": lambda session: session.show_answer(EASY, "any"),
    "progress": lambda session: session.progress(),
}


def test_whoever_is_not_signed_in_or_not_any_more_may_do_nothing(side, ana):
    stranger, forgotten = side.connect(), side.connect()
    forgotten.sign_in(ana.user, PASSWORD)
    ana.change_password(PASSWORD, "isa pang password")
    for session in (stranger, forgotten):
        assert {name: error_of(call, session) for name, call in ASKED_OF_NOBODY.items()} == dict.fromkeys(
            ASKED_OF_NOBODY, NotSignedIn
        )
    assert ana.profile(), "whoever changed it stays"


def error_of(call, session):
    try:
        call(session)
    except AralifyError as error:
        return type(error)
    return None


def test_a_profile_changes_where_something_was_given_and_says_what_cannot_be(side, ana):
    changed = ana.update_profile(ProfileChange(display_name="Ana Peña", time_factor=0, email=f"{ana.user}@school.ph"))
    assert (changed.display_name, changed.time_factor, changed.bio) == ("Ana Peña", None, "")
    assert ana.profile() == changed
    with pytest.raises(InvalidValue) as raised:
        ana.update_profile(ProfileChange(timezone="Mars/Olympus"))
    assert raised.value.details["field"] == "timezone"
    with pytest.raises(EmailTaken):
        side.learner().update_profile(ProfileChange(email=f"{ana.user}@school.ph"))


def test_the_courses_are_told_with_one_s_own_progress(ana):
    courses = ana.courses()
    assert [card.slug for card in courses] == ["python-basics", "javascript-first-steps", "sql-first-steps"]
    assert not ana.course("python-basics").is_started
    started = ana.start_course("python-basics")
    assert started.is_started
    assert ana.start_course("python-basics") == ana.courses()[0] == started
    with pytest.raises(NotFound):
        ana.course("no-such-course")


def test_a_lesson_opens_without_what_would_give_it_away(ana):
    opened = ana.open_lesson(EASY)
    assert opened.card.status is LessonStatus.IN_PROGRESS
    assert ana.lesson(EASY) == opened
    exercises = [one for one in opened.content.activities if isinstance(one, Exercise)]
    assert exercises
    assert not any(one.reference or one.hints or any(check.hidden for check in one.checks) for one in exercises)
    assert not quiz_of(ana).answers
    assert opened.starters[EXERCISE]


def test_an_answer_is_judged_once_and_told_again(ana):
    ana.open_lesson(EASY)
    assert ana.last_result(EASY, EXERCISE) is None
    wrong = ana.submit(answer("load = 5", "k1"))
    assert (wrong.judgement.verdict, wrong.repeated, wrong.late) == (Verdict.FAILED, False, False)
    right = ana.submit(answer(RIGHT, "k2", kind=ActivityKind.EXERCISE))
    assert right.judgement.verdict is Verdict.PASSED
    again = ana.submit(answer(RIGHT, "k2"))
    assert (again.repeated, again.attempt) == (True, right.attempt)
    assert ana.last_result(EASY, EXERCISE).attempt_key == "k2"
    assert ana.send_kept().waiting == (), "none had to wait"
    (card,) = (one for one in ana.lesson(EASY).activities if one.id == EXERCISE)
    assert (card.is_tried, card.best_points, card.last_source) == (True, card.points, RIGHT)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (answer("load = 6", "used"), KeyConflict),
        (answer("x" * 300_000, "k"), SourceRefused),
        (answer("load = '\ud83d'", "k"), SourceRefused),
        (answer("x = 1", "k", LOCKED, "anything"), LevelLocked),
        (answer("x = 1", "k", activity="no-such"), NotFound),
        (answer("x = 1", "k", LessonRef.parse("no-such/lesson/easy")), NotFound),
        (answer(RIGHT, "k", kind=ActivityKind.QUIZ), WrongKindOfAnswer),
        (answer(RIGHT, "a key with\nline"), InvalidValue),
    ],
    ids=["key", "long", "half", "locked", "activity", "lesson", "kind", "no key"],
)
def test_what_is_no_answer_is_refused_with_the_reason(liza, given, error):
    liza.open_lesson(EASY)
    liza.submit(answer("load = 5", "used"))
    with pytest.raises(error) as raised:
        liza.submit(given)
    assert sentence(raised.value, "fil") != sentence(raised.value, "en")
    assert liza.last_result(EASY, EXERCISE).attempt_key == "used"


def test_the_starting_code_is_no_try(liza):
    for starter in liza.open_lesson(EASY).starters[EXERCISE]:
        with pytest.raises(UnchangedStarter):
            liza.submit(answer(starter, "k"))


def test_nothing_at_all_is_no_try(liza):
    liza.open_lesson(EASY)
    with pytest.raises(EmptyAnswer):
        liza.submit(answer(" \n", "k"))


def test_a_locked_topic_says_in_each_language_what_opens_it(liza):
    with pytest.raises(LevelLocked) as raised:
        liza.open_lesson(LOCKED)
    texts = [sentence(raised.value, language) for language in ("en", "fil")]
    assert texts[0] != texts[1]
    assert "Loops" in texts[0]


def test_a_clock_runs_where_a_lesson_has_one(liza):
    liza.open_lesson(HARD)
    run = liza.start_run(HARD)
    assert run.ends_at > run.started_at
    assert liza.lesson(HARD).run == run
    with pytest.raises(NoTimeLimit):
        liza.start_run(EASY)


def test_hints_come_one_by_one_and_a_quiz_can_be_given_up(liza):
    liza.open_lesson(EASY)
    rungs = [liza.next_hint(EASY, EXERCISE) for _ in range(2)]
    assert [hint.rung for hint in rungs] == [1, 2]
    assert set(rungs[0].text) == {"en", "fil"}
    feedback = liza.show_answer(EASY, quiz_of(liza).id)
    assert feedback.correct_options or feedback.accepted


def test_without_a_class_there_is_nobody_to_ask(liza):
    liza.open_lesson(EASY)
    assert not liza.lesson(EASY).talk.has_teacher
    with pytest.raises(NobodyToAsk):
        liza.ask_teacher(EASY, EXERCISE, "Bakit mali?")


def test_a_quiz_is_answered_and_says_why(liza):
    liza.open_lesson(EASY)
    quiz = quiz_of(liza)
    result = liza.submit(answer(quiz.options[0].id if quiz.options else "x", "quiz", activity=quiz.id))
    assert result.quiz is not None


def test_courses_are_hidden_and_roles_given_by_those_who_may(side):
    learner, moderator, admin = (side.learner(role) for role in (Role.USER, Role.MODERATOR, Role.ADMIN))
    for call in (learner.unpublish_course, learner.publish_course):
        with pytest.raises(NotAllowed):
            call("sql-first-steps")
    assert not moderator.unpublish_course("sql-first-steps").is_published
    assert moderator.publish_course("sql-first-steps").is_published
    with pytest.raises(NotAllowed):
        moderator.set_role(learner.user, Role.ADMIN)
    changed = admin.set_role(learner.user, Role.MODERATOR, is_verified=True)
    assert (changed.username, changed.role, changed.is_verified) == (learner.user, Role.MODERATOR, True)
    with pytest.raises(NotFound):
        admin.set_role("nobody-has-this", Role.USER)


def what_ana_meets(session):
    """A learner's first day, as everything that a session said on it."""
    opened = session.open_lesson(EASY)
    yield opened
    yield session.submit(answer("load = 5\nprint(lod)", "k1"))
    yield session.submit(answer("load = 5", "k2"))
    yield session.submit(answer(RIGHT, "k3"))
    yield session.next_hint(EASY, EXERCISE)
    yield session.last_result(EASY, EXERCISE)
    for refused in (answer(RIGHT, "k1"), answer("x", "k", LOCKED), answer("x", "k", activity="none")):
        try:
            session.submit(refused)
        except AralifyError as error:
            yield type(error), error.details, sentence(error, "fil")
    yield session.lesson(EASY)
    yield session.courses()
    yield session.profile()
    yield session.progress()


def test_over_http_everything_is_said_as_in_process(both):
    """Field by field, but for what is another time, another number or another protection."""
    local, http = (list(what_ana_meets(side.learner(username="ana"))) for side in both.values())
    for of_local, of_http in zip(local, http, strict=True):
        assert comparable(of_http) == comparable(of_local)


def comparable(value):
    text = repr(asdict(value) if hasattr(value, "__dataclass_fields__") else value)
    text = re.sub(r"datetime\.datetime\([^)]*\)", "TIME", text)
    return re.sub(
        r"'duration_ms': [\d.]+|'attempt': \d+|<Isolation\.\w+: '\w+'>|'active_secs_this_week': \d+", "", text
    )
