from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from sqlalchemy import Engine, Pool, event

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.content import LessonContent
from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.facts import ActivityKind
from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import LessonStatus, Submission
from aralify_kernel.errors import (
    EmptyAnswer,
    InvalidValue,
    JudgeBusy,
    JudgeUnavailable,
    KeyConflict,
    LevelLocked,
    NotFound,
    NotSignedIn,
    SourceRefused,
    UnchangedStarter,
    WrongKindOfAnswer,
)
from aralify_kernel.services import classrooms
from tests.factories import a_course, a_lesson, a_level, a_quiz, an_exercise
from tests.fakes import FakeGrader

EASY = LessonRef.parse("demo/one/easy")
ENDS = {"COMMIT", "ROLLBACK"}


def test_a_passing_answer_leaves_exactly_the_rows_the_rules_imply(world):
    ana = world.learner()
    result = world.complete(ana, "demo/one/easy")

    assert (result.lesson_status, result.lesson_score) == (LessonStatus.COMPLETED, 100)
    assert (result.xp_awarded, result.xp_total, result.level, result.leveled_up) == (50, 50, 1, False)
    assert (result.streak_current, result.unlocked) == (1, ("demo/two",))
    assert (result.course.completion_pct, result.course.mastery_pct, result.course.completed) == (33.33, 11.11, False)

    assert world.rows("SELECT xp_total, level, streak_current, streak_longest FROM users") == [(50, 1, 1, 1)]
    assert world.rows("SELECT status, score, xp_earned FROM user_lesson_progress") == [("COMPLETED", 100, 50)]
    assert world.rows(
        "SELECT completion_pct, mastery_pct, total_xp_earned, completed_at FROM user_course_progress"
    ) == [(33.33, 11.11, 50, None)]
    opened = "SELECT l.slug FROM user_level_unlocks u JOIN levels l ON l.id = u.level_id ORDER BY l.order_index"
    assert world.rows(opened) == [("one",), ("two",)]
    assert world.rows("SELECT lesson_ref, amount FROM xp_events") == [("demo/one/easy", 50)]
    assert world.rows("SELECT date, attempts, utc_offset_min FROM activity_days") == [("2024-06-03", 2, 480)]
    assert world.rows("SELECT activity, kind, verdict, points, max_points, late FROM attempts") == [
        ("area", "EXERCISE", "PASSED", 3, 3, 0),
        ("choice", "QUIZ", "PASSED", 1, 1, 0),
    ]
    assert world.rows("SELECT type FROM learner_events") == [
        ("COURSE_STARTED",),
        ("ATTEMPT_JUDGED",),
        ("ATTEMPT_JUDGED",),
    ]


def test_a_wrong_answer_is_recorded_and_keeps_the_lesson_in_progress(world):
    result = world.submit(world.learner(), content="c1")

    assert (result.judgement.verdict, result.judgement.points, result.lesson_score) == (Verdict.FAILED, 1, 25)
    assert (result.lesson_status, result.xp_awarded) == (LessonStatus.IN_PROGRESS, 0)
    assert [check.passed for check in result.judgement.checks] == [True, False, False]


def test_the_score_adds_the_best_single_attempt_at_each_activity_and_never_falls(world):
    ana = world.learner()
    scores = [world.submit(ana, content=source).lesson_score for source in ("c1 c2", "h1", "nothing")]
    assert scores == [50, 50, 50]
    assert world.submit(ana, activity="choice", content="a").lesson_score == 75


def test_xp_is_paid_once_per_lesson_with_the_tier_s_multiplier(world):
    ana = world.learner()
    awarded = [world.complete(ana, f"demo/one/{tier}").xp_awarded for tier in ("easy", "medium", "hard")]
    again = world.submit(ana)
    assert (awarded, again.xp_awarded, again.xp_total) == ([50, 100, 150], 0, 300)
    assert world.one("SELECT level FROM users") == 3


def test_reaching_a_level_is_told_once(world):
    ana = world.learner()
    world.complete(ana, "demo/one/medium")
    assert world.one("SELECT xp_total FROM users") == 100
    told = [json.loads(outcome)["leveled_up"] for (outcome,) in world.rows("SELECT outcome FROM attempts ORDER BY id")]
    assert told == [False, True]


