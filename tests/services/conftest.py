"""A database of its own for each test, with a course in it, and sessions on it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission, SubmitResult
from aralify_kernel.services import accounts, passwords, personal_data, publishing
from aralify_kernel.services.erasure_journal import ErasureJournal, journal_of
from aralify_kernel.services.local_session import LocalSession, Surroundings
from aralify_kernel.services.sign_in_file import SignInFile
from aralify_kernel.store.database import Database
from tests.databases import run_sql
from tests.factories import a_course
from tests.fakes import Clock, FakeGrader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aralify_kernel.domain.course import Course


@dataclass
class World:
    """One installation: a database, a clock, a grader, and sessions as a person's kernels open them."""

    folder: Path
    database: Database
    clock: Clock = field(default_factory=Clock)
    grader: FakeGrader = field(default_factory=FakeGrader)

    @property
    def url(self) -> str:
        return self.database.url.render_as_string(hide_password=False)

    def session(self, computer: str = "home") -> LocalSession:
        around = Surroundings(self.database, self.clock, lambda: self.grader, self.folder / "ws", "Asia/Manila")
        return LocalSession(around, SignInFile(self.folder / computer / "session.json"))

    def learner(self, name: str = "ana", role: Role = Role.USER) -> LocalSession:
        wanted = accounts.NewAccount(name, timezone="Asia/Manila", role=role)
        accounts.add(self.database, wanted, now=self.clock())
        session = self.session(f"of-{name}")
        session.sign_in(name, None)
        return session

    def publish(self, course: Course | None = None) -> None:
        publishing.publish(self.database, accounts.OPERATOR, course or a_course(), now=self.clock())

    def submit(
        self,
        session: LocalSession,
        lesson: str = "demo/one/easy",
        activity: str = "area",
        content: str = "PASS",
        **more: Any,
    ) -> SubmitResult:
        key = more.get("key", uuid4().hex)
        return session.submit(Submission(LessonRef.parse(lesson), activity, content, key))

    def complete(self, session: LocalSession, lesson: str) -> SubmitResult:
        self.submit(session, lesson)
        return self.submit(session, lesson, "choice", "a")

    @property
    def erasures(self) -> ErasureJournal:
        """The journal beside a database of this world."""
        return journal_of(self.database, self.folder)

    def erase(self, name: str) -> None:
        personal_data.erase(self.database, name, self.erasures, now=self.clock())

    def rows(self, query: str, *values: Any, references: bool = True) -> list[tuple[Any, ...]]:
        """Ask the database itself, past everything that is ours."""
        return run_sql(self.url, query, *values, references=references)

    def counts(self) -> dict[str, int]:
        """Return how many rows about people each table has, where it has any; sign-ins left out."""
        tables = ("users", "attempts", "learner_events", "xp_events", "activity_days")
        tables += ("user_course_progress", "user_level_unlocks", "user_lesson_progress")
        counted = {table: self.one(f"SELECT count(*) FROM {table}") for table in tables}
        return {table: count for table, count in counted.items() if count}

    def one(self, query: str, *values: Any) -> Any:
        (row,) = self.rows(query, *values)
        return row[0] if len(row) == 1 else row


@contextmanager
def world_to_copy(url: str) -> Iterator[World]:
    """A world whose database is the template of those of many tests; who signs in here is signed in in none of them."""
    with TemporaryDirectory() as folder:
        world = World(Path(folder), Database(url))
        yield world
        world.database.dispose()


def put_a_course_into(url: str) -> None:
    """Publish in a database what most tests learn from."""
    with world_to_copy(url) as world:
        world.publish()


@pytest.fixture(autouse=True)
def _cheap_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the hashes of passwords in no time, but for tests that ask for `real_passwords`."""
    if "real_passwords" not in request.fixturenames:
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        nobodys = hasher.hash("nobody has this password")
        monkeypatch.setattr(passwords, "_hasher", lambda: hasher)
        monkeypatch.setattr(passwords, "_nobodys_hash", lambda: nobodys)


@pytest.fixture
def real_passwords() -> None:
    """For tests of how a password is hashed, and how long that takes."""


@pytest.fixture
def make_world(tmp_path: Path, new_url: Callable[..., str]) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def make(**filled: Callable[[str], None]) -> World:
        folder = tmp_path / f"world-{len(made)}"
        folder.mkdir()
        made.append(World(folder, Database(new_url(**filled))))
        return made[-1]

    yield make
    for one in made:
        one.database.dispose()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world(fill=put_a_course_into)


@pytest.fixture
def make_school(tmp_path: Path) -> Iterator[Callable[[str, tuple[str, ...]], World]]:
    """Puts a course and learners into a database that is at head."""
    made: list[World] = []

    def make(url: str, names: tuple[str, ...]) -> World:
        made.append(World(tmp_path, Database(url)))
        made[-1].publish()
        for name in names:
            made[-1].learner(name)
        return made[-1]

    yield make
    for one in made:
        one.database.dispose()
