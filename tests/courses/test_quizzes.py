"""Quiz cells: TOML with one question."""

from __future__ import annotations

import pytest

from aralify_kernel.courses.quizzes import read_quiz
from aralify_kernel.courses.tables import Place
from aralify_kernel.domain.content import QuizKind
from tests.courses.authoring import QUIZ

TYPED = 'id = "word"\nkind = "fill_blank"\nquestion = "Which word?"\nanswer = ["break", "Break"]\ncase = true\n'
OUTPUT = 'id = "out"\nkind = "predict_output"\nquestion = "What?"\ncode = """\nprint(1)\n"""\nanswer = "1"\n'
TRUTH = 'id = "truth"\nkind = "true_false"\nquestion = "Is it?"\n'
TWO = '[[options]]\nid = "true"\nen = "True"\n[[options]]\nid = "false"\nen = "False"\ncorrect = true\n'


def read(source):
    place = Place("easy.ipynb", "q", [])
    return read_quiz(source, place), [(problem.key, problem.sentence("en")) for problem in place.found]


def test_a_choice_numbers_its_options_from_one():
    quiz, found = read(QUIZ)
    assert found == []
    assert (quiz.id, quiz.kind, quiz.points) == ("sign", QuizKind.MULTIPLE_CHOICE, 1)
    assert [(option.id, option.correct) for option in quiz.options] == [("1", False), ("2", True)]
    assert quiz.options[0].why == {"en": "That adds.", "fil": "Pang-add iyan."}


def test_typed_answers_may_be_one_or_several():
    assert read(TYPED)[0].answers == ("break", "Break")
    assert read(TYPED)[0].case
    quiz, found = read(OUTPUT)
    assert (quiz.answers, quiz.code, found) == (("1",), "print(1)", [])


def test_true_or_false_is_two_options_or_just_an_answer():
    assert [option.correct for option in read(TRUTH + TWO)[0].options] == [False, True]
    quiz, found = read(TRUTH + "answer = false")
    assert found == []
    assert [(option.id, option.text["fil"], option.correct) for option in quiz.options] == [
        ("true", "Tama", False),
        ("false", "Mali", True),
    ]


@pytest.mark.parametrize(
    ("source", "key", "told"),
    [
        (QUIZ.replace('"sign"', '"a b"'), "q.id", "no id"),
        (QUIZ.replace('id = "sign"', ""), "q.id", "missing"),
        (QUIZ.replace('id = "sign"', "id = 3"), "q.id", "must be a text"),
        (QUIZ.replace("multiple_choice", "essay"), "q.kind", "multiple_choice, true_false, fill_blank, predict_output"),
        (QUIZ.replace('kind = "multiple_choice"', ""), "q.kind", "missing"),
        (QUIZ.replace("question", "questoin"), "q.questoin", "Known here: id, kind"),
        (QUIZ.replace("question", "questoin"), "q.question", "missing"),
        ("points = 1.5\n" + QUIZ, "q.points", "whole number"),
        ("points = -1\n" + QUIZ, "q.points", "whole number"),
        ("code = 3\n" + QUIZ, "q.code", "must be a text"),
        ("case = 1\n" + QUIZ, "q.case", "true or false"),
        ("explanation = 1\n" + QUIZ, "q.explanation", "must be a text"),
        ('answer = "2"\n' + QUIZ, "q.answer", "answered by choosing"),
        (QUIZ.replace("correct = true", ""), "q.options", "No option is marked as correct"),
        (QUIZ.replace("correct = true", 'correct = "yes"'), "q.options[2].correct", "true or false"),
        (QUIZ.replace("correct = true", "right = true"), "q.options[2].right", "Known here: id, en, fil, correct, why"),
        (QUIZ.replace("correct = true", 'correct = true\nid = "1"'), "q.options", "Two options have the id “1”"),
        (QUIZ.replace("correct = true", 'correct = true\nid = "1,2"'), "q.options[2].id", "no id"),
        (QUIZ.replace("`*`", ""), "q.options[2]", "empty"),
        (QUIZ.split("[[options]]")[0], "q.options", "at least 2 options"),
        (QUIZ.split("[[options]]")[0] + "options = 3", "q.options", "list of tables"),
        (QUIZ.split("[[options]]")[0] + "options = [1, 2]", "q.options[1]", "table of keys"),
        (TRUTH, "q.options", "exactly 2 options"),
        (TRUTH + TWO + '[[options]]\nen = "?"', "q.options", "exactly 2 options"),
        (TRUTH + TWO.replace("correct = true", ""), "q.options", "one of them correct"),
        (TRUTH + 'answer = "maybe"', "q.answer", "true or false"),
        (TYPED + TWO, "q.options", "answered by typing"),
        (TYPED.replace('answer = ["break", "Break"]', ""), "q.answer", "missing"),
        (TYPED.replace('["break", "Break"]', "[]"), "q.answer", "one text or a list"),
        (TYPED.replace('["break", "Break"]', "19"), "q.answer", "one text or a list"),
        (TYPED.replace('["break", "Break"]', '["", "x"]'), "q.answer", "none of them empty"),
        (OUTPUT.replace('code = """\nprint(1)\n"""', ""), "q.code", "needs the code"),
        ('id = "x"\nkind = \n', "q", "Line 2 is not TOML"),
    ],
)
def test_a_mistake_is_told_with_its_key(source, key, told):
    _, found = read(source)
    assert any(at == key and told in sentence for at, sentence in found), found