def test_a_course_is_complete_when_every_topic_is_and_stays_so_from_that_moment(world):
    ana = world.learner()
    for level in ("one", "two"):
        assert not world.complete(ana, f"demo/{level}/easy").course.completed
    completed_at = world.clock.turn(minutes=1)
    assert world.complete(ana, "demo/three/easy").course.completed
    world.clock.turn(days=1)
    world.complete(ana, "demo/three/medium")
    assert ana.course("demo").completed_at == completed_at


def test_submitting_starts_the_course_once(world):
    ana = world.learner()
    world.submit(ana)
    started = ana.course("demo").started_at
    world.clock.turn(hours=1)
    world.submit(ana)
    assert ana.course("demo").started_at == started


def test_a_locked_topic_takes_no_answer_and_says_what_opens_it(world):
    ana = world.learner()
    with pytest.raises(LevelLocked, match=r"“Two” is still locked\. It opens when you pass any lesson of “One”"):
        world.submit(ana, "demo/two/easy")
    with pytest.raises(LevelLocked):
        ana.open_lesson(LessonRef.parse("demo/three/easy"))
    assert world.rows("SELECT * FROM attempts") == world.rows("SELECT * FROM user_course_progress") == []


@pytest.mark.parametrize(
    ("lesson", "activity", "kind"),
    [
        ("nowhere/one/easy", "area", "course"),
        ("demo/nowhere/easy", "area", "topic"),
        ("demo/one/easy", "nothing", "exercise"),
    ],
)
def test_what_does_not_exist_is_named(world, lesson, activity, kind):
    with pytest.raises(NotFound, match=f"There is no {kind} named"):
        world.submit(world.learner(), lesson, activity)


def test_nobody_submits_without_being_signed_in(world):
    with pytest.raises(NotSignedIn):
        world.submit(world.session())


def test_the_same_key_again_returns_the_stored_result_and_judges_nothing(world):
    ana = world.learner()
    first = world.submit(ana, content="c1", key="k")
    world.complete(ana, "demo/one/easy")
    judged = len(world.grader.judged)
    again = world.submit(ana, content="c1", key="k")

    assert again.repeated
    assert not first.repeated
    assert again.as_json("en") == first.as_json("en") | {"repeated": True}
    assert len(world.grader.judged) == judged
    assert world.one("SELECT count(*) FROM attempts") == 3


@pytest.mark.parametrize(
    "change", [{"content": "c2"}, {"activity": "choice", "content": "c1"}, {"lesson": "demo/one/medium"}]
)
def test_the_same_key_with_another_answer_is_a_conflict(world, change):
    ana = world.learner()
    world.submit(ana, content="c1", key="k")
    with pytest.raises(KeyConflict):
        world.submit(ana, **({"content": "c1"} | change), key="k")
    assert world.one("SELECT count(*) FROM attempts") == 1


def test_two_learners_may_have_the_same_key(world):
    first = world.submit(world.learner("ana"), key="k")
    second = world.submit(world.learner("ben"), key="k")
    assert (first.repeated, second.repeated) == (False, False)


@pytest.mark.parametrize("source", ["x" * 2_000_000, "print('a\0b')", "print('\ud83d')"])
def test_a_source_that_cannot_be_judged_is_refused_and_changes_nothing(world, source):
    ana = world.learner()
    before = world.rows("SELECT * FROM users")
    with pytest.raises(SourceRefused):
        world.submit(ana, content=source)
    assert world.grader.judged == []
    assert world.rows("SELECT * FROM attempts") == []
    assert world.rows("SELECT * FROM users") == before


def test_the_largest_source_is_taken(world):
    assert world.submit(world.learner(), content="#" * (256 * 1024)).attempt == 1


@pytest.mark.parametrize("key", ["", "k" * 65, "a\nb"])
def test_a_key_that_cannot_be_one_is_refused(world, key):
    with pytest.raises(InvalidValue, match="attempt_key"):
        world.submit(world.learner(), key=key)


def test_an_answer_that_could_not_be_judged_is_no_attempt(world):
    ana = world.learner()
    with pytest.raises(JudgeUnavailable):
        world.submit(ana, content="BROKEN")
    assert world.rows("SELECT * FROM attempts") == world.rows("SELECT * FROM activity_days") == []


class Busy(FakeGrader):
    def judge(self, _):
        raise JudgeBusy


