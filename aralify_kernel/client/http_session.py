"""`LearnerSession` over HTTP: a class server asked as whoever is signed in on this computer."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote

from aralify_kernel.client.cache import Cache
from aralify_kernel.client.connection import Request
from aralify_kernel.client.courier import PATIENCE_SEC, Courier, why_kept
from aralify_kernel.client.http_teaching import HttpTeaching
from aralify_kernel.client.messages import (
    AnswerRequest,
    CoursePage,
    Credentials,
    HintRequest,
    JoinCode,
    NewAccount,
    Notice,
    PasswordChange,
    Publication,
    QuestionToTeacher,
    RoleChange,
    SignedIn,
)
from aralify_kernel.domain.accounts import GUEST_PREFIX
from aralify_kernel.domain.class_learning import MyClass, MyClasses
from aralify_kernel.domain.class_talk import Question
from aralify_kernel.domain.exercise_cells import require_a_try
from aralify_kernel.domain.hints import Hint
from aralify_kernel.domain.kept_answers import Delivery, KeptAnswer, Waiting, WhyKept
from aralify_kernel.domain.session import (
    CourseCard,
    OpenLesson,
    Profile,
    Progress,
    QuizFeedback,
    Run,
    SubmitResult,
)
from aralify_kernel.domain.sign_ins import Entrance
from aralify_kernel.domain.sources import admitted
from aralify_kernel.errors import AralifyError, NotFound, NotSignedIn, ServerUnreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from aralify_kernel.client.connection import Connection
    from aralify_kernel.domain.permissions import Role
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import LearnerSession, ProfileChange, Submission
    from aralify_kernel.domain.sign_ins import Admission, SharedSignIn, SignInHolder

T = TypeVar("T")

_CLOCKS_AGREE_WITHIN: Final = timedelta(seconds=1)

NO_RESULT: Final = "result"
"""The kind of thing that the server says it has not found where nothing was submitted yet."""

SCOPES: Final = ("read", "submit", "profile", "teach", "admin")
"""What a sign-in is to be good for: all that `LearnerSession` offers to those who may."""

LABEL: Final = "Jupyter"
"""By which a person finds the sign-ins of their notebooks among others."""


@dataclass(frozen=True, slots=True)
class Here:
    """What the application gives to a session: the place for what is kept, the clock, what becomes of a guest's files."""

    home: Path
    clock: Callable[[], datetime]
    timezone: str
    hand_over: Callable[[str, str], None]
    """Called with the user names of a guest and of the account that the guest became."""


