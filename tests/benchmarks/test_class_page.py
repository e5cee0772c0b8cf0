"""The page of a class among 10,000 learners with a million answers: how soon a teacher sees whom to sit beside.

`ARALIFY_BENCH_STORE=FILE` keeps the prepared database there, and takes it from there the next time. Delete it when the
schema has changed: its facts were multiplied, so that nothing new can be reckoned from them.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import statistics
import sys
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import event, func, insert, literal, select, text

from aralify_kernel.app import Application
from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.services import class_pages, classrooms, lesson_quality
from aralify_kernel.settings import load
from aralify_kernel.store import copying, summaries
from aralify_kernel.store.models import ClassroomMemberRow, UserRow
from aralify_kernel.store.values import table_of
from tests.benchmarks.page_pairs import PAIRS, PASSWORD, measure
from tests.benchmarks.test_store import LEARNERS, filled, multiply, seconds
from tests.databases import PostgresServer, migrated, postgres_binaries
from tests.server.hosting import PROGRAM, write_pages
from tests.servers import running_server

TIMES = 15
CLASSES = {"bench": LEARNERS, "everybody": 10_000}
"""By slug: how many learn in each."""

CLASS_PAGE = ("class", ".ar-help-row")
"""The page, and what is to be seen first on it."""

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(sys.platform != "linux", reason="class servers run on Linux"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    """A database with twenty classes of 500, and one of all 10,000; each has a teacher called as the class is."""
    kept = os.environ.get("ARALIFY_BENCH_STORE")
    file = Path(kept) if kept else tmp_path_factory.mktemp("store") / "million.sqlite3"
    if not file.exists():
        prepare(file, tmp_path_factory.mktemp("preparing"))
    return file


def prepare(file: Path, folder: Path) -> None:
    unfinished = folder / "unfinished.sqlite3"
    app = open_app(migrated(f"sqlite:///{unfinished}"), folder)
    fill(app)
    app.close()
    shutil.move(unfinished, file)


def fill(app) -> None:
    """Fill an empty database."""
    filled(app, LEARNERS)
    multiply(app.database)
    let_everybody_into_one(app)
    for slug in CLASSES:
        app.add_user(slug, password=PASSWORD)
        classrooms.add(app.database, None, slug, [slug], ClassRole.TEACHER, now=app.now())
    with app.database.write() as tx:
        tx.execute(text("ANALYZE"))


def open_app(url: str, folder: Path) -> Application:
    places = {"ARALIFY_HOME": str(folder / "home"), "ARALIFY_WORKSPACE": str(folder / "ws")}
    return Application(load(places | {"ARALIFY_DATABASE_URL": url}))


def let_everybody_into_one(app) -> None:
    """Make a class of all learners. What it adds up to is the sum of what the classes add up to, as its tables are."""
    classrooms.new(app.database, None, "Everybody", ["python-basics"], now=app.now())
    members = table_of(ClassroomMemberRow)
    with app.database.write(alone=True) as tx:
        (number,) = tx.execute(text("SELECT id FROM classrooms WHERE slug = 'everybody'")).one()
        columns = [column for column in members.c if column.name not in {"id", "classroom_id"}]
        everybody = select(literal(number), *columns).where(members.c.role == ClassRole.LEARNER)
        names = ["classroom_id", *(column.name for column in columns)]
        tx.connection().execute(insert(members).from_select(names, everybody))
        for kind in summaries.CLASS_TABLES.values():
            table = table_of(kind)
            key = [column for column in table.primary_key if column.name != "classroom_id"]
            counts = [column for column in table.c if not column.primary_key]
            sums = select(literal(number), *key, *(func.sum(column) for column in counts)).group_by(*key)
            names = ["classroom_id", *(column.name for column in [*key, *counts])]
            tx.connection().execute(insert(table).from_select(names, sums))


@pytest.fixture(scope="module", params=[1, 0], ids=["preheated", "not preheated"])
def server(request, store, tmp_path_factory):
    """A class server on the prepared database."""
    folder = tmp_path_factory.mktemp("server")
    pages = write_pages(folder / "pages", Path(__file__).parents[2] / "notebooks/dashboards")
    settings = {"kernels_per_user": "10", "preheated_kernels": str(request.param), "database_url": f"sqlite:///{store}"}
    with running_server(folder, program=("-c", PROGRAM, str(pages)), **settings) as running:
        running.kind = "preheated" if request.param else "not preheated"
        yield running


@pytest.mark.parametrize("cache", ["cold", "warm"])
@pytest.mark.parametrize("slug", CLASSES)
def test_how_soon_a_teacher_sees_whom_to_sit_beside(server, browser, capsys, slug, cache):
    server.username = slug
    found = measure(server, browser, CLASS_PAGE, cache=cache)
    with capsys.disabled():
        print(
            f"\nwhom to sit beside in a class of {CLASSES[slug]}, {server.kind}, {cache} browser cache: {found.ratio:.2f} "
            f"of a one-label page ({found.label_sec:.2f} s), limit 1.50, {PAIRS} pairs; a kernel's share of memory "
            f"{found.kernel_mb:.0f} MB; load {os.getloadavg()[0]:.1f}"
        )
    assert found.ratio <= 1.5


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, tmp_path):
    """An application on the prepared database, or on one like it on PostgreSQL."""
    if request.param == "sqlite":
        opened = open_app(f"sqlite:///{request.getfixturevalue('store')}", tmp_path)
        yield opened
        opened.close()
        return
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("needs a PostgreSQL server's programs (Debian: apt-get install postgresql)")
    server = PostgresServer(binaries, durable=True)
    try:
        opened = open_app(migrated(server.new()), tmp_path)
        fill(opened)
        yield opened
        opened.close()
    finally:
        server.stop()


def test_what_each_part_of_the_page_asks(app, capsys):
    db, now, course = app.database, app.now(), "python-basics"
    with db.read() as tx:
        answers = copying.counts(tx)["attempts"]
        someone = tx.scalar(select(UserRow.username).order_by(UserRow.id).limit(1))
    with capsys.disabled():
        print(
            f"\n{db.url.get_backend_name()}, {answers} answers of {CLASSES['everybody']} learners, load {os.getloadavg()[0]:.1f}"
        )
    for slug, learners in CLASSES.items():
        at = (db, None, slug, course)
        parts = {
            "needs help": partial(class_pages.needs_help, *at, now=now),
            "how they fail": partial(class_pages.failures, *at),
            "matrix, 50 learners": partial(class_pages.matrix, *at, page=1),
            "weeks": partial(lesson_quality.weeks, *at, since=now.date() - dt.timedelta(weeks=11)),
            "one learner": partial(class_pages.learner, *at, someone),
            "lesson quality": partial(lesson_quality.lessons, *at, now=now),
            "effort against result": partial(lesson_quality.efforts, *at),
        }
        for part, ask in parts.items():
            statements = recorded(db, ask)
            took = [seconds(ask) * 1000 for _ in range(TIMES)]
            longest = max(milliseconds(db, *statement) for statement in statements)
            with capsys.disabled():
                print(
                    f"  {learners}, {part}: {statistics.median(took):.1f} ms (best {min(took):.1f}), of {len(statements)} "
                    f"queries the longest {longest:.1f} ms, {longest / 50:.2f} of 50 ms"
                )


def recorded(db, ask) -> list[tuple]:
    """Return the statements that are run, with their values."""
    found = []
    with db.read() as tx:
        engine = tx.connection().engine

    def record(_connection, _cursor, statement, values, *_):
        if statement.startswith(("SELECT", "WITH")):
            found.append((statement, values))

    event.listen(engine, "before_cursor_execute", record)
    ask()
    event.remove(engine, "before_cursor_execute", record)
    return found


def milliseconds(db, statement, values) -> float:
    """Return the median of how long a database takes for a statement and all its rows."""
    with db.read() as tx:
        run = lambda: tx.connection().exec_driver_sql(statement, values).all()  # noqa: E731
        return statistics.median(seconds(run) for _ in range(TIMES)) * 1000