def test_an_answer_that_a_busy_grader_turned_away_is_no_attempt_and_counts_when_sent_again(world):
    ana, grader = world.learner(), world.grader
    world.grader = Busy()
    with pytest.raises(JudgeBusy):
        world.submit(ana, key="k")
    assert world.rows("SELECT * FROM attempts") == world.rows("SELECT * FROM activity_days") == []
    world.grader = grader
    assert not world.submit(ana, key="k").repeated


def test_a_failing_answer_counts_for_the_streak(world):
    ana = world.learner()
    results = [world.submit(ana, content="RAISE")]
    for _ in range(2):
        world.clock.turn(days=1)
        results.append(world.submit(ana, content="LOOP"))
    assert [result.streak_current for result in results] == [1, 2, 3]


def test_the_streak_counts_days_of_the_learner_s_own_calendar(world):
    ana = world.learner()
    world.clock.now = world.clock.now.replace(hour=15, minute=30)  # 23:30 in Manila
    world.submit(ana)
    world.clock.turn(hours=8)  # 07:30 the next morning
    assert world.submit(ana).streak_current == 2
    assert world.rows("SELECT local_date FROM attempts") == [("2024-06-03",), ("2024-06-04",)]


def test_what_the_learner_raised_is_kept_and_told_again(world):
    ana = world.learner()
    world.submit(ana, content="RAISE")
    again = ana.last_result(EASY, "area")
    assert again is not None
    assert again.judgement.error is not None
    assert (again.judgement.error.type, again.judgement.stdout) == ("NameError", "out\n")
    assert world.rows("SELECT verdict, error_class, isolation FROM attempts") == [("ERROR", "NameError", "LIMITS")]


@pytest.mark.parametrize("source", ["# your code here\n...", "# ang code mo rito\n...", "# your code here  \n...\n\n"])
def test_starting_code_of_any_language_is_no_attempt(world, source):
    ana = world.learner()
    with pytest.raises(UnchangedStarter, match="no try yet"):
        world.submit(ana, content=source)
    assert world.counts() == {"users": 1}
    assert world.grader.judged == []


@pytest.mark.parametrize("source", ["", " \n\t\n"])
def test_nothing_at_all_is_no_attempt(world, source):
    ana = world.learner()
    world.submit(ana, content="area = 1")
    with pytest.raises(EmptyAnswer, match="no try"):
        world.submit(ana, content=source)
    assert world.one("SELECT count(*) FROM attempts") == 1


def test_starting_code_of_an_earlier_version_is_none_either(world):
    changed = replace(an_exercise(), starter={"en": "another"})
    world.publish(a_course(a_level("one", 0, [a_lesson(Difficulty.EASY, changed, a_quiz())])))
    ana = world.learner()
    for starter in ("# your code here\n...", "another"):
        with pytest.raises(UnchangedStarter):
            world.submit(ana, content=starter)
    assert world.counts() == {"users": 1}


def test_a_line_more_than_the_starting_code_is_an_attempt(world):
    world.submit(world.learner(), content="\n# your code here\n...")
    assert world.one("SELECT count(*) FROM attempts") == 1


@pytest.mark.parametrize(("activity", "kind"), [("area", ActivityKind.QUIZ), ("choice", ActivityKind.EXERCISE)])
def test_what_is_meant_for_the_other_kind_of_activity_is_refused(world, activity, kind):
    ana = world.learner()
    with pytest.raises(WrongKindOfAnswer, match=activity):
        ana.submit(Submission(EASY, activity, "a", "k", kind))
    assert world.counts() == {"users": 1}


def test_what_raised_is_stored_to_the_column_so_that_it_can_be_explained_again(world):
    ana = world.learner()
    told = world.submit(ana, content="RAISE").judgement.error
    assert told.span == (1, 1, 0, 1)
    assert ana.last_result(EASY, "area").judgement.error == told


def test_there_is_no_last_result_before_an_attempt(world):
    assert world.learner().last_result(EASY, "area") is None


def test_what_a_moderator_tries_before_it_is_published_is_judged_and_not_recorded(world):
    world.publish(a_course(a_level("one", 0), a_level("draft", 1, is_published=False)))
    moderator = world.learner("mod", Role.MODERATOR)
    before = world.rows("SELECT * FROM users")
    result = world.submit(moderator, "demo/draft/easy")

    assert (result.judgement.verdict, result.attempt, result.xp_awarded) == (Verdict.PASSED, 0, 0)
    assert world.submit(moderator, "demo/draft/easy", "choice", "a").quiz.correct_options == ("a",)
    assert world.counts() == {"users": 1}
    assert world.rows("SELECT * FROM users") == before


