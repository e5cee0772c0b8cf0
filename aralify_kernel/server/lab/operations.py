"""The operations of a learner's own Jupyter server.

Courses, lessons and progress are the class server's, word for word. Signing in is not: here it is this computer that is
signed in, for all its notebooks, and no token ever goes to the browser. Beside them stands what only the computer with the
notebooks can do: write a working copy, and check a cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.app.checking import (
    AnswersNothing,
    MagicOverAnswer,
    NoExerciseNamed,
    answer_of,
    judged,
    lesson_of,
    whose_copy,
)
from aralify_kernel.client.messages import Credentials, NewAccount, PasswordChange
from aralify_kernel.domain.kept_answers import KeptAnswer, Waiting
from aralify_kernel.domain.session import Profile, ProfileChange, Submission, SubmitResult
from aralify_kernel.domain.sign_ins import Admission
from aralify_kernel.errors import (
    EmailTaken,
    EmptyAnswer,
    InvalidValue,
    JudgeBusy,
    JudgeUnavailable,
    LevelLocked,
    NameTaken,
    NotFound,
    NotSignedIn,
    ServerUnreachable,
    SourceRefused,
    TooManyTries,
    UnchangedStarter,
    WorkspaceUnusable,
    WrongPassword,
)
from aralify_kernel.i18n import translator
from aralify_kernel.server.lab import bringing, lessons
from aralify_kernel.server.lab.document import described
from aralify_kernel.server.lab.memberships import MINE
from aralify_kernel.server.rest.learning import LESSON, OF_A_SESSION
from aralify_kernel.server.rest.operations import CREATED, NOTHING, Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.domain.exercise_cells import ExerciseCell
    from aralify_kernel.domain.session import OpenLesson
    from aralify_kernel.server.lab.workplace import Workplace
    from aralify_kernel.server.rest.operations import Asked
    from aralify_kernel.widgets.screen import Screen


@dataclass(frozen=True, slots=True)
class Here:
    """Who is signed in on this computer (nobody: None), its language (not chosen yet: empty), its class server, if any.

    `waiting` is what the class server has not heard of yet, and whether it is away; `progress` the address of the page
    “My progress”, empty where there is none; `is_server_fixed`: a JupyterHub has chosen the server.
    """

    language: str
    server: str
    profile: Profile | None
    waiting: Waiting
    progress: str
    is_server_fixed: bool


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """The language to speak on this computer from now on."""

    language: str


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """Where Jupyter's contents have a lesson's notebook."""

    path: str


@dataclass(frozen=True, slots=True)
class CellToCheck:
    """A cell as the notebook format has it, outputs left out, and the client's own key for the attempt.

    `owner` is whose working copy its notebook is, empty where that is not known.
    """

    cell_type: str
    source: str
    metadata: Mapping[str, Any]
    attempt_key: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a cell, as its output shows it: `result` is None while the answer waits for the class server.

    `note` is to be told above it: for whom the result counts, in somebody else's notebook.
    """

    result: SubmitResult | None
    html: str
    text: str
    note: str


def of(workplace: Workplace) -> tuple[Operation, ...]:
    """Return the operations at a workplace."""
    learning = (one for one in OF_A_SESSION if (one.method, one.path) != (MINE.method, MINE.path))
    of_lessons = (*lessons.OPERATIONS, *_with_notebooks(workplace))
    return described((*learning, MINE, *_SIGNING_IN, *of_lessons, *bringing.OPERATIONS))


def _here(asked: Asked) -> Here:
    application = asked.application
    application.tell_language()
    try:
        profile = asked.session.profile()
    except NotSignedIn:
        profile = None
    settings, language = application.settings, application.language() or ""
    waiting = asked.session.waiting()
    return Here(language, settings.server, profile, waiting, settings.progress_url, settings.hub_sign_in)


def _choose_language(asked: Asked) -> Here:
    asked.application.choose_language(asked.body.language)
    return _here(asked)


def _sign_in(asked: Asked) -> Profile:
    given: Credentials = asked.body
    if given.guest:
        return asked.session.continue_as_guest(given.language)
    return asked.session.sign_in(given.username or "", given.password)


