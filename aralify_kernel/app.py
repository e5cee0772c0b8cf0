"""The one place that builds things, and the only one that reads the clock."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING

from aralify_kernel.services.local_time_zone import local_timezone
from aralify_kernel.settings import Settings, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from aralify_kernel.domain.classrooms import ClassRole, Roster
    from aralify_kernel.domain.course import Course
    from aralify_kernel.domain.judging import Judgement
    from aralify_kernel.domain.permissions import Role
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import CourseCard, LearnerSession, Profile
    from aralify_kernel.grading import Grader
    from aralify_kernel.grading.pool import PooledGrader
    from aralify_kernel.grading.sandbox.probe import Probe
    from aralify_kernel.services.course_checks import CourseReport
    from aralify_kernel.services.local_session import LocalSession, Surroundings
    from aralify_kernel.services.sign_in_file import SignInFile, SignInHolder
    from aralify_kernel.services.sql_notebooks import NotebookDatabase
    from aralify_kernel.services.trials import Answer, Tried
    from aralify_kernel.store.database import Database, Transaction


@dataclass(frozen=True)
class Application:
    """Everything a face needs: the settings and, built on first use, the session behind the shared sign-in.

    Every method may raise an `AralifyError`, and nothing else for a reason that a person can mend.
    """

    settings: Settings

    # What a person does

    def session(self) -> LearnerSession:
        """Return what the person at this computer can do. Creates and fills the local database on first use."""
        session = self._session()
        if self.settings.guest and session.user is None:
            session.continue_as_guest(self.language() or "en")
        return session

    def session_for(self, username: str) -> LearnerSession:
        """Return what `username` can do, for the operator's shell, which needs no sign-in.

        Raises:
            NotFound: Nobody has this user name.
        """
        session = self._session(username)
        session.profile()
        return session

    def session_of(self, sign_in: SignInHolder) -> LearnerSession:
        """Return what the person can do whose token `sign_in` holds, for a server that many people ask."""
        from aralify_kernel.services.local_session import LocalSession

        return LocalSession(self._surroundings, sign_in)

    def language(self) -> str | None:
        """Return the language chosen on this computer (the signed-in person's, else the last choice), or None."""
        shared = self._shared.read()
        if shared.token is not None and (session := self._session()).user is not None:
            return session.profile().language
        return shared.language or self.settings.language or None

    def choose_language(self, language: str) -> None:
        """Keep a language, in the signed-in person's profile too."""
        from aralify_kernel.domain.accounts import language as checked
        from aralify_kernel.domain.session import ProfileChange

        shared = self._shared.read()
        self._shared.write(replace(shared, language=checked(language)))
        if shared.token is not None and (session := self._session()).user is not None:
            session.update_profile(ProfileChange(language=language))

    def open_working_copy(self, ref: LessonRef) -> Path:
        """Open a lesson and write or refresh its working copy; return the notebook's path in the workspace."""
        from aralify_kernel.courses.workspace import open_working_copy

        session = self.session()
        profile = session.profile()
        opened = session.open_lesson(ref)
        return open_working_copy(self.settings.workspace, opened, profile.language, profile.username)

    def restore_cells(self, ref: LessonRef) -> int:
        """Put missing cells of an (unopened) working copy back; return how many exercises had none."""
        from aralify_kernel.courses import workspace
        from aralify_kernel.courses.working_copies import missing_exercises

        session = self.session()
        profile = session.profile()
        opened = session.lesson(ref)
        path = workspace.locate(self.settings.workspace, profile.username, ref, opened.level_index)
        missing = len(missing_exercises(workspace.read(path), opened)) if path.exists() else len(opened.starters)
        workspace.open_working_copy(self.settings.workspace, opened, profile.language, profile.username)
        return missing

    # What authors and operators do

    def all_courses(self) -> tuple[CourseCard, ...]:
        """Return every course of the database, unpublished ones too."""
        from aralify_kernel.services import courses

        return courses.all_courses(self.database)

    def check_course(self, folder: Path, on_progress: Callable[[int, int, str], None]) -> CourseReport:
        """Prove the course in `folder`: references pass, starters and listed mistakes fail."""
        from aralify_kernel.services.course_checks import check_course

        return check_course(folder, self.own_grader, on_progress)

    def trial_judge(self, folder: Path) -> Callable[..., tuple[LessonRef, Judgement]]:
        """Return a function of lesson, activity, answer and, if known, its kind that judges and records nothing.

        It judges from the course in `folder`.

        Raises:
            CourseInvalid: The folder cannot be read as a course.
        """
        from aralify_kernel.courses.folder import read_course
        from aralify_kernel.services.trials import judge_answer

        course = read_course(folder)
        return lambda lesson, activity, answer, kind=None: judge_answer(
            course, lesson, activity, answer, self.own_grader, kind
        )

    def judge_answers(self, folder: Path, answers: Iterable[Answer]) -> Iterator[Tried]:
        """Return what comes of each answer to the course in `folder`, in their order, recording nothing.

        Raises:
            CourseInvalid: The folder cannot be read as a course.
            IsolationTooWeak: The settings demand more than this machine offers.
        """
        from aralify_kernel.courses.folder import read_course
        from aralify_kernel.services.trials import judge_answers

        return judge_answers(read_course(folder), answers, self.own_grader, self.own_grader.at_once)

    def sql_database(self, files: Mapping[str, str]) -> NotebookDatabase:
        """Return a database for the SQL cells of a lesson with these `files`.

        Raises:
            UnreadableFixtures: The SQL among them does not run.
        """
        from aralify_kernel.services.sql_notebooks import NotebookDatabase, files_of_lesson

        return NotebookDatabase(files_of_lesson(files), self.settings.judge_memory_mb)

    def author_sql_database(self, folder: Path) -> NotebookDatabase:
        """Return a database for the SQL cells of an author's notebook in `folder`.

        Raises:
            UnreadableFixtures: The SQL files of its course cannot be read or do not run.
        """
        from aralify_kernel.services.sql_notebooks import NotebookDatabase, files_of_author

        return NotebookDatabase(files_of_author(folder), self.settings.judge_memory_mb)

    def probe(self) -> Probe:
        """Return which ways of keeping learners' code apart this machine offers, and why not the others."""
        from aralify_kernel.grading.sandbox.probe import probe

        return probe()

    def require_isolation(self) -> None:
        """Do nothing when this machine keeps learners' code apart as well as the settings demand.

        Raises:
            IsolationTooWeak: It does not.
        """
        from aralify_kernel.grading.isolation import require

        require(self.settings)

    def publish(self, folder: Path) -> Course:
        """Publish the course in `folder`, or a newer version of it; return it as its author wrote it.

        Raises:
            CourseInvalid: The folder cannot be read as a course; nothing is published.
        """
        from aralify_kernel.courses.folder import read_course
        from aralify_kernel.services import accounts, publishing

        course = read_course(folder)
        publishing.publish(self.database, accounts.OPERATOR, course, now=self.now())
        return course

    def unpublish(self, slug: str) -> None:
        """Hide a course from learners."""
        from aralify_kernel.services import accounts, publishing

        publishing.unpublish(self.database, accounts.OPERATOR, slug, now=self.now())

    def users(self) -> tuple[Profile, ...]:
        """Return everybody's profile, by user name."""
        from aralify_kernel.services import accounts, profiles

        return profiles.of_users(self.database, accounts.all_users(self.database), now=self.now())

    def add_user(
        self,
        username: str,
        *,
        email: str | None = None,
        password: str | None = None,
        display_name: str | None = None,
        language: str = "en",
        timezone: str | None = None,
        role: Role | None = None,
    ) -> Profile:
        """Make an account and return its profile; it is not signed in."""
        from aralify_kernel.domain.permissions import Role
        from aralify_kernel.services import accounts, profiles

        wanted = accounts.NewAccount(
            username, password, email, display_name, language, timezone or local_timezone(), role or Role.USER
        )
        user = accounts.add(self.database, wanted, now=self.now())
        return profiles.of_users(self.database, [user], now=self.now())[0]

    def set_password(self, username: str, password: str) -> None:
        """Set somebody's password; every sign-in of the account ends."""
        from aralify_kernel.services import accounts

        accounts.set_password(self.database, username, password, now=self.now())

    def set_role(self, username: str, role: Role | None, *, is_verified: bool | None = None) -> Profile:
        """Give an account another role, or mark it as verified or not; None leaves as it is."""
        from aralify_kernel.services import accounts, profiles

        now = self.now()
        user = accounts.set_role(self.database, accounts.OPERATOR, username, role, is_verified=is_verified, now=now)
        return profiles.of_users(self.database, [user], now=now)[0]

    def new_class(self, name: str, courses: Iterable[str], teachers: Iterable[str]) -> Roster:
        """Make a class that takes these courses, taught by these people; nothing is made when one is not found."""
        from aralify_kernel.services import accounts, classrooms

        return classrooms.new(self.database, accounts.OPERATOR, name, courses, teachers, now=self.now())

    def add_to_class(self, slug: str, usernames: Iterable[str], role: ClassRole, courses: Iterable[str]) -> Roster:
        """Let people into a class, and let it take more courses."""
        from aralify_kernel.services import accounts, classrooms

        return classrooms.add(self.database, accounts.OPERATOR, slug, usernames, role, courses, now=self.now())

    def roster(self, slug: str) -> Roster:
        """Return a class with everybody who is or was in it."""
        from aralify_kernel.services import accounts, classrooms

        return classrooms.roster(self.database, accounts.OPERATOR, slug)

    def db_upgrade(self) -> None:
        """Bring the schema to this version, keeping all data; make the database when there is none."""
        self._upgrade(self._unprepared)
        self._publish_builtin(self._unprepared)

    def db_rebuild(self, on_progress: Callable[[int, int], None]) -> tuple[str, ...]:
        """Make every stored figure what follows from the facts; return what was different, one line each.

        Raises:
            DatabaseOutdated: The schema is not this version's.
            DatabaseNewer: It is a newer one's.
        """
        from aralify_kernel.services import rebuild
        from aralify_kernel.store import schema

        schema.require_head(self._unprepared)
        return rebuild.rebuild(self._unprepared, on_progress, now=self.now())

    def db_check(self, on_progress: Callable[[int, int], None]) -> tuple[str, ...]:
        """Return every difference between what is stored and what follows from the facts; none when all is sound.

        Raises:
            DatabaseOutdated: The schema is not this version's.
            DatabaseNewer: It is a newer one's.
        """
        from aralify_kernel.services import rebuild
        from aralify_kernel.store import schema

        if self._unprepared.is_local and schema.revision(self._unprepared) is None:
            self.db_upgrade()
        schema.require_head(self._unprepared)
        return rebuild.check(self._unprepared, on_progress)

    def db_copy(self, source: str, target: str, on_progress: Callable[[int, int], None]) -> dict[str, int]:
        """Move everything from one database URL to another; return how many rows each table has."""
        from aralify_kernel.services import copies
        from aralify_kernel.store.database import Database

        databases = Database(source), Database(target)
        try:
            return copies.copy(*databases, on_progress)
        finally:
            for database in databases:
                database.dispose()

    # What it is built of

    @cached_property
    def database(self) -> Database:
        """The database, with its schema and the built-in courses in place, and old answers without their code."""
        from aralify_kernel.services import personal_data
        from aralify_kernel.store import schema

        database = self._unprepared
        if database.is_local:
            self._upgrade(database)
        else:
            schema.require_head(database)
        self._publish_builtin(database)
        personal_data.let_go_of_sources(database, self.settings.source_days, now=self.now())
        return database

    @cached_property
    def grader(self) -> Grader:
        """What judges learners' code: shared with this user's other kernels, where that is possible."""
        from aralify_kernel.grading import open_shared

        return open_shared(self.settings)

    @cached_property
    def own_grader(self) -> PooledGrader:
        """What judges an author's many answers: in this process, and ended with it."""
        from aralify_kernel.grading import open_pool

        return open_pool(self.settings)

    def builtin_folder(self, name: str) -> Path:
        """Return the folder of what ships with Aralify: `courses` or `dashboards`."""
        from aralify_kernel.courses.builtin import builtin_folder

        return builtin_folder(name)

    def now(self) -> datetime.datetime:
        """Return the time (aware UTC)."""
        return datetime.datetime.now(datetime.UTC)

    def close(self) -> None:
        """Close the database and end the graders, where they were used."""
        for name in ("grader", "own_grader"):
            if name in self.__dict__:
                getattr(self, name).close()
        if "_unprepared" in self.__dict__:
            self._unprepared.dispose()

    @cached_property
    def _unprepared(self) -> Database:
        from aralify_kernel.store.database import Database

        return Database(self.settings.database_url)

    @cached_property
    def _shared(self) -> SignInFile:
        from aralify_kernel.services.sign_in_file import SignInFile

        return SignInFile(self.settings.sign_in_file)

    @cached_property
    def _surroundings(self) -> Surroundings:
        from aralify_kernel.services.local_session import Surroundings

        return Surroundings(self.database, self.now, lambda: self.grader, self.settings.workspace, local_timezone())

    def _session(self, acting_as: str | None = None) -> LocalSession:
        from aralify_kernel.services.local_session import LocalSession

        return LocalSession(self._surroundings, self._shared, acting_as)

    def _upgrade(self, database: Database) -> None:
        from aralify_kernel.store import schema

        def follow(tx: Transaction) -> None:
            from aralify_kernel.services import rebuild

            rebuild.follow(tx, lambda *_: None, now=self.now())

        schema.upgrade(database, follow)

    def _publish_builtin(self, database: Database) -> None:
        from aralify_kernel.courses.builtin import builtin_courses
        from aralify_kernel.services import publishing

        for folder in builtin_courses():
            found = publishing.folder_hash(folder)
            if publishing.needs_builtin(database, folder.name, found):
                from aralify_kernel.courses.folder import read_course

                publishing.publish_builtin(database, read_course(folder), found, now=self.now())


@cache
def application() -> Application:
    """Return this process's application."""
    return Application(load())