def test_what_is_not_published_does_not_exist_for_learners(world):
    world.publish(a_course(a_level("one", 0), a_level("draft", 1, is_published=False)))
    ana = world.learner()
    with pytest.raises(NotFound, match="demo/draft"):
        world.submit(ana, "demo/draft/easy")
    world.publish(a_course(is_published=False))
    with pytest.raises(NotFound, match="demo"):
        world.submit(ana)


def test_a_corrected_typo_changes_nothing_that_was_earned_and_new_checks_do(world):
    ana = world.learner()
    world.submit(ana)

    def republish(**changes):
        lesson = a_lesson(Difficulty.EASY, **changes)
        world.publish(a_course(a_level("one", 0, [lesson])))

    republish(content=LessonContent(a_lesson(Difficulty.EASY).content.blocks[1:]))
    assert world.submit(ana, activity="choice", content="b").lesson_score == 75

    harder = an_exercise(points=2)
    republish(content=LessonContent((harder, a_quiz())))
    assert world.submit(ana, activity="choice", content="a").lesson_score == 75, "it never falls"
    assert ana.lesson(EASY).activities[0].best_points == 0


def test_a_quiz_answered_with_what_is_no_answer_is_refused(world):
    ana = world.learner()
    with pytest.raises(InvalidValue, match="not one of the options"):
        world.submit(ana, activity="choice", content="z")
    assert world.rows("SELECT * FROM attempts") == []


def test_a_wrong_quiz_answer_gets_the_reason_and_nothing_else(world):
    ana = world.learner()
    wrong = world.submit(ana, activity="choice", content="b").quiz
    right = world.submit(ana, activity="choice", content="a").quiz
    assert (wrong.why["b"]["en"], wrong.correct_options, wrong.explanation) == ("Not that.", (), {})
    assert (right.correct_options, right.explanation["en"]) == (("a",), "Because.")
    assert ana.last_result(EASY, "choice").quiz == right


@pytest.fixture
def statements(world):
    """What the database is asked, from when the newest answer was judged."""
    ran, judge = [], world.grader.judge
    listener = lambda *call: ran.append(call[2])  # noqa: E731

    def judge_and_forget(task):
        ran.clear()
        return judge(task)

    world.grader.judge = judge_and_forget
    if world.database.is_local:  # whose driver is given some of them directly
        spy = lambda connection, *_: connection.set_trace_callback(ran.append)  # noqa: E731
        event.listen(Pool, "checkout", spy)
        yield ran
        event.remove(Pool, "checkout", spy)
    else:
        event.listen(Engine, "before_cursor_execute", listener)
        yield ran
        event.remove(Engine, "before_cursor_execute", listener)


def test_recording_an_answer_with_all_that_follows_takes_few_statements(world, statements):
    ana = world.learner()
    classrooms.new(world.database, None, "Rizal", ["demo"], now=world.clock())
    classrooms.add(world.database, None, "rizal", ["ana"], ClassRole.LEARNER, now=world.clock())
    world.submit(ana, content="c1")
    world.submit(ana, content="c1 again")
    writes = [statement for statement in statements if statement.startswith(("INSERT", "UPDATE", "WITH"))]
    # A server gets everything in one statement, a file a row for each of ten tables.
    assert len(writes) == (10 if world.database.is_local else 1), writes
    # Before: the beginning, the learner's row, one look; after, what a teacher and the learner wrote to each other about
    # it, in a transaction of its own, whose beginning only SQLite is told.
    rest = [statement for statement in statements if statement not in ENDS and statement not in writes]
    assert len(rest) == (6 if world.database.is_local else 5), rest


def test_a_published_lesson_is_read_and_decoded_once_not_for_every_answer(world):
    ana, ran = world.learner(), []
    world.submit(ana, content="c1")
    listener = lambda *call: ran.append(call[2])  # noqa: E731
    event.listen(Engine, "before_cursor_execute", listener)
    world.submit(ana, content="c2")
    event.remove(Engine, "before_cursor_execute", listener)
    assert any("lesson_versions.content_hash" in statement for statement in ran)
    assert not any(re.search(r"lesson_versions\.content\b", statement) for statement in ran)
