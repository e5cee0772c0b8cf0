"""`LearnerSession` in-process: the services, called as whoever is signed in on this computer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aralify_kernel.domain.accounts import GUEST_PREFIX
from aralify_kernel.domain.kept_answers import Delivery, Waiting
from aralify_kernel.errors import NotSignedIn
from aralify_kernel.services import (
    accounts,
    class_learning,
    class_talk,
    courses,
    hints,
    opening,
    passed_answers,
    profiles,
    progress,
    publishing,
    quizzes,
    results,
    runs,
    sign_ins,
    submitting,
    working_copies,
)
from aralify_kernel.services.local_teaching import LocalTeaching

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from aralify_kernel.domain.bringing import PassedAnswer
    from aralify_kernel.domain.class_learning import MyClass, MyClasses
    from aralify_kernel.domain.class_talk import Question
    from aralify_kernel.domain.hints import Hint
    from aralify_kernel.domain.permissions import Role
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import (
        CourseCard,
        LearnerSession,
        OpenLesson,
        Profile,
        ProfileChange,
        Progress,
        QuizFeedback,
        Run,
        Submission,
        SubmitResult,
    )
    from aralify_kernel.domain.sign_ins import Admission, SignInHolder
    from aralify_kernel.grading import Grader
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.database import Database
    from aralify_kernel.store.users import User


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the application gives every session: the database, the clock, the grader (made on first use), the place."""

    database: Database
    clock: Callable[[], datetime]
    grader: Callable[[], Grader]
    workspace: Path
    timezone: str