class HttpSession:
    """What one person can do at a class server. Who that is stands in `holder`, which other kernels share."""

    def __init__(self, connection: Connection, holder: SignInHolder, here: Here) -> None:
        self._connection = connection
        self._holder = holder
        self._here = here
        self._courier = Courier(connection, holder, here.home, here.clock)
        self._server_ahead = timedelta()
        connection.when_ended, connection.when_heard = self._forget, self._set_clock

    def now(self) -> datetime:
        """Return the time by the server's clock, which decides; by this computer's until the server has been heard."""
        return self._here.clock() + self._server_ahead

    def _set_clock(self, heard: datetime) -> None:
        ahead = heard + timedelta(seconds=0.5) - self._here.clock()  # it came in whole seconds
        self._server_ahead = ahead if abs(ahead) > _CLOCKS_AGREE_WITHIN else timedelta()

    # ---- who

    @property
    def user(self) -> str | None:
        """The user name of whoever is signed in, or None; also while the server is away."""
        shared = self._holder.read()
        return shared.username if shared.token else None

    def entrance(self) -> Entrance:
        """Return how one gets in, as the server says."""
        self._connection.try_again()
        said = self._connection.get(Notice, "/notice", self._holder.read())
        return Entrance(self._connection.server, said.sign_up, said.guests, said.text, said.version)

    def profile(self) -> Profile:
        """Return the signed-in person's profile, as it was last known while the server is away."""
        shared = self._signed_in()
        profile = self._remembered(Profile, "/profile")
        if profile.username != shared.username:
            self._holder.write(replace(shared, username=profile.username))
        return profile

    def sign_up(
        self,
        username: str,
        *,
        password: str | None,
        email: str | None,
        display_name: str | None,
        language: str,
        admission: Admission | None = None,
    ) -> Profile:
        """Make an account and sign in; a guest keeps what they earned, their notebooks, and what waits to be sent."""
        before = self._holder.read()
        account = NewAccount(
            username,
            password or "",
            language,
            self._here.timezone,
            notice_version=admission.notice_version if admission else "",
            email=email,
            display_name=display_name,
            invitation=admission.invitation if admission else None,
            label=LABEL,
        )
        guest = before.username if (before.username or "").startswith(GUEST_PREFIX) else None
        profile = self._begin(Request("POST", "/accounts", account), before, asking=before if guest else None)
        if guest is not None:
            self._courier.queue(before).hand_over(self._courier.queue(self._holder.read()))
            self._here.hand_over(guest, profile.username)
        self._courier.wake()
        return profile

    def sign_in(self, username: str, password: str | None) -> Profile:
        """Sign in. What an earlier sign-in of the same person left waiting goes out."""
        before = self._holder.read()
        wanted = Credentials(username, password, language=before.language or "en", label=LABEL, scopes=SCOPES)
        profile = self._begin(Request("POST", "/session", wanted), before)
        self._courier.wake()
        return profile

    def continue_as_guest(self, language: str) -> Profile:
        """Sign in as a new guest, where the server admits guests."""
        wanted = Credentials(guest=True, language=language, timezone=self._here.timezone, label=LABEL)
        return self._begin(Request("POST", "/session", wanted), self._holder.read())

    def sign_out(self) -> None:
        """End this sign-in, also for the other kernels that share it. What waits stays here for its owner."""
        before = self._holder.read()
        self._holder.write(replace(before, token=None, username=None))
        self._cache(before).forget()
        self._end(before)

    def change_password(self, old: str | None, new: str) -> None:
        """Set a new password; every other sign-in of the account ends."""
        self._connection.send(Request("PUT", "/profile/password", PasswordChange(new, old)), self._signed_in())

    def update_profile(self, change: ProfileChange) -> Profile:
        """Change what is given and return the new profile."""
        given = {name: value for name, value in asdict(change).items() if value is not None}
        return self._connection.read(Profile, Request("PATCH", "/profile", given), self._signed_in())

    # ---- courses

    def courses(self) -> tuple[CourseCard, ...]:
        """Return the courses this person may see, in order, as they were last known while the server is away."""
        shared = self._signed_in()
        cache = self._cache(shared)
        try:
            courses = tuple(self._all_courses(shared))
        except ServerUnreachable:
            known = cache.read(CoursePage, "courses")
            if known is None:
                raise
            return known.items
        cache.write("courses", CoursePage(courses))
        return courses

    def course(self, slug: str) -> CourseCard:
        """Return one course."""
        return self._remembered(CourseCard, _at("/courses", slug))

    def start_course(self, slug: str) -> CourseCard:
        """Begin a course: its first topic opens. Starting twice changes nothing."""
        return self._read(CourseCard, Request("POST", f"{_at('/courses', slug)}/start", repeatable=True))

    def publish_course(self, slug: str) -> CourseCard:
        """Let learners see a course of the server again."""
        return self._publish(slug, is_published=True)

    def unpublish_course(self, slug: str) -> CourseCard:
        """Hide a course from learners."""
        return self._publish(slug, is_published=False)

    def set_role(self, username: str, role: Role | None, *, is_verified: bool | None = None) -> Profile:
        """Give somebody another role, or mark them as verified or not; None leaves as it is."""
        return self._read(Profile, Request("PATCH", _at("/users", username), RoleChange(role, is_verified)))

    # ---- lessons

    def open_lesson(self, ref: LessonRef) -> OpenLesson:
        """Open a lesson. One that was open before opens while the server is away, too."""
        return self._remembered(OpenLesson, f"/lessons/{ref}", Request("POST", f"/lessons/{ref}/open"))

    def lesson(self, ref: LessonRef) -> OpenLesson:
        """Return a lesson that may be open already, as it was last known while the server is away."""
        return self._remembered(OpenLesson, f"/lessons/{ref}")

    def submit(self, submission: Submission) -> SubmitResult | KeptAnswer:
        """Hand an answer in, behind those that wait; keep it when it has to wait, too."""
        admitted(submission.content)
        shared = self._signed_in()
        why = self._courier.deliver(shared, patience_sec=PATIENCE_SEC)
        if why is None:
            try:
                result = self._courier.post(submission, shared)
            except AralifyError as error:
                why = why_kept(error)
                if why is None:
                    raise
            else:
                again = replace(result, repeated=True)
                self._cache(shared).write(_results(submission.lesson, submission.activity), again)
                return result
        if why is WhyKept.SIGNED_OUT:
            raise NotSignedIn
        self._refuse_unchanged(submission, shared)
        return self._courier.keep(submission, shared, why)

    def send_kept(self) -> Delivery:
        """Send what this computer keeps for the server; return what has come of it since this was last called."""
        shared = self._signed_in()
        self._connection.try_again()
        return self._courier.news(shared, self._courier.deliver(shared, patience_sec=PATIENCE_SEC))

    def waiting(self) -> Waiting:
        """Return how many answers wait here, and whether the server did not answer when it was last asked."""
        return Waiting(len(self._courier.queue(self._holder.read()).waiting()), self._connection.is_away)

    def last_result(self, ref: LessonRef, activity: str) -> SubmitResult | None:
        """Return the result of the last attempt at an activity; None when there is none, or none is known here."""
        try:
            return self._remembered(SubmitResult, _results(ref, activity))
        except NotFound as error:
            if error.details.get("kind") != NO_RESULT:
                raise
        except ServerUnreachable:
            pass
        return None

    def start_run(self, ref: LessonRef) -> Run:
        """Start the clock of a lesson with a time limit anew."""
        return self._read(Run, Request("POST", f"/lessons/{ref}/runs"))

    def next_hint(self, ref: LessonRef, exercise: str) -> Hint:
        """Return the next rung of the ladder and record that it was taken."""
        return self._read(Hint, Request("POST", f"/lessons/{ref}/hints", HintRequest(exercise)))

    def show_answer(self, ref: LessonRef, quiz: str) -> QuizFeedback:
        """Give a quiz up: returns the answer; the quiz earns no more points."""
        return self._read(QuizFeedback, Request("POST", f"/lessons/{ref}/answers", AnswerRequest(quiz)))

    def my_classes(self) -> MyClasses:
        """Return the classes this person learns in, and their teachers' words, as last known while the server is away."""
        return self._remembered(MyClasses, "/memberships")

    def join_class(self, code: str) -> MyClass:
        """Come into the class with this code, as a learner."""
        return self._read(MyClass, Request("POST", "/memberships", JoinCode(code), repeatable=True))

    def ask_teacher(self, ref: LessonRef, activity: str, question: str) -> Question:
        """Put the newest answer to an activity before one's teachers, with a question of one sentence."""
        body = QuestionToTeacher(activity, question)
        return self._read(Question, Request("POST", f"/lessons/{ref}/questions", body))

    def progress(self) -> Progress:
        """Return everything the progress page shows."""
        return self._read(Progress, Request("GET", "/progress", repeatable=True))

    def teaching(self) -> HttpTeaching:
        """Return what this person can do with their classes."""
        return HttpTeaching(self._connection, self._holder, self._here.clock)

    # ---- how

    def resume(self) -> None:
        """Go on sending, in the background, what an earlier kernel has left."""
        if self.user is not None and self._courier.queue(self._holder.read()).waiting():
            self._courier.wake()

    def close(self) -> None:
        """Close the connection. What waits is on the disk."""
        self._connection.close()
        self._courier.close()

    def _signed_in(self) -> SharedSignIn:
        # Read on every call: another kernel may have signed out, or somebody else in.
        shared = self._holder.read()
        if shared.token is None:
            raise NotSignedIn
        return shared

    def _read(self, kind: type[T], request: Request) -> T:
        return self._connection.read(kind, request, self._signed_in())

    def _remembered(self, kind: type[T], path: str, request: Request | None = None) -> T:
        """Read something and keep it; while the server is away, return it as it was kept."""
        shared = self._signed_in()
        cache = self._cache(shared)
        try:
            value = self._connection.read(kind, request or Request("GET", path, repeatable=True), shared)
        except ServerUnreachable:
            known = cache.read(kind, path)
            if known is None:
                raise
            return known
        cache.write(path, value)
        return value

    def _all_courses(self, shared: SharedSignIn) -> Iterator[CourseCard]:
        params: dict[str, Any] = {}
        while True:
            page = self._connection.get(CoursePage, "/courses", shared, **params)
            yield from page.items
            if page.next_cursor is None:
                return
            params = {"cursor": page.next_cursor}

    def _publish(self, slug: str, *, is_published: bool) -> CourseCard:
        path = f"{_at('/courses', slug)}/publication"
        return self._read(CourseCard, Request("PUT", path, Publication(is_published), repeatable=True))

    def _refuse_unchanged(self, submission: Submission, shared: SharedSignIn) -> None:
        """Say of what is no try that it is none; the server would only say so when nobody thinks of it any more."""
        lesson = self._cache(shared).read(OpenLesson, f"/lessons/{submission.lesson}")
        require_a_try(submission.content, lesson.starters.get(submission.activity, ()) if lesson else ())

    def _begin(self, request: Request, before: SharedSignIn, *, asking: SharedSignIn | None = None) -> Profile:
        """Begin a sign-in in the place of the one `before`; a guest who gets an account is `asking` for it."""
        self._connection.try_again()
        signed_in = self._connection.read(SignedIn, request, asking or replace(before, token=None))
        profile = signed_in.profile
        after = replace(before, token=signed_in.token, username=profile.username, language=profile.language)
        self._holder.write(after)
        self._end(before)
        return profile

    def _end(self, shared: SharedSignIn) -> None:
        """End a sign-in on the server, if it is there; it ends by itself otherwise."""
        if shared.token is not None:
            with suppress(ServerUnreachable, NotSignedIn):
                self._connection.send(Request("DELETE", "/session", repeatable=True), shared)

    def _forget(self, ended: SharedSignIn) -> None:
        """Be signed out here, too, unless somebody has signed in meanwhile."""
        shared = self._holder.read()
        if shared.token == ended.token:
            self._holder.write(replace(shared, token=None, username=None))

    def _cache(self, shared: SharedSignIn) -> Cache:
        return Cache(self._here.home, self._connection.server, shared.username or "")


def _results(ref: LessonRef, activity: str) -> str:
    return _at(f"/lessons/{ref}/results", activity)


def _at(path: str, name: str) -> str:
    """Return an address below `path`, whatever characters the name has."""
    return f"{path}/{quote(name, safe='')}"


if TYPE_CHECKING:

    def _fulfils(session: HttpSession) -> LearnerSession:
        return session
