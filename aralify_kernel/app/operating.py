"""What authors and operators do, who need no sign-in: they have the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.app.foundations import Foundations
from aralify_kernel.services.local_time_zone import local_timezone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from aralify_kernel.domain.classrooms import ClassRole, Roster
    from aralify_kernel.domain.course import Course
    from aralify_kernel.domain.judging import Judgement
    from aralify_kernel.domain.permissions import Role
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import CourseCard, Profile
    from aralify_kernel.grading.sandbox.probe import Probe
    from aralify_kernel.services.course_checks import CourseReport
    from aralify_kernel.services.doctor import Check, Finding, Surroundings
    from aralify_kernel.services.trials import Answer, Tried


class Operating(Foundations):
    """Courses, people, classes and the database, as a shell command reaches them."""

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

    def db_backup(self, file: Path, on_progress: Callable[[int, int], None]) -> None:
        """Write the database as it stands into a new file, while learners go on working.

        Raises:
            CopyFailed: There is a file already, or it cannot be written.
        """
        from aralify_kernel.services import backups

        backups.back_up(self.database, file, self.settings.home, on_progress, now=self.now())

    def examine(self) -> tuple[tuple[Check, Finding], ...]:
        """Return how it stands with everything that an installation needs. It changes nothing and makes no database."""
        from aralify_kernel.services import doctor

        return doctor.examine(self._examined)

    def examine_disks(self) -> tuple[tuple[Check, Finding], ...]:
        """Return how much room is left: quick enough to be asked again and again."""
        from aralify_kernel.services import doctor

        return doctor.examine(self._examined, (doctor.DISK,))

    def db_copy(
        self,
        source: str,
        target: str,
        on_progress: Callable[[int, int], None],
        on_replay: Callable[[int, int], None],
    ) -> dict[str, int]:
        """Move everything from one database URL to another; return how many rows each table has."""
        from aralify_kernel.services import copies
        from aralify_kernel.store.database import Database

        databases = Database(source), Database(target)
        try:
            return copies.copy(*databases, on_progress, on_replay)
        finally:
            for database in databases:
                database.dispose()

    @property
    def _examined(self) -> Surroundings:
        from aralify_kernel.services.doctor import Surroundings

        return Surroundings(self.settings, self._unprepared, self.probe, self.now())
