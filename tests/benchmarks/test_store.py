"""What an answer costs next to a bare insert, and what class pages cost with a million answers, on both databases."""

from __future__ import annotations

import datetime as dt
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, func, insert, literal, select, text
from sqlalchemy import cast as sql_cast

from aralify_kernel.app import Application
from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.services import accounts, classrooms, submitting
from aralify_kernel.services.demo.classes import Wish, make_up
from aralify_kernel.settings import load
from aralify_kernel.store import class_pages, copying, upserts
from aralify_kernel.store.models import Base
from tests.databases import PostgresServer, migrated, postgres_binaries
from tests.fakes import FakeGrader

ROOT = Path(__file__).parents[2]
PAIRS = 200
TIMES = 25
CLASSES, LEARNERS, FEW_LEARNERS, DAYS = 20, 500, 100, 30
"""In so many days a learner gives some 100 answers: 100 learners 10,000, a class of 500 50,000, twenty such a million.

Each learner has done as much in each of these, so that a page has as much to say of each: what is compared is what a
query costs because there are more answers, not because it shows more.
"""

pytestmark = [pytest.mark.benchmark, pytest.mark.slow, pytest.mark.timeout(3600)]


@pytest.fixture(params=["sqlite", "postgresql"])
def make_url(request):
    """Makes databases that keep what they acknowledge, as a school's do: a file on a disk, where tests' may be in memory."""
    if request.param == "sqlite":
        with tempfile.TemporaryDirectory(prefix=".bench-", dir=ROOT) as folder:
            yield lambda name: migrated(f"sqlite:///{folder}/{name}.sqlite3")
        return
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("needs a PostgreSQL server's programs (Debian: apt-get install postgresql)")
    server = PostgresServer(binaries, durable=True)
    yield lambda _: migrated(server.new())
    server.stop()


@pytest.fixture
def open_app(tmp_path):
    """Opens an application on a database by its URL, with the built-in courses in it."""
    opened = []

    def open_one(url):
        home, files = str(tmp_path / "home"), str(tmp_path / "ws")
        environ = {"ARALIFY_HOME": home, "ARALIFY_WORKSPACE": files, "ARALIFY_JUDGE_IDLE_MINUTES": "0"}
        opened.append(Application(load(environ | {"ARALIFY_DATABASE_URL": url})))
        return opened[-1]

    yield open_one
    for app in opened:
        app.close()


def seconds(do):
    begin = time.perf_counter()
    do()
    return time.perf_counter() - begin


def test_the_transaction_of_an_answer_next_to_inserting_one_row(make_url, open_app, capsys):
    app = open_app(make_url("answers"))
    db, grader = app.database, FakeGrader()
    who = lambda tx: accounts.find(tx, "ana")  # noqa: E731
    accounts.add(db, accounts.NewAccount("ana", timezone="Asia/Manila"), now=app.now())
    classrooms.new(db, None, "Bench", ["python-basics"], now=app.now())
    classrooms.add(db, None, "bench", ["ana"], ClassRole.LEARNER, now=app.now())
    bare = Table("bare", MetaData(), Column("id", Integer, primary_key=True), Column("content", String(200)))
    with db.write(alone=True) as tx:
        bare.create(tx.connection())

    def insert_one():
        with db._engine.connect() as connection, connection.execution_options(aralify_write=True).begin():
            connection.execute(insert(bare), {"content": "x" * 100})

    def prepared(number):
        """An answer found and judged; only the transaction is left to do."""
        lesson = LessonRef.parse("python-basics/variables/easy")
        answer = Submission(lesson, "first-load", f"{'PASS' if number % 3 == 0 else 'x'} {number}", f"key {number}")
        found = submitting._find(db, who, answer)
        now = app.now()
        judgement = submitting._judge(found.content, found.activity, answer, lambda: grader, "ana")
        return partial(submitting._keep, db, submitting._Judged(answer, found, judgement, now), now=now)

    for number in range(-10, 0):
        prepared(number)(), insert_one()
    pairs = []
    for number in range(PAIRS):
        keep = prepared(number)
        pairs.append((seconds(insert_one), seconds(keep)) if number % 2 else (seconds(keep), seconds(insert_one))[::-1])
    plain = statistics.median(plain for plain, _ in pairs)
    ratio = statistics.median(plain / ours for plain, ours in pairs)
    with capsys.disabled():
        print(
            f"\n{db.url.get_backend_name()}: an answer's transaction runs at {ratio:.2f} of the rate of a bare insert "
            f"({plain * 1000:.2f} ms), {ratio / 0.25:.2f} of the goal of 0.25, {PAIRS} pairs"
        )