def _sign_up(asked: Asked) -> Profile:
    given: NewAccount = asked.body
    return asked.session.sign_up(
        given.username,
        password=given.password or None,
        email=given.email,
        display_name=given.display_name,
        language=given.language,
        admission=Admission(given.notice_version, given.invitation),
    )


def _change_password(asked: Asked) -> None:
    given: PasswordChange = asked.body
    asked.session.change_password(given.old, given.new)


def _check(asked: Asked) -> Checked:
    session, given = asked.session, asked.body
    if given.cell_type != "code":
        raise AnswersNothing
    answer = answer_of(given.source, given.metadata, session, asked.lesson)
    submission = Submission(answer.lesson, answer.exercise, answer.source, given.attempt_key)
    result = judged(session, lesson_of(answer, session), submission)
    if isinstance(result, KeptAnswer):
        from aralify_kernel.widgets.kept_answers import KeptScreen
        from aralify_kernel.widgets.results import SECTIONS

        return _shown(asked, KeptScreen(session, result, _language(asked)), SECTIONS, None)
    return _result(asked, result, answer)


def _result(asked: Asked, result: SubmitResult, answer: ExerciseCell) -> Checked:
    from aralify_kernel.widgets.results import SECTIONS, result_screen

    session = asked.session
    lesson: OpenLesson = session.lesson(result.lesson)
    source, first_line = answer.source, answer.first_line
    screen = result_screen(session, result, lesson, _language(asked), source=source, first_line=first_line)
    return _shown(asked, screen, SECTIONS, result)


def _shown(asked: Asked, screen: Screen, sections: tuple[str, ...], result: SubmitResult | None) -> Checked:
    note = whose_copy(asked.body.owner, asked.session.user, translator(_language(asked)))
    return Checked(result, str(screen.as_output(*sections)), screen.as_text(), note)


def _language(asked: Asked) -> str:
    return asked.application.language() or "en"


_SIGNING_IN: Final = (
    Operation("GET", "/here", "Who is signed in on this computer, and where it belongs", _here, returns=Here,
              refusals=(ServerUnreachable,)),
    Operation("PUT", "/language", "Choose the language of this computer, and of whoever is signed in", _choose_language,
              body=LanguageChoice, returns=Here, refusals=(InvalidValue,)),
    Operation("POST", "/session", "Sign this computer in", _sign_in, body=Credentials, returns=Profile, statuses=CREATED,
              refusals=(InvalidValue, WrongPassword, TooManyTries), looks_at_passwords=True),
    Operation("POST", "/accounts", "Make an account and sign this computer in; a guest keeps what they earned", _sign_up,
              body=NewAccount, returns=Profile, statuses=CREATED, refusals=(InvalidValue, NameTaken, EmailTaken),
              looks_at_passwords=True),
    Operation("DELETE", "/session", "Sign this computer out", lambda asked: asked.session.sign_out(), statuses=NOTHING),
    Operation("GET", "/profile", "My profile", lambda asked: asked.session.profile(), scope="read", returns=Profile),
    Operation("PATCH", "/profile", "Change my profile; what is left out or null stays",
              lambda asked: asked.session.update_profile(asked.body), scope="profile", body=ProfileChange, returns=Profile,
              refusals=(InvalidValue, EmailTaken)),
    Operation("PUT", "/profile/password", "Set a new password; every other sign-in of the account ends", _change_password,
              scope="profile", body=PasswordChange, statuses=NOTHING, refusals=(InvalidValue, WrongPassword),
              looks_at_passwords=True),
)  # fmt: skip


def _with_notebooks(workplace: Workplace) -> tuple[Operation, ...]:
    return (
        Operation("POST", LESSON + "/working-copy", "Open a lesson: write or renew my working copy of it",
                  lambda asked: WorkingCopy(workplace.open_working_copy(asked.lesson)),
                  scope="submit", returns=WorkingCopy, refusals=(NotFound, LevelLocked, WorkspaceUnusable)),
        Operation("POST", LESSON + "/check", "Check a cell as running it would: the same source shows its result again",
                  _check, scope="submit", body=CellToCheck, returns=Checked, judges=True,
                  refusals=(NotFound, LevelLocked, SourceRefused, UnchangedStarter, EmptyAnswer, JudgeBusy,
                            JudgeUnavailable, InvalidValue, AnswersNothing, MagicOverAnswer, NoExerciseNamed)),
    )  # fmt: skip
