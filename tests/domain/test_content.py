"""What a lesson is made of, what of it a learner's machine may hold, and what decides about points."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain.content import (
    Check,
    Example,
    Exercise,
    LessonContent,
    Mistake,
    Option,
    Prose,
    Quiz,
    QuizKind,
    Rule,
)

words = st.text(max_size=12)
texts = st.dictionaries(st.sampled_from(["en", "fil"]), words)
points = st.integers(0, 9)


def tuples(strategy):
    return st.lists(strategy, max_size=3).map(tuple)


checks = st.builds(Check, words, texts, words, points, st.booleans())
exercises = st.builds(
    Exercise,
    words,
    texts,
    texts,
    words,
    tuples(checks),
    hints=tuples(texts),
    mistakes=tuples(st.builds(Mistake, words, words)),
    needs=tuples(words),
    mode=st.sampled_from(["two_process", "same_process"]),
    rules=tuples(st.builds(Rule, words, st.booleans(), texts)),
)
quizzes = st.builds(
    Quiz,
    words,
    st.sampled_from(QuizKind),
    texts,
    points,
    words,
    tuples(st.builds(Option, words, texts, st.booleans(), texts)),
    tuples(words),
    st.booleans(),
    texts,
)
blocks = st.one_of(st.builds(Prose, words, texts), st.builds(Example, words, words), exercises, quizzes)
contents = st.builds(
    LessonContent, tuples(blocks), words, st.integers(0, 100), tuples(words), st.dictionaries(words, words)
)

AREA = Exercise(
    id="area",
    title={"en": "Area"},
    starter={"en": "def area(a, b):\n    ..."},
    reference="def area(a, b):\n    return a * b",
    checks=(
        Check("c1", {"en": "Small"}, "assert area(2, 3) == 6", 2),
        Check("c2", {"en": "Secret"}, "assert area(41, 0) == 0", 1, hidden=True),
    ),
    hints=({"en": "Multiply."},),
    mistakes=(Mistake("def area(a, b):\n    return a + b", "6"),),
)
RAIN = Quiz(
    id="rain",
    kind=QuizKind.MULTIPLE_CHOICE,
    question={"en": "Which?"},
    options=(
        Option("1", {"en": "This"}, correct=True, why={"en": "Because."}),
        Option("2", {"en": "That"}, why={"en": "Not so."}),
    ),
    explanation={"en": "It is so."},
)
LESSON = LessonContent(blocks=(Prose("p", {"en": "Read."}), Example("e", "import math"), AREA, RAIN))


def hash_of(block, lesson=LESSON):
    changed = replace(lesson, blocks=tuple(block if old.id == block.id else old for old in lesson.blocks))
    return changed.activity_hash(block)


@given(contents)
def test_content_survives_the_way_through_json(content):
    assert LessonContent.from_json(json.loads(json.dumps(content.as_json()))) == content


@given(contents)
def test_the_public_part_is_the_same_wherever_it_is_taken(content):
    assert content.public().public() == content.public()
    assert LessonContent.from_json(content.as_json()).public() == content.public()


@given(contents)
def test_the_public_part_keeps_every_block_in_its_place(content):
    assert [block.id for block in content.public().blocks] == [block.id for block in content.blocks]


def test_nothing_secret_is_public():
    public = json.dumps(LESSON.public().as_json())
    for secret in ("a * b", "area(41, 0)", "Secret", "Multiply", "a + b", "Because", "Not so", "It is so", "true"):
        assert secret not in public
    for shown in ("Read.", "import math", "area(2, 3)", "def area(a, b):", "Which?", "This", "That"):
        assert shown in public


@given(quizzes)
def test_the_public_part_of_a_quiz_is_the_same_whichever_options_are_right(quiz):
    right = [option.correct for option in quiz.options]
    options = tuple(
        replace(option, correct=correct, why={})
        for option, correct in zip(quiz.options, right[1:] + right[:1], strict=True)
    )
    other = replace(quiz, options=options, answers=("x",), explanation={})
    assert LessonContent((quiz,)).public() == LessonContent((other,)).public()


@pytest.mark.parametrize(("right", "many"), [((True, False), False), ((True, True), True)])
def test_a_learners_machine_knows_whether_several_options_are_right(right, many):
    options = tuple(replace(option, correct=is_right) for option, is_right in zip(RAIN.options, right, strict=True))
    (public,) = LessonContent((replace(RAIN, options=options),)).public().blocks
    assert public.many is many


@pytest.mark.parametrize(
    "change",
    [
        {"title": {"en": "Area of a room"}},
        {"hints": ()},
        {"starter": {"en": "..."}},
        {"mistakes": ()},
        {"checks": tuple(replace(check, name={"en": "Renamed"}) for check in AREA.checks)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_better_wording_of_an_exercise_changes_nothing_that_was_earned(change):
    assert hash_of(replace(AREA, **change)) == LESSON.activity_hash(AREA)


@pytest.mark.parametrize(
    "change",
    [
        {"checks": AREA.checks[:1]},
        {"checks": (replace(AREA.checks[0], points=5), AREA.checks[1])},
        {"checks": (replace(AREA.checks[0], hidden=True), AREA.checks[1])},
        {"checks": (replace(AREA.checks[0], source="assert area(2, 4) == 8"), AREA.checks[1])},
        {"rules": (Rule("eval", must_use=False),)},
        {"mode": "same_process"},
    ],
    ids=["fewer", "points", "hidden", "source", "rules", "mode"],
)
def test_what_decides_about_an_exercise_changes_its_hash(change):
    assert hash_of(replace(AREA, **change)) != LESSON.activity_hash(AREA)


def test_a_rule_s_message_changes_nothing_that_was_earned_and_its_word_does():
    rule = Rule("sum", must_use=False)
    before = hash_of(replace(AREA, rules=(rule,)))
    assert hash_of(replace(AREA, rules=(replace(rule, message={"en": "Add them up yourself."}),))) == before
    assert hash_of(replace(AREA, rules=(replace(rule, what="max"),))) != before
    assert hash_of(replace(AREA, rules=(replace(rule, must_use=True),))) != before


def test_content_stored_before_there_were_rules_is_read_and_keeps_its_hash():
    stored = LESSON.as_json()
    for block in stored["blocks"]:
        if block["role"] == "exercise":
            block["rules"] = {}
    read = LessonContent.from_json(stored)
    assert read == LESSON
    assert read.activity_hash(AREA) == "3555013b031f2878"


def test_prose_changes_no_hash_and_the_context_does():
    before = LESSON.activity_hash(AREA)
    rewritten = replace(LESSON, blocks=(Prose("p", {"en": "Read this."}), *LESSON.blocks[1:]))
    other_context = replace(LESSON, blocks=(LESSON.blocks[0], Example("e", "import cmath"), *LESSON.blocks[2:]))
    assert rewritten.activity_hash(AREA) == before
    assert other_context.activity_hash(AREA) != before


@pytest.mark.parametrize(
    "change", [{"question": {"en": "Which one?"}}, {"explanation": {}}], ids=["question", "explanation"]
)
def test_a_better_wording_of_a_quiz_changes_nothing_that_was_earned(change):
    assert hash_of(replace(RAIN, **change)) == LESSON.activity_hash(RAIN)


@pytest.mark.parametrize(
    "change",
    [{"points": 2}, {"answers": ("x",)}, {"case": True}, {"options": RAIN.options[:1]}, {"code": "print(1)"}],
    ids=lambda change: next(iter(change)),
)
def test_what_decides_about_a_quiz_changes_its_hash(change):
    assert hash_of(replace(RAIN, **change)) != LESSON.activity_hash(RAIN)


def test_an_exercise_is_judged_after_the_examples_above_it_and_what_it_needs():
    later = replace(AREA, id="later", needs=("area",))
    lesson = LessonContent((Example("e1", "x = 1"), AREA, later, Example("e2", "y = 2")))
    assert lesson.context_of(AREA) == ("x = 1",)
    assert lesson.context_of(later) == ("x = 1", AREA.reference)


def test_the_context_is_the_same_for_an_exercise_that_was_read_back():
    again = LessonContent.from_json(LESSON.as_json())
    assert LESSON.context_of(again.activity("area")) == LESSON.context_of(AREA)


def test_points_are_those_of_the_checks_and_the_quizzes():
    assert (AREA.points, LESSON.points) == (3, 4)


def test_an_activity_is_found_by_its_id_and_prose_is_none():
    assert LESSON.activity("rain") is RAIN
    assert LESSON.activity("p") is None
