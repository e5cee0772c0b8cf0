"""Answers in SQL are compared row by row, told in tables, and stopped before they harm anything."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aralify_kernel.domain.judging import Isolation, JudgeTask, Verdict
from aralify_kernel.errors import SourceRefused
from aralify_kernel.grading.sql.runner import SqlRunner
from tests.grading.background import wait_until
from tests.grading.conftest import checks_of

PEOPLE = """
CREATE TABLE people (name TEXT NOT NULL, age INTEGER);
INSERT INTO people VALUES ('Ana', 31), ('Ben', 12), ('Cy', 44), ('Dan', NULL);
"""
ADULTS = "SELECT name FROM people WHERE age >= 18;"
OTHER_ROWS = "hidden:-- check: result\n-- message: Look at other people too.\nINSERT INTO people VALUES ('Zoe', 99);"


@pytest.fixture(params=["namespaces"])
def mode(request):
    """What is around the databases."""
    return request.param


@pytest.fixture
def judge(graders, mode):
    """Judge an answer against a reference."""

    def judged(source, *checks, reference=ADULTS, context=PEOPLE):
        checks = checks_of(*(checks or ("-- check: result", OTHER_ROWS)))
        return graders(mode).judge(JudgeTask("sql", (context,), (), source, checks, reference=reference))

    return judged


def first(judgement):
    return judgement.checks[0]


def test_the_same_rows_pass_however_they_are_found(judge):
    assert judge("SELECT name FROM people WHERE NOT age < 18 ORDER BY age DESC").verdict is Verdict.PASSED


def test_expected_and_got_are_tables_to_read(judge):
    check = first(judge("SELECT name FROM people"))
    assert check.expected == "name\n----\nAna\nCy"
    assert check.got == "name\n----\nAna\nBen\nCy\nDan"
    assert check.message["en"] == "Your result has more rows than it should: 4 instead of 2."
    assert check.message["fil"] != check.message["en"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("SELECT name FROM people WHERE age > 40", "fewer rows"),
        ("SELECT name, age FROM people WHERE age >= 18", "should have 1 columns, and yours has 2"),
        ("SELECT 'Eva' UNION SELECT 'Fe'", "not the same ones"),
        ("DELETE FROM people", "give no result"),
        ("-- nothing yet", "give no result"),
    ],
)
def test_a_wrong_result_is_told_how_it_differs(judge, source, said):
    judgement = judge(source)
    assert judgement.verdict is Verdict.FAILED
    assert said in first(judgement).message["en"]


def test_the_author_s_message_comes_before_ours(judge):
    check = first(judge("SELECT 1", "-- check: result\n-- message en: Adults.\n-- message fil: Matatanda."))
    assert check.message == {"en": "Adults.", "fil": "Matatanda."}


def test_order_counts_only_where_it_is_asked_for(judge):
    upside_down = "SELECT name FROM people WHERE age >= 18 ORDER BY name DESC"
    reference = "SELECT name FROM people WHERE age >= 18 ORDER BY name"
    judgement = judge(upside_down, "-- check: result, ordered", "-- check: result", reference=reference)
    assert [check.passed for check in judgement.checks] == [False, True]
    assert "`ORDER BY`" in first(judgement).message["en"]


def test_column_names_count_only_where_they_are_asked_for_and_never_their_capitals(judge):
    renamed = "SELECT name AS who FROM people WHERE age >= 18"
    judgement = judge(renamed, "-- check: result, names", "-- check: result")
    assert [check.passed for check in judgement.checks] == [False, True]
    assert judge(renamed.replace("who", "NAME"), "-- check: result, names").verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("reference", "source", "passes"),
    [
        ("SELECT 0.3", "SELECT 0.1 + 0.2", True),
        ("SELECT 6", "SELECT 6.0", True),
        ("SELECT 0.3", "SELECT 0.31", False),
        ("SELECT 6", "SELECT '6'", False),
        ("SELECT NULL", "SELECT NULL", True),
        ("SELECT NULL", "SELECT 0", False),
        ("SELECT NULL", "SELECT ''", False),
        ("SELECT x'00ff'", "SELECT x'00FF'", True),
        ("SELECT 'a'", "SELECT x'61'", False),
        ("VALUES (1), (1), (2)", "VALUES (1), (2), (1)", True),
        ("VALUES (1), (1), (2)", "VALUES (1), (2), (2)", False),
        ("VALUES (0.3), (0.6)", "VALUES (0.5 + 0.1), (0.1 + 0.2)", True),
        ("SELECT 9007199254740993", "SELECT 9007199254740992", False),
    ],
)
def test_values_are_compared_as_values(judge, reference, source, passes):
    assert judge(source, "-- check: result", reference=reference).checks[0].passed is passes


def test_a_check_may_state_the_rows(judge):
    stated = "-- check: rows\nVALUES ('Cy'), ('Ana');"
    assert judge(ADULTS, stated).verdict is Verdict.PASSED
    check = first(judge("SELECT name FROM people WHERE age > 40", stated))
    assert check.expected == "column1\n-------\nCy\nAna"


def test_statements_that_change_data_are_judged_by_a_query_after_them(judge):
    check = "-- check: query\nSELECT age FROM people WHERE name = 'Ben';"
    reference = "UPDATE people SET age = age + 1;"
    assert judge("UPDATE people SET age = 1 + age", check, reference=reference).verdict is Verdict.PASSED
    failed = first(judge("UPDATE people SET age = 13 WHERE name = 'Ana'", check, reference=reference))
    assert failed.call == "SELECT age FROM people WHERE name = 'Ben';"
    assert (failed.expected, failed.got) == ("age\n---\n13", "age\n---\n12")


def test_a_query_changes_nothing_that_later_checks_see(judge):
    count = "-- check: query\nSELECT count(*) FROM people;"
    deleting = "-- check: query\nDELETE FROM people WHERE age;\nSELECT 1;"
    assert judge("SELECT 1", deleting, count, reference="SELECT 1").verdict is Verdict.PASSED
    later = judge("DELETE FROM people WHERE age > 40", deleting, count, reference="SELECT 1").checks[1]
    assert (later.expected.split()[-1], later.got.split()[-1]) == ("4", "3")


def test_a_trigger_may_cause_itself_where_the_answer_asks_for_it(judge):
    halving = """
    CREATE TRIGGER halve AFTER UPDATE ON people WHEN NEW.age > 10 BEGIN UPDATE people SET age = NEW.age / 2; END;
    UPDATE people SET age = 44 WHERE name = 'Cy';
    """
    check = "-- check: query\nSELECT max(age) FROM people;"
    recursive = f"PRAGMA recursive_triggers = ON; {halving}"
    reference = "UPDATE people SET age = 5;"
    assert judge(recursive, check, reference=reference).verdict is Verdict.PASSED
    assert judge(halving, check, reference=reference).verdict is Verdict.FAILED


def test_a_constraint_is_tested_by_a_statement_that_fails_in_both(judge):
    check = "-- check: query\nINSERT INTO pets VALUES (NULL);\nSELECT 1;"
    reference = "CREATE TABLE pets (name TEXT NOT NULL);"
    assert judge("CREATE TABLE pets (name TEXT NOT NULL)", check, reference=reference).verdict is Verdict.PASSED
    failed = first(judge("CREATE TABLE pets (name TEXT)", check, reference=reference))
    assert not failed.passed
    assert failed.expected == "NOT NULL constraint failed: pets.name"


@pytest.mark.parametrize(
    ("source", "passes"),
    [
        ("CREATE TABLE pets (id INTEGER PRIMARY KEY, owner TEXT REFERENCES people(name))", True),
        ("create table PETS (id integer primary key, owner text references people(name))", True),
        ("CREATE TABLE pets (id INTEGER, owner TEXT REFERENCES people(name))", False),
        ("CREATE TABLE pets (id INTEGER PRIMARY KEY, owner TEXT)", False),
        ("CREATE TABLE pets (owner TEXT REFERENCES people(name), id INTEGER PRIMARY KEY)", False),
        ("SELECT 1", False),
    ],
)
def test_a_schema_is_compared_column_by_column(judge, source, passes):
    reference = "CREATE TABLE pets (id INTEGER PRIMARY KEY, owner TEXT REFERENCES people(name));"
    assert first(judge(source, "-- check: schema pets", reference=reference)).passed is passes


def test_a_hidden_check_tells_its_message_and_nothing_else(judge):
    judgement = judge("SELECT 'Ana' AS name UNION SELECT 'Cy'")
    assert judgement.verdict is Verdict.FAILED
    hidden = judgement.checks[1]
    assert hidden.message["en"] == "Look at other people too."
    assert (hidden.call, hidden.expected, hidden.got) == (None, None, None)


def test_rows_of_a_hidden_check_reach_nobody_through_an_error(judge):
    context = "CREATE TABLE t (x TEXT);\nCREATE TABLE log (y TEXT CHECK (y <> y || 'secret'));"
    source = "SELECT abs(x) FROM t"
    hidden = "hidden:-- check: result\nINSERT INTO t VALUES ('SECRET-86753');"
    judgement = judge(
        f"{source} WHERE CASE WHEN x LIKE 'S%' THEN json(x) END", hidden, context=context, reference=source
    )
    assert judgement.verdict is Verdict.FAILED
    assert "86753" not in json.dumps([judgement.as_json("en"), judgement.as_json("fil")])


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("SELECT name\nFROM peple", 2, "Did you mean `people`?"),
        ("SELECT nme\nFROM people", 1, "Did you mean `name`?"),
        ("SELECT name\nFROM people\nWHERE name = Ana", 3, "`Ana` as a column"),
        ("SELECT 1;\n\nSELEC 2;", 3, "`SELEC` is no word"),
        ("SELECT name,\nFROM people", 2, "comma just before `FROM`"),
        ("SELECT name\nFROM people\nWHERE count(*) > 1", 3, "`COUNT`"),
        ("SELECT 1\nSELECT 2", 2, "a new statement begins"),
        ("SELECT len(name) FROM people", 1, "no such function"),
        ("SELECT name FROM people\nWHERE name = 'Ana", 2, "no closing quote"),
        ("INSERT INTO people\nVALUES (1)", 1, "gives 1 values for 2 columns"),
        ("INSERT INTO people VALUES (NULL, 3)", 1, "empty"),
    ],
)
def test_an_error_names_its_line_and_is_explained(judge, source, line, said):
    judgement = judge(source)
    assert judgement.verdict is Verdict.ERROR
    assert judgement.error.line == line
    assert said in judgement.error.explanation["en"]
    assert judgement.error.explanation["fil"] != judgement.error.explanation["en"]
    assert judgement.error.advice["fil"] != judgement.error.advice["en"]


def test_an_error_about_a_name_as_long_as_a_book_is_cut(judge):
    error = judge(f"SELECT [{'name ' * 40_000}] FROM people").error
    assert max(map(len, (error.message, *error.explanation.values(), *error.advice.values()))) <= 2001


def test_equal_failures_have_equal_signatures(judge):
    one, same, other = (judge(f"SELECT name FROM people WHERE {rest}") for rest in ("1", "2 > 1 -- all", "age < 18"))
    assert one.signature == same.signature != other.signature
    assert judge(ADULTS).signature == ""
    assert judge("SELECT nme FROM people").signature == judge("SELECT\n  nme\nFROM people").signature


def test_files_of_the_course_come_before_the_examples(graders, mode):
    files = {"start.sql": "Q1JFQVRFIFRBQkxFIHQgKHgpOw=="}  # CREATE TABLE t (x);
    task = JudgeTask(
        "sql", ("INSERT INTO t VALUES (7);",), (), "SELECT x FROM t", checks_of("-- check: rows\nVALUES (7);"),
        files=files, reference="SELECT x FROM t",
    )  # fmt: skip
    assert graders(mode).judge(task).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    "broken",
    [
        {"context": "SELEC 1;"},
        {"reference": "SELECT nme FROM people"},
        {"reference": "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x FROM n) SELECT x FROM n"},
    ],
)
def test_what_the_author_broke_is_not_the_learner_s_fault(judge, broken):
    assert judge("SELECT 1", "-- check: result", **broken).verdict is Verdict.UNGRADED


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        (f"\ufeff{ADULTS}", Verdict.PASSED),
        ("SELECT name\r\nFROM people\r\nWHERE age >= 18\r\n", Verdict.PASSED),
        ("\tSELECT name -- an answer; not two\n/* from; */FROM people\nWHERE age >= 18;;", Verdict.PASSED),
        ("", Verdict.FAILED),
        ("-- nothing\n/* at all", Verdict.FAILED),
        (";;;", Verdict.FAILED),
        (f"SELECT '{'x' * 200_000}'", Verdict.FAILED),
        ("SELECT 'it''s; \"fine\" 🙂'", Verdict.FAILED),
        ("%%time\nSELECT 1", Verdict.ERROR),
    ],
    ids=["BOM", "CRLF", "comments", "empty", "comments only", "semicolons only", "long", "quotes", "magic"],
)
def test_odd_sources_are_judged(judge, source, verdict):
    assert judge(source).verdict is verdict


@pytest.mark.parametrize("source", ["x" * 2_000_000, "SELECT 1\0", "SELECT '\ud800'"], ids=["2 MB", "NUL", "surrogate"])
def test_what_is_no_text_is_refused(judge, source):
    with pytest.raises(SourceRefused):
        judge(source)


COUNTING = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
HOSTILE = {
    "attach": ("ATTACH '/etc/passwd' AS other; SELECT 1", Verdict.ERROR),
    "detach": ("DETACH main", Verdict.ERROR),
    "extension": ("SELECT load_extension('/tmp/x.so')", Verdict.ERROR),
    "tokenizer": ("SELECT fts3_tokenizer('simple', x'00')", Verdict.ERROR),
    "writable schema": ("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = ''", Verdict.ERROR),
    "schema table": ("DELETE FROM sqlite_master", Verdict.ERROR),
    "temporary folder": ("PRAGMA temp_store_directory = '/tmp'", Verdict.ERROR),
    "journal": ("PRAGMA journal_mode = WAL", Verdict.ERROR),
    "limits off": ("PRAGMA hard_heap_limit = 0", Verdict.ERROR),
    "pages": ("PRAGMA max_page_count = 999999999", Verdict.ERROR),
    "where is it": ("SELECT file FROM pragma_database_list", Verdict.ERROR),
    "vacuum into": ("VACUUM INTO '/tmp/aralify-stolen.db'", Verdict.ERROR),
    "read a file": ("SELECT readfile('/etc/passwd')", Verdict.ERROR),
    "write a file": ("SELECT writefile('/tmp/aralify-stolen.db', 'x')", Verdict.ERROR),
    "full text": ("CREATE VIRTUAL TABLE f USING fts5(x)", Verdict.ERROR),
    "pages as rows": ("SELECT * FROM dbstat", Verdict.ERROR),
    "no such function": ("SELECT 'a' REGEXP '(a+)+$'", Verdict.ERROR),
    "temporary table over a table": ("CREATE TEMP TABLE people AS SELECT 'Ana' name, 20 age", Verdict.ERROR),
    "temporary view over a table": ("CREATE TEMP VIEW people AS SELECT 'Ana' name, 20 age", Verdict.ERROR),
    "renamed over a table": (
        "CREATE TEMP TABLE t AS SELECT 'Ana' name, 20 age; ALTER TABLE t RENAME TO people; SELECT name FROM people",
        Verdict.FAILED,
    ),
    "view over a table": (
        "ALTER TABLE people RENAME TO p; CREATE VIEW people AS SELECT 'Ana' name, 20 age; SELECT name FROM people",
        Verdict.FAILED,
    ),
    "trigger": (
        "CREATE TRIGGER t AFTER INSERT ON people BEGIN DELETE FROM people; END; SELECT 'Ana' AS name UNION SELECT 'Cy'",
        Verdict.FAILED,
    ),
    "drop the fixtures": ("DROP TABLE people; SELECT 'Ana' AS name UNION SELECT 'Cy'", Verdict.FAILED),
    "transaction left open": ("BEGIN; SELECT 'Ana' AS name UNION SELECT 'Cy'", Verdict.FAILED),
    "our savepoint": ("SAVEPOINT aralify; DELETE FROM people; SELECT 'Ana' UNION SELECT 'Cy'", Verdict.FAILED),
    "comment that hides the rest": ("SELECT name FROM people -- WHERE age >= 18", Verdict.FAILED),
    "stacked": ("SELECT name FROM people WHERE age >= 18; SELECT 'x'", Verdict.FAILED),
    "many statements": ("SELECT 1;" * 10_000, Verdict.FAILED),
    "forged answer": ("""SELECT '{"result": {"columns": ["name"], "rows": [["Ana"], ["Cy"]]}}\n'""", Verdict.FAILED),
    "deep": (f"SELECT {'(' * 9000}1{')' * 9000}", Verdict.ERROR),
    "long chain": (f"SELECT {'+'.join('1' * 20_000)}", Verdict.ERROR),
    "slow pattern": (f"SELECT 'a' LIKE '{'%a' * 30_000}b'", Verdict.ERROR),
    "endless count": (f"{COUNTING} SELECT count(*) FROM n", Verdict.TIMEOUT),
    "cross join": (f"SELECT count(*) FROM {', '.join(f'people p{n}' for n in range(20))}", Verdict.TIMEOUT),
    "wide prints": (f"{COUNTING} SELECT sum(length(printf('%.*c', 9e8, x))) FROM n", Verdict.TIMEOUT),
    "endless rows": (f"{COUNTING} SELECT x FROM n", Verdict.LIMIT),
    "zero blob": ("SELECT zeroblob(2000000000)", Verdict.LIMIT),
    "random blob": ("SELECT hex(randomblob(900000000))", Verdict.LIMIT),
    "full disk": (f"CREATE TABLE b AS {COUNTING} SELECT zeroblob(100000), x FROM n", Verdict.LIMIT),
    "replace bomb": ("SELECT replace(hex(zeroblob(400000)), '0', hex(zeroblob(400000)))", Verdict.LIMIT),
}  # fmt: skip
WITH_OTHER_WALLS = ("attach", "read a file", "drop the fixtures", "endless count", "endless rows", "zero blob")
"""What is refused by the database itself is so in every mode; these show that each mode has its walls and limits."""


@pytest.mark.parametrize(
    ("mode", "names"),
    [("namespaces", tuple(HOSTILE)), ("landlock", WITH_OTHER_WALLS), ("limits", WITH_OTHER_WALLS)],
    indirect=["mode"],
)
def test_hostile_answers_are_contained_while_neighbours_are_judged_as_ever(judge, names):
    with ThreadPoolExecutor(2) as both:
        neighbours = both.submit(lambda: [judge(ADULTS) for _ in range(5)])
        judgements = {name: both.submit(judge, HOSTILE[name][0]) for name in names}
    assert {name: judged.result().verdict for name, judged in judgements.items()} == {
        name: HOSTILE[name][1] for name in names
    }
    told = json.dumps([judged.result().as_json("en") for judged in judgements.values()])
    assert "root:" not in told
    assert "Traceback" not in told
    assert {each.verdict for each in neighbours.result()} == {Verdict.PASSED}
    assert judge(ADULTS).verdict is Verdict.PASSED
    assert not Path("/tmp/aralify-stolen.db").exists()  # noqa: S108 - where such an answer would write


def test_what_a_query_sorts_counts_as_memory_like_what_a_table_holds():
    runner = SqlRunner(Isolation.LIMITS, cpu_seconds=4, memory_mb=16)
    rows = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT {count}) SELECT zeroblob(1000) z FROM n"
    )
    sort = f"SELECT count(*) FROM (SELECT z FROM ({rows}) ORDER BY random() LIMIT -1)"
    few, many = (sort.format(count=count) for count in (1_000, 6_000))
    task = JudgeTask("sql", (), (), few, checks_of("-- check: query\nSELECT 1"), reference="SELECT 1")
    assert [runner.judge(task, source).verdict for source in (few, many)] == [Verdict.PASSED, Verdict.LIMIT]


def test_nothing_runs_on_after_an_attempt(judge):
    before = _databases()
    judge(f"{COUNTING} SELECT count(*) FROM n")
    left = _databases() - before
    wait_until(lambda: not left & _databases())


def _databases():
    """Return the processes that hold a database of ours, by id."""
    return {path for path in Path("/proc").glob("[0-9]*") if _holds_a_database(path)}


def _holds_a_database(process):
    try:
        return b"inside/main.py\0sql" in (process / "cmdline").read_bytes()
    except OSError:
        return False
