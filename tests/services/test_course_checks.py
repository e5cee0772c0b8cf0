"""A course proves itself before it is published: with the real grader, on tiny courses and on the built-in ones."""

from __future__ import annotations

import pytest

from aralify_kernel.courses.builtin import builtin_courses
from aralify_kernel.domain.exercise_cells import COMMENTS
from aralify_kernel.domain.judging import Isolation, Judgement, Verdict
from aralify_kernel.errors import CourseInvalid
from aralify_kernel.grading import open_grader
from aralify_kernel.grading.languages import runners
from aralify_kernel.services.course_checks import check_course
from aralify_kernel.settings import load
from tests.courses.authoring import COURSE, cell, sound_cells, write_course

SUM = "def add(a, b):\n    ### BEGIN SOLUTION\n    return a + b\n    ### END SOLUTION"


@pytest.fixture(scope="module")
def grader():
    grader = open_grader(load({}))
    yield grader
    grader.close()


def check(tmp_path, grader, cells=None, toml=COURSE):
    return check_course(write_course(tmp_path / "tiny", toml, cells), grader, lambda *_progress: None)


def told(found):
    return {problem.key: problem.sentence("en") for problem in found}


def one_exercise(*cells, source=SUM):
    """One exercise with two visible checks and a hidden one, and what a test adds."""
    return [
        cell("code", "add", source, role="exercise", title={"en": "Add", "fil": "Add"}),
        cell("code", "c1", "assert add(1, 2) == 3, {'en': 'One and two.', 'fil': 'Isa at dalawa.'}", role="check"),
        cell("code", "c2", "assert add(0, 0) == 0, 'Zeros.'", role="check"),
        cell("code", "c3", "assert add(5, 5) == 10, 'Fives.'", role="check", hidden=True),
        *cells,
    ]


def mistake(source, expect):
    return cell("raw", "m", source, role="mistake", expect=expect)


def test_a_sound_course_has_no_problems(tmp_path, grader):
    steps = []
    folder = write_course(tmp_path / "tiny")
    report = check_course(folder, grader, lambda *step: steps.append(step))
    assert told(report.problems) == {}
    assert report.is_sound
    assert (report.exercises, report.judged) == (2, 6)
    assert steps[0] == (0, 6, "first/easy#area")
    assert steps[-1] == (6, 6, "")


def test_a_course_with_mistakes_in_its_files_is_not_judged(tmp_path, grader):
    with pytest.raises(CourseInvalid):
        check(tmp_path, grader, toml=COURSE.replace("#3776AB", "red"))


def test_a_reference_that_fails_its_own_checks_is_a_problem_at_each_of_them(tmp_path, grader):
    report = check(tmp_path, grader, one_exercise(source=SUM.replace("a + b", "a - b")))
    problems = told(report.problems)
    assert set(problems) == {"c1", "c3"}
    assert problems["c1"] == (
        "The reference does not pass this check: One and two. · Isa at dalawa. · call: add(1, 2), expected: 3, got: -1"
    )
    assert "add(5, 5)" in problems["c3"], "the author may see what is hidden from learners"


def test_a_reference_that_raises_is_a_problem_with_its_error(tmp_path, grader):
    report = check(tmp_path, grader, one_exercise(source=SUM + "\n1 / 0"))
    assert told(report.problems)["add"] == "The reference stops before any check: ZeroDivisionError: division by zero"


@pytest.fixture(scope="module")
def quick_grader():
    grader = open_grader(load({"ARALIFY_JUDGE_TIME_LIMIT_SEC": "0.5"}))
    yield grader
    grader.close()


@pytest.mark.parametrize("hidden", [False, True], ids=["visible", "hidden"])
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise OSError('no such file')", "OSError: no such file"),
        ("assert aad(1, 2) == 3", "`aad`"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import nmpy\nassert add(1, 2) == 3", "This check imports “nmpy”, which is not installed here."),
        ("x = 'x' * 10 ** 12", "MemoryError"),
        ("import os\nos._exit(0)", "The reference does not pass this check: "),
        ("import sys\nsys.exit()", "SystemExit"),
    ],
)
def test_a_check_that_is_broken_itself_is_caught_and_named(tmp_path, quick_grader, source, said, hidden):
    report = check(tmp_path, quick_grader, one_exercise(cell("code", "odd", source, role="check", hidden=hidden)))
    problems = told(report.problems)
    assert said in problems["odd"], problems


