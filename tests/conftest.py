"""What all tests share: where a browser is, new databases, and the list of what a machine could not run."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from functools import cache
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.databases import PostgresServer

    Fill = Callable[[str], None]

INSTALL = {
    "chromium": "Chromium (Debian: apt-get install chromium)",
    "postgresql": "a PostgreSQL server's programs (Debian: apt-get install postgresql)",
    "jupyter-repo2docker": "repo2docker (pip install jupyter-repo2docker)",
}
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                  "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
NO_CURE = "no other user can run"
"""How the one reason begins that no package cures: the Python of these tests lies in a folder closed to other users."""
_skipped: dict[str, str] = {}
# How fast examples are made says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile("aralify", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("aralify")
sys.modules.setdefault("rfc3987_syntax", None)  # as in the command `aralify`


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium, or a skip that says how to get one."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.skip(f"needs {INSTALL['chromium']}")


@pytest.fixture(scope="session")
def browser(chromium):
    """One browser for all tests of a worker: Playwright cannot be started twice in a process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A private PostgreSQL server for this process's tests, or a skip that says how to get one."""
    from tests.databases import PostgresServer, postgres_binaries

    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip(f"needs {INSTALL['postgresql']}")
    server = PostgresServer(binaries)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def file_filled_by(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Fill], Path]:
    """SQLite files at head, to be copied, by what has filled them; each is made when it is first asked for."""
    from tests.databases import migrated

    @cache
    def template(fill: Fill) -> Path:
        file = tmp_path_factory.mktemp("template") / "template.sqlite3"
        fill(migrated(f"sqlite:///{file}"))
        return file

    return template


@pytest.fixture(scope="session")
def postgres_filled_by(postgres: PostgresServer) -> Callable[[Fill], str]:
    """The names of PostgreSQL databases at head, to be copied, by what has filled them."""
    from tests.databases import migrated

    @cache
    def template(fill: Fill) -> str:
        url = migrated(postgres.new())
        fill(url)
        return url.partition("@/")[2].partition("?")[0]

    return template


def leave_empty(_url: str) -> None:
    """Let a database have no rows."""


@pytest.fixture(scope="session")
def blank_file(file_filled_by: Callable[[Fill], Path]) -> Path:
    """A SQLite file at head without any rows, to be copied."""
    return file_filled_by(leave_empty)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Makes databases at head, empty or with what a function puts into one; its tests run on both kinds."""
    made: list[str] = []
    if request.param == "sqlite":
        file_filled_by = request.getfixturevalue("file_filled_by")

        def make(fill: Fill = leave_empty) -> str:
            file = tmp_path / f"{len(made)}.sqlite3"
            made.append(f"sqlite:///{shutil.copy(file_filled_by(fill), file)}")
            return made[-1]

        yield make
        return
    server, postgres_filled_by = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_filled_by")

    def clone(fill: Fill = leave_empty) -> str:
        made.append(server.new(postgres_filled_by(fill)))
        return made[-1]

    yield clone
    for url in made:
        server.drop(url)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as the first start makes it, with the built-in courses: to be copied, as publishing takes a second."""
    from aralify_kernel.app import Application
    from aralify_kernel.settings import load

    app = Application(load({"ARALIFY_HOME": str(tmp_path_factory.mktemp("installed"))}))
    app.all_courses()
    app.close()
    return app.settings.home / "aralify.sqlite3"


@pytest.fixture
def new_computer() -> None:
    """For tests of what the first start does, which those that use `put_into_use` leave out otherwise."""


@pytest.fixture
def put_into_use(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    """Gives a home what the first start leaves there."""

    def put(home: Path) -> None:
        if "new_computer" not in request.fixturenames:
            home.mkdir(mode=0o700)
            shutil.copy(request.getfixturevalue("installed"), home)

    return put


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    """No test may touch the data of whoever runs it, or leave a process behind."""
    for variable in [name for name in os.environ if name.startswith("ARALIFY_") and "TESTS" not in name]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("ARALIFY_HOME", str(tmp_path / "aralify-home"))
    monkeypatch.setenv("ARALIFY_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("ARALIFY_JUDGE_IDLE_MINUTES", "0")  # no background grader but where a test wants one


def pytest_configure() -> None:
    """Let the folders of tests be in memory, where there is room, and Ctrl-C reach what tests start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in whatever a shell started with `&`
        signal.signal(signal.SIGINT, signal.default_int_handler)
    from tests.databases import in_memory

    if (folder := in_memory()) is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put slow tests first, as one that comes last keeps the others waiting; let those that share what is slow to start meet.

    Groups come before all others, the largest first: so pytest-xdist does it.
    """
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    for item in items:
        if (name := _starts_once(item)) and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(name))


def _starts_once(item: pytest.Item) -> str | None:
    """Name what a test needs that one worker should start for all."""
    fixtures = getattr(item, "fixturenames", ())
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    if "postgres" in fixtures or parameters.get("new_url") == "postgresql":
        return "postgresql"
    return "used kernel" if "used_kernel" in fixtures else None


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped[report.nodeid] = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)


def pytest_sessionfinish(session: pytest.Session) -> None:
    curable = [reason for reason in _skipped.values() if not reason.removeprefix("Skipped: ").startswith(NO_CURE)]
    if curable and os.environ.get("ARALIFY_TESTS_NO_SKIP") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _skipped:
        return
    terminalreporter.section("not run on this machine, and how to run it")
    for reason in sorted(set(_skipped.values())):
        tests = sum(1 for other in _skipped.values() if other == reason)
        terminalreporter.write_line(f"{tests} tests: {reason}")