def pages(classroom, course, someone, now):
    """Return what each page asks, by what the page shows."""
    since, idle_since = now.date() - dt.timedelta(90), now - dt.timedelta(7)
    return {
        "overview": lambda tx: class_pages.overview(tx, classroom, course, since=since),
        "matrix, 50 learners": lambda tx: class_pages.matrix(tx, classroom, course, page=1),
        "needs help": lambda tx: class_pages.needs_help(tx, classroom, course, idle_since=idle_since),
        "wrong answers": lambda tx: class_pages.wrong_answers(tx, classroom, course),
        "one learner": lambda tx: class_pages.learner(tx, someone, course),
    }


def filled(app, learners):
    """Let a class learn for some days; return how many answers they gave, and how many a second were made up."""
    begun, db = time.perf_counter(), app.database
    wish = Wish(learners, DAYS, 1, "Bench")
    made = make_up(db, wish, grader=lambda: app.grader, on_progress=lambda *_: None, now=app.now())
    rate = made.attempts / (time.perf_counter() - begun)
    with db.write() as tx:
        tx.execute(text("ANALYZE"))
    return made.attempts, rate


def multiply(db):
    """Make twenty classes of one: what queries look at is the same twenty times, under other numbers."""
    tables = Base.metadata.sorted_tables
    with db.write(alone=True) as tx:
        highest = {
            table.name: tx.scalar(select(func.max(table.c.id))) or 0 for table in tables if "id" in table.c
        }  # before any is added
        steps = {"user_id": highest["users"], "classroom_id": 1, "run_id": highest["learner_events"]}
        steps |= dict.fromkeys(("attempt_id", "last_attempt_id"), highest["attempts"])
        for number in range(1, CLASSES):
            for table in tables:
                _add_again(tx, table, number, steps, highest)
        for table in tables:
            upserts.go_on_counting(tx, table)
    with db.write() as tx:
        tx.execute(text("ANALYZE"))


def _add_again(tx, table, number, steps, highest):
    if not ({"user_id", "classroom_id"} & set(table.c.keys()) or table.name in {"users", "classrooms"}):
        return
    columns = []
    for column in table.c:
        step = highest[table.name] if column.name == "id" else steps.get(column.name, 0)
        if column.name in {"username", "slug"}:
            columns.append(sql_cast(column + literal(f"-{number}"), String(64)))
        else:
            columns.append(column + number * step if step else column)
    own = "id" if "id" in table.c else ("user_id" if "user_id" in table.c else "classroom_id")
    first = table.c[own] <= (highest[table.name] if own == "id" else steps[own])
    tx.connection().execute(
        insert(table).from_select([column.name for column in table.c], select(*columns).where(first))
    )


def medians(*apps):
    """Return how many milliseconds each page's query takes in each application, asked in turn."""
    asked = []
    for app in apps:
        with app.database.read() as tx:
            # The newest class: where a query goes through those before it, it shows.
            query = "SELECT classroom_id, course_id FROM classroom_courses ORDER BY classroom_id DESC LIMIT 1"
            classroom, course = tx.execute(text(query)).one()
            someone = tx.scalar(text("SELECT max(user_id) FROM classroom_members"))
        asked.append(pages(classroom, course, someone, app.now()))
    times = [{name: [] for name in pages} for pages in asked]
    for name in asked[0]:
        for turn in range(TIMES):
            # In either order: on a busy machine, whoever comes second is interrupted more often.
            for app, queries, took in list(zip(apps, asked, times, strict=True))[:: 1 if turn % 2 else -1]:
                with app.database.read() as tx:
                    took[name].append(seconds(partial(queries[name], tx)))
    return [{name: statistics.median(took) * 1000 for name, took in one.items()} for one in times]


def test_class_pages_with_a_million_answers_next_to_ten_thousand(make_url, open_app, capsys):
    small, url = open_app(make_url("small")), make_url("large")
    few, _ = filled(small, FEW_LEARNERS)
    large = open_app(url)
    of_class, rate = filled(large, LEARNERS)
    (alone,) = medians(large)
    multiply(large.database)
    before, after = medians(small, large)
    with large.database.read() as tx:
        many = copying.counts(tx)["attempts"]
    large.database.dispose()
    name = large.database.url.get_backend_name()
    opening = statistics.median(seconds(lambda: open_app(url).database) for _ in range(5)) * 1000
    with capsys.disabled():
        print(f"\n{name}: {many} answers of {CLASSES * LEARNERS} learners; made up at {rate:.0f} a second")
        print(f"  next to {few} of a class of {FEW_LEARNERS}, and next to the same class alone with {of_class}")
        for page, took in after.items():
            ratios = f"{took / before[page]:.2f} × and {took / alone[page]:.2f} ×"
            print(f"  {page}: {took:.1f} ms, {took / 50:.2f} of 50 ms; {ratios}, goal 1.5")
        print(f"  opening the application on it: {opening:.0f} ms, {opening / 200:.2f} of 200 ms")
        if large.database.is_local:
            size = Path(large.database.url.database).stat().st_size
            print(f"  {size / many:.0f} bytes an answer, {size / 2**20:.0f} MB")