def test_a_check_that_never_ends_is_caught_and_named(tmp_path, quick_grader):
    source = "is_right = add(1, 2) == 3\nwhile is_right:\n    pass"
    cells = one_exercise(cell("code", "odd", source, role="check", hidden=True))
    said = told(check(tmp_path, quick_grader, cells).problems)["odd"]
    assert said.startswith("With the reference, this check does not come to an end: TimeoutError")


def test_a_reference_that_never_ends_is_not_blamed_on_its_checks(tmp_path, quick_grader):
    report = check(tmp_path, quick_grader, one_exercise(source=SUM + "\nwhile True:\n    pass"))
    assert "The reference does not come to an end: " in told(report.problems)["add"]


def test_a_reference_that_imports_what_is_not_installed_is_told(tmp_path, grader):
    report = check(tmp_path, grader, one_exercise(source="import nmpy\n" + SUM))
    assert told(report.problems)["add"] == "The reference imports “nmpy”, which is not installed here."


def test_a_reference_that_breaks_its_own_rule_is_a_problem_at_that_rule(tmp_path, grader):
    cells = one_exercise()
    cells[0]["metadata"]["aralify"]["rules"] = [{"must_use": "function"}, {"must_not_use": "+"}]
    report = check(tmp_path, grader, cells)
    assert set(told(report.problems)) == {"add.rules[2]"}
    assert (
        "does not keep this rule: This exercise asks for an answer without `+`" in told(report.problems)["add.rules[2]"]
    )


def test_a_mistake_may_expect_the_message_of_a_rule(tmp_path, grader):
    cells = one_exercise(mistake("def add(a, b):\n    return sum([a, b])", "Use the operator"))
    message = {"en": "Use the operator.", "fil": "Gamitin ang operator."}
    cells[0]["metadata"]["aralify"]["rules"] = [{"must_not_use": "sum", "message": message}]
    assert check(tmp_path, grader, cells).problems == ()


def test_a_starter_that_passes_is_a_problem(tmp_path, grader):
    source = "### BEGIN SOLUTION\n#:add = sum_of = lambda a, b: a + b\nadd = lambda a, b: a + b\n### END SOLUTION"
    report = check(tmp_path, grader, one_exercise(source=source))
    assert "The starter passes already" in told(report.problems)["add"]


def test_a_mistake_that_passes_is_a_problem(tmp_path, grader):
    report = check(tmp_path, grader, one_exercise(mistake("def add(a, b):\n    return b + a", "")))
    assert told(report.problems) == {"add": "Mistake 1 passes. Add a check that it fails."}


@pytest.mark.parametrize(
    ("source", "expect"),
    [
        ("def add(a, b):\n    return a - b", "One and two"),
        ("def add(a, b):\n    return a - b", "Isa at dalawa"),
        ("def add(a, b):\n    return min(a + b, 3)", "Fives"),
        ("def add(a, b)\n    return a + b", "SyntaxError: "),
        ("addd(1)", "NameError: name 'addd'"),
        ("def add(a, b):\n    return None", ""),
    ],
)
def test_a_mistake_may_expect_a_check_in_any_language_or_an_error(tmp_path, grader, source, expect):
    assert check(tmp_path, grader, one_exercise(mistake(source, expect))).problems == ()


def test_a_mistake_that_is_told_something_else_is_a_problem(tmp_path, grader):
    report = check(tmp_path, grader, one_exercise(mistake("def add(a, b):\n    return 3", "Ones")))
    (problem,) = report.problems
    assert problem.file == "01-first/easy.ipynb"
    assert "is not told “Ones”. It is told: " in problem.sentence("en")
    assert "Zeros." in problem.sentence("en")