class LocalSession:
    """What one person can do. Who that is stands in the shared sign-in file, or is fixed by the operator's shell."""

    def __init__(self, around: Surroundings, shared: SignInHolder, acting_as: str | None = None) -> None:
        self._around = around
        self._db = around.database
        self._shared = shared
        self._acting_as = acting_as

    @property
    def user(self) -> str | None:
        """The user name of whoever is signed in, or None."""
        found = self._user()
        return found.username if found else None

    def profile(self) -> Profile:
        """Return the signed-in person's profile."""
        now = self._now()
        with self._db.read() as tx:
            return profiles.profile(tx, self._who(now)(tx), now=now)

    def entrance(self) -> None:
        """Return None: everything stays on this computer."""

    def sign_up(
        self,
        username: str,
        *,
        password: str | None,
        email: str | None,
        display_name: str | None,
        language: str,
        admission: Admission | None = None,  # noqa: ARG002 - nobody admits to one's own computer
    ) -> Profile:
        """Make an account and sign in; a guest keeps what they earned, and their notebooks."""
        now, before = self._now(), self._user()
        guest = before.username if before and before.username.startswith(GUEST_PREFIX) else None
        wanted = accounts.NewAccount(
            username, password or None, email, display_name or None, language, self._around.timezone
        )
        user = accounts.add(self._db, wanted, guest=guest, now=now)
        if guest:
            working_copies.hand_over(self._around.workspace, guest, user.username)
        return self._begin(user, now)

    def sign_in(self, username: str, password: str | None) -> Profile:
        """Sign in; `password` may be None where the account has none."""
        token = sign_ins.sign_in(self._db, username, password, now=self._now())
        return self._keep(token)

    def continue_as_guest(self, language: str) -> Profile:
        """Sign in as a new guest."""
        now = self._now()
        guest = accounts.add_guest(self._db, language=language, timezone=self._around.timezone, now=now)
        return self._begin(guest, now)

    def sign_out(self) -> None:
        """End this sign-in, also for the other kernels that share it."""
        shared = self._shared.read()
        self._shared.write(replace(shared, token=None))
        sign_ins.sign_out(self._db, shared.token, now=self._now())

    def change_password(self, old: str | None, new: str) -> None:
        """Set a new password; every other sign-in of the account ends."""
        now = self._now()
        accounts.change_password(self._db, self._who(now), old, new, but=self._shared.read().token, now=now)

    def update_profile(self, change: ProfileChange) -> Profile:
        """Change what is given and return the new profile."""
        now = self._now()
        accounts.update_profile(self._db, self._who(now), change, now=now)
        return self.profile()

    def courses(self) -> tuple[CourseCard, ...]:
        """Return the courses this person may see, in order."""
        return courses.browse(self._db, self._who(self._now()))

    def course(self, slug: str) -> CourseCard:
        """Return one course."""
        return courses.course(self._db, self._who(self._now()), slug)

    def start_course(self, slug: str) -> CourseCard:
        """Begin a course: its first topic opens. Starting twice changes nothing."""
        now = self._now()
        return courses.start(self._db, self._who(now), slug, now=now)

    def publish_course(self, slug: str) -> CourseCard:
        """Let learners see a course of this installation again."""
        now = self._now()
        publishing.show_again(self._db, self._who(now), slug, now=now)
        return self.course(slug)

    def unpublish_course(self, slug: str) -> CourseCard:
        """Hide a course from learners."""
        now = self._now()
        publishing.unpublish(self._db, self._who(now), slug, now=now)
        return self.course(slug)

    def set_role(self, username: str, role: Role | None, *, is_verified: bool | None = None) -> Profile:
        """Give somebody another role, or mark them as verified or not; None leaves as it is."""
        now = self._now()
        user = accounts.set_role(self._db, self._who(now), username, role, is_verified=is_verified, now=now)
        return profiles.of_users(self._db, [user], now=now)[0]

    def open_lesson(self, ref: LessonRef) -> OpenLesson:
        """Open a lesson: it is IN_PROGRESS from now on. Starts the course when that has not been done."""
        now = self._now()
        sign_ins.keep_alive(self._db, self._shared.read().token, now=now)
        return opening.open_lesson(self._db, self._who(now), ref, now=now)

    def lesson(self, ref: LessonRef) -> OpenLesson:
        """Return a lesson that may be open already, without recording anything."""
        now = self._now()
        return opening.lesson(self._db, self._who(now), ref, now=now)

    def submit(self, submission: Submission) -> SubmitResult:
        """Judge an answer and record it with everything that follows."""
        now, token = self._now(), self._shared.read().token
        found = sign_ins.signed_in(self._db, token, now=now) if token and submission.client_time else None
        return submitting.submit(
            self._db,
            self._who(now),
            submission,
            grader=self._around.grader,
            now=now,
            signed_in=found.sign_in.created_at if found else None,
        )

    def send_kept(self) -> Delivery:
        """Return nothing: here no answer waits."""
        return Delivery()

    def waiting(self) -> Waiting:
        """Return that nothing waits: there is no server."""
        return Waiting()

    def last_result(self, ref: LessonRef, activity: str) -> SubmitResult | None:
        """Return the result of the last attempt at an activity, to be shown again; None when there is none."""
        return results.last_result(self._db, self._who(self._now()), ref, activity)

    def passed_answers(self) -> tuple[PassedAnswer, ...]:
        """Return the answers with which this person passed, for a class server to judge anew."""
        return passed_answers.of_learner(self._db, self._who(self._now()))

    def start_run(self, ref: LessonRef) -> Run:
        """Start the clock of a lesson with a time limit anew."""
        now = self._now()
        return runs.start_run(self._db, self._who(now), ref, now=now)

    def next_hint(self, ref: LessonRef, exercise: str) -> Hint:
        """Return the next rung of the ladder (the last one again when all are taken) and record that it was taken."""
        now = self._now()
        return hints.next_hint(self._db, self._who(now), ref, exercise, now=now)

    def show_answer(self, ref: LessonRef, quiz: str) -> QuizFeedback:
        """Give a quiz up: returns the answer; the quiz earns no more points."""
        now = self._now()
        return quizzes.show_answer(self._db, self._who(now), ref, quiz, now=now)

    def my_classes(self) -> MyClasses:
        """Return the classes this person learns in, and what their teachers told them last."""
        return class_learning.my_classes(self._db, self._who(self._now()))

    def join_class(self, code: str) -> MyClass:
        """Come into the class with this code, as a learner; who is in it already stays what they are."""
        now = self._now()
        return class_learning.join(self._db, self._who(now), code, now=now)

    def ask_teacher(self, ref: LessonRef, activity: str, question: str) -> Question:
        """Put the newest answer to an activity before one's teachers, with a question of one sentence."""
        now = self._now()
        return class_talk.ask_teacher(self._db, self._who(now), ref, activity, question, now=now)

    def progress(self) -> Progress:
        """Return everything the progress page shows."""
        now = self._now()
        return progress.progress(self._db, self._who(now), now=now)

    def teaching(self) -> LocalTeaching:
        """Return what this person can do with their classes."""
        return LocalTeaching(self._db, self._now, self._who)

    def _now(self) -> datetime:
        return self._around.clock()

    def _who(self, now: datetime) -> Who:
        if self._acting_as is not None:
            return sign_ins.acting_as(self._acting_as)
        # Read on every call: another kernel may have signed out, or somebody else in.
        token = self._shared.read().token
        if token is None:
            raise NotSignedIn
        return sign_ins.holder_of(token, now=now)

    def _user(self) -> User | None:
        try:
            who = self._who(self._now())
            with self._db.read() as tx:
                return who(tx)
        except NotSignedIn:
            return None

    def _begin(self, user: User, now: datetime) -> Profile:
        with self._db.write() as tx:
            token = sign_ins.begin(tx, user, now=now)
        return self._keep(token)

    def _keep(self, token: str) -> Profile:
        before = self._shared.read()
        self._shared.write(replace(before, token=token))
        sign_ins.sign_out(self._db, before.token, now=self._now())
        return self.profile()


if TYPE_CHECKING:

    def _fulfils(session: LocalSession) -> LearnerSession:
        return session
