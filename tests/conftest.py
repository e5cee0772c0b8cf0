"""What all tests share: where a browser is, new databases, and the list of what a machine could not run."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.databases import PostgresServer

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
def blank_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at head without any rows, to be copied."""
    from tests.databases import migrated

    file = tmp_path_factory.mktemp("blank") / "blank.sqlite3"
    migrated(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def blank_postgres(postgres: PostgresServer) -> str:
    """The name of a PostgreSQL database at head without any rows, to be copied."""
    from tests.databases import migrated

    return migrated(postgres.new()).partition("@/")[2].partition("?")[0]


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes databases at head without any rows; every test that uses it runs on both kinds."""
    made: list[str] = []
    if request.param == "sqlite":
        blank = request.getfixturevalue("blank_file")

        def make() -> str:
            file = tmp_path / f"{len(made)}.sqlite3"
            made.append(f"sqlite:///{shutil.copy(blank, file)}")
            return made[-1]

        yield make
        return
    server, template = request.getfixturevalue("postgres"), request.getfixturevalue("blank_postgres")

    def clone() -> str:
        made.append(server.new(template))
        return made[-1]

    yield clone
    for url in made:
        server.drop(url)


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    """No test may touch the data of whoever runs it, or leave a process behind."""
    for variable in [name for name in os.environ if name.startswith("ARALIFY_") and "TESTS" not in name]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("ARALIFY_HOME", str(tmp_path / "aralify-home"))
    monkeypatch.setenv("ARALIFY_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("ARALIFY_JUDGE_IDLE_MINUTES", "0")  # no background grader but where a test wants one


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put slow tests first: one that comes last keeps one worker busy and the others waiting."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


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