def test_missing_languages_and_weak_checks_are_warnings(tmp_path, grader):
    cells = [
        cell("markdown", "p", "Hello", role="prose", lang="en", pair="p"),
        cell("code", "add", SUM, role="exercise", title={"fil": "Sum"}),
        cell("code", "c1", "assert add(1, 2) == 3", role="check"),
        cell("markdown", "h", "Nudge", role="hint", lang="fil", pair="h"),
    ]
    report = check(tmp_path, grader, cells, COURSE.replace('title = { en = "First", fil = "Una" }', "title.en = 'F'"))
    assert report.is_sound
    assert [(warning.key, warning.sentence("en")) for warning in report.warnings] == [
        ("levels.first.title", "This text is missing in Filipino."),
        ("p", "This text is missing in Filipino."),
        ("add.title", "This text is missing in English."),
        ("add.hint[1]", "This text is missing in English."),
        ("add", "This exercise has no hidden check, so its visible checks can be answered one by one."),
        ("add", "This exercise has fewer than 2 visible checks."),
    ]


SQL_COURSE = COURSE.replace('"python"', '"sql"')


def sql_exercise(*checks, solution="SELECT 1 AS one;"):
    """An exercise in SQL with these checks and a hidden one."""
    return [
        cell("code", "one", f"%%sql\n--- BEGIN SOLUTION\n{solution}\n--- END SOLUTION", role="exercise"),
        *(cell("code", f"c{n}", f"%%sql\n{source}", role="check") for n, source in enumerate(checks, start=1)),
        cell("code", "h1", "%%sql\n-- check: result", role="check", hidden=True),
        cell("raw", "m1", "%%sql\nSELECT 2;", role="mistake", expect="It should be one."),
    ]


def test_a_course_in_sql_is_judged_like_any_other(tmp_path, grader):
    report = check(tmp_path, grader, sql_exercise("-- check: result\n-- message: It should be one."), SQL_COURSE)
    assert told(report.problems) == {}
    assert report.judged == 4


def test_an_sql_reference_that_fails_its_own_check_is_a_problem_with_what_came(tmp_path, grader):
    report = check(tmp_path, grader, sql_exercise("-- check: rows\nVALUES (3);"), SQL_COURSE)
    assert "The reference does not pass this check" in told(report.problems)["c1"]
    assert "got: one\n---\n1" in told(report.problems)["c1"]


def test_every_language_that_a_course_may_teach_has_its_runner():
    assert set(COMMENTS) == {"python", *runners()}


def test_what_jupyters_schema_forbids_is_a_problem(tmp_path, grader):
    cells = sound_cells()
    cells[2]["outputs"] = [{"output_type": "nonsense"}]
    (problem,) = check(tmp_path, grader, cells).problems
    assert problem.file == "01-first/easy.ipynb"
    assert "notebook format does not allow this" in problem.sentence("en")


class _Ungraded:
    """A grader whose sandbox is out of order."""

    isolation = Isolation.LIMITS

    def judge(self, task):
        return Judgement(Verdict.UNGRADED, 0, sum(check.points for check in task.checks), (), self.isolation)

    def close(self):
        pass


def test_what_cannot_be_judged_is_not_called_sound(tmp_path):
    report = check(tmp_path, _Ungraded(), one_exercise())
    assert [problem.sentence("en") for problem in report.problems] == [
        "The reference of this exercise could not be judged.",
        "The starter of this exercise could not be judged.",
        "The starter of this exercise could not be judged.",
    ]


def test_an_answer_that_is_too_large_is_told(tmp_path, grader):
    huge = mistake("def add(a, b):\n    return 1\n#" + "x" * 2_000_000, "")
    (problem,) = check(tmp_path, grader, one_exercise(huge)).problems
    assert problem.sentence("en").startswith("This answer cannot be judged: ")


@pytest.mark.parametrize("folder", builtin_courses(), ids=lambda folder: folder.name)
def test_every_built_in_course_is_sound_in_both_languages(folder, grader):
    report = check_course(folder, grader, lambda *_progress: None)
    assert [(problem.file, problem.key, problem.sentence("en")) for problem in report.problems] == []
    assert [(warning.file, warning.key, warning.sentence("en")) for warning in report.warnings] == []
